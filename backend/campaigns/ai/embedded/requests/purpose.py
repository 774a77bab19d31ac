"""What the campaign is for: its type, occasion, channels, language and tone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from campaigns.ai.embedded.requests.doubts import says
from campaigns.ai.embedded.requests.jobs import doubtful
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
_ASKS = ("ask", "asks", "asking", "check", "find", "gauge", "sound", "feel", "measure")
_ANNOUNCING = ("announce", "announces", "announcing", "announcement", "announcements", "newsletter")
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
            if isinstance(sense, Purpose) and self._is_thanked_for(at):
                continue
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
        if self._is_closing(types):
            return CampaignType.ANNOUNCEMENT
        if set(types) == {CampaignType.ANNOUNCEMENT, CampaignType.SEASONAL}:
            return CampaignType.SEASONAL
        if types == [CampaignType.SEASONAL] and self._is_invited_to_season(strong):
            return CampaignType.ANNOUNCEMENT
        if types == [CampaignType.SEASONAL] and self._is_season_of_topic():
            return CampaignType.ANNOUNCEMENT if self._is_new() else None
        if len(types) > 1:
            self.rivals = tuple(types)
            self.blocks += [Block(c.at, c.at + 1, "two campaigns in one request?") for c in strong]
            return None
        if types == [CampaignType.ANNOUNCEMENT] and self._is_of_dealings(strong):
            return CampaignType.FOLLOW_UP if says(self._row, "pending") else None
        return types[0] if types else self._weak_type()

    def _is_of_dealings(self, strong: list[_Cue]) -> bool:
        """Whether "introduce", "explain" or "update" is of what one deals about with a customer.

        "Present the proposal", "introduce a second zone": it may as well be a follow-up. Who
        writes "announce" has said which.
        """
        row = self._row
        plain = any(row.items[c.at].key.split(" ")[0] in _ANNOUNCING for c in strong)
        inside = any(row.items[i].key in doubtful("dealings") for i in self._topics.inside)
        return not plain and (inside or says(row, "upselling") or says(row, "pending"))

    def _is_invited_to_season(self, strong: list[_Cue]) -> bool:
        """Whether people are invited to something that a season only dates: "our autumn webinar"."""
        row = self._row
        invited = any("invit" in row.items[c.at].key for c in self.cues if not c.strong)
        return invited and all(
            row.items[c.at].key.split(" ")[-1] in doubtful("seasons")
            and row.tag(c.at + 1) in (Tag.TOPIC, Tag.NEWS)
            for c in strong
        )

    def _is_new(self) -> bool:
        """Whether something new is told of: "let gyms know we have a new summer catalogue"."""
        told = any(c.type is CampaignType.ANNOUNCEMENT for c in self.cues)
        return told and any(self._row.tag(i) is Tag.NEW for i in self._topics.opened)

    def _is_season_of_topic(self) -> bool:
        """Whether only a season in the topic speaks of an occasion: "re: summer playlists"."""
        cues = [c for c in self.cues if c.strong]
        return all(
            c.in_topic and self._row.items[c.at].key.split(" ")[-1] in doubtful("seasons")
            for c in cues
        )

    def _is_closing(self, types: list[CampaignType]) -> bool:
        """Whether a festival is only the day on which we are closed."""
        if set(types) - {CampaignType.ANNOUNCEMENT} != {CampaignType.SEASONAL}:
            return False
        named = [i for _, i in self._row if isinstance(i.sense, Purpose)]
        greets = any(
            i.sense.type is CampaignType.SEASONAL for i in named if isinstance(i.sense, Purpose)
        )
        return not greets and any(
            i.key.replace(" ", "_") in doubtful("closing") for _, i in self._row
        )

    def _is_thanked_for(self, at: int) -> bool:
        """Whether a survey is what somebody is thanked for: "thank them for their feedback"."""
        row = self._row
        thanks = any(row.items[i].key.startswith("thank") for i in range(at))
        return thanks and row.tag(row.before(at)) in (Tag.FOR, Tag.ABOUT)

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
        told = CampaignType.ANNOUNCEMENT in weak and self._is_about_product(weak)
        if ends and told and any(row.tag(i) is Tag.TOPIC for i in self._topics.opened):
            return None  # "tell hotels ending in October about the new app": their renewal, or the app?
        if ends or (CampaignType.RENEWAL in weak and (contract or len(weak) > 1)):
            return CampaignType.RENEWAL
        if weak == {CampaignType.FOLLOW_UP} or says(row, "pending"):
            return CampaignType.FOLLOW_UP
        if news or self._is_about_product(weak):
            return CampaignType.ANNOUNCEMENT
        return None

    def _is_about_product(self, weak: set[CampaignType]) -> bool:
        """Whether something of the trade is told: "tell ... about the app", "message ... about"."""
        inside = {self._row.items[i].key for i in self._topics.inside}
        reminds = any(i.key.startswith(("remind", "nudge", "chase")) for _, i in self._row)
        if inside & doubtful("dealings") or (reminds and inside & doubtful("debts")):
            return False  # "email them about the quote" may as well follow up
        if says(self._row, "upselling"):
            return False
        told = CampaignType.ANNOUNCEMENT in weak and bool(self._topics.inside)
        if not told and any(i.has(Tag.SEND) and i.key.split(" ")[0] in _ASKS for _, i in self._row):
            return False
        return told or any(self._row.tag(i) is Tag.TOPIC for i in self._topics.opened)

    # --- the rest --------------------------------------------------------------------------------

    def _channels(self) -> tuple[Channel, ...]:
        said = {
            item.sense.channel: self._scan.side(at)
            for at, item in self._row
            if isinstance(item.sense, Via)
        }
        self._block_contradictions()
        wanted = [ch for ch in Channel if ch in said and not said[ch]]
        if wanted or not said:
            return tuple(wanted)
        return tuple(ch for ch in Channel if ch not in said)

    def _block_contradictions(self) -> None:
        """Block a channel that is wanted and not, and "only by WhatsApp, but by e-mail"."""
        row = self._row
        via = [(at, i.sense.channel) for at, i in row if isinstance(i.sense, Via)]
        wanted = {channel for at, channel in via if not self._scan.side(at)}
        refused = {channel for at, channel in via if self._scan.side(at)}
        if wanted & refused:
            self.blocks += [Block(at, at + 1, "by this channel, or not?") for at, _ in via]
        if len(wanted) > 1 and any(row.tag(at - 1) is Tag.BUT for at, _ in via):
            self.blocks += [Block(at, at + 1, "by which channel?") for at, _ in via]

    def _single(self, found: list[tuple[int, T]], what: str) -> T | None:
        """Return the one value found; two different ones are blocked."""
        values = {value for _, value in found}
        if len(values) > 1:
            self.blocks += [Block(at, at + 1, f"two {what}s in one request?") for at, _ in found]
        return found[0][1] if len(values) == 1 else None
