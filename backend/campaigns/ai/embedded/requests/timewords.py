"""Words of time found in a request, before anybody asks what days they mean."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any

from campaigns.ai.embedded.requests.lists import expand, table
from campaigns.ai.embedded.requests.tokens import Kind, Token
from campaigns.ai.embedded.requests.trie import Trie

_LISTS = ("months", "weekdays")
_TABLES = ("numbers", "ordinals")


@cache
def _phrases() -> Trie[tuple[str, int]]:
    """Return every phrase of calendar.toml with (the list it is from, its place or value)."""
    trie: Trie[tuple[str, int]] = Trie()
    for name, content in table("calendar.toml").items():
        for words, value in _rows(name, content):
            for phrase in expand(words):
                trie.add(phrase.split(), (name, value))
    return trie


def _rows(name: str, content: Any) -> list[tuple[str, int]]:
    if isinstance(content, dict):
        return [(word, int(value)) for word, value in content.items()]
    if name == "feasts":
        return [(day.split("=")[0], _month_day(day.split("=")[1])) for day in content]
    if isinstance(content, list):
        return [(word, n) for n, row in enumerate(content, start=1) for word in row.split("|")]
    return [(word, 0) for word in str(content).split("|")]


def _month_day(text: str) -> int:
    """Return "12-25" as 1225."""
    return int(text.replace("-", ""))


@cache
def known_words() -> AbstractSet[str]:
    """Return every single word of time, for the Thai dictionary and against forgiving typos."""
    return frozenset(
        word
        for name, content in table("calendar.toml").items()
        for words, _ in _rows(name, content)
        for phrase in expand(words)
        for word in phrase.split()
    )


@cache
def names_of_days_and_months() -> AbstractSet[str]:
    """Return the long English names, in which a typo may be forgiven."""
    calendar = table("calendar.toml")
    rows = (*calendar["months"], *calendar["weekdays"])
    return frozenset(w for row in rows for w in row.split("|") if w.isascii() and len(w) > 5)


class TimeWords:
    """The words of time in a row of tokens, looked up by list and position."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self._found: list[dict[str, tuple[int, int]]] = []
        keys = [t.key for t in tokens]
        for start in range(len(tokens)):
            here: dict[str, tuple[int, int]] = {}
            for end, values in _phrases().matches(keys, start):
                here |= {name: (end, value) for name, value in values}
            self._found.append(here)

    def end(self, name: str, start: int) -> int | None:
        """Return where the longest phrase of list `name` that begins at `start` ends."""
        found = self.at(name, start)
        return found and found[0]

    def at(self, name: str, start: int) -> tuple[int, int] | None:
        """Return (end, value) of the longest phrase of list `name` at `start`."""
        return self._found[start].get(name) if 0 <= start < len(self.tokens) else None

    def past(self, name: str, start: int) -> int:
        """Return the position after an optional phrase of list `name` at `start`."""
        return self.end(name, start) or start

    def number(self, start: int) -> tuple[int, int] | None:
        """Return (end, value) of a number in digits or words at `start`; an ordinal is none."""
        if start < len(self.tokens) and self.tokens[start].kind is Kind.NUMBER:
            token = self.tokens[start]
            return None if token.nth else (start + 1, token.number)
        tens = self.at("numbers", start)
        ones = self.at("numbers", tens[0]) if tens and tens[1] >= 20 else None
        if tens and ones and ones[1] < 10 and self.tokens[tens[0]].key not in ("a", "an", "single"):
            return ones[0], tens[1] + ones[1]  # "forty five"
        return tens

    def ordinal(self, start: int) -> tuple[int, int] | None:
        """Return (end, value) of "4th" or "fourth" at `start`."""
        if start < len(self.tokens) and self.tokens[start].nth:
            return start + 1, self.tokens[start].number
        return self.at("ordinals", start)

    def digits(self, start: int) -> int | None:
        """Return the value of a number in digits at `start`."""
        if start < len(self.tokens) and self.tokens[start].kind is Kind.NUMBER:
            return self.tokens[start].number
        return None

    def is_mark(self, start: int, marks: str, *, glued: bool = True) -> bool:
        """Whether one of `marks` stands at `start`, by default without spaces around it."""
        if not 0 <= start < len(self.tokens) - 1 or self.tokens[start].key not in marks:
            return False
        return not glued or (self.tokens[start].glued and self.tokens[start + 1].glued)

    def is_dot(self, start: int) -> bool:
        """Whether the dot of a short name stands at `start`: one before a capital ends a sentence."""
        dotted = self.is_mark(start, ".", glued=False) and self.tokens[start].glued
        return dotted and not self.tokens[start + 1].text[:1].isupper()
