"""The items of a request in a row, and the small questions one asks about neighbours."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from campaigns.ai.embedded.requests.senses import Item, Names, Sense, Tag, Value, Word
from campaigns.model.plan import Attribute

# Words that may stand between a word and what it is about without changing anything.
LIGHT = (Tag.FILLER, Tag.THE, Tag.PLACE, Tag.DECORATION, Tag.THEM)
# A phrase that ends in one of these leads on to an object: "reminders to", "follow up on".
LEADS_ON = ("to", "with", "on", "for", "about", "that", "of", "out")
BREAKS = (Tag.STOP, Tag.COLON, Tag.CLOSE, Tag.OPEN, Tag.ASIDE)


@dataclass(frozen=True, slots=True)
class Block:
    """Items `first` to `last` (exclusive) that are not understood, and why, in words.

    `nearest` are values the words may have been meant for.
    """

    first: int
    last: int
    why: str = ""
    nearest: tuple[Value, ...] = ()


def _small(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter  # "İ" has no single small letter


class Row:
    """The items, each with one sense, in the order of the request."""

    def __init__(self, request: str, items: Iterable[Item]) -> None:
        self.request = request
        # In small letters, each where it stands in the request.
        self.text = "".join(map(_small, request)).replace("’", "'")
        self.items = tuple(items)

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[tuple[int, Item]]:
        return iter(enumerate(self.items))

    def sense(self, at: int) -> Sense | None:
        """Return the sense at `at`, None before the first and behind the last item."""
        return self.items[at].sense if 0 <= at < len(self.items) else None

    def tag(self, at: int) -> Tag | None:
        """Return the tag at `at`, None where there is no plain word."""
        sense = self.sense(at)
        return sense.tag if isinstance(sense, Word) else None

    def names(self, at: int) -> Names | None:
        """Return the values at `at`, None where there are none."""
        sense = self.sense(at)
        return sense if isinstance(sense, Names) else None

    def after(self, at: int, skip: Container[Tag | None] = LIGHT) -> int:
        """Return the first position behind `at` that is none of `skip`."""
        at += 1
        while self.tag(at) in skip:
            at += 1
        return at

    def before(self, at: int, skip: Container[Tag | None] = LIGHT) -> int:
        """Return the last position before `at` that is none of `skip`."""
        at -= 1
        while self.tag(at) in skip:
            at -= 1
        return at

    def words(self, first: int, last: int) -> str:
        """Return the request's own words of items `first` to `last` (exclusive)."""
        return self.request[self.items[first].start : self.items[last - 1].end]

    def aside(self, first: int, last: int, *, idle: bool = False) -> Item:
        """Return the one item that stands for items `first` to `last` (exclusive): they choose nobody."""
        words = self.words(first, last)
        start, end = self.items[first].start, self.items[last - 1].end
        return Item(start, end, words, words.lower(), (Word(Tag.ASIDE, idle=idle),))

    @cached_property
    def names_each(self) -> bool:
        """Whether each customer is named by its own name, so that no remark can narrow them."""
        found = [i.sense for i in self.items if isinstance(i.sense, Names)]
        every = all(n.attribute is Attribute.CUSTOMER and not n.family for n in found)
        return bool(found) and every

    def is_thai(self, at: int) -> bool:
        """Whether the item at `at` is written in Thai."""
        return (
            0 <= at < len(self.items)
            and not self.items[at].key.isascii()
            and any("\u0e00" <= c <= "\u0e7f" for c in self.items[at].key)
        )
