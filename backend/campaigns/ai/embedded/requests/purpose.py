"""What the campaign is for: its type, occasion, channels, language and tone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from campaigns.ai.embedded.requests.row import LEADS_ON, Block, Row
from campaigns.ai.embedded.requests.scan import Scan
from campaigns.ai.embedded.requests.senses import (
    Occasion,
    Purpose,
    Sounds,
    Speaks,
    Tag,
    Via,
)
from campaigns.ai.embedded.requests.topics import Topics
from campaigns.model.customer import Channel
from campaigns.model.plan import CampaignType

T = TypeVar("T")

# Between two words for a purpose these make one name of them: "renewal follow-up".
_COMPOUND = (Tag.TOPIC, Tag.NEWS, Tag.NEW, Tag.MESSAGE, Tag.OF, Tag.FILLER, Tag.A, Tag.THE)


@dataclass(frozen=True, slots=True)
class _Cue:
    at: int
    type: CampaignType
    strong: bool
    in_topic: bool


class Aim:
    """What a row says about the message, apart from who gets it."""

    def __init__(self, row: Row, topics: Topics, scan: Scan) -> None:
        self._row = row
        self._topics = topics
        self._scan = scan
        self.blocks: list[Block] = []
        self.rivals: tuple[CampaignType, ...] = ()  # types of two campaigns in one request
        self.cues = tuple(self._cues())
        self.type = self._type()
        self.occasion = self._single(
            [(at, i.sense.key) for at, i in row if isinstance(i.sense, Occasion) and i.sense.key],
            "occasion",
        )
        self.channels = self._channels()
        self.language = self._single(
            [(at, i.sense.language) for at, i in row if isinstance(i.sense, Speaks)], "language"
        )
        self.tone = self._single(
            [(at, i.sense.tone) for at, i in row if isinstance(i.sense, Sounds)], "tone"
        )

    def _cues(self) -> Iterator[_Cue]:
        for at, item in self._row:
            sense = item.sense
            opened = at in self._topics.opened
            if isinstance(sense, Purpose):
                yield _Cue(at, sense.type, strong=sense.strong, in_topic=opened)
            elif isinstance(sense, Occasion):
                yield _Cue(at, CampaignType.SEASONAL, strong=True, in_topic=opened)

    # --- type ----------------------------------------------------------------------------------

    def _type(self) -> CampaignType | None:
        strong = self._heads([c for c in self.cues if c.strong and not c.in_topic])
        types = list(dict.fromkeys(c.type for c in strong))
        if not types:
            types = list(dict.fromkeys(c.type for c in self.cues if c.strong))
        if set(types) == {CampaignType.ANNOUNCEMENT, CampaignType.SEASONAL}:
            return CampaignType.SEASONAL
        if len(types) > 1:
            self.rivals = tuple(types)
            self.blocks += [Block(c.at, c.at + 1, "two campaigns in one request?") for c in strong]
            return None
        return types[0] if types else self._weak_type()

    def _heads(self, cues: list[_Cue]) -> list[_Cue]:
        """Return the cues that lead: of a compound the last word, in Thai the first."""
        heads: list[_Cue] = []
        for cue in cues:
            if heads and self._is_one_name(heads[-1].at, cue.at):
                if not self._leads_its_object(heads[-1].at, cue.at):
                    heads[-1] = cue
            else:
                heads.append(cue)
        return heads

    def _is_one_name(self, first: int, second: int) -> bool:
        return all(
            self._row.tag(i) in _COMPOUND or isinstance(self._row.sense(i), Occasion)
            for i in range(first + 1, second)
        )

    def _leads_its_object(self, first: int, second: int) -> bool:
        """Whether the first is a verb with the second as its object: "chase the renewal"."""
        determined = any(self._row.tag(i) in (Tag.THE, Tag.A) for i in range(first, second))
        leads = self._row.items[first].key.split(" ")[-1] in LEADS_ON
        return determined or leads or self._row.is_thai(first)

    def _weak_type(self) -> CampaignType | None:
        row = self._row
        weak = {c.type for c in self.cues if not c.strong}
        ends = any(i.has(Tag.ENDS, Tag.ENDED) for _, i in row)
        news = any(row.tag(i) in (Tag.NEWS, Tag.NEW) for i in self._topics.inside)
        contract = any(i.has(Tag.CONTRACT) for _, i in row)
        if ends or (CampaignType.RENEWAL in weak and (contract or len(weak) > 1)):
            return CampaignType.RENEWAL
        if news or self._is_about_product(weak):
            return CampaignType.ANNOUNCEMENT
        return CampaignType.FOLLOW_UP if weak == {CampaignType.FOLLOW_UP} else None

    def _is_about_product(self, weak: set[CampaignType]) -> bool:
        """Whether something of the trade is told: "tell ... about the app", "message ... about"."""
        told = CampaignType.ANNOUNCEMENT in weak and bool(self._topics.inside)
        return told or any(self._row.tag(i) is Tag.TOPIC for i in self._topics.opened)

    # --- the rest --------------------------------------------------------------------------------

    def _channels(self) -> tuple[Channel, ...]:
        said = {
            item.sense.channel: self._scan.side(at)
            for at, item in self._row
            if isinstance(item.sense, Via)
        }
        wanted = [ch for ch in Channel if ch in said and not said[ch]]
        if wanted or not said:
            return tuple(wanted)
        return tuple(ch for ch in Channel if ch not in said)

    def _single(self, found: list[tuple[int, T]], what: str) -> T | None:
        """Return the one value found; two different ones are blocked."""
        values = {value for _, value in found}
        if len(values) > 1:
            self.blocks += [Block(at, at + 1, f"two {what}s in one request?") for at, _ in found]
        return found[0][1] if len(values) == 1 else None
