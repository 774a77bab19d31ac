"""Whether a reply asks for no more messages, in any language; no model is asked.

An opt-out missed ends a customer's trust, so every list is searched whatever the language
seems to be, and anything that may be one is at least a sign: sending pauses, a person decides.
"""

from dataclasses import dataclass
from functools import cache

from campaigns.ai.embedded.replies.data import phrases, table
from campaigns.ai.embedded.replies.fold import END, Folded, Hit, is_unspaced
from campaigns.ai.embedded.replies.patterns import Patterns
from campaigns.ai.embedded.replies.terse import Terse, sentences

_CLEAR, _SIGN = "clear", "sign"


@dataclass(frozen=True, slots=True)
class OptOut:
    """What was found: `clear` words suppress, `sign` words pause and ask a person."""

    clear: tuple[Hit, ...] = ()
    sign: tuple[Hit, ...] = ()


def find_opt_out(folded: Folded) -> OptOut:
    """Find the words of a reply that ask for no more messages."""
    lists = _lists()
    open_to_read = folded.without(hit for _, hit in lists.exceptions.find(folded))
    maybe = [hit for _, hit in lists.maybe.find(open_to_read)]
    open_to_read = open_to_read.without(maybe)
    found = lists.phrases.labels(open_to_read)
    whole: dict[str, list[Hit]] = {_CLEAR: [], _SIGN: []}
    for one in sentences(open_to_read):
        if label := lists.exact.says(one):
            whole[label].append(Hit(one.start, one.end))
    return OptOut(
        clear=tuple(sorted({*found.get(_CLEAR, ()), *whole[_CLEAR], *_pairs(open_to_read)})),
        sign=tuple(sorted({*found.get(_SIGN, ()), *whole[_SIGN], *maybe})),
    )


@dataclass(frozen=True, slots=True)
class _Lists:
    exact: Terse
    phrases: Patterns
    maybe: Patterns
    exceptions: Patterns
    pairs: Patterns
    windows: dict[str, int]


@cache
def _lists() -> _Lists:
    languages = table("opt_out")

    def merged(key: str) -> list[str]:
        return [p for words in languages.values() for p in phrases(words.get(key, []))]

    pairs = {
        f"{kind} {language}": phrases(words[kind])
        for language, words in languages.items()
        for kind in ("stop", "noise")
    }
    return _Lists(
        exact=Terse({_SIGN: merged("maybe_exact"), _CLEAR: merged("exact")}),
        phrases=Patterns({_CLEAR: merged("clear"), _SIGN: merged("sign")}),
        maybe=Patterns({_SIGN: merged("maybe")}),
        exceptions=Patterns({"": merged("not_stop")}),
        pairs=Patterns(pairs),
        windows={language: int(words["window"]) for language, words in languages.items()},
    )


def _pairs(folded: Folded) -> list[Hit]:
    """Find a stop word and a word for messages, near each other in one sentence."""
    lists = _lists()
    found = lists.pairs.labels(folded)
    hits = []
    for language, window in lists.windows.items():
        stops, noises = found.get(f"stop {language}", []), found.get(f"noise {language}", [])
        hits += [
            Hit(min(s.start, n.start), max(s.end, n.end))
            for s in stops
            for n in noises
            if _near(folded, s, n, window)
        ]
    return hits


def _near(folded: Folded, one: Hit, other: Hit, window: int) -> bool:
    first, second = sorted((one, other))
    if second.start < first.end:
        return False
    between = [
        c
        for c, p in zip(folded.tight, folded.tight_at, strict=True)
        if first.end <= p.start < second.start
    ]
    if END in between:
        return False
    if any(map(is_unspaced, between)):
        return len(between) <= window
    words = {
        p
        for c, p in zip(folded.spaced, folded.spaced_at, strict=True)
        if first.end <= p.start < second.start and c not in " \0" and p.end > p.start
    }
    return len(words) <= window
