"""The closed vocabulary: every word left over must be one that states nothing.

Free text cannot be verified, so it is not tried: a word outside the vocabulary blocks, whether
it is a name nobody gave us, a place the record does not list or a promise in new clothes. Only in
sentences that state nothing (`asides`) may any ordinary word stand.
"""

import re

from campaigns.flow.guard import lexicon, thai
from campaigns.flow.guard.asides import ordinary_places
from campaigns.flow.guard.case import Case
from campaigns.flow.guard.reading import Mark
from campaigns.flow.guard.thai import Kind

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['-][A-Za-z\u00c0-\u024f]+)*")
_OTHER = re.compile(r"[^\W\d_]+")
_KEYWORDS = frozenset({"YES", "CALL"})
_ENDINGS = frozenset({"s", "ll", "ve", "re", "d", "m"})
_SENTENCE = re.compile(
    r"(?:^|[.!?:;\n*|/()\"\u2022\u2026\u0e01-\u0e4e-]|[^\w\s,'&%+=@#\ue000-\ue00b])\s*$"
)


def strike_words(case: Case, own: frozenset[int] = frozenset()) -> None:
    """Report every word that is not of the vocabulary, names and places by their own name.

    Plain words at `own` are the sender's.
    """
    for m in list(_LATIN.finditer(case.reading.left)):
        if own.issuperset(range(*m.span())) and _is_plain(m[0]):
            case.reading.strike(m.start(), m.end(), Mark.PLAIN)
    _strike_english(case)
    for m in list(thai.RUN.finditer(case.reading.left)):
        for piece in thai.split(m[0]):
            if piece.kind is not Kind.WORD:
                _report(case, m.start() + piece.start, m.start() + piece.end, piece.kind)
    for m in list(_OTHER.finditer(case.reading.left)):
        if (
            not _LATIN.fullmatch(m[0])
            and not thai.RUN.fullmatch(m[0])
            and m[0][0] not in "".join(Mark)
        ):
            case.reading.fault("wording", m.start(), m.end(), "English or Thai")


def _strike_english(case: Case) -> None:
    ordinary = ordinary_places(case)
    for m in list(_LATIN.finditer(case.reading.left)):
        if m[0] in _KEYWORDS or m.start() in ordinary:
            continue
        if not _is_known(m[0].lower()):
            _report(case, m.start(), m.end())
        elif _is_name(m, case.reading.left):
            case.reading.fault("name", m.start(), m.end())


def _is_plain(word: str) -> bool:
    return word.islower() and word not in lexicon.words("places.en")


def _is_known(word: str) -> bool:
    vocabulary = lexicon.words("words.en")
    if word in vocabulary:
        return True
    base, mark, ending = word.partition("'")
    if mark:
        return base in vocabulary and ending in _ENDINGS
    return "-" in word and all(part in vocabulary for part in word.split("-"))


def _is_name(m: re.Match[str], text: str) -> bool:
    """Whether a known word is written as a name: a capital in the middle of a sentence."""
    word = m[0]
    if not word[0].isupper() or (word.isupper() and len(word) > 2):
        return False
    lower = word.lower()
    before = text[max(m.start() - 8, 0) : m.start()]
    if lower in lexicon.words("capitals.en") or _SENTENCE.search(before):
        return False
    return not (lower in lexicon.words("openers.en") and before.rstrip().endswith(","))


def _report(case: Case, start: int, end: int, kind: Kind | None = None) -> None:
    word = case.reading.text[start:end]
    if kind is Kind.PLACE or word.lower() in lexicon.words("places.en"):
        zones = ", ".join(case.facts.zone_names) or "no zone names in the record"
        case.reading.fault("zone", start, end, zones)
    elif word[0].isupper() and word != "A":
        case.reading.fault("name", start, end)
    else:
        case.reading.fault("wording", start, end)
