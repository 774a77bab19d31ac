"""Measure how requests are read: `python -m tests.evals.requests [--shared DIR] [--show seen]`.

The project's own requests (requests.jsonl) come in splits: "seen" was used while writing the
reader, "unseen" was written before any of it and its rows are never looked at, only counted, as are
those of "seventh-unseen", "ninth-unseen" and "eleventh-unseen", the even rows of three sets by
strangers to the reader, "eighth-unseen", and "twelfth-unseen" and "thirteenth-unseen", strangers' traps:
each of them has to be asked about.
"fifth-unseen", "sixth-unseen" and, with `--shared DIR`, the outside set's
"test", "blind" and "blind2" were such halves until every miss of them was read.

A request is exactly right when it is clear and type, filters, exclusions and "everyone" are as
expected, or when it had to be asked about and was. It is silently wrong when it is clear and
anything of these differs, and asked in vain when it could have been read and was not. Of what is
asked in vain it is counted why, and how many "but for words" have the right plan already: they
stand a click away, on "leave these words out".
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.evals.fixture import vocabulary

from campaigns.ai.embedded.requests import EmbeddedInterpreter
from campaigns.model.plan import Attribute, DateRange, Filters, IntRange, Plan
from campaigns.model.vocabulary import Vocabulary

HERE = Path(__file__).parent
HOUSE = ZoneInfo("Asia/Bangkok")
SHOWN = (
    *("seen", "second", "third", "fourth", "fifth", "fifth-unseen", "sixth", "sixth-unseen"),
    *("seventh", "ninth", "eleventh"),
    *("eighth", "tenth", "dev", "test", "blind", "blind2"),
)
LIMITS = {"unseen": {"right": 0.85, "silent": 0}}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request and what should come of it; `expected` is None when it has to be asked about."""

    id: str
    split: str
    language: str
    request: str
    now: datetime
    expected: "Expected | None"


@dataclass(frozen=True, kw_only=True)
class Expected:
    type: str
    filters: Filters = field(default_factory=Filters)
    exclude: Filters = field(default_factory=Filters)
    everyone: bool = False


@dataclass(frozen=True)
class Result:
    case: Case
    plan: Plan
    outcome: str  # "right", "silent", "in vain"


def own_cases() -> Iterator[Case]:
    """Yield the project's own requests."""
    for row in _rows(HERE / "requests.jsonl"):
        expected = None if row.get("ask") else _expected(row["expected"])
        yield Case(
            id=row["id"],
            split=row["split"],
            language=row["lang"],
            request=row["request"],
            now=noon(row["today"]),
            expected=expected,
        )


def noon(today: str) -> datetime:
    """Return midday of an ISO day in the house's time zone."""
    return datetime.combine(date.fromisoformat(today), datetime.min.time(), HOUSE).replace(hour=8)


def _rows(path: Path) -> Iterator[dict[str, object]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _expected(row: Mapping[str, object]) -> Expected:
    return Expected(
        type=str(row["type"]),
        filters=filters_of(row.get("filters", {})),
        exclude=filters_of(row.get("exclude", {})),
        everyone=bool(row.get("everyone")),
    )


def filters_of(row: Mapping[str, list]) -> Filters:
    """Return filters from their JSON."""
    values: dict[str, tuple[object, ...]] = {k: tuple(v) for k, v in row.items()}
    if "contract_end" in row:
        values["contract_end"] = tuple(
            DateRange(*(day and date.fromisoformat(day) for day in span))
            for span in row["contract_end"]
        )
    if "zones" in row:
        values["zones"] = tuple(IntRange(*span) for span in row["zones"])
    return Filters(**values)


def judge(case: Case, plan: Plan) -> str:
    """Return "right", "silent" or "in vain"."""
    if case.expected is None:
        return "silent" if plan.is_clear else "right"
    if not plan.is_clear:
        return "in vain"
    return "right" if is_same(plan, case.expected) else "silent"


def is_same(plan: Plan, expected: Expected) -> bool:
    """Whether a plan is the expected one, be it clear or not."""
    return (
        plan.type == expected.type
        and comparable(plan.filters) == comparable(expected.filters)
        and comparable(plan.exclude) == comparable(expected.exclude)
        and plan.everyone == expected.everyone
    )


def why_asked(case: Case, plan: Plan) -> str:
    """Return what a question in vain is about: the kind, the audience, words, or a contradiction.

    "but for words" is a plan that is right as soon as its unknown words are left out.
    """
    if plan.type is None:
        return "kind"
    if not plan.filters and not plan.everyone:
        return "audience"
    if not plan.not_understood:
        return "contradiction"
    return "but for words" if case.expected and is_same(plan, case.expected) else "words"


def comparable(filters: Filters) -> dict[Attribute, frozenset[object]]:
    """Return the values of each attribute without their order."""
    return {a: frozenset(getattr(filters, a.value)) for a in Attribute}


def run(cases: Iterable[Case], words: Vocabulary) -> list[Result]:
    """Read every case once."""
    reader = EmbeddedInterpreter()
    results = []
    for case in cases:
        plan = reader.interpret(case.request, words, case.now)
        results.append(Result(case, plan, judge(case, plan)))
    return results


def report(results: list[Result]) -> None:
    """Print a line of counts for every split and language."""
    print(f"{'split':<10} {'lang':<5} {'n':>4} {'right':>12} {'silent':>7} {'in vain':>8}  about")
    groups = Counter((r.case.split, r.case.language) for r in results)
    for split in dict.fromkeys(r.case.split for r in results):
        for language in (*sorted({lang for s, lang in groups if s == split}), "all"):
            rows = [
                r for r in results if r.case.split == split and language in (r.case.language, "all")
            ]
            counts = Counter(r.outcome for r in rows)
            right = f"{counts['right']} ({counts['right'] / len(rows):.0%})"
            print(
                f"{split:<10} {language:<5} {len(rows):>4} {right:>12} "
                f"{counts['silent']:>7} {counts['in vain']:>8}  {reasons(rows)}"
            )


def reasons(results: Iterable[Result]) -> str:
    """Return how many questions in vain are about what, the most frequent first."""
    asked = Counter(why_asked(r.case, r.plan) for r in results if r.outcome == "in vain")
    return ", ".join(f"{n} {why}" for why, n in asked.most_common())


def show(results: list[Result], split: str) -> None:
    """Print the rows of a split that may be looked at where they went wrong."""
    if split not in SHOWN:
        sys.exit(f"The rows of {split} are counted, never shown; {', '.join(SHOWN)} may be.")
    for result in results:
        if result.case.split == split and result.outcome != "right":
            plan = result.plan
            print(f"\n{result.case.id} {result.outcome}: {result.case.request}")
            print("  expected", result.case.expected)
            print("  got     ", plan.type, plan.filters, "NOT", plan.exclude, plan.everyone)
            print("  not understood", plan.not_understood, [q.text for q in plan.questions])


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, help="a folder with eval_requests.jsonl")
    parser.add_argument("--show", help="print the failing rows of this split")
    options = parser.parse_args()
    results = run(own_cases(), vocabulary())
    if options.shared:
        from tests.evals.shared_requests import shared  # noqa: PLC0415 - it imports this module

        cases, words, left_out = shared(options.shared)
        results += run(cases, words)
        print(f"{left_out} rows of the outside set do not apply to its book and are left out")
    report(results)
    if options.show:
        show(results, options.show)


if __name__ == "__main__":
    main()
