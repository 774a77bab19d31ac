"""Measure follow-ups in words: `python -m tests.evals.edits [--show]`.

Each case of edits.jsonl is a clear request, words that follow it, and the plan they should make
of it: filters, exclusions, "everyone", channels, language and tone. Half of the cases
("edits-unseen") are only counted. Right is exactly that plan, or a question where one is due;
"silent" is another plan without a question, "in vain" a question that was not due.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.evals.fixture import vocabulary
from tests.evals.requests import comparable, filters_of, noon

from campaigns.ai.embedded.requests import EmbeddedInterpreter
from campaigns.flow.plan import amend
from campaigns.model.plan import Plan
from campaigns.model.ports import Interpreter

CASES = Path(__file__).parent / "edits.jsonl"
OUTCOMES = ("right", "silent", "in vain")


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One follow-up and what came of it: the plan it made, or what was asked."""

    split: str
    words: str
    outcome: str
    plan: Plan
    asked: str


def measure(reader: Interpreter) -> Iterator[Judged]:
    """Yield every case, read once by `reader`."""
    words = vocabulary()
    for line in CASES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        now = noon(row["today"])
        plan = reader.interpret(row["request"], words, now)
        revision = reader.revise(plan, row["request"], row["words"], words, now)
        if revision.question is None:
            plan = amend(plan, revision.patch, words, now.date())
        yield Judged(
            split=row["split"],
            words=row["words"],
            outcome=_outcome(row, plan, asked=revision.question is not None),
            plan=plan,
            asked=revision.question.text if revision.question else "",
        )


def _outcome(row: Mapping[str, object], plan: Plan, *, asked: bool) -> str:
    if row.get("ask"):
        return "right" if asked else "silent"
    if asked:
        return "in vain"
    expected = row["expected"]
    assert isinstance(expected, dict)
    same = (
        comparable(plan.filters) == comparable(filters_of(expected.get("filters", {})))
        and comparable(plan.exclude) == comparable(filters_of(expected.get("exclude", {})))
        and plan.everyone == bool(expected.get("everyone"))
        and sorted(c.value for c in plan.channels) == sorted(expected.get("channels", []))
        and plan.language == expected.get("language")
        and (plan.tone.value if plan.tone else None) == expected.get("tone")
    )
    return "right" if same else "silent"


def counts(judged: list[Judged]) -> Iterator[tuple[str, int, Counter[str]]]:
    """Yield each split with its number of cases and its outcomes."""
    for split in dict.fromkeys(j.split for j in judged):
        outcomes = Counter(j.outcome for j in judged if j.split == split)
        yield split, outcomes.total(), outcomes


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="print the failing rows of edits")
    show = parser.parse_args().show
    judged = list(measure(EmbeddedInterpreter()))
    for split, n, outcomes in counts(judged):
        print(f"{split:<14} {n:>3} ", *(f"{o}: {outcomes[o]}" for o in OUTCOMES))
    for one in judged if show else ():
        if one.split == "edits" and one.outcome != "right":
            print(f"\n{one.outcome}: {one.words}\n  {one.asked or one.plan}")


if __name__ == "__main__":
    main()
