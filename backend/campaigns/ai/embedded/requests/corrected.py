"""What somebody takes back: "… expiring in October. Sorry, November I mean".

A value or a period that corrects the one before it takes that one's place. It is taken so only
where one of the same attribute stands before, and one alone; otherwise both stay, and are asked about.
"""

import re
from dataclasses import replace
from functools import cache

from campaigns.ai.embedded.requests.lists import table
from campaigns.ai.embedded.requests.masks import NAME, PERIOD, inside, masked, spelled
from campaigns.ai.embedded.requests.row import Row
from campaigns.ai.embedded.requests.senses import Item, Names, Sense, When

_OVER = r"(?=\s*(?:[.,;:!?)\n]|$)|\s+[-–—]|\s+(?:please|pls|thanks|sorry|because|as|since|so|and|but)\b)"


def corrected(row: Row) -> Row:
    """Return `row` with each value that is taken back replaced by the one that counts."""
    text = masked(row)
    for match in [*_clauses().finditer(text)][:1]:
        whole = inside(row, *match.span())
        values = [i for i in whole if isinstance(row.sense(i), Names | When)]
        before = [i for i in range(whole[0] if whole else 0) if _is_alike(row, i, values)]
        if len(values) == 1 and len(before) == 1:
            return _replaced(row, whole, values[0], before[0])
    return row


@cache
def _clauses() -> re.Pattern[str]:
    clauses = "|".join(map(_spelled, table("corrected.toml")["clauses"].strip().splitlines()))
    value = rf"(?:(?:in|for|the|to|on|at)\s+)?(?:{NAME}+|{PERIOD}+)"
    return re.compile(rf"(?<!\w)(?:{clauses}){_OVER}".replace("@", value))


def _spelled(phrase: str) -> str:
    marks = {"~": r"\s*[,.:–—-]*", "!": r"\s*[,.:–—-]+"}
    return "".join(marks.get(letter, letter) for letter in spelled(phrase))


def _is_alike(row: Row, at: int, values: list[int]) -> bool:
    """Whether what stands at `at` is what the one value corrects."""
    sense = row.sense(at)
    new = row.sense(values[0]) if values else None
    if isinstance(sense, Names) and isinstance(new, Names):
        return sense.attribute is new.attribute
    return isinstance(sense, When) and isinstance(new, When)


def _replaced(row: Row, whole: list[int], value: int, before: int) -> Row:
    """Put the value in the place of the one before it; the clause itself is not used."""
    old, new = row.items[before], row.items[value]
    items = list(row.items)
    items[before] = Item(old.start, old.end, old.words, new.key, (_noted(new, old),))
    items[whole[0] : whole[-1] + 1] = [row.aside(whole[0], whole[-1] + 1)]
    return Row(row.request, items)


def _noted(new: Item, old: Item) -> Sense:
    note = f"“{new.words}” corrects “{old.words}”"
    return replace(new.sense, note=note) if isinstance(new.sense, Names | When) else new.sense
