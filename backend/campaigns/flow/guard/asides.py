"""Sentences that state nothing, in which any ordinary word may stand.

A closed vocabulary cannot hold what people write around the facts: "hope the rain has spared
your picnic". But a wish, a question, a thank-you, an offer to talk or a request to the reader states nothing
in whatever ordinary words; what could still be smuggled into one (a price, a promise, somebody's
doing, a fact) is forbidden by word. What is asked or stands after "if" may also be denied ("if it
is not for you"), but for facts. English only: Thai without spaces leaves no words to look up.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

from campaigns.flow.guard import lexicon
from campaigns.flow.guard.case import Case
from campaigns.flow.guard.reading import Mark
from campaigns.flow.guard.statements import SENTENCE

# Parts end at commas, at facts and where another clause begins.
_NEXT = (
    r" (?:and|but|so) (?:i|we|please|do|let|tell|it)\b"
    r"| (?:if|whenever|whether|in case) (?:you|we|it|this|that|any\w*)\b"
)
_PART = re.compile(
    rf"[^,;:()\ue005-\ue00b]+?(?=[,;:()]| - |$|[\ue005-\ue00b]|{_NEXT})|[\ue005-\ue00b]+"
)
_FACTS = frozenset({Mark.DATE, Mark.MONEY, Mark.COUNT, Mark.OFFER, Mark.FAULT})
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*(?:'[a-z]+)?")
_BULLETS = " \"'*-!?.\n\u2022"
_IF = re.compile(
    r"(?:^|(?<=[,;:(\ue000-\ue00b -]))"
    r"(?:if|when|whenever|whether|in case|should (?:you|there|it|this|any\w*))\b[^,.;:!?\n]*"
)
_HOPE = re.compile(r"^\W*(?:(?:i|we) (?:do )?)?hope\b[^,.;:!?\n]*")
_ADVERBS = frozenset({"already", "perhaps", "maybe"})
_BEFORE = 3  # words before one that make it somebody's doing
_LEADING = 3  # words before a count that the vocabulary must know
# What a part that denies something may not hold.
_BOUND = _FACTS | {Mark.ZONE, Mark.RECORD, Mark.LINK, Mark.SCALE}


def ordinary_places(case: Case) -> frozenset[int]:
    """Return where words begin that may stand though the vocabulary does not know them."""
    if "en" not in case.reading.languages():
        return frozenset()
    lower = case.reading.left_lower()
    return frozenset(
        start + m.start()
        for start, part in _asides(lower)
        for m in _WORD.finditer(part)
        if _is_ordinary(m[0]) and not _is_doing(part, m)
        if case.reading.left[start + m.start()].islower() or not _WORD.search(part[: m.start()])
    )


def denied_places(case: Case) -> frozenset[int]:
    """Return where a denial may stand: in a question or after "if", of nothing the record says."""
    lower = case.reading.left_lower()
    return frozenset(
        at
        for sentence in SENTENCE.finditer(lower)
        if not _pattern("tells").search(sentence[0])
        for start, part in _open_parts(sentence)
        if not _BOUND & set(part) and not _pattern("tells_by_denying").search(part)
        if all(map(_may_be_denied, _WORD.findall(part)))
        for at in range(start, start + len(part))
    )


def _open_parts(sentence: re.Match[str]) -> Iterator[tuple[int, str]]:
    """Yield what of a sentence is asked, or stands after "if": nobody says that it is so."""
    if sentence[0].rstrip().endswith("?"):
        yield sentence.start(), sentence[0]
        return
    for m in chain(_IF.finditer(sentence[0]), _HOPE.finditer(sentence[0])):
        rest = sentence[0][: m.start()], sentence[0][m.end() :]
        if all(map(_is_stateless, chain.from_iterable(map(_PART.findall, rest)))):
            yield sentence.start() + m.start(), m[0]


def _is_stateless(part: str) -> bool:
    words = part.strip(_BULLETS + Mark.PLAIN)
    return not words or any(_pattern(kind).match(words) for kind in ("opens", "settled"))


def _may_be_denied(word: str) -> bool:
    return not _pattern("never").match(word) or bool(_pattern("denied").match(word))


def _asides(lower: str) -> Iterator[tuple[int, str]]:
    """Yield the parts of sentences that state nothing, each with its place."""
    for sentence in SENTENCE.finditer(lower):
        if _pattern("tells").search(sentence[0]):
            continue
        asked = sentence[0].rstrip().endswith("?")
        for part in _PART.finditer(sentence[0]):
            words = part[0].lstrip(_BULLETS)
            told = not asked and not _pattern("opens").match(words)
            if not told and not _touches_a_fact(part, sentence[0]):
                yield sentence.start() + part.start(), part[0]


def _touches_a_fact(part: re.Match[str], sentence: str) -> bool:
    """Whether a part holds a fact or leads up to one, but for a plain "in all 4 zones"."""
    if _FACTS & set(part[0]):
        return True
    nearest = _WORD.findall(part[0])[-_LEADING:]
    plain = len(nearest) == _LEADING and all(w in lexicon.words("words.en") for w in nearest)
    return sentence[part.end() : part.end() + 1] in _FACTS - ({Mark.COUNT} if plain else set())


def _is_ordinary(word: str) -> bool:
    base = word.partition("'")[0]
    return all(
        len(piece) > 1
        and (piece in lexicon.words("ordinary.en") or piece in lexicon.words("words.en"))
        and (piece in lexicon.words("words.en") or not _pattern("never").match(piece))
        for piece in base.split("-")
    )


def _is_doing(part: str, word: re.Match[str]) -> bool:
    """Whether the words before one make it somebody's doing, which would be news.

    How somebody does it is none, nor is what the part opens with ("we are itching to").
    """
    opening = _pattern("opens").match(part.lstrip(_BULLETS))
    opened = len(part) - len(part.lstrip(_BULLETS)) + opening.end() if opening else 0
    if word.end() <= opened or word[0].endswith("ly") or word[0] in _ADVERBS:
        return False
    doers = _words("doers")
    if _pattern("asks").match(part):
        doers -= _words("asked_about")
    return bool(doers & set(_WORD.findall(part[: word.start()])[-_BEFORE:]))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(lexicon.table("asides")["en"][name].split())


@cache
def _pattern(name: str) -> re.Pattern[str]:
    said = lexicon.table("asides")["en"][name]
    return re.compile(said if isinstance(said, str) else f"(?:{'|'.join(said)})")
