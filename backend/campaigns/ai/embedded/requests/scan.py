"""Who is in and who is out: every value and period of a request with its side.

A negation opens an exclusion and must reach something to exclude; the exclusion ends where the
sentence turns back to what is sent. Where nobody could say on which side a word stands, it is
blocked, never put on the wider side.
"""

from dataclasses import dataclass, replace

from campaigns.ai.embedded.requests.row import BREAKS, LIGHT, Block, Row
from campaigns.ai.embedded.requests.senses import (
    Names,
    Occasion,
    Purpose,
    Speaks,
    Tag,
    Via,
    When,
    Word,
    Zones,
)
from campaigns.ai.embedded.requests.topics import Topics

_TO_TARGET = (
    *LIGHT,
    Tag.ALL,
    Tag.THOSE,
    Tag.WHO,
    Tag.TO,
    Tag.FOR,
    Tag.IN,
    Tag.AT,
    Tag.ON,
    Tag.OF,
    Tag.WITH,
    Tag.FROM,
    Tag.BE,
    Tag.USE,
    Tag.REL,
    Tag.THAT,
    Tag.CONTRACT,
    Tag.A,
)
_NEXT_IN_LIST = (*LIGHT, Tag.ALL, Tag.IN, Tag.AT, Tag.FOR, Tag.TO, Tag.ON, Tag.AND, Tag.OR)
# Behind these the sentence is back at who gets the message.
_TURNS_BACK = (*BREAKS, Tag.SEND, Tag.ABOUT)
_BEHIND = ("excluded", "exempt", "left out", "excepted")
_NO_EXCLUSION = ("without", "no")  # these deny a channel or a field, they exclude only values


@dataclass(frozen=True, slots=True)
class Mention:
    """A value, period or number of zones, at `at`, and whether it is left out."""

    at: int
    excluded: bool
    inverted_by: int = -1  # where the negation stands


class Scan:
    """One pass over a row from left to right."""

    def __init__(self, row: Row, topics: Topics) -> None:
        self._row = row
        self._topics = topics
        self.mentions: list[Mention] = []
        self.blocks: list[Block] = []
        self._negation: int | None = None  # where the open exclusion began
        self._reached = False  # whether the open exclusion has something to exclude
        for at, _ in row:
            if at not in topics.inside or at in topics.opened:
                self._step(at)

    def side(self, at: int) -> bool:
        """Whether the mention at `at` is left out."""
        return any(m.excluded for m in self.mentions if m.at == at)

    def _step(self, at: int) -> None:
        sense = self._row.sense(at)
        if at in self._topics.opened or isinstance(sense, Purpose | Occasion):
            self._close()
        elif isinstance(sense, Names | When | Zones | Via | Speaks):
            if not any(m.at == at for m in self.mentions):
                self._mention(at)
        elif isinstance(sense, Word):
            self._word(at, sense.tag)

    def _word(self, at: int, tag: Tag) -> None:
        match tag:
            case Tag.NOT:
                self._negate(at)
            case Tag.BUT:
                self._but(at)
            case Tag.COMMA:
                self._comma(at)
            case Tag.NEVER:
                self.blocks.append(Block(at, self._after_denial(at), "what is denied here?"))
            case Tag.ENDS | Tag.ENDED:
                self._mention(at)
            case _ if tag in _TURNS_BACK:
                self._close()
            case _:
                pass

    def _mention(self, at: int) -> None:
        if self._negation is not None and self._reached and self._is_of_all(at):
            self._close()
        excluded = self._negation is not None
        negation = self._negation if self._negation is not None else -1
        self.mentions.append(Mention(at, excluded, negation))
        self._reached = True
        if excluded and isinstance(self._row.sense(at), Via | Speaks):
            self._close()

    def _is_of_all(self, at: int) -> bool:
        """Whether what follows those left out is of the whole: a channel, in Thai a period apart.

        "except Krabi by LINE", "ยกเว้นเชียงใหม่ ภายใน 60 วัน".
        """
        row = self._row
        named = any(m.excluded and row.names(m.at) is not None for m in self.mentions)
        if isinstance(row.sense(at), Via | Speaks):
            joined = row.tag(at + 1) in (Tag.AND, Tag.OR, Tag.COMMA)  # "and Krabi": out as well?
            return named and not (joined and row.names(row.after(at + 1, _NEXT_IN_LIST)))
        period = isinstance(row.sense(at), When) or row.tag(at) in (Tag.ENDS, Tag.ENDED)
        apart = at > 0 and row.items[at - 1].end < row.items[at].start
        return named and period and row.is_thai(at) and apart

    def _after_denial(self, at: int) -> int:
        end = at + 1
        while end < len(self._row) and end < at + 4 and self._row.tag(end) not in BREAKS:
            end += 1
        return end

    # --- exclusions ----------------------------------------------------------------------------

    def _negate(self, at: int) -> None:
        row = self._row
        self._close()
        target = row.after(at, _TO_TARGET)
        sense = row.sense(target)
        if self._turns_back(at):
            return
        reaches = isinstance(sense, Names | Zones | Via) or row.tag(target) in (
            Tag.ENDS,
            Tag.ENDED,
        )
        denies = row.items[at].key in _NO_EXCLUSION and not isinstance(sense, Names)
        denies = denies and not (row.items[at].key == "no" and isinstance(sense, Via))
        if not reaches or denies or target in self._topics.inside:
            end = min(max(target, at) + 1, len(row))
            self.blocks.append(Block(at, end, "what is to be left out?"))
            return
        self._negation, self._reached = at, False
        if row.items[at].key == "non" and row.tag(target + 1) not in (Tag.AND, Tag.OR, Tag.COMMA):
            self._mention(target)  # "non-Hilton hotels in Pattaya": only the word it is part of
            self._close()
            if " " in row.items[target].key and row.items[target].key.endswith("s"):
                self.blocks.append(Block(at, target + 1, "those hotels, or all but them?"))

    def _turns_back(self, at: int) -> bool:
        """Leave out what stands before "excluded", set off by a comma: ", DoubleTree excluded"."""
        row = self._row
        ends = at + 1 >= len(row) or row.tag(at + 1) in (*BREAKS, Tag.COMMA)
        before = row.before(at, (Tag.BE, *LIGHT))
        alone = row.tag(row.before(before, (Tag.WITH, *LIGHT))) in (Tag.COMMA, *BREAKS)
        if row.items[at].key not in _BEHIND or not (ends and alone and row.names(before)):
            return False
        self.mentions = [replace(m, excluded=True) if m.at == before else m for m in self.mentions]
        return True

    def _but(self, at: int) -> None:
        """Read "everyone but gyms" as an exclusion, and "but only by e-mail" as nothing new."""
        row = self._row
        after = row.after(at, (*LIGHT, Tag.ALL))
        light = (Tag.ONLY, Tag.NOT, Tag.OTHER)
        turns_to_all = self._negation is not None and row.tag(at + 1) is Tag.ALL
        over = not any(self._is_told(i) for i in range(at))  # "sorry to bother you, but …"
        if over or row.tag(after) in light or turns_to_all or self._adds_bound(at, after):
            self._close()
            return
        if isinstance(row.sense(after), Names) and self._negation is None and self._said_all(at):
            self._negation, self._reached = at, False
            return
        self.blocks.append(Block(at, min(after + 1, len(row)), "what does “but” turn round?"))
        self._close()

    def _is_told(self, at: int) -> bool:
        """Whether customers, or what is sent, are spoken of at `at`."""
        kinds = Names | When | Zones | Via | Speaks | Purpose | Occasion
        told = (Tag.WHO, Tag.ALL, Tag.EVERYONE, Tag.THOSE, Tag.NOT, Tag.NEVER, Tag.ENDS, Tag.ENDED)
        return isinstance(self._row.sense(at), kinds) or self._row.tag(at) in told

    def _adds_bound(self, at: int, after: int) -> bool:
        """Whether "but" adds a language, a channel or a second bound: "but before 1 December"."""
        row = self._row
        bounds = (When, Zones)
        second = isinstance(row.sense(after), bounds) and isinstance(row.sense(at - 1), bounds)
        return second or isinstance(row.sense(after), Speaks | Via)

    def _said_all(self, at: int) -> bool:
        row = self._row
        while at > 0 and row.tag(at - 1) not in (*BREAKS, Tag.COMMA):
            at -= 1
            if row.tag(at) in (Tag.ALL, Tag.EVERYONE, Tag.WHOLE_WORLD):
                return True
        return False

    def _comma(self, at: int) -> None:
        """Go on with a list of exclusions, close it, or say that it cannot be told."""
        row = self._row
        if self._negation is None or not self._reached:
            return
        following = row.after(at, _NEXT_IN_LIST)
        names = row.names(following)
        if names is None or following in self._topics.inside:
            self._close()
            return
        if any(row.tag(i) is Tag.ALL for i in range(at, following)):
            self._close()
            return
        last = row.names(self.mentions[-1].at)
        if last is None or last.attribute is not names.attribute:
            words = "is it still among those left out?"
            self.blocks.append(Block(following, following + 1, words))

    def _close(self) -> None:
        if self._negation is not None and not self._reached:
            end = min(self._negation + 2, len(self._row))
            self.blocks.append(Block(self._negation, end, "what is to be left out?"))
        self._negation = None
