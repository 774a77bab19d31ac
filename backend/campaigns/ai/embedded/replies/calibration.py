"""Our own calibration cases: sentences judged by weights that never saw them or their doubles."""

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from campaigns.ai.embedded.replies.sentences import digest
from campaigns.model.calibration import Case, Decided, Weighed
from campaigns.model.errors import WrongState
from campaigns.model.reply import Intent

FILE = files("campaigns.ai.embedded.replies.data") / "calibration.csv"


@cache
def own_cases() -> Sequence[Case]:
    """Return the cases that `bench/train_replies.py` wrote; raises WrongState for old ones."""
    about, *rows = FILE.read_text("utf-8").splitlines()
    if digest() not in about:
        raise WrongState(
            "The calibration cases were made from other sentences than those that are shipped. "
            "Run python -m bench.train_replies"
        )
    return [_case(row) for row in csv.reader(rows)]


def line_of(case: Case) -> str:
    """Return a case as a line of the file."""
    read = "+".join(case.weighed.intents)
    sign = "sign" if case.weighed.sign else ""
    return f"{case.meant},{read},{case.weighed.confidence},{case.weighed.decided},{sign}"


def _case(row: Sequence[str]) -> Case:
    meant, read, confidence, decided, sign = row
    return Case(
        meant=Intent(meant),
        weighed=Weighed(
            intents=tuple(Intent(i) for i in read.split("+")),
            confidence=float(confidence),
            decided=Decided(decided),
            sign=bool(sign),
        ),
    )
