"""What a request leaves open as a whole: a list that is not there, a choice put off, a question.

Every word of such a request may be known and still nobody can say whom it means: "hotels on my
list", "these hotels", "hotels, I'll pick them". Others are no order at all: "which Hiltons expire
in October?", "should we survey gyms?", "pause the survey".
"""

import re
from collections.abc import Iterator
from functools import cache

from campaigns.ai.embedded.requests.leads import Leads, spelled
from campaigns.ai.embedded.requests.lists import phrases, table
from campaigns.ai.embedded.requests.row import Block, Row
from campaigns.ai.embedded.requests.senses import Names, Purpose, Sounds, Tag, When, Zones
from campaigns.ai.embedded.requests.topics import Topics
from campaigns.model.plan import Attribute

_KINDS = (Attribute.BUSINESS_TYPE, Attribute.SIZE)
_JOINS = (Tag.AND, Tag.OR, Tag.COMMA, Tag.OPEN, Tag.COLON, Tag.STOP)
_PROPOSES = re.compile("(?:what|how) about|why (?:don't|not)|when (?:you|i|we)")
_LEADS = (Tag.FILLER, Tag.DECORATION, Tag.COMMA)
_NO_ORDER = (Tag.ASIDE, Tag.COMMA, Tag.STOP, Tag.COLON, Tag.DECORATION)


@cache
def _said(name: str) -> re.Pattern[str]:
    """Return a pattern for the phrases of one list of doubts.toml, the longest first."""
    words = sorted({*phrases(table("doubts.toml")[name])} - {""}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(spelled, words))})")


@cache
def _leads(name: str) -> Leads:
    """Return the phrases of one list of doubts.toml, to be found where they begin."""
    return Leads(phrases(table("doubts.toml")[name]))


def says(row: Row, name: str) -> bool:
    """Whether one of the phrases of list `name` stands anywhere in the request."""
    return _said(name).search(row.text) is not None


def undoes(row: Row, at: int) -> bool:
    """Whether a verb that stops or undoes something stands at `at`: "shelve a", "cancel the"."""
    return _leads("undoing").match(row.text, row.items[at].start) is not None


def doubts(row: Row, topics: Topics) -> Iterator[Block]:
    """Yield what no filter can settle though its words are known."""
    text = row.text
    listed = any(n.attribute is Attribute.CUSTOMER for _, n in _names(row))
    for name, why in (("elsewhere", "which ones? Name them"), ("later", "who chooses, and whom?")):
        if name == "later" or not listed:
            yield from _phrases(row, topics, text, name, why)
    yield from _phrases(row, topics, text, "required", "must the customers have it?")
    if not listed:
        yield from _pointed_at(row)
    yield from _undecided(row)
    yield from _no_order(row, text)


def _names(row: Row) -> Iterator[tuple[int, Names]]:
    for at, item in row:
        if isinstance(item.sense, Names):
            yield at, item.sense


def _phrases(row: Row, topics: Topics, text: str, name: str, why: str) -> Iterator[Block]:
    for found in _said(name).finditer(text):
        inside = [i for i, t in row if t.start < found.end() and t.end > found.start()]
        held = any(isinstance(row.sense(i), Zones | When) for i in inside)  # "below three zones"
        if inside and not held and not topics.opened.issuperset(inside):
            yield Block(inside[0], inside[-1] + 1, why)


def _pointed_at(row: Row) -> Iterator[Block]:
    """Block "these hotels", "the same customers": nothing in the request says which."""
    for at, item in row:
        after = row.after(at, (Tag.FILLER, Tag.ALL))
        names = row.names(after)
        people = row.tag(after) is Tag.WHO or (names is not None and names.attribute in _KINDS)
        pointing = item.key.split(" ")[-1] in ("these", "following", "above", "below")
        if people and pointing:
            yield Block(at, after + 1, "which ones? Name them")


def _undecided(row: Row) -> Iterator[Block]:
    """Block "or maybe the malls", "October maybe November": whether they belong is not said."""
    for at, item in row:
        if item.key not in ("maybe", "perhaps", "possibly", "might"):
            continue
        after = row.after(at, (Tag.THE, Tag.ALL, Tag.ONLY, Tag.FILLER, Tag.FOR, Tag.TO, Tag.IN))
        before = row.before(at, (*_JOINS, Tag.FILLER))
        values = (Names, When, Zones)
        if isinstance(row.sense(after), values) and isinstance(row.sense(before), values):
            yield Block(at, after + 1, "are they in, or not?")


def _no_order(row: Row, text: str) -> Iterator[Block]:
    """Block a request that is a question to us, or that takes something back."""
    first = row.after(-1, _LEADS)
    begins = row.after(-1, _NO_ORDER)
    start = row.items[begins].start if begins < len(row) else 0
    asks = None if _PROPOSES.match(text, start) else _leads("questions").match(text, start)
    only = not any(
        item.has(Tag.STOP) and _orders(row, at + 1) for at, item in row if at + 1 < len(row)
    )
    if asks and only and _orders(row, 0):
        end = next((i for i, t in row if t.start >= asks.end()), len(row))
        yield Block(0, end, "do you want to know this, or to write to these customers?")
    for at in range(min(first + 1, len(row))):
        sends = row.tag(at) is Tag.SEND and " " in row.items[at].key  # "drop a line to"
        found = None if sends else _leads("undoing").match(text, row.items[at].start)
        if found:
            end = next((i for i, t in row if t.start >= found.end()), len(row))
            yield Block(at, end, "this stops or changes something; which message is to be sent?")
            return


def _orders(row: Row, start: int) -> bool:
    """Whether something behind `start` says what is to be sent, or to whom."""
    return any(
        isinstance(row.sense(i), Purpose | Names | Sounds) or row.tag(i) in (Tag.SEND, Tag.ENDS)
        for i in range(start, len(row))
    )
