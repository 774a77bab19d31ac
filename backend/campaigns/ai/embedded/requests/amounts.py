"""How many zones, and what time of day: the numbers a request may hold besides dates."""

import re
from collections.abc import Sequence
from functools import cache

from campaigns.ai.embedded.requests.lists import table
from campaigns.ai.embedded.requests.senses import Clock, Tag, Word, Zones
from campaigns.ai.embedded.requests.timewords import TimeWords
from campaigns.ai.embedded.requests.tokens import Token
from campaigns.ai.embedded.requests.trie import Trie
from campaigns.model.plan import IntRange

_VERSION = re.compile(r"v\d{1,3}")
_MORNING, _AFTERNOON, _EVENING = 9, 14, 18


@cache
def _phrases() -> Trie[str]:
    trie: Trie[str] = Trie()
    for name, words in table("amounts.toml").items():
        for phrase in words.split("|"):
            trie.add(phrase.split(), name)
    return trie


@cache
def known_words() -> frozenset[str]:
    """Return every single word of the list, for the Thai dictionary and against typos."""
    lists = table("amounts.toml").values()
    return frozenset(word for words in lists for p in words.split("|") for word in p.split())


class Amounts:
    """The numbers of zones and times of day in a row of tokens."""

    def __init__(self, tokens: Sequence[Token], words: TimeWords) -> None:
        self._tokens = tokens
        self._keys = [t.key for t in tokens]
        self._words = words

    def zones(self, start: int) -> tuple[int, Zones] | None:
        """Return (end, range) of a number of zones that begins at token `start`."""
        if end := self._end("single", start):
            return end, Zones(IntRange(1, 1))
        readings = (self._counted(start), self._headed(start))
        return max((r for r in readings if r), key=lambda r: r[0], default=None)

    def _counted(self, start: int) -> tuple[int, Zones] | None:
        """Read "more than 10 zones", "4-10 zones", "8 or more zones", "10 โซนขึ้นไป"."""
        found = self._range(start)
        unit = found and self._end("unit", found[0])
        if not found or not unit:
            return None
        end, counts, open_to = found[0], found[1], self._open_end(unit)
        if open_to and counts.min == counts.max:
            counts = IntRange(counts.min, None) if open_to[1] else IntRange(None, counts.max)
        if open_to and None in (counts.min, counts.max):
            return open_to[0], Zones(counts)
        return max(unit, end), Zones(counts)

    def _headed(self, start: int) -> tuple[int, Zones] | None:
        """Read "zones > 10", "zone count 4-10"."""
        head = self._end("head", start)
        found = self._range(head) if head else None
        if found is None or found[1] == IntRange(found[1].min, found[1].min):
            return None
        return found[0], Zones(found[1])

    def _range(self, start: int) -> tuple[int, IntRange] | None:
        """Read a number or two with the words that compare them."""
        for name in ("more_than", "at_least", "less_than", "at_most", "exactly"):
            at = self._end(name, start)
            number = self._number(at) if at else None
            if number and not self._end("to", number[0]):
                return number[0], _compared(name, number[1])
        at = self._end("between", start) or start
        low = self._number(at)
        if low is None:
            return None
        joint = self._end("to", low[0])
        high = self._number(joint) if joint else None
        if high is not None:
            return (high[0], IntRange(low[1], high[1])) if low[1] <= high[1] else None
        if open_to := self._open_end(low[0]):
            count = IntRange(low[1], None) if open_to[1] else IntRange(None, low[1])
            return open_to[0], count
        return (low[0], IntRange(low[1], low[1])) if at == start else None

    def _open_end(self, start: int) -> tuple[int, bool] | None:
        """Return (end, True for "or more") of the words behind a number."""
        if end := self._end("or_more", start):
            return end, True
        end = self._end("or_fewer", start)
        return (end, False) if end else None

    def _number(self, start: int) -> tuple[int, int] | None:
        if start < len(self._keys) and self._keys[start] in ("a", "an"):
            return None
        return self._words.number(start)

    def _end(self, name: str, start: int) -> int | None:
        ends = [end for end, names in _phrases().matches(self._keys, start) if name in names]
        return max(ends, default=None)

    def of_topic(self, start: int) -> tuple[int, Word] | None:
        """Return (end, sense) of a number that belongs to a topic: "2.0", "20% off", "v3"."""
        w = self._words
        if _VERSION.fullmatch(self._keys[start]):
            return start + 1, Word(Tag.TOPIC_FIGURE)
        at = start + 1 if self._keys[start] == "version" else start
        if w.digits(at) is None:
            return None
        if w.is_mark(at + 1, ".") and w.digits(at + 2) is not None:
            return at + 3, Word(Tag.TOPIC_FIGURE)
        if w.is_mark(at + 1, "/") and self._keys[at] == "24" and self._keys[at + 2] == "7":
            return at + 3, Word(Tag.TOPIC_FIGURE)
        if self._keys[at + 1 : at + 2] == ["%"]:
            return at + 2, Word(Tag.TOPIC_FIGURE)
        after = at + 2 if self._keys[at + 1 : at + 2] == ["new"] else at + 1
        if self._end("counted", after):
            return at + 1, Word(Tag.TOPIC_FIGURE)
        return (at + 1, Word(Tag.TOPIC_FIGURE)) if at > start else None

    def clock(self, start: int) -> tuple[int, Clock] | None:
        """Return (end, time of day) of "at 10", "9:30 am", "9 โมง", "in the morning"."""
        w = self._words
        named = (("noon", 12), ("morning", _MORNING), ("afternoon", _AFTERNOON))
        for name, hour in (*named, ("evening", _EVENING)):
            if end := w.end(name, w.past("at", start)) or w.end(name, start):
                return end, Clock(hour, 0)
        return self._hour(start)

    def _hour(self, start: int) -> tuple[int, Clock] | None:
        w = self._words
        at = w.past("at", start)
        after_noon = w.end("thai_afternoon", at)
        number = w.number(after_noon or at)
        if number is None or self._keys[after_noon or at] in ("a", "an"):
            return None
        end, hour = number
        minute = w.digits(end + 1) if w.is_mark(end, ":.") else None
        end = end if minute is None else end + 2
        half = w.end("am", end) or w.end("pm", end)
        if w.end("pm", end) and hour < 12:
            hour += 12
        marked = half or w.end("o_clock", end) or after_noon
        if not marked and not self._stands_alone(start, at, end):
            return None
        if after_noon and hour < 12:
            hour += 12
        end = max(half or end, w.end("o_clock", half or end) or 0)
        if hour > 23 or (minute or 0) > 59:
            return None
        return end, Clock(hour, minute or 0)

    def _stands_alone(self, start: int, number_at: int, end: int) -> bool:
        """Whether a number without "am" or "o'clock" is a time: "10:30", "at 10" and no noun."""
        if self._words.is_mark(end - 2, ":"):
            return True
        if number_at == start or self._tokens[start].key != "at":
            return False
        return (
            end >= len(self._keys)
            or not self._keys[end].isalpha()
            or (self._words.end("after_bare_hour", end) is not None)
        )


def _compared(name: str, number: int) -> IntRange:
    match name:
        case "more_than":
            return IntRange(number + 1, None)
        case "at_least":
            return IntRange(number, None)
        case "less_than":
            return IntRange(None, number - 1)
        case "at_most":
            return IntRange(None, number)
        case _:
            return IntRange(number, number)
