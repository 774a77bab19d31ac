"""The survey score in a reply: a whole number from 0 to 10, read only while a survey is open.

A number is a score when it opens the reply or stands beside words that say so ("out of 10",
"คะแนน", "I give you"); one that counts something else ("2 zones", "3 วัน") never is.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache

from campaigns.ai.embedded.replies.clean import normal_form
from campaigns.ai.embedded.replies.data import phrases, table
from campaigns.ai.embedded.replies.fold import Hit, is_unspaced


class Doubt(Enum):
    """Why the numbers of a reply are no score."""

    SEVERAL = "more than one score"
    SCALE = "not one whole number from 0 to 10"


@dataclass(frozen=True, slots=True)
class Score:
    """A score and the words that gave it.

    `stated` is True when words beside the number say that it is a score.
    """

    value: int
    hit: Hit
    stated: bool


# "0 to 10" and "on a scale of ten" name the scale, they are no answer.
_SCALE_NAMED = re.compile(r"\b0\s*(?:-|–|to|ถึง)\s*10\b|\bscale of (?:10|ten|1 to 10|0 to 10)\b")
# Halves, minus signs, percent, scales other than ten, "7 or 8": a person looks at those.
_OTHER_SCALE = re.compile(
    r"\d[.,]\d|(?<!\w)-\s?\d|\d\s*%|\b\d+\s*(?:/|out of|จาก)\s*(?!10\b)\d"
    r"|\b\d+\s*(?:-|–|~|or|to|หรือ|ถึง)\s*\d"
)
_OPENING = re.compile(
    r"[\s\W]*(?:(?:hi|hello|dear \w+|ok|okay|well|hmm+|i d say|for me|us|from|on a)\b[\s\W]*)?"
)


def find_score(text: str) -> Score | Doubt | None:
    """Return the score in an answer to a survey, why its numbers are none, or None.

    `text` is normalised; the places returned are in it.
    """
    plain = _SCALE_NAMED.sub(lambda found: " " * len(found.group()), _plain(text))
    if _OTHER_SCALE.search(plain):
        return Doubt.SCALE
    found = list(_scores(plain))
    sure = [score for score in found if score.stated] or found
    if not sure:
        return None
    return sure[0] if len({s.value for s in sure}) == 1 else Doubt.SEVERAL


def _plain(text: str) -> str:
    """Lower case, digits of any script as 0-9, every character in its place."""
    return "".join(
        str(unicodedata.digit(c)) if c.isdigit() else c.lower() if len(c.lower()) == 1 else c
        for c in text
    )


def _scores(plain: str) -> Iterator[Score]:
    words = _words()
    opening = _OPENING.match(plain)
    opens_at = opening.end() if opening else 0
    for found in words.number.finditer(plain):
        before, after = plain[: found.start()], plain[found.end() :]
        value, hit = words.values[found.group()], Hit(found.start(), found.end())
        if words.after.match(after):
            yield Score(value, hit, stated=True)
        elif words.units.match(after):
            continue
        elif words.before.search(before):
            yield Score(value, hit, stated=True)
        elif found.start() == opens_at:
            yield Score(value, hit, stated=False)


@dataclass(frozen=True, slots=True)
class _Words:
    values: dict[str, int]
    number: re.Pattern[str]
    after: re.Pattern[str]
    before: re.Pattern[str]
    units: re.Pattern[str]


@cache
def _words() -> _Words:
    data = table("numbers")
    values = {str(n): n for n in range(11)}
    for digits, names in data["words"].items():
        values |= {normal_form(name): int(digits) for name in phrases(names)}
    names = _either(n for n in values if not n.isdecimal())
    scores = data["scores"]
    return _Words(
        values=values,
        number=re.compile(rf"(?<![\d.,/:+-])(?:10|[0-9])(?![\d:]|[.,]\d)|{names}"),
        after=re.compile(rf"\s*(?:/\s*10\b|{_either(phrases(scores['after']))})"),
        before=re.compile(rf"{_either(phrases(scores['before']))}[\s:='\"-]*$"),
        units=re.compile(rf"\s*{_either(phrases(scores['units']))}"),
    )


def _either(lines: Iterator[str] | tuple[str, ...]) -> str:
    """Return a pattern for any of these, whole words where the script has them."""
    forms = sorted({normal_form(line) for line in lines}, key=len, reverse=True)
    return "(?:" + "|".join(map(_whole, forms)) + ")"


def _whole(form: str) -> str:
    left = "" if is_unspaced(form[0]) else r"(?<![^\W\d_])"
    right = "" if is_unspaced(form[-1]) else r"(?![^\W\d_])"
    return left + re.escape(form) + right
