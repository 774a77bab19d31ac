"""Who does something in a clause: somebody of ours, or a thing that is no customer.

"I", "my boss", "the sales meeting on my calendar", "coffee", "Khun Som": what such a one does, is
or has chooses no customers. A noun is a subject only before a verb of its own.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice

from campaigns.ai.embedded.requests import harmless
from campaigns.ai.embedded.requests.lists import phrases, table
from campaigns.ai.embedded.requests.plain import (
    TITLES,
    WORD,
    is_ordinary,
    is_verb,
    listed,
    said_plainly,
)
from campaigns.ai.embedded.requests.row import Row

_LONGEST = 16  # words in which a subject and its verb stand
_MOST_MODIFIERS = 3
_DETERMINERS = (
    "the",
    "my",
    "our",
    "his",
    "her",
    "your",
    "this",
    "that",
    "a",
    "an",
    "no",
    "another",
)


@cache
def _subjects() -> Mapping[str, frozenset[tuple[str, ...]]]:
    """Return the words that may be a subject of ours, by the first of them."""
    by_first: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for phrase in phrases(table("remarks.toml")["subjects"]):
        if words := tuple(phrase.split()):
            by_first[words[0]].add(words)
    return {first: frozenset(found) for first, found in by_first.items()}


def subject_end(row: Row, start: int, end: int | None = None) -> int | None:
    """Return where the subject of ours that a clause at `start` begins with ends, or None.

    Places are characters of the request.
    """
    stop = len(row.text) if end is None else end
    found = _in_a_row(row.text, [*islice(WORD.finditer(row.text, start, stop), _LONGEST)])
    words = [said_plainly(word[0]) for word in found]
    first = next((i for i, w in enumerate(words) if w not in listed("joins")), len(words))
    if first == len(words):
        return None
    subjects = _subjects().get(words[first], frozenset())
    lengths = [len(s) for s in subjects if s == tuple(words[first : first + len(s)])]
    length = max(lengths, default=0) or _noun(row, found, words, first)
    length = length or _person(row, found, words, first)
    return found[first + length - 1].end() if length else None


def _in_a_row(text: str, found: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the words up to the first mark between two of them."""
    for i in range(1, len(found)):
        if not text[found[i - 1].end() : found[i].start()].isspace():
            return found[:i]
    return found


def _noun(row: Row, found: Sequence[re.Match[str]], words: Sequence[str], first: int) -> int:
    """Return how many words from `first` on are a harmless noun before its verb, 0 for none."""
    led = words[first] in _DETERMINERS
    at = first + led
    length = 0
    for head in range(at, min(at + (_MOST_MODIFIERS if led else 1) + 1, len(words))):
        if harmless.is_noun(words[head]) and (head == first or not _is_name(row, found[head])):
            end = _behind_phrase(words, head + 1)
            if _does_something(found, words, head, end):
                length = end - first
        if not is_ordinary(words[head]) or words[head] in listed("theirs") | listed("wanting"):
            break
    return length


def _is_name(row: Row, word: re.Match[str]) -> bool:
    """Whether a word is written with a capital, though it does not begin its clause."""
    return row.request[word.start()].isupper()


def _behind_phrase(words: Sequence[str], at: int) -> int:
    """Return what stands behind "on my calendar", where a noun is told more of so."""
    end = at
    if at < len(words) and words[at] in listed("prepositions"):
        end = at + 1
        while end < len(words) and (words[end] in _DETERMINERS or is_ordinary(words[end])):
            end += 1
            if harmless.is_noun(words[end - 1]):
                return end
    return at


def _does_something(
    found: Sequence[re.Match[str]], words: Sequence[str], head: int, end: int
) -> bool:
    """Whether a verb follows the noun at `head`, or hangs on it ("the printer's dead")."""
    if end == head + 1 and found[head][0] != words[head]:
        behind = words[end] if end < len(words) else ""
        return not harmless.is_noun(behind) and (
            behind in listed("small") or harmless.is_mood(behind) or is_verb(behind)
        )
    while end < len(words) and (harmless.is_adverb(words[end]) or words[end] in ("just", "only")):
        end += 1
    if end >= len(words):
        return False
    verb, many = words[end], words[head].endswith("s")
    finite = verb.endswith(("s", "ed")) or verb in listed("irregular") or many
    return verb in listed("finite") or (finite and is_verb(verb) and not harmless.is_mood(verb))


def _person(row: Row, found: Sequence[re.Match[str]], words: Sequence[str], first: int) -> int:
    """Return how many words from `first` on name somebody who says or asks something."""
    at = first + (words[first] in TITLES)
    titled = at > first
    while at < min(first + 3, len(words)) and _is_somebody(row, found[at]):
        at += 1
    if at == first + titled or at >= len(words):
        return 0
    doing = words[at] in listed("handing") or words[at] in listed("saying")
    off = words[at] in ("is", "was") and at + 1 < len(words) and words[at + 1] in listed("off")
    return at - first if doing or off or (titled and words[at] in listed("finite")) else 0


def _is_somebody(row: Row, word: re.Match[str]) -> bool:
    written = row.request[word.start() : word.end()]
    small = word[0]
    unknown = not is_ordinary(small) and small not in listed("theirs")
    return written[:1].isupper() and unknown
