"""Clauses of their own that leave somebody out without a word for it: "leave Pattaya alone".

"Nothing for Phuket", "Hanoi can be left out", "Krabi has a new manager, so not them" say no "except",
yet each leaves out those it names. Such a clause is known whole, by data/spared.toml, and read as
"except" and the names; what it says besides is shown as not used. So is what only says again that
others are left out: "…, they had theirs", behind "only" "the rest can wait".
"""

import re
from functools import cache

from campaigns.ai.embedded.requests.lists import table
from campaigns.ai.embedded.requests.masks import NAME, PERIOD, inside, masked, spelled
from campaigns.ai.embedded.requests.row import BREAKS, Row
from campaigns.ai.embedded.requests.senses import Item, Names, Tag, Word

_LISTED = rf"(?:(?:the|our|all|all the)\s+)?{NAME}+(?:\s+(?:ones|guys|people|folks))?"
_NAMES = rf"(?:{_LISTED}(?:(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|in)\s+){_LISTED})*)"
_THAI_NAMES = rf"(?:(?:ของ)?{NAME}+(?:\s*(?:กับ|และ|,)\s*{NAME}+)*)"
_OVER = r"(?=\s*(?:[.,;:!?)\n]|$)|\s+(?:[-–—]|(?:because|as|since|so|and|but)\b))"
_THAI_OVER = r"(?=\s|$|[.,!?])"
_BEFORE = (Tag.FILLER, Tag.AND, Tag.BUT, Tag.DECORATION)
_STARTS = (*BREAKS, Tag.COMMA, Tag.DECORATION)
_AFTER = {"after_except": Tag.NOT, "after_only": Tag.ONLY}


def spared(row: Row) -> Row:
    """Return `row` with each clause that leaves somebody out begun by a word for leaving out."""
    text = masked(row)
    if NAME not in text:
        return row
    items = list(row.items)
    matches = [m for clauses in _clauses() for m in clauses.finditer(text)]
    for match in sorted(matches, key=re.Match.start, reverse=True):
        whole = inside(row, *match.span())
        if whole and _begins(row, whole[0]):
            items[whole[0] : whole[-1] + 1] = _left_out(row, whole)
    return _said_again(Row(row.request, items))


def _said_again(row: Row) -> Row:
    """Return `row` with what only says again who is left out not used."""
    items, text = list(row.items), masked(row)
    found = [(m, tag) for name, tag in _AFTER.items() for m in _pattern(name).finditer(text)]
    for match, tag in sorted(found, key=lambda one: one[0].start(), reverse=True):
        whole = inside(row, *match.span())
        if whole and _begins(row, whole[0]) and any(row.tag(i) is tag for i in range(whole[0])):
            items[whole[0] : whole[-1] + 1] = [row.aside(whole[0], whole[-1] + 1)]
    return Row(row.request, items)


@cache
def _clauses() -> tuple[re.Pattern[str], ...]:
    thai = table("spared.toml")["thai"]
    clauses, behind = thai["clauses"].strip(), "|".join(map(spelled, thai["behind"].split(" | ")))
    in_thai = re.compile(
        rf"(?:{spelled(clauses)})(?:\s*(?:{behind}))*{_THAI_OVER}".replace("@", _THAI_NAMES)
    )
    named = (
        rf"(?:(?:those|the ones|customers|hotels)\s+(?:on|in|with|at|from)\s+)?{_NAMES}"
        rf"(?:\s+customers)?(?=[\s,])[^.!?\n{NAME}]*?[\s,;–-]\s*"
    )
    return (_pattern("clauses"), _pattern("pronouns", named), in_thai)


@cache
def _pattern(name: str, before: str = "") -> re.Pattern[str]:
    data = table("spared.toml")["english"]
    clauses = "|".join(map(spelled, data[name].strip().splitlines()))
    behind = "|".join(map(spelled, data["behind"].split(" | ")))
    pattern = rf"(?<!\w){before}(?:{clauses})(?:\s+(?:{behind}))*{_OVER}"
    return re.compile(pattern.replace("@", _NAMES).replace("#", f"{PERIOD}+"))


def _begins(row: Row, at: int) -> bool:
    """Whether a clause of its own begins at `at`; what names first is behind a pause or "but"."""
    if row.is_thai(at):
        return at == 0 or row.items[at - 1].end < row.items[at].start
    before = row.before(at, _BEFORE)
    joined = not isinstance(row.sense(at), Names) and before < at - 1
    return before < 0 or row.tag(before) in _STARTS or row.tag(at - 1) is Tag.BUT or joined


def _left_out(row: Row, whole: list[int]) -> list[Item]:
    """Return "except", the names and all that joins them, and the rest as not used."""
    first, last = _named(row, whole)
    start = row.items[whole[0]].start
    head = row.request[start : row.items[first].start].strip()
    leads = Item(start, start + len(head), head, head.lower(), (Word(Tag.NOT),))
    found = [leads, *row.items[first : last + 1]]
    return found if last == whole[-1] else [*found, row.aside(last + 1, whole[-1] + 1)]


def _named(row: Row, whole: list[int]) -> tuple[int, int]:
    named = [i for i in whole if isinstance(row.sense(i), Names)]
    people = row.tag(named[-1] + 1) is Tag.WHO  # "enterprise customers"
    return named[0], named[-1] + people
