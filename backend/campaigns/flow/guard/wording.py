"""The closed vocabulary: every word left over must be one that states nothing.

Free text cannot be verified, so it is not tried: a word outside the vocabulary blocks, whether
it is a name nobody gave us, a place the record does not list or a promise in new clothes.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from campaigns.flow.guard import lexicon
from campaigns.flow.guard.case import Case
from campaigns.flow.guard.reading import Mark

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['-][A-Za-z\u00c0-\u024f]+)*")
_THAI = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]+")
_OTHER = re.compile(r"[^\W\d_]+")
_KEYWORDS = frozenset({"YES", "CALL"})
_ENDINGS = frozenset({"s", "ll", "ve", "re", "d", "m"})
_SENTENCE = re.compile(r"(?:^|[.!?:;\n*|/()\"\u2022\u2026-]|[^\w\s,'&%+=@#\ue000-\ue00b])\s*$")


def strike_words(case: Case) -> None:
    """Report every word that is not of the vocabulary, names and places by their own name."""
    _strike_english(case)
    for m in list(_THAI.finditer(case.reading.left)):
        for start, end in _uncovered(m[0]):
            _report(case, m.start() + start, m.start() + end, thai=True)
    for m in list(_OTHER.finditer(case.reading.left)):
        if (
            not _LATIN.fullmatch(m[0])
            and not _THAI.fullmatch(m[0])
            and m[0][0] not in "".join(Mark)
        ):
            case.reading.fault("wording", m.start(), m.end(), "English or Thai")


def _strike_english(case: Case) -> None:
    for m in list(_LATIN.finditer(case.reading.left)):
        if m[0] in _KEYWORDS:
            continue
        if not _is_known(m[0].lower()):
            _report(case, m.start(), m.end())
        elif _is_name(m, case.reading.left):
            case.reading.fault("name", m.start(), m.end())


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


def _report(case: Case, start: int, end: int, *, thai: bool = False) -> None:
    word = case.reading.text[start:end]
    if word.lower() in lexicon.words("places.th" if thai else "places.en"):
        zones = ", ".join(case.facts.zone_names) or "no zone names in the record"
        case.reading.fault("zone", start, end, zones)
    elif not thai and word[0].isupper() and word not in {"A", "I"}:
        case.reading.fault("name", start, end)
    else:
        case.reading.fault("wording", start, end)


def _uncovered(run: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a Thai run that no words of the vocabulary cover, fewest first.

    A known place is a stretch of its own, so that it is reported whole.
    """
    steps = _best_steps(run)
    at, open_at = 0, -1
    while at < len(run):
        size, known = steps[at]
        if known or size > 1:
            if open_at >= 0:
                yield open_at, at
                open_at = -1
            if not known:
                yield at, at + size
        elif open_at < 0:
            open_at = at
        at += size
    if open_at >= 0:
        yield open_at, len(run)


def _best_steps(run: str) -> list[tuple[int, bool]]:
    """Return, for each place, the step that leaves the fewest characters uncovered after it."""
    words, places = lexicon.words("words.th"), lexicon.words("places.th")
    cost = [0] * (len(run) + 1)
    steps: list[tuple[int, bool]] = [(1, False)] * len(run)
    for at in range(len(run) - 1, -1, -1):
        cost[at] = cost[at + 1] + 1
        for size in _thai_sizes().get(run[at], ()):
            word = run[at : at + size]
            if len(word) == size and (word in words or word in places):
                price = cost[at + size] + (0 if word in words else size)
                if price < cost[at]:
                    cost[at], steps[at] = price, (size, word in words)
    return steps


@cache
def _thai_sizes() -> Mapping[str, tuple[int, ...]]:
    """Return how long the Thai words that begin with a character are, longest first."""
    sizes: dict[str, set[int]] = {}
    for word in lexicon.words("words.th") | lexicon.words("places.th"):
        sizes.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(found, reverse=True)) for first, found in sizes.items()}
