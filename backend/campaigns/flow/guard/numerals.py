"""Numbers as people write them, in digits of any script and in English and Thai words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from campaigns.model.notation import (
    NUMBERS_EN,
    NUMBERS_TH,
    SCALES_EN,
    SCALES_TH,
    THAI_NUMBER,
)

_SMALL = "|".join(sorted((*NUMBERS_EN, *SCALES_EN), key=len, reverse=True))
_ENGLISH = rf"(?<![A-Za-z])(?:{_SMALL})(?:(?:[\s-]+|\s+and\s+)(?:{_SMALL}))*(?![A-Za-z])"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?![\d,]*\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALED = rf"(?:{_DIGITS})(?:\s?(?:k|m)(?![A-Za-z])|\s*(?:{'|'.join(SCALES_EN)})(?![A-Za-z])|\s*(?:พัน|หมื่น|แสน|ล้าน))?"
_NUMBER = re.compile(rf"{_SCALED}|{_ENGLISH}|{THAI_NUMBER}+", re.IGNORECASE)
_TAIL = re.compile(r"([\d.,]+)\s*([^\d\s.,]+)", re.IGNORECASE)
_SCALES = {**SCALES_EN, **SCALES_TH, "k": 1_000, "m": 1_000_000}
_THAI_WORD = re.compile("|".join(sorted((*NUMBERS_TH, *SCALES_TH), key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `start`..`end`; `in_words` when it was spelt out."""

    start: int
    end: int
    value: Decimal
    in_words: bool


def numbers(text: str) -> Iterator[Number]:
    """Yield every number in folded `text`, left to right.

    "12,000", "12000.50", "16k", "1.2 million", "twelve thousand five hundred", "สองหมื่น".
    """
    for m in _NUMBER.finditer(text):
        yield Number(m.start(), m.end(), _value(m[0].lower()), not m[0][0].isdigit())


def _value(words: str) -> Decimal:
    if words[0].isdigit():
        tail = _TAIL.fullmatch(words)
        digits, scale = (tail[1], _SCALES[tail[2]]) if tail else (words, 1)
        return Decimal(digits.replace(",", "")) * scale
    if words[0].isascii():
        return Decimal(_english(re.split(r"[\s-]+", words)))
    return Decimal(_thai(_THAI_WORD.findall(words)))


def _english(words: list[str]) -> int:
    total = current = 0
    for word in words:
        scale = SCALES_EN.get(word)
        if scale is None:
            current += NUMBERS_EN.get(word, 0)  # "and" adds nothing
        elif scale == 100:
            current = max(current, 1) * 100
        else:
            total, current = total + max(current, 1) * scale, 0
    return total + current


def _thai(words: list[str]) -> int:
    total = current = 0
    for word in words:
        scale = SCALES_TH.get(word)
        if scale is None:
            current = NUMBERS_TH[word]
        elif word == "ล้าน":
            total, current = (total + max(current, 1 if not total else 0)) * scale, 0
        else:
            total, current = total + max(current, 1) * scale, 0
    return total + current
