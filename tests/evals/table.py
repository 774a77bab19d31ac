"""One table for both engines: `make eval`, or `python -m tests.evals.table [--shared DIR]`.

Requests, replies and the guard, each split into cases somebody tuned on and cases nobody did.
Beside the embedded engine stands a model: the one that OPENAI_API_KEY or OPENAI_BASE_URL names
or, where none is configured, one that is always wrong (everybody for every request, a sure yes
to every reply), which shows what the rules around any model hold. Rows are counted, never shown.
"""

import argparse
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from tests.evals import edits, guard, replies, requests
from tests.evals.fixture import vocabulary
from tests.evals.shared_requests import shared

from campaigns import settings
from campaigns.ai.embedded import EmbeddedInterpreter, EmbeddedReplyReader, TextLibrary
from campaigns.ai.openai import (
    Engine,
    ModelInterpreter,
    ModelReplyReader,
    Output,
    Server,
    price_of,
)
from campaigns.ai.openai.question import Question, Refused, Unavailable
from campaigns.bootstrap.system import SystemClock, SystemIds
from campaigns.model.ids import CampaignId
from campaigns.model.ports import Interpreter, ReplyReader
from campaigns.model.spending import Job, Tokens

SHARED = Path(os.environ.get("CAMPAIGNS_EVAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
UNTUNED = (
    "unseen",
    "unseen3",
    "seventh-unseen",
    "eighth-unseen",
    "ninth-unseen",
    "eleventh-unseen",
    "twelfth-unseen",
    "thirteenth-unseen",
    "edits-unseen",
    "test",
    "blind",
    "blind2",
    "template",
)  # never looked at
GOALS = {
    "requests": "≥ 85 % · 0 silent",
    "edits": "≥ 85 % · 0 silent",
    "replies": "≥ 75 % · ≥ 97 % right or handed · 0 · 0",
    "guard": "recall ≥ 98 % · ≤ 2 % false alarms",
}
FIRST_LOOK = (
    "edits",
    "unseen2",
)  # looked at after their first measure; requests and replies say it


@dataclass
class Till:
    """A purse that adds up what the measuring used."""

    used: Tokens = field(default_factory=Tokens)

    def reserve(self, job: Job, charge: CampaignId | None, most: Tokens) -> str:
        return ""

    def settle(self, call: str, tokens: Tokens | None, outcome: str) -> None:
        self.used += tokens or Tokens()


class Contrary:
    """An engine whose model is always wrong, in the form it was asked for."""

    name = "always wrong"

    def __init__(self) -> None:
        self.ids = SystemIds()

    def ask(self, question: Question[Any], charge: CampaignId | None) -> Any:
        answer = question.shape.model_validate(
            _everybody(question.shape) if question.job is Job.INTERPRET else _YES
        )
        try:
            return question.accept(answer)
        except Refused as why:
            raise Unavailable(str(why)) from why


_YES = {
    "intents": [{"intent": "accept", "evidence": ""}],
    "sentiment": "positive",
    "language": "en",
    "sure": True,
}


def _everybody(shape: Any) -> dict[str, Any]:
    rules = shape.model_fields["include"].annotation
    empty: dict[str, list[str]] = {name: [] for name in rules.model_fields}
    lists = {"channels": [], "explained": [], "not_understood": []}
    kind = {"type": "announcement", "occasion": None, "language": None, "tone": None}
    return {"everyone": True, "include": empty, "exclude": empty, **lists, **kind}


def engine(till: Till) -> Engine | Contrary:
    """Return the configured model, else the one that is always wrong."""
    chosen = settings.read()
    if not chosen.has_model:
        return Contrary()
    key = chosen.openai_api_key
    server = Server(
        model=chosen.campaigns_model,
        key=key.get_secret_value() if key else None,
        base_url=chosen.openai_base_url,
        output=Output(chosen.campaigns_model_output.value),
    )
    return Engine(server, till, SystemClock(ZoneInfo("Asia/Bangkok")), SystemIds())


def tuned(split: str) -> str:
    """Return whether anybody tuned on a split."""
    last = split.replace("/", " ").split()[-1]
    if last in UNTUNED:
        return "no"
    return "after a first look" if last in FIRST_LOOK or last == "first" else "yes"


def request_rows(engines: dict[str, Interpreter], folder: Path) -> Iterator[list[str]]:
    """Yield a row a split: exactly right, silently wrong, asked in vain, and about words alone."""
    sets = [(list(requests.own_cases()), vocabulary())]
    if (folder / "eval_requests.jsonl").exists():
        cases, words, _ = shared(folder)
        sets.append((list(cases), words))
    for cases, words in sets:
        judged: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in engines}
        for name, reader in engines.items():
            for case in cases:
                plan = reader.interpret(case.request, words, case.now)
                outcome = requests.judge(case, plan)
                judged[name][case.split, outcome] += 1
                if outcome == "in vain":
                    judged[name][case.split, requests.why_asked(case, plan)] += 1
        for split in dict.fromkeys(case.split for case in cases):
            n = sum(case.split == split for case in cases)
            looked = split in requests.SHOWN and split not in ("seen", "dev")
            known = "after a first look" if looked else tuned(split)
            yield ["requests", split, known, str(n)] + [
                f"{counts[split, 'right'] / n:.0%} · {counts[split, 'silent']} silent · "
                f"{counts[split, 'in vain']} in vain, {counts[split, 'but for words']} but for words"
                for counts in judged.values()
            ]


def edit_rows(engines: dict[str, Interpreter]) -> Iterator[list[str]]:
    """Yield a row a split of follow-ups in words: the plan they make, exactly."""
    judged = {name: list(edits.measure(reader)) for name, reader in engines.items()}
    found = [list(edits.counts(one)) for one in judged.values()]
    for of_engines in zip(*found, strict=True):
        split, n, _ = of_engines[0]
        yield ["edits", split, tuned(split), str(n)] + [
            f"{c['right'] / n:.0%} · {c['silent']} silent · {c['in vain']} in vain"
            for _, _, c in of_engines
        ]


def reply_rows(readers: dict[str, ReplyReader], folder: Path) -> Iterator[list[str]]:
    """Yield a row a split: right, right or handed over, opt-outs missed, refusals read as yes."""
    rows = list(replies.own_rows())
    if (folder / "eval_replies.jsonl").exists():
        rows += replies.shared_rows(folder)
    judged = {name: replies.judge(rows, reader) for name, reader in readers.items()}
    for split in dict.fromkeys(row.split for row in rows):
        cells = []
        for found in judged.values():
            of = [j for j in found if j.row.split == split]
            safe = len(of) - sum(j.wrong for j in of)
            cells.append(
                f"{sum(j.right for j in of) / len(of):.0%} · {safe / len(of):.1%} right or handed"
                f" · {sum(j.missed_opt_out for j in of)} opt-outs missed"
                f" · {sum(j.false_yes for j in of)} false yes"
            )
        looked = "after a first look" if split in replies.LOOKED_AT else tuned(split)
        yield ["replies", split, looked, str(len(of)), *cells]


def guard_rows(folder: Path) -> Iterator[list[str]]:
    """Yield a row a split and kind; the guard is the same for both engines."""
    cases = (*guard.own_cases(), *guard.shared_cases(folder))
    for (split, kind), score in sorted(guard.measure(iter(cases)).items()):
        if kind == "all":
            continue
        n = sum(case.split == split and case.kind == kind for case in cases)
        yield [f"guard, {kind}", split, tuned(split), str(n), str(score), "the same guard"]


def goal(row: list[str]) -> str:
    """Return what cases nobody tuned on should reach; where it is missed, docs/figures.md says why."""
    job, split, on = row[:3]
    if on == "yes":
        return ""
    if job == "guard, edit" or (job.startswith("guard") and split.startswith("shared/b")):
        return "every claim blocks"
    return next((text for start, text in GOALS.items() if job.startswith(start)), "")


def printed(title: str, names: Iterable[str], rows: Iterable[list[str]]) -> Table:
    """Return rows as one table."""
    table = Table(
        "job", "cases", "tuned on", "n", "goal", *names, title=title, title_justify="left"
    )
    for row in rows:
        table.add_row(*row[:4], goal(row), *row[4:])
    return table


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Measure both engines.")
    parser.add_argument("--shared", type=Path, default=SHARED, help="a folder of outside sets")
    folder = parser.parse_args().shared
    till = Till()
    model: Any = engine(till)
    rules, floor = EmbeddedInterpreter(), EmbeddedReplyReader()
    occasions = tuple(TextLibrary().occasions())
    interpreters = {"embedded": rules, model.name: ModelInterpreter(model, rules, occasions)}
    readers = {"embedded": floor, model.name: ModelReplyReader(model, floor)}
    parts: list[Callable[[], Iterator[list[str]]]] = [
        lambda: request_rows(interpreters, folder),
        lambda: edit_rows(interpreters),
        lambda: reply_rows(readers, folder),
        lambda: guard_rows(folder),
    ]
    rows = [row for part in parts for row in part()]
    Console(width=170).print(printed("Both engines", ("embedded", model.name), rows))
    if isinstance(model, Engine):
        price = price_of(model.server.model, settings.read().campaigns_ai_price)
        print(f"{till.used.input + till.used.output} tokens, ${price.of(till.used):.2f}")
        model.close()


if __name__ == "__main__":
    main()
