"""Clauses about the message, its writer or its reason: "cc me", "so they can plan", "spooky please".

Such a clause chooses no customers, so words in it need not be known. It is taken for one only
where nothing in it could: it begins with a phrase of asides.toml at the beginning of a clause
(some reasons anywhere), goes on to the end of its sentence, and holds no value, period, number of
zones, channel, "all", "only", "those", exclusion or condition. One such word, and it is read like
the rest of the request. Words of tone must fill their clause; who a request comes from must lead it.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from campaigns.ai.embedded.requests.choosing import is_harmless
from campaigns.ai.embedded.requests.clauses import REQUESTS, fragment, note, purpose, remark
from campaigns.ai.embedded.requests.heard import chooses, heard
from campaigns.ai.embedded.requests.leads import Leads
from campaigns.ai.embedded.requests.lists import phrases, table
from campaigns.ai.embedded.requests.plain import asks_for_some
from campaigns.ai.embedded.requests.row import Row
from campaigns.ai.embedded.requests.senses import (
    Item,
    Names,
    Sounds,
    Tag,
    Zones,
)

_STARTS = (Tag.ASIDE, Tag.STOP, Tag.COMMA, Tag.COLON, Tag.OPEN, Tag.CLOSE, Tag.AND, Tag.DECORATION)
_ENDS = (Tag.STOP, Tag.CLOSE)
_PAUSES = (Tag.COMMA, Tag.COLON)
_RESTRICTS = (Tag.WITH, Tag.IN, Tag.AT, Tag.FROM, Tag.ON, Tag.OF, Tag.USE, Tag.REL)
_CONJUNCTIONS = ("because", "since", "otherwise", "although", "though", "so", "as")
_COURTESY = (Tag.FILLER, Tag.AND, Tag.DECORATION, Tag.KIND)
# What may begin a reason in the middle of a clause: ours, or what for.
_INLINE = ("because we", "because our", "because head", "because sales", "so ", "in order", "to ")
_SUBJECTS = ("they", "we", "it", "you", "there", "i", "we're", "we'll", "we've", "it's", "they're")


class About(StrEnum):
    """What an aside is about."""

    CONTENT = "content"
    MANNER = "manner"
    SENDER = "sender"
    REASON = "reason"
    COMMENT = "comment"
    TONE = "tone"
    HEADER = "header"
    CHAT = "chat"
    EXTRA = "extra"
    REMARK = "remark"
    HEARD = "heard"


# Where one of these ends before its sentence does.
_CLOSES = {
    About.CHAT: _PAUSES,
    About.EXTRA: _PAUSES,
    About.HEADER: (*_PAUSES, Tag.DECORATION),
}
# Clauses of these are known whole; others are only taken where they do not sound like choosing.
_SURE = (About.CONTENT, About.TONE, About.HEADER)
_ANYWHERE = (About.REASON, About.EXTRA)  # these may begin in the middle of a clause


@dataclass(frozen=True, slots=True)
class Aside:
    """Items `first` to `last` (exclusive) that choose no customers."""

    first: int
    last: int
    about: About


# A tone that is not wanted, or not so much of it: "don't sound too formal".
_REFUSES = re.compile(r"\b(not?|nothing|never|without|less|too|avoid)\b|n't|ไม่|อย่า")


@cache
def _openers() -> Mapping[About, Leads]:
    """Return each kind's openers."""
    data = table("asides.toml")
    return {
        about: Leads([*phrases(data[about]), *phrases(data[f"{about}_th"])])
        for about in About
        if about not in (About.REMARK, About.HEARD)
    }


def _opener(text: str, start: int, kinds: Collection[About]) -> Iterator[tuple[About, str]]:
    """Yield the openers that stand at `start`, of each kind the longest."""
    for about, leads in _openers().items():
        if about in kinds and (found := leads.match(text, start)):
            yield about, found[0]


def asides(row: Row) -> list[Aside]:
    """Return the asides of `row`, in order; none where nothing outside them names anybody."""
    found: list[Aside] = []
    text = row.text
    end = 0
    taken: set[int] = set()
    for at in range(len(row)):
        if at >= end and row.tag(at) is not Tag.ASIDE and (aside := _at(row, at, text, taken)):
            found.append(aside)
            end = aside.last
            taken.update(range(aside.first, aside.last))
    addressed = any(_addresses(row, at) for at, _ in row if at not in taken)
    return found if addressed else []


def _addresses(row: Row, at: int) -> bool:
    named = isinstance(row.sense(at), Names | Zones) or row.tag(at) in (Tag.EVERYONE, Tag.ALL)
    return named or row.tag(at) in (Tag.ENDS, Tag.ENDED)


def _begins_clause(row: Row, at: int) -> bool:
    before = row.before(at, (Tag.FILLER, Tag.DECORATION))
    thai = row.is_thai(at) and row.items[at - 1].end < row.items[at].start if at else False
    return before < 0 or row.tag(before) in _STARTS or thai


def _at(row: Row, at: int, text: str, taken: Collection[int]) -> Aside | None:
    """Return the aside that begins at `at`; `taken` are the items of those before it."""
    found = _known(row, at, text, taken)
    if found and (found.about in _SURE or not chooses(row, found.first, found.last)):
        return found
    begins = _begins_clause(row, at) or _joins(row, at)
    return Aside(at, end, About.HEARD) if begins and (end := heard(row, at)) else None


def _known(row: Row, at: int, text: str, taken: Collection[int]) -> Aside | None:
    """Return the aside at `at` that is known by its words or by how it is built."""
    start = row.items[at].start
    begins = _begins_clause(row, at)
    for about, opener in _opener(text, start, tuple(_openers()) if begins else _ANYWHERE):
        if not begins and about is About.REASON and not opener.startswith(_INLINE):
            continue  # "hotels because they are nice" may be only those
        stop = start + len(opener)
        if about is About.TONE and not _fills_items(row, stop):
            continue  # "nothing fancy rooftops"
        behind = next((i for i in range(at, len(row)) if row.items[i].start >= stop), len(row))
        end = _end(row, behind, about, opener)
        if end is None or end <= at:
            continue
        if about is About.CHAT and not _begins_sentence(row, at):
            continue
        if about is About.HEADER and not _is_head(row, at, taken):
            continue
        paused = about is not About.TONE and row.tag(end) in _PAUSES
        if (paused or about in (About.HEADER, About.EXTRA)) and asks_for_some(
            text, stop, row.items[end - 1].end
        ):
            continue  # "given the sea views, survey hotels"
        return Aside(at, end, about)
    return _by_build(row, at, taken) if begins or _joins(row, at) else None


def _joins(row: Row, at: int) -> bool:
    """Whether a word begins a clause of its own in the middle of another: "because cash is tight"."""
    return row.items[at].key.split(" ")[0] in _CONJUNCTIONS


def _by_build(row: Row, at: int, taken: Collection[int]) -> Aside | None:
    """Return the aside at `at` that is known by how it is built."""
    if end := remark(row, at) or fragment(row, at, taken):
        return Aside(at, end, About.REMARK)
    if end := purpose(row, at):
        return Aside(at, end, About.REASON)
    return Aside(at, end, About.MANNER) if (end := note(row, at)) else None


def _fills_items(row: Row, stop: int) -> bool:
    """Whether an opener that ends at character `stop` ends with an item; Thai has no spaces."""
    return any(i.end == stop or (row.is_thai(at) and i.start < stop < i.end) for at, i in row)


def _is_head(row: Row, at: int, taken: Collection[int]) -> bool:
    """Whether nothing but asides, courtesies and marks stands before `at`."""
    return all(i in taken or row.tag(i) in (*_STARTS, Tag.FILLER) for i in range(at))


def _begins_sentence(row: Row, at: int) -> bool:
    before = row.before(at, (Tag.FILLER, Tag.DECORATION, Tag.COMMA))
    return before < 0 or row.tag(before) in _ENDS


def _end(row: Row, behind: int, about: About, opener: str) -> int | None:
    """Return the end of the sentence, None where something before it might choose customers."""
    if about is About.TONE:
        return _end_of_tone(row, behind)
    if row.tag(behind) in _RESTRICTS and about is About.CONTENT and opener.endswith("them"):
        return None  # "tell them with pools"
    asks = opener.startswith(("ask", "see", "find", "how", "are", "do", "let me"))
    signs = (Tag.WHO,) if opener.startswith("sign") else ()  # "as Nok from customer success"
    at = behind
    while at < len(row) and row.tag(at) not in _ENDS:
        asks_now = about is About.HEADER and REQUESTS.match(row.text, row.items[at].start)
        if asks_now or row.tag(at) in _CLOSES.get(about, ()):
            return at
        if row.tag(at) in _PAUSES:
            if not _goes_on(row, at + 1):
                return None if about is About.CONTENT else at
        elif row.tag(at) not in signs and not is_harmless(row, at, asks=asks, first=at == behind):
            return None
        at += 1
    return at


def _end_of_tone(row: Row, behind: int) -> int | None:
    """Return the end of a clause of nothing but words of tone and courtesy, else None."""
    text = row.text
    at = behind
    while at < len(row) and row.tag(at) not in (*_ENDS, *_PAUSES, Tag.OPEN):
        more = next(_opener(text, row.items[at].start, (About.TONE,)), None)
        if more is None and not (row.tag(at) in _COURTESY or isinstance(row.sense(at), Sounds)):
            return None
        stop = row.items[at].start + len(more[1]) if more else 0
        if more and not _fills_items(row, stop):
            return None
        at += 1
        while at < len(row) and row.items[at].start < stop:
            at += 1
    return at


def _goes_on(row: Row, at: int) -> bool:
    """Whether the clause behind a pause is about the message as well."""
    at = row.after(at - 1, (Tag.FILLER, Tag.AND)) if row.tag(at) is Tag.AND else at
    if at >= len(row) or row.tag(at) in _ENDS:
        return True
    words = row.items[at].words.lower().replace("’", "'")
    text = row.text
    opener = next(_opener(text, row.items[at].start, tuple(About)), None)
    begins = row.tag(at) is Tag.ASIDE or opener is not None
    return begins or words.split(" ")[0] in _SUBJECTS or isinstance(row.sense(at), Sounds)


def merged(row: Row) -> Row:
    """Return `row` with every aside that is not the message's own content made one item.

    A tone the house knows keeps its own: "casual tone, please" is no mere aside.
    """
    items = list(row.items)
    for aside in reversed(asides(row)):
        if aside.about is not About.CONTENT:
            items[aside.first : aside.last] = _as_one(row, aside)
    return Row(row.request, items)


def _as_one(row: Row, aside: Aside) -> list[Item]:
    first, last = aside.first, aside.last
    sounding = [at for at in range(first, last) if isinstance(row.sense(at), Sounds)]
    alike = len({row.sense(at) for at in sounding}) == 1
    heard_so = aside.about is About.HEARD
    if heard_so or not alike or _REFUSES.search(row.words(first, last).lower()):
        return [row.aside(first, last, idle=heard_so)]
    at = sounding[0]
    around = [(first, at), (at + 1, last)]
    before, behind = ([row.aside(a, b)] if a < b else [] for a, b in around)
    return [*before, row.items[at], *behind]
