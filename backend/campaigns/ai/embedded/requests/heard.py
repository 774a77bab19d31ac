"""Clauses that are taken for remarks by ear: by what was learnt from thousands of others (told.py).

Two locks, and both must open. Nothing in the clause may be a value, a channel, a number or a word
that chooses, leaves out, ranks or hands over, whatever else it says; and what was learnt must be sure.
It needs a verb of its own besides: of a bare piece ("near the beach") nobody can be sure.
"""

import re
from collections.abc import Iterator
from functools import cache

from campaigns.ai.embedded.requests import told
from campaigns.ai.embedded.requests.choosing import is_part_of_verb, leads_to_some
from campaigns.ai.embedded.requests.clauses import is_addressed, says_what_to_send
from campaigns.ai.embedded.requests.lists import table
from campaigns.ai.embedded.requests.plain import (
    WORD,
    asks_for_some,
    counts_time,
    is_ordinary,
    is_verb,
    listed,
    said_plainly,
)
from campaigns.ai.embedded.requests.row import Block, Row
from campaigns.ai.embedded.requests.senses import (
    Clock,
    Figure,
    Grain,
    Names,
    Occasion,
    Purpose,
    Sounds,
    Speaks,
    Tag,
    Unknown,
    Via,
    When,
    Word,
    Zones,
)

_OVER = (Tag.STOP, Tag.CLOSE, Tag.OPEN, Tag.ASIDE)
_PAUSES = (Tag.COMMA, Tag.COLON, Tag.DECORATION)
_CHOOSES = (
    *(Tag.THOSE, Tag.ONLY, Tag.OTHER, Tag.FIRST, Tag.EVERYONE, Tag.UNREAD, Tag.WHOLE_WORLD),
    *(Tag.LABEL, Tag.ENDED, Tag.OR, Tag.REL, Tag.NOT, Tag.ENDS),
)
_PASSING = (Grain.DAY, Grain.WEEK)
_OPENED = (Tag.ONLY, Tag.NOT, Tag.THOSE, Tag.FIRST, Tag.OTHER)
_JOINING = (Tag.AND, Tag.OR, Tag.COMMA, Tag.IN, Tag.THE, Tag.WHO, Tag.ALL)
_PARTING = (Tag.FILLER, Tag.AND, Tag.BUT)
_ADDS = Names | Zones | When | Via | Speaks | Sounds | Clock | Purpose | Occasion
_ADDING = (Tag.NOT, Tag.EVERYONE, Tag.ENDS, Tag.ENDED)
_POLITE = (Word(Tag.FILLER), Word(Tag.AND), Word(Tag.THE), Word(Tag.US), Word(Tag.TO))
_FEWEST = 5  # words
_LONG = 7  # words; in shorter clauses one word that may ask for somebody is enough to ask
_LIKELY = 0.5  # of a piece behind a pause
_MOSTLY = 0.7  # of the words are ordinary ones
_DAY = re.compile(r"\d(?:st|nd|rd|th)$")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(table("heard.toml")[name].split())


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Return a pattern for the words of one list, the longest first."""
    return re.compile(rf"\b(?:{'|'.join(sorted(_words(name), key=len, reverse=True))})\b")


@cache
def _hard_thai() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_words("hard_thai"))))


@cache
def _theirs() -> re.Pattern[str]:
    joins = "|".join(sorted(_words("joins")))
    return re.compile(rf"(?:(?:{joins})\s+)?{_pattern('theirs').pattern}")


def heard(row: Row, at: int) -> int | None:
    """Return where the remark ends that begins at `at`, None where nobody can be sure of one."""
    judge = told.load()
    if judge is None or not _stands_apart(row, at):
        return None
    left_out = _is_said_of_left_out(row, at)
    line = _LIKELY if left_out else judge.weights.told
    for end in reversed(_ends(row, at)):
        if (
            any(isinstance(row.sense(i), Unknown) for i in range(at, end))
            and _says_something(row, at, end, of_left_out=left_out)
            and not says_what_to_send(row, at, end)
            and judge.likelihood(row.words(at, end)) >= line
            and all(_goes_on(row, judge, *piece) for piece in _pieces(row, at, end)[1:])
        ):
            return end
    return None


def _is_said_of_left_out(row: Row, at: int) -> bool:
    """Whether a clause tells of those that the one before leaves out: "not Bali, they have theirs"."""
    words = row.text[row.items[at].start :]
    thai = words.startswith("เขา")
    if row.tag(at - 1) is Tag.COMMA:
        return (thai or _theirs().match(words) is not None) and _ends_exclusion(row, at - 1)
    return thai and _ends_exclusion(row, at)


def _ends_exclusion(row: Row, at: int) -> bool:
    """Whether what is left out ends right before `at`: "except", names and what joins them."""
    named = at = row.before(at, (Tag.FILLER,))
    while row.names(at) is not None or row.tag(at) in _JOINING:
        at -= 1
    return row.names(named) is not None and row.tag(at) is Tag.NOT


def _pieces(row: Row, first: int, last: int) -> list[tuple[int, int]]:
    """Return the pieces between the marks of a stretch: where each begins, and behind its last."""
    cuts = [i for i in range(first, last) if row.tag(i) in (*_OVER, *_PAUSES)]
    starts, stops = [first, *(i + 1 for i in cuts)], [*cuts, last]
    return [(a, b) for a, b in zip(starts, stops, strict=True) if a < b]


def _goes_on(row: Row, judge: told.Learnt, first: int, last: int) -> bool:
    """Whether a piece behind a pause tells something as well, and is no rule of its own."""
    words = row.words(first, last)
    verb = any(_is_finite(word[0]) for word in WORD.finditer(words.lower()))
    return verb and judge.likelihood(words) >= _LIKELY


def unsaid(row: Row) -> Iterator[Block]:
    """Yield the clauses that add nothing to the plan and sound like choosing customers all the same.

    Their words were taken for a topic or padding, each for itself.
    """
    for first, last in _pieces(row, 0, len(row)):
        if not _adds(row, first, last) and chooses(row, first, last):
            yield Block(first, last, "does this choose customers? Say whom, or leave it out")


def chooses(row: Row, first: int, last: int) -> bool:
    """Whether items `first` to `last` (exclusive) sound like choosing, whatever their words."""
    judge = told.load()
    return judge is not None and judge.likelihood(row.words(first, last)) < judge.weights.chooses


def _adds(row: Row, first: int, last: int) -> bool:
    """Whether something between is a rule, a kind or a time, or all of it is plain politeness."""
    inside = range(first, last)
    added = any(isinstance(row.sense(i), _ADDS) or row.tag(i) in _ADDING for i in inside)
    return added or all(row.sense(i) in _POLITE for i in inside)


def _stands_apart(row: Row, at: int) -> bool:
    """Whether nothing before leads on to the clause: a space in Thai may part "only" from whom."""
    before = row.sense(at - 1)
    if row.tag(at - 1) in (*_OVER, *_PAUSES):
        return True
    start = at
    while start > 0 and row.tag(start - 1) not in (*_OVER, *_PAUSES):
        start -= 1
    chosen = any(row.tag(i) in _OPENED for i in range(start, at))
    leads = isinstance(before, Word) and before.tag not in _PARTING
    return not (leads or (chosen and row.is_thai(at)))


def _ends(row: Row, first: int) -> list[int]:
    """Return where a clause may end in which nothing chooses anybody, the nearest first.

    It does at a pause, in Thai at a space too.
    """
    found: list[int] = []
    at = first
    while at < len(row) and row.tag(at) not in _OVER:
        apart = row.is_thai(at) and row.items[at - 1].end < row.items[at].start
        if at > first and (apart or row.tag(at) in _PAUSES):
            found.append(at)
        if not _may_be_told(row, at):
            return found
        at += 1
    return [*found, at] if at > first else []


def _may_be_told(row: Row, at: int) -> bool:
    sense = row.sense(at)
    if isinstance(sense, Names | Zones | Via | Speaks):
        return False
    if isinstance(sense, When):
        return not sense.fault and (sense.past or sense.grain in _PASSING)
    if isinstance(sense, Figure):
        return bool(_DAY.search(row.items[at].words)) or counts_time(row.text, row.items[at].end)
    if row.tag(at) in (Tag.TO, Tag.FOR):
        return not leads_to_some(row, at + 1)
    return row.tag(at) not in _CHOOSES or is_part_of_verb(row, at)


def _says_something(row: Row, first: int, last: int, *, of_left_out: bool) -> bool:
    """Whether a clause has a verb of its own and no word that chooses."""
    start, stop = row.items[first].start, row.items[last - 1].end
    text = row.text[start:stop]
    if _pattern("hard").search(text) or _hard_thai().search(text):
        return False
    words = [word[0] for word in WORD.finditer(text) if word[0].isascii()]
    if not text.isascii() and any("\u0e00" <= letter <= "\u0e7f" for letter in text):
        return all(map(is_ordinary, words))
    plain = sum(map(is_ordinary, words)) >= _MOSTLY * len(words)
    asks = is_addressed(row.text, start, stop) or (
        len(words) < _LONG and asks_for_some(row.text, start, stop)
    )
    verb = any(map(_may_be_verb, words)) and not _commands(words)
    if of_left_out:
        return verb and plain and not _pattern("demands").search(text)
    return verb and plain and len(words) >= _FEWEST and not asks and not _theirs().match(text)


def _commands(words: list[str]) -> bool:
    """Whether a clause tells somebody to do something: "reveal your instructions"."""
    said = [word for word in words if word not in _words("leads")]
    return (
        len(said) > 1 and is_verb(said[0]) and said[1] in listed("determiners") | _words("objects")
    )


def _may_be_verb(word: str) -> bool:
    return word in listed("finite") or word != said_plainly(word) or is_verb(word)


def _is_finite(word: str) -> bool:
    """Whether a word can only be a verb with a subject: "is", "won't", "forgot", "asks"."""
    known = word in listed("finite") or word in listed("irregular") or word != said_plainly(word)
    return known or (word.endswith(("s", "ed")) and is_verb(word))
