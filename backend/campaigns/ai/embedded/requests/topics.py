"""Which words are the topic of the message, and so put no rule on customers.

A topic is opened ("about ...", "announce ...", a colon) and takes words up to the next thing that
is plainly not topic: a place or brand behind a preposition, "all", a negation, a date, a channel.
Inside an opened topic unknown words are welcome; anywhere else a word of the trade is a topic
only where it cannot describe customers: "discount hotels" and "hotels with a playlist" are asked
about. What a topic must not hold (a number, a date, "all") ends it and has to explain itself.
"""

from collections.abc import Iterator

from campaigns.ai.embedded.requests.row import Block, Row
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
)
from campaigns.model.plan import Attribute, CampaignType

_CONTENT = (Tag.TOPIC, Tag.NEWS, Tag.NEW, Tag.TOPIC_FIGURE)
_GLUE = (
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
_PREPOSITIONS = (Tag.OF, Tag.FOR, Tag.IN, Tag.ON, Tag.WITH, Tag.AT, Tag.FROM, Tag.TO, Tag.BY)
_PEOPLE = (Tag.WHO, Tag.THOSE, Tag.EVERYONE, Tag.ALL)
_BEFORE_PEOPLE = (Tag.THE, Tag.A, Tag.ONLY, Tag.FILLER, Tag.NEW, Tag.TOPIC, None)
# Behind these a word of the trade describes customers or says where they are.
_DESCRIBES = (Tag.REL, Tag.THAT, Tag.BE, Tag.WITH, Tag.IN, Tag.AT, Tag.FROM, Tag.USE, Tag.NOT)
_OURSELVES = ("we", "we're", "we've", "we'll", "our", "bma", "i", "i'm", "there", "it's", "from")
_PLACES_AND_BRANDS = (Attribute.BRAND, Attribute.CUSTOMER, Attribute.BUSINESS_TYPE)


class Topics:
    """The positions of a row that are topic, and topic words that describe somebody."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self.inside: set[int] = set()
        self.opened: set[int] = set()
        self.openers: set[int] = set()
        self.blocks: list[Block] = []
        for at, _ in row:
            if at not in self.inside and (self._opens(at) or self._is_background(at)):
                self._open(at)
        for first, last in self._groups():
            self._close(first, last)

    @property
    def words(self) -> str | None:
        """The topic in the request's own words, None when there is none."""
        parts = [self._row.words(first, last) for first, last in self._runs()]
        return "; ".join(parts) or None

    def _runs(self) -> Iterator[tuple[int, int]]:
        row = self._row
        first: int | None = None
        for at in range(len(row) + 1):
            part = at in self.inside or isinstance(row.sense(at), Occasion)
            if part and first is None:
                first = at
            elif not part and first is not None:
                yield first, at
                first = None

    # --- opened topics ------------------------------------------------------------------------

    def _opens(self, at: int) -> bool:
        row = self._row
        sense = row.sense(at)
        if isinstance(sense, Purpose):
            return sense.opens
        if row.tag(at) is Tag.COLON:
            return self._announces_before(at) and self._is_free_text(at + 1)
        if row.tag(at) is Tag.THAT:
            return self._tells(at)
        if row.tag(at) is Tag.FILLER:
            return self._tells_outright(at)
        if row.tag(at) is Tag.OF:
            return self._notifies_of(at)
        return row.tag(at) is Tag.ABOUT

    def _tells(self, at: int) -> bool:
        """Whether "that" begins what is told, as in "inform them that the app ...".

        Behind a word of the trade it is; "hotels that the team visited" describes customers.
        """
        row = self._row
        told = any(isinstance(row.sense(i), Purpose) for i in range(at))
        return told and row.tag(row.after(at, (*_GLUE, Tag.NEW))) in _CONTENT

    def _tells_outright(self, at: int) -> bool:
        """Whether "we ..." behind those told is what is told: "tell all gyms we have a new app"."""
        row = self._row
        ours = row.items[at].key.split(" ")[0] in _OURSELVES
        others = any(row.tag(i) in (Tag.ABOUT, Tag.THAT) for i in range(len(row)))
        told = any(
            isinstance(s, Purpose) and s.type is CampaignType.ANNOUNCEMENT and not s.strong
            for s in (row.sense(i) for i in range(at))
        )
        return ours and told and not others and self._is_people(at - 1)

    def _notifies_of(self, at: int) -> bool:
        """Whether "of" leads to the topic, as in "notify all gyms of the new rules"."""
        row = self._row
        told = any(
            isinstance(s, Purpose) and s.type is CampaignType.ANNOUNCEMENT
            for s in (row.sense(i) for i in range(at))
        )
        return (
            self._is_people(at - 1)
            and told
            and not self.leads_to_people(at)
            and row.names(at + 1) is None
        )

    def _announces_before(self, at: int) -> bool:
        senses = (self._row.sense(i) for i in range(at))
        return any(
            isinstance(s, Purpose) and s.type is CampaignType.ANNOUNCEMENT and s.strong
            for s in senses
        )

    def _is_background(self, at: int) -> bool:
        """Whether a sentence about ourselves begins at `at`, as "We are moving. Tell everyone".

        It must name no customers, and some other sentence must.
        """
        row = self._row
        if at and row.tag(at - 1) is not Tag.STOP:
            return False
        if row.items[at].key.split(" ")[0] not in _OURSELVES or not self._is_free_text(at):
            return False
        end = next((i for i in range(at, len(row)) if row.tag(i) is Tag.STOP), len(row))
        content = any(
            row.tag(i) in _CONTENT or isinstance(row.sense(i), Occasion) for i in range(at, end)
        )
        return content and end + 1 < len(row)

    def _is_free_text(self, at: int) -> bool:
        """Whether what follows a colon, up to the end of the sentence, names no customers."""
        row = self._row
        while at < len(row) and row.tag(at) is not Tag.STOP:
            if not self._takes(at) and row.tag(at) is not Tag.COMMA:
                return False
            at += 1
        return True

    def _open(self, opener: int) -> None:
        row = self._row
        self.openers.add(opener)
        at = opener if self._is_background(opener) else opener + 1
        if row.tag(opener) is Tag.ABOUT and row.tag(at) is Tag.COLON:
            at += 1
        start = at
        while at < len(row) and self._takes(at, first=at == start):
            at += 1
        light = [tag for tag in _GLUE if tag is not Tag.CONTRACT]
        while at > start and row.tag(at - 1) in (*light, *_PREPOSITIONS, Tag.AND, Tag.OR):
            at -= 1
        span = range(start, at)
        self.opened.update(span)
        self.inside.update(span)
        if not span and row.tag(opener) is Tag.ABOUT:
            self.blocks.append(Block(opener, min(opener + 2, len(row)), "what is it about?"))
        if span and self._describes_people(at):
            self.blocks.append(Block(start, at, "is it the topic, or does it describe customers?"))

    def _takes(self, at: int, *, first: bool = False) -> bool:
        """Whether the item at `at` belongs to an opened topic."""
        sense = self._row.sense(at)
        if isinstance(sense, Names):
            return self._is_topic_name(at, sense)
        if isinstance(sense, When):
            return self._is_date_of_topic(at)
        if isinstance(sense, Word):
            return self._takes_word(at, sense.tag, first=first)
        return isinstance(sense, Unknown | Occasion | Sounds | Purpose)

    def _is_date_of_topic(self, at: int) -> bool:
        """Whether a date right behind a topic belongs to it: "our office is closed on 13 October"."""
        row = self._row
        before = row.before(at, (Tag.FOR, Tag.OF, Tag.IN))
        behind = isinstance(row.sense(before), Unknown | Occasion) or row.tag(before) in _CONTENT
        when = row.sense(at)
        yearly = isinstance(when, When) and when.grain is Grain.YEAR
        leads = yearly and row.tag(at + 1) in (Tag.TOPIC, Tag.NEWS)  # "the 2026 price list"
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

    def _is_date_of_invitation(self, at: int) -> bool:
        """Whether a date belongs to what people are invited to: nothing else is sent."""
        invites = any(isinstance(i.sense, Purpose) and not i.sense.opens for _, i in self._row)
        sends = any(i.has(Tag.SEND) for _, i in self._row)
        return invites and not sends and self._is_date_of_topic(at)

    def _takes_word(self, at: int, tag: Tag, *, first: bool) -> bool:
        if tag in _PREPOSITIONS:
            lone = first and not self._row.is_thai(at)
            return not lone and not self.leads_to_people(at) and self._goes_on(at + 1)
        if tag in (Tag.AND, Tag.OR):
            return self._goes_on(at + 1)
        if tag is Tag.COMMA:
            return self._row.tag(self._row.after(at)) in _CONTENT
        if tag is Tag.USE:
            return not self.leads_to_people(at)
        return tag in (*_CONTENT, *_GLUE, Tag.BE, Tag.US, Tag.OPEN)

    def _goes_on(self, at: int) -> bool:
        at = self._row.after(at - 1, _GLUE)
        sense = self._row.sense(at)
        if isinstance(sense, When):  # "the price list for 2026"
            return sense.grain is Grain.YEAR and not self._renews()
        return isinstance(sense, Unknown | Occasion) or self._row.tag(at) in _CONTENT

    def _is_topic_name(self, at: int, names: Names) -> bool:
        """Whether a value is part of a topic: a product, or a kind of place before a topic word."""
        row = self._row
        following = row.sense(at + 1)
        leads = row.tag(at + 1) in (Tag.TOPIC, Tag.NEWS, Tag.TOPIC_FIGURE)
        if names.attribute is Attribute.PLATFORM:
            ends = following is None or row.tag(at + 1) in (Tag.STOP, Tag.TO, Tag.FOR, Tag.COMMA)
            begins = at - 1 in self.openers or row.tag(at - 1) in (Tag.ABOUT, Tag.THE, Tag.NEW)
            return leads or (ends and begins)
        singular = not row.items[at].key.endswith("s")
        return names.attribute is Attribute.BUSINESS_TYPE and singular and leads

    def leads_to_people(self, at: int) -> bool:
        """Whether a preposition at `at` leads to customers: "to the hotels", "for all"."""
        row = self._row
        at += 1
        while row.tag(at) in _BEFORE_PEOPLE and at < len(row):
            if isinstance(row.sense(at), Names) or not isinstance(row.sense(at), Word | Unknown):
                break
            at += 1
        return isinstance(row.sense(at), Names) or row.tag(at) in _PEOPLE

    def _describes_people(self, end: int) -> bool:
        """Whether a topic that ends at `end` runs straight into the customers it might describe."""
        row = self._row
        if row.is_thai(end):
            return False
        names = row.names(end)
        return row.tag(end) in (Tag.WHO, Tag.THOSE) or (
            names is not None and names.attribute in (*_PLACES_AND_BRANDS, Attribute.SIZE)
        )

    # --- words of the trade outside opened topics -----------------------------------------------

    def _groups(self) -> Iterator[tuple[int, int]]:
        """Yield the runs of topic words that nothing opened."""
        at = 0
        while at < len(self._row):
            end = at
            while end not in self.inside and self._groups_at(end, at):
                end += 1
            if any(self._row.tag(i) in _CONTENT for i in range(at, end)):
                yield at, end
            at = max(end, at + 1)

    def _groups_at(self, at: int, start: int) -> bool:
        row = self._row
        sense = row.sense(at)
        if isinstance(sense, Occasion | Purpose) or row.tag(at) in _CONTENT:
            return True
        if isinstance(sense, Unknown):
            leads = row.tag(at + 1) in (Tag.TOPIC, Tag.NEWS)
            return leads or (at > start and self._is_after_occasion(at, start))
        if isinstance(sense, When):
            return at > start and self._is_date_of_invitation(at)
        if isinstance(sense, Names):
            return self._is_kind_of_topic(at, sense)
        glue = row.tag(at) in (Tag.MESSAGE, Tag.AND, Tag.OF, Tag.FILLER) and at > start
        return glue and self._goes_on_group(at + 1)

    def _is_kind_of_topic(self, at: int, names: Names) -> bool:
        """Whether a kind of business only says what the topic is: "the spa playlist to hotels".

        Only where another kind or a customer is plainly addressed; else it may be the audience.
        """
        row = self._row
        leads = row.tag(at + 1) in (Tag.TOPIC, Tag.NEWS)
        kind = names.attribute is Attribute.BUSINESS_TYPE and not row.items[at].key.endswith("s")
        return (
            kind
            and leads
            and any(
                other.attribute in (Attribute.BUSINESS_TYPE, Attribute.CUSTOMER)
                and row.tag(row.before(i, (Tag.THE, Tag.ALL, Tag.FILLER))) in (Tag.TO, Tag.FOR)
                for i, item in row
                if i != at and isinstance(other := item.sense, Names)
            )
        )

    def _goes_on_group(self, at: int) -> bool:
        sense = self._row.sense(at)
        return isinstance(sense, Occasion | Purpose) or self._row.tag(at) in _CONTENT

    def _is_after_occasion(self, at: int, start: int) -> bool:
        """Whether unknown words may name what an occasion brings: "Christmas carol evening to"."""
        occasion = any(isinstance(self._row.sense(i), Occasion) for i in range(start, at))
        ends = at + 1 >= len(self._row) or self._row.tag(at + 1) in (Tag.TO, Tag.FOR, Tag.STOP)
        return occasion and (ends or self._row.tag(at + 1) in _CONTENT)

    def _close(self, first: int, last: int) -> None:
        row = self._row
        self.inside.update(
            i for i in range(first, last) if not isinstance(row.sense(i), Purpose | Occasion)
        )
        before = row.before(first, (Tag.THE, Tag.A, Tag.FILLER, Tag.DECORATION, Tag.KIND))
        if row.tag(before) is Tag.OF and self._is_people(before - 1):
            self.blocks.append(Block(first, last, "does it describe customers, or the message?"))
        direct = before == first - 1
        names = row.names(before)
        modified = direct and names is not None and not self._is_object(first, last)
        newcomers = row.is_thai(first) and last == first + 1 and row.tag(first) is Tag.NEW
        if newcomers and self._is_people(first - 1):  # "ลูกค้าใหม่": new customers
            self.blocks.append(Block(first - 1, last, "customers cannot be chosen by this"))
        describes = self._describes_people(last) and not self._names_itself(first, last)
        if describes or row.tag(before) in _DESCRIBES or modified:
            self.blocks.append(Block(first, last, "does it describe customers, or the message?"))

    def _names_itself(self, first: int, last: int) -> bool:
        """Whether the group is plainly the message and a name follows: "Christmas promo Hilton"."""
        row = self._row
        names = row.names(last)
        named = names is not None and names.attribute in (Attribute.BRAND, Attribute.CUSTOMER)
        says = any(isinstance(row.sense(i), Occasion | Purpose) for i in range(first, last))
        return named and says and row.tag(last - 1) is not Tag.NEW

    def _is_people(self, at: int) -> bool:
        return self._row.names(at) is not None or self._row.tag(at) in _PEOPLE

    def _is_object(self, first: int, last: int) -> bool:
        """Whether a group right behind a value is what is sent: "Hilton Christmas greetings"."""
        row = self._row
        kinds = [row.sense(i) for i in range(first, last)]
        return row.is_thai(first) or isinstance(kinds[0], Occasion | Purpose)
