"""How well the embedded reader reads replies: `python -m tests.evals.replies [--shared DIR]`.

Prints per split how many replies were read right, handed to a person, or read wrong, the recall
per intent, and the safety rows that must be nought. A reply is right when its leading intent is
one of the row's intents, and a complaint or an opt-out in the row is kept; it is handed over when
the reading is unsure or shows a sign of an opt-out. Only rows of splits that have been looked at
are ever printed, whatever the options: the tuned ones, and unseen2 and the shared hard ones, which
were unseen when they were first measured. unseen3 is by a stranger to the reader.
"""

import argparse
import json
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from campaigns.ai.embedded import EmbeddedReplyReader
from campaigns.ai.embedded.encoder import Unavailable
from campaigns.ai.embedded.replies.classifier import Classifier
from campaigns.model.ports import ReplyReader
from campaigns.model.reply import Intent, Reading, ReplyContext

OWN = Path(__file__).with_name("replies.jsonl")
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
TODAY = date(2025, 9, 15)
LOOKED_AT = frozenset({"unseen2", "shared hard"})  # after their first measure, to tune on since
SHOWN = frozenset({"tuned", *LOOKED_AT})  # the splits whose rows may be printed
SHARED_LABELS = {
    "renew": "accept",
    "change": "change_request",
    "defer": "later",
    "not_interested": "decline",
    "nps_score": "survey_score",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A labelled reply: its intents, the leading one first, and what was known before."""

    split: str
    text: str
    intents: tuple[Intent, ...]
    context: ReplyContext


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and what was read."""

    row: Row
    reading: Reading

    @property
    def handed(self) -> bool:
        return self.reading.unsure or self.reading.opt_out_sign

    @property
    def right(self) -> bool:
        kept = {Intent.COMPLAINT, Intent.OPT_OUT} & {*self.row.intents} - {Intent.OPT_OUT}
        sure = not self.reading.unsure
        return sure and self.reading.intent in self.row.intents and kept <= {*self.reading.intents}

    @property
    def wrong(self) -> bool:
        return not self.right and not self.handed

    @property
    def missed_opt_out(self) -> bool:
        asked = Intent.OPT_OUT in self.row.intents
        return (
            asked and not self.reading.opt_out_sign and Intent.OPT_OUT not in self.reading.intents
        )

    @property
    def false_opt_out(self) -> bool:
        sure = not self.reading.unsure
        return sure and self.reading.intent is Intent.OPT_OUT not in self.row.intents

    @property
    def false_complaint(self) -> bool:
        sure = not self.reading.unsure
        return sure and Intent.COMPLAINT in {*self.reading.intents} - {*self.row.intents}

    @property
    def false_yes(self) -> bool:
        """A refusal, an opt-out or a complaint read as a plain yes."""
        against = {Intent.DECLINE, Intent.OPT_OUT} & {*self.row.intents}
        complains = Intent.COMPLAINT in self.row.intents
        yes = not self.reading.unsure and self.reading.intent is Intent.ACCEPT
        return yes and bool(against or (complains and Intent.COMPLAINT not in self.reading.intents))


def own_rows(path: Path = OWN) -> Iterator[Row]:
    """Yield the project's own labelled replies."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield Row(
            split=row["split"],
            text=row["text"],
            intents=tuple(Intent(i) for i in (row["intent"], *row.get("also", ()))),
            context=ReplyContext(
                today=TODAY,
                survey_open=row.get("survey_open", False),
                auto_reply=row.get("auto_reply", False),
            ),
        )


def shared_rows(folder: Path) -> Iterator[Row]:
    """Yield the replies of the shared set, its labels in our words."""
    for line in (folder / "eval_replies.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        intent = Intent(SHARED_LABELS.get(row["label"], row["label"]))
        survey = intent is Intent.SURVEY_SCORE
        yield Row(
            split=f"shared {row['split']}",
            text=row["text"],
            intents=(intent,),
            context=ReplyContext(today=TODAY, survey_open=survey),
        )


def judge(rows: Iterable[Row], reader: ReplyReader) -> list[Judged]:
    """Read every row."""
    return [Judged(row, reader.read(row.text, row.context)) for row in rows]


def table(split: str, judged: Sequence[Judged]) -> str:
    """Return the figures of one split as text."""
    n = len(judged)
    sure = [j for j in judged if not j.handed]
    counts = {
        "right": sum(j.right for j in judged),
        "handed to a person": sum(j.handed and not j.right for j in judged),
        "wrong": sum(j.wrong for j in judged),
        "right or handed": n - sum(j.wrong for j in judged),
        "sure of (coverage)": len(sure),
    }
    lines = [f"{split}: {n} replies"]
    lines += [f"  {name:20} {count:4}  {count / n:6.1%}" for name, count in counts.items()]
    safety = {
        "opt-outs missed": sum(j.missed_opt_out for j in judged),
        "refusals or complaints read as yes": sum(j.false_yes for j in judged),
        "read as opt-out and none": sum(j.false_opt_out for j in judged),
        "as complaint and none": sum(j.false_complaint for j in judged),
    }
    lines.append("  " + ", ".join(f"{name} {count}" for name, count in safety.items()))
    total = Counter(j.row.intents[0] for j in judged)
    found = Counter(j.row.intents[0] for j in judged if j.right)
    lines += [f"  {i:16} {found[i]:3} of {total[i]}" for i in Intent if total[i]]
    return "\n".join(lines)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument(
        "--shared",
        type=Path,
        default=Path(os.environ.get("CAMPAIGNS_EVAL_DATA", SHARED)),
        help="the folder of eval_replies.jsonl; left out when there is none",
    )
    arguments.add_argument(
        "--rows", action="store_true", help="print what was not read right of the splits looked at"
    )
    arguments.add_argument(
        "--without-encoder",
        action="store_true",
        help="measure the reader where it is not installed",
    )
    options = arguments.parse_args()
    rows = list(own_rows())
    if (options.shared / "eval_replies.jsonl").exists():
        rows += shared_rows(options.shared)
    reader = (
        EmbeddedReplyReader(no_classifier) if options.without_encoder else EmbeddedReplyReader()
    )
    reader.read("warm up", ReplyContext(today=TODAY))
    began = time.perf_counter()
    judged = judge(rows, reader)
    took = (time.perf_counter() - began) * 1000 / len(judged)
    for split in dict.fromkeys(row.split for row in rows):
        of = [j for j in judged if j.row.split == split]
        print(table(split, of))
        if options.rows and split in SHOWN:
            show(j for j in of if not j.right)
    print(f"{took:.1f} ms a reply")


def no_classifier() -> Classifier:
    raise Unavailable("left out for this measurement")


def show(judged: Iterable[Judged]) -> None:
    for j in judged:
        kind = "WRONG" if j.wrong else "handed"
        wanted = "+".join(j.row.intents)
        print(
            f"    {kind} {wanted} | {'+'.join(j.reading.intents)} {j.reading.confidence} | {j.row.text!r} | {j.reading.why}"
        )


if __name__ == "__main__":
    main()
