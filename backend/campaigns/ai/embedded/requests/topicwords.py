"""What may be part of a topic, and what leads from it to customers."""

from campaigns.ai.embedded.requests.row import Row
from campaigns.ai.embedded.requests.senses import (
    Clock,
    Grain,
    Names,
    Occasion,
    Purpose,
    Sounds,
    Tag,
    Unknown,
    When,
    Word,
    Zones,
)
from campaigns.model.plan import Attribute, CampaignType

CONTENT = (Tag.TOPIC, Tag.NEWS, Tag.NEW, Tag.TOPIC_FIGURE)
GLUE = (
    Tag.FILLER,
    Tag.KIND,
    Tag.FIRST,
    Tag.THE,
    Tag.A,
    Tag.MESSAGE,
    Tag.DECORATION,
    Tag.CONTRACT,
    Tag.THEM,
)
PREPOSITIONS = (Tag.OF, Tag.FOR, Tag.IN, Tag.ON, Tag.WITH, Tag.AT, Tag.FROM, Tag.TO, Tag.BY)
_MOVES = (
    "move",
    "moves",
    "moving",
    "switch",
    "switching",
    "upgrade",
    "upgrading",
    "migration",
    "change",
)
PEOPLE = (Tag.WHO, Tag.THOSE, Tag.EVERYONE, Tag.ALL)
_BEFORE_PEOPLE = (Tag.THE, Tag.A, Tag.ONLY, Tag.FILLER, Tag.NEW, Tag.TOPIC, None)
_DESCRIBED = (Attribute.BRAND, Attribute.CUSTOMER, Attribute.BUSINESS_TYPE, Attribute.SIZE)


class TopicWords:
    """The questions one asks of a row to find where a topic begins and ends."""

    def __init__(self, row: Row) -> None:
        self._row = row

    def takes(self, at: int, *, first: bool = False) -> bool:
        """Whether the item at `at` belongs to an opened topic."""
        sense = self._row.sense(at)
        if isinstance(sense, Names):
            return self._is_topic_name(at, sense)
        if isinstance(sense, When):
            return self.is_date_of_topic(at) or self._is_past_of_our_doing(at)
        if isinstance(sense, Word):
            return self._takes_word(at, sense.tag, first=first)
        return isinstance(sense, Unknown | Occasion | Sounds | Purpose)

    def _takes_word(self, at: int, tag: Tag, *, first: bool) -> bool:
        if self._is_our_sending_in_thai(at):
            return True
        if tag is Tag.TO and self._is_move(at):
            return True
        if tag in PREPOSITIONS:
            lone = first and not self._row.is_thai(at)
            return not lone and not self.leads_to_people(at) and self._goes_on(at + 1)
        if tag in (Tag.AND, Tag.OR):
            return self._goes_on(at + 1)
        if tag is Tag.COMMA:
            return self._row.tag(self._row.after(at)) in CONTENT
        if tag is Tag.USE:
            return not self.leads_to_people(at)
        if tag in (Tag.SEND, Tag.WITH) and (self._is_our_doing(at) or self._is_done(at)):
            return True  # "the offer we sent", "the app has been updated"
        return tag in (*CONTENT, *GLUE, Tag.BE, Tag.US, Tag.OPEN)

    def _is_move(self, at: int) -> bool:
        """Whether "to" leads from a move to the platform moved to: "moving to Beat Breeze"."""
        names = self._row.names(at + 1)
        platform = names is not None and names.attribute is Attribute.PLATFORM
        moves = self._row.items[at - 1].key.split(" ")[-1] if at else ""
        return platform and moves in _MOVES

    def _is_our_sending_in_thai(self, at: int) -> bool:
        """Whether "ที่ส่งไป" tells of the topic before it: "ใบเสนอราคาที่ส่งไป"."""
        row = self._row
        if row.tag(at) is Tag.SEND:
            return row.is_thai(at) and self._is_our_sending_in_thai(at - 1)
        sent = row.tag(at + 1) is Tag.SEND and row.is_thai(at + 1)
        return row.is_thai(at) and row.tag(at) is Tag.AT and sent and row.tag(at - 1) in CONTENT

    def _is_past_of_our_doing(self, at: int) -> bool:
        """Whether a past period says when we did something: "the quote we sent last week"."""
        row, when = self._row, self._row.sense(at)
        verb = row.before(at, (Tag.THEM, Tag.FILLER))
        ours = verb > 0 and row.items[verb - 1].key.split(" ")[-1] in ("we", "i")
        done = (ours and row.names(verb) is None) or self._is_our_sending_in_thai(verb)
        return isinstance(when, When) and when.past and done and not self._renews()

    def _is_our_doing(self, at: int) -> bool:
        """Whether a verb says what we did with the topic, whatever follows: "the chat we had"."""
        row = self._row
        ours = row.items[at - 1].key.split(" ")[-1] in ("we", "i") and row.tag(at - 2) in CONTENT
        return at > 1 and ours and not isinstance(row.sense(at + 1), Names | Zones)

    def _is_done(self, at: int) -> bool:
        """Whether "has" helps a verb: what has been done is told of the topic before it."""
        row = self._row
        helps = row.items[at].key in ("has", "have", "had") and row.tag(at - 1) in CONTENT
        return helps and row.tag(at + 1) is Tag.BE

    def _goes_on(self, at: int) -> bool:
        at = self._row.after(at - 1, GLUE)
        sense = self._row.sense(at)
        if isinstance(sense, When):  # "the price list for 2026"
            return sense.grain is Grain.YEAR and not self._renews()
        return isinstance(sense, Unknown | Occasion) or self._row.tag(at) in CONTENT

    def _is_topic_name(self, at: int, names: Names) -> bool:
        """Whether a value is part of a topic: a product, or a kind of place before a topic word."""
        row = self._row
        following = row.sense(at + 1)
        leads = row.tag(at + 1) in (Tag.TOPIC, Tag.NEWS, Tag.TOPIC_FIGURE)
        if names.attribute is Attribute.PLATFORM:
            ends = following is None or row.tag(at + 1) in (Tag.STOP, Tag.TO, Tag.FOR, Tag.COMMA)
            opened = isinstance(before := row.sense(at - 1), Purpose) and before.opens
            begins = opened or row.tag(at - 1) in (Tag.ABOUT, Tag.THE, Tag.NEW, Tag.OF)
            begins = begins or (row.tag(at - 1) is Tag.TO and self._is_move(at - 1))
            return leads or (ends and begins)
        singular = not row.items[at].key.endswith("s")
        return names.attribute is Attribute.BUSINESS_TYPE and singular and leads

    def is_date_of_topic(self, at: int) -> bool:
        """Whether a date right behind a topic belongs to it: "our office is closed on 13 October"."""
        row = self._row
        before = row.before(at, (Tag.FOR, Tag.OF, Tag.IN))
        behind = isinstance(row.sense(before), Unknown | Occasion) or row.tag(before) in CONTENT
        when = row.sense(at)
        yearly = isinstance(when, When) and when.grain is Grain.YEAR
        of = yearly or row.items[at].words.endswith(("'s", "’s"))
        # "the 2026 price list", "Saturday's maintenance"
        leads = of and row.tag(at + 1) in (Tag.TOPIC, Tag.NEWS)
        timed = isinstance(row.sense(at + 1), Clock)
        past = isinstance(when, When) and when.past
        return (behind or leads) and not (self._renews() or timed or past)

    def _renews(self) -> bool:
        """Whether the request is about renewals or ends, so that dates are about contracts."""
        return any(
            item.has(Tag.ENDS, Tag.ENDED)
            or (isinstance(item.sense, Purpose) and item.sense.type is CampaignType.RENEWAL)
            for _, item in self._row
        )

    def is_date_of_invitation(self, at: int) -> bool:
        """Whether a date belongs to what people are invited to: nothing else is sent."""
        invites = any(isinstance(i.sense, Purpose) and not i.sense.opens for _, i in self._row)
        sends = any(i.has(Tag.SEND) for _, i in self._row)
        return invites and not sends and self.is_date_of_topic(at)

    def leads_to_people(self, at: int) -> bool:
        """Whether a preposition at `at` leads to customers: "to the hotels", "for all"."""
        row = self._row
        parts = row.tag(at) in (Tag.TO, Tag.FOR)  # "to half of the hotels"
        at += 1
        while (row.tag(at) in _BEFORE_PEOPLE or (parts and row.tag(at) is Tag.OF)) and at < len(
            row
        ):
            if isinstance(row.sense(at), Names) or not isinstance(row.sense(at), Word | Unknown):
                break
            at += 1
        return isinstance(row.sense(at), Names) or row.tag(at) in PEOPLE

    def describes_people(self, end: int) -> bool:
        """Whether a topic that ends at `end` runs straight into the customers it might describe."""
        row = self._row
        if row.is_thai(end):
            return False
        names = row.names(end)
        return row.tag(end) in (Tag.WHO, Tag.THOSE) or (
            names is not None and names.attribute in _DESCRIBED
        )

    def is_people(self, at: int) -> bool:
        counted = isinstance(self._row.sense(at), Zones)
        return counted or self._row.names(at) is not None or self._row.tag(at) in PEOPLE
