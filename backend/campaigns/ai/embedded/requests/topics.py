"""Which words are the topic of the message, and so put no rule on customers.

A topic is opened ("about ...", "announce ...", a colon) and takes words up to the next thing that
is plainly not topic: a place or brand behind a preposition, "all", a negation, a date, a channel.
Inside an opened topic unknown words are welcome; anywhere else a word of the trade is a topic
only where it cannot describe customers: "discount hotels" and "hotels with a playlist" are asked
about. What a topic must not hold (a number, a date, "all") ends it and has to explain itself.
"""

from collections.abc import Iterator

from campaigns.ai.embedded.requests.asides import About, asides
from campaigns.ai.embedded.requests.jobs import doubtful
from campaigns.ai.embedded.requests.openers import Openers
from campaigns.ai.embedded.requests.row import Block, Row
from campaigns.ai.embedded.requests.senses import (
    Names,
    Occasion,
    Purpose,
    Tag,
    Unknown,
    When,
)
from campaigns.ai.embedded.requests.topicwords import CONTENT, GLUE, PREPOSITIONS, TopicWords
from campaigns.model.plan import Attribute

# Behind these a word of the trade describes customers or says where they are.
_PAUSES = (Tag.COMMA, Tag.STOP, Tag.COLON, Tag.ASIDE, Tag.FILLER, Tag.DECORATION)
_DESCRIBES = (Tag.REL, Tag.THAT, Tag.BE, Tag.WITH, Tag.IN, Tag.AT, Tag.FROM, Tag.USE, Tag.NOT)


class Topics:
    """The positions of a row that are topic, and topic words that describe somebody."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self._words = TopicWords(row)
        self._openers = Openers(row, self._words)
        self.inside: set[int] = set()
        self.opened: set[int] = set()
        self.openers: set[int] = set()
        self.blocks: list[Block] = []
        for aside in asides(row):
            if aside.about is About.CONTENT:
                self.opened.update(range(aside.first, aside.last))
        self.inside.update(self.opened)
        for at, _ in row:
            if at not in self.inside and (
                self._openers.opens(at) or self._openers.is_background(at)
            ):
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

    def _open(self, opener: int) -> None:
        row = self._row
        self.openers.add(opener)
        itself = row.tag(opener) is Tag.TOPIC or self._openers.is_background(opener)
        at = opener if itself else opener + 1
        if row.tag(opener) is Tag.ABOUT and row.tag(at) is Tag.COLON:
            at += 1
        start = at
        while at < len(row) and self._words.takes(at, first=at == start):
            at += 1
        light = [tag for tag in GLUE if tag is not Tag.CONTRACT]
        while at > start and row.tag(at - 1) in (*light, *PREPOSITIONS, Tag.AND, Tag.OR):
            at -= 1
        span = range(start, at)
        self.opened.update(span)
        self.inside.update(span)
        if not span and row.tag(opener) is Tag.ABOUT and row.tag(opener + 1) is not Tag.COLON:
            self.blocks.append(Block(opener, min(opener + 2, len(row)), "what is it about?"))
        if span and self._words.describes_people(at):
            self.blocks.append(Block(start, at, "is it the topic, or does it describe customers?"))

    # --- words of the trade outside opened topics -----------------------------------------------

    def _groups(self) -> Iterator[tuple[int, int]]:
        """Yield the runs of topic words that nothing opened."""
        at = 0
        while at < len(self._row):
            end = at
            while end not in self.inside and self._groups_at(end, at):
                end += 1
            if any(self._row.tag(i) in CONTENT for i in range(at, end)):
                yield at, end
            at = max(end, at + 1)

    def _groups_at(self, at: int, start: int) -> bool:
        row = self._row
        sense = row.sense(at)
        if isinstance(sense, Occasion | Purpose) or row.tag(at) in CONTENT:
            return True
        if isinstance(sense, Unknown):
            leads = row.tag(at + 1) in (Tag.TOPIC, Tag.NEWS)
            return leads or (at > start and self._is_after_occasion(at, start))
        if isinstance(sense, When):
            return at > start and self._words.is_date_of_invitation(at)
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
        return isinstance(sense, Occasion | Purpose) or self._row.tag(at) in CONTENT

    def _is_after_occasion(self, at: int, start: int) -> bool:
        """Whether unknown words may name what an occasion brings: "Christmas carol evening to"."""
        occasion = any(isinstance(self._row.sense(i), Occasion) for i in range(start, at))
        ends = at + 1 >= len(self._row) or self._row.tag(at + 1) in (Tag.TO, Tag.FOR, Tag.STOP)
        return occasion and (ends or self._row.tag(at + 1) in CONTENT)

    def _close(self, first: int, last: int) -> None:
        row = self._row
        self.inside.update(
            i for i in range(first, last) if not isinstance(row.sense(i), Purpose | Occasion)
        )
        before = row.before(first, (Tag.THE, Tag.A, Tag.FILLER, Tag.DECORATION, Tag.KIND))
        determined = any(row.tag(i) in (Tag.THE, Tag.A) for i in range(before + 1, first + 1))
        determined = determined or (row.tag(first) is Tag.NEW and last > first + 1)
        beside = self._words.is_people(before) and not determined
        modified = beside and not self._is_object(first, last)
        content = {row.tag(i) for i in range(first, last)} & set(CONTENT)
        lone = content == {Tag.NEW} and row.tag(last) is not Tag.MESSAGE
        describes = lone or (
            self._words.describes_people(last) and not self._names_itself(first, last)
        )
        apart = row.tag(first - 1) in _PAUSES and row.tag(last) in (*_PAUSES, None)
        state = (
            apart and first > 0 and last == first + 1 and row.items[first].key in doubtful("states")
        )
        describes = describes or state
        said_of = row.tag(before) in _DESCRIBES and not self.accompanies(before)
        if describes or said_of or modified or self._serves(before, first):
            self.blocks.append(Block(first, last, "does it describe customers, or the message?"))

    def accompanies(self, at: int) -> bool:
        """Whether "with" joins one thing that is sent to another: "greetings with the playlist"."""
        row = self._row
        after = row.after(at, (Tag.THE, Tag.A, Tag.FILLER, Tag.KIND))
        sent = isinstance(row.sense(at - 1), Purpose | Occasion) or row.tag(at - 1) in (
            *CONTENT,
            Tag.MESSAGE,
        )
        more = isinstance(row.sense(after), Occasion) or row.tag(after) in CONTENT
        if row.tag(at) is Tag.WITH and more and self._is_all_that_is_sent(after):
            return True
        return row.tag(at) is Tag.WITH and sent and more and not self._words.is_people(at - 2)

    def _is_all_that_is_sent(self, at: int) -> bool:
        """Whether nothing else is sent than what "with" leads to: "reach all gyms with an offer"."""
        row = self._row
        article = any(row.tag(i) in (Tag.A, Tag.THE) for i in range(at - 3, at))
        sends = any(row.tag(i) is Tag.SEND for i in range(at))
        before = any(
            isinstance(row.sense(i), Purpose | Occasion) or row.tag(i) in (*CONTENT, Tag.MESSAGE)
            for i in range(at)
        )
        behind = any(isinstance(row.sense(i), Purpose) for i in range(at, len(row)))
        last = at
        while self._goes_on_group(last + 1):
            last += 1
        note = row.tag(last + 1) is Tag.MESSAGE  # "with a Christmas card", but no "Christmas tree"
        sent = note or row.items[last].key.split(" ")[-1] in doubtful("sent")
        return sent and article and sends and not before and not behind

    def _serves(self, before: int, first: int) -> bool:
        """Whether "of" or a bare "for" ties a topic word to people: "hotels for families"."""
        row = self._row
        tied = row.tag(before) is Tag.OF or (row.tag(before) is Tag.FOR and before == first - 1)
        return tied and self._words.is_people(before - 1)

    def _names_itself(self, first: int, last: int) -> bool:
        """Whether the group is plainly the message and a name follows: "Christmas promo Hilton"."""
        row = self._row
        names = row.names(last)
        named = names is not None and names.attribute in (Attribute.BRAND, Attribute.CUSTOMER)
        says = any(isinstance(row.sense(i), Occasion) for i in range(first, last))
        return named and says and row.tag(last - 1) is not Tag.NEW

    def _is_object(self, first: int, last: int) -> bool:
        """Whether a group right behind a value is what is sent: "Hilton Christmas greetings"."""
        row = self._row
        kinds = [row.sense(i) for i in range(first, last)]
        return row.is_thai(first) or isinstance(kinds[0], Occasion | Purpose)
