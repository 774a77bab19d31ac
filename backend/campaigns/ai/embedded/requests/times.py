"""Which periods are about the contract's end, and which say when to send.

A period beside a word of ending is an expiry; a day without one is when to send. A period that
could be either is blocked, except where docs/requests.md decides: "this quarter" and calendar
quarters beside a renewal are expiries, with a follow-up they are when to send.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import pairwise

from campaigns.ai.embedded.requests.purpose import Aim
from campaigns.ai.embedded.requests.row import LIGHT, Block, Row
from campaigns.ai.embedded.requests.scan import Scan
from campaigns.ai.embedded.requests.senses import (
    Clock,
    Grain,
    Occasion,
    Purpose,
    Tag,
    When,
)
from campaigns.ai.embedded.requests.topics import Topics
from campaigns.flow.plan import period
from campaigns.model.plan import CampaignType, DateRange

_OPENING_HOUR = 9
_SOON = 8  # days in which "by Friday" is near
_YEAR = re.compile(r"\d{4}")
_TO_PERIOD = (*LIGHT, Tag.IN, Tag.ON, Tag.BY, Tag.BE, Tag.CONTRACT, Tag.AT, Tag.OF, Tag.COLON)
_LIST = (Tag.AND, Tag.OR, Tag.COMMA, Tag.BUT, *LIGHT, Tag.IN, Tag.ON, Tag.ENDS)
_HEADLINE = (*LIGHT, Tag.FOR, Tag.IN, Tag.OF, Tag.COLON, Tag.COMMA)
_DAYS = (Grain.DAY, Grain.WEEK)


class Times:
    """The expiry rules and the time of sending that a row asks for."""

    def __init__(self, row: Row, topics: Topics, scan: Scan, aim: Aim, now: datetime) -> None:
        self._row = row
        self._topics = topics
        self._scan = scan
        self._aim = aim
        self._now = now
        self.blocks: list[Block] = []
        self.notes: list[str] = []
        self.expiry: tuple[DateRange, ...] = ()
        self.excluded_expiry: tuple[DateRange, ...] = ()
        self.bound: dict[int, tuple[int, int]] = {}  # period -> the items that say it is an expiry
        self.send_at: datetime | None = None
        self.sending: list[int] = []
        self._elapsed: set[int] = set()  # months behind "expired"
        self._bind()
        self._ended()
        self._faulty()
        self._loose()
        self._send()
        self._gather()

    # --- expiry ----------------------------------------------------------------------------------

    def _when(self, at: int) -> When | None:
        sense = self._row.sense(at)
        return sense if isinstance(sense, When) and at not in self._topics.inside else None

    def _bind(self) -> None:
        """Give every word of ending its periods."""
        for at, item in self._row:
            if not item.has(Tag.ENDS) or at in self._topics.inside:
                continue
            periods = self._periods_after(at) or self._period_before(at)
            if self._may_be_of_topic(at):
                words = "does the contract end then, or what the message is about?"
                self.blocks.append(Block(at, at + 1, words))
            for one in periods:
                self.bound[one] = (min(at, one), max(at, one) + 1)
            if not periods and not self._row.names_each:
                words = "when do they end? Say a month, a date or a number of days"
                self.blocks.append(Block(at, at + 1, words))

    def _may_be_of_topic(self, at: int) -> bool:
        """Whether a topic stands before it and nobody does: "Christmas promo, ends 24 December"."""
        row = self._row
        renews = any(
            item.has(Tag.CONTRACT)
            or (isinstance(item.sense, Purpose) and item.sense.type is CampaignType.RENEWAL)
            for _, item in row
        )
        if renews or row.is_thai(at):
            return False
        before = row.before(at, (*LIGHT, Tag.COMMA, Tag.BE, Tag.THAT))
        return before in self._topics.inside or isinstance(row.sense(before), Occasion)

    def _periods_after(self, at: int) -> list[int]:
        found: list[int] = []
        position = self._row.after(at, _TO_PERIOD)
        while self._when(position) is not None and self._goes_with(found, position):
            found.append(position)
            position = self._row.after(position, _LIST)
        return found

    def _goes_with(self, found: Sequence[int], at: int) -> bool:
        """Whether a period goes on with a list: like with like, and no time of day behind it."""
        if not found:
            return True
        before, when = self._when(found[-1]), self._when(at)
        alike = before is not None and when is not None and before.grain is when.grain
        return alike and not isinstance(self._row.sense(at + 1), Clock)

    def _period_before(self, at: int) -> list[int]:
        before = self._row.before(at, (*LIGHT, Tag.CONTRACT))
        free = self._when(before) is not None and before not in self.bound
        return [before] if free else []

    def _ended(self) -> None:
        """Read "expired" as before today, or as in the past period beside it."""
        for at, item in self._row:
            if not item.has(Tag.ENDED) or at in self._topics.inside:
                continue
            periods = self._periods_after(at)
            if not periods:
                self.bound[at] = (at, at + 1)
            for one in periods:
                self._end_in(at, one)

    def _end_in(self, ended: int, at: int) -> None:
        """Bind the period at `at` to "expired" at `ended`: it has to be past."""
        when = self._when(at)
        if when is not None and (when.past or when.fault or when.elapsed):
            self._elapsed.add(at)
            self.bound[at] = (ended, at + 1)
        else:
            self.blocks.append(Block(ended, at + 1, "that period is not past"))

    def _faulty(self) -> None:
        for at, item in self._row:
            if isinstance(item.sense, When) and item.sense.fault:
                self.blocks.append(Block(at, at + 1, item.sense.fault))

    def _gather(self) -> None:
        sides: tuple[list[int], list[int]] = ([], [])
        for at in sorted(self.bound):
            sides[self._scan.side(at)].append(at)
        self.expiry = self._combined(sides[0])
        self.excluded_expiry = self._combined(sides[1])
        for at in self.bound:
            when = self._when(at)
            if when is not None and when.note:
                self.notes.append(when.note)

    def is_excluded(self, at: int) -> bool:
        """Whether the expiry at `at` is one to leave out."""
        return self._scan.side(at)

    def span(self, at: int) -> DateRange:
        """Return the days of the expiry at `at`."""
        when = self._when(at)
        if when is None:
            return period.past(self._now.date())
        return when.elapsed if when.elapsed and at in self._elapsed else when.span

    def _combined(self, positions: Sequence[int]) -> tuple[DateRange, ...]:
        """Join periods: a list is "or", two bounds are what both allow, anything else is asked."""
        spans = list(dict.fromkeys(self.span(at) for at in positions))
        if len(spans) < 2:
            return tuple(spans)
        if self._is_year_unsaid(positions, spans):
            words = "of which year?"
            self.blocks += [Block(at, at + 1, words) for at in positions]
        whens = [self._when(at) for at in positions]
        bounds = [w for w in whens if w is not None and w.grain is Grain.BOUND]
        listed = all(self._is_listed(a, b) for a, b in pairwise(positions))
        if len(bounds) == len(spans) == 2:
            try:
                return (period.overlap(*spans),)
            except ValueError as fault:
                self.blocks.append(Block(positions[0], positions[-1] + 1, str(fault)))
        elif bounds or not listed:
            words = "more than one period for the contract's end"
            self.blocks += [Block(at, at + 1, words) for at in positions]
        return tuple(period.joined(spans))

    def _is_year_unsaid(self, positions: Sequence[int], spans: Sequence[DateRange]) -> bool:
        """Whether only the last of a list has a year, another than the others were given."""
        said = [_YEAR.search(self._row.items[at].words) is not None for at in positions]
        years = {span.last.year for span in spans if span.last is not None}
        return said[-1] and not all(said) and len(years) > 1

    def _is_listed(self, first: int, second: int) -> bool:
        tags = [self._row.tag(i) for i in range(first + 1, second)]
        joined = any(tag in (Tag.AND, Tag.OR, Tag.COMMA) for tag in tags)
        return joined and all(tag in (*_LIST, Tag.ENDED) for tag in tags)

    # --- periods without a word of ending ------------------------------------------------------------

    def _loose(self) -> None:
        for at, _ in self._row:
            when = self._when(at)
            if when is None or at in self.bound or when.fault:
                continue
            if self._is_year_of_occasion(at, when):
                continue
            if self._is_deadline(when):
                self.notes.append(
                    f"“{self._row.items[at].words}” read as when to send, at the latest"
                )
            elif self._is_expiry(at, when):
                self.bound[at] = (at, at + 1)
            elif self._is_sending(at, when):
                self.sending.append(at)
            else:
                words = "is it when the contract ends, or when to send?"
                self.blocks.append(Block(at, at + 1, words))

    def _is_year_of_occasion(self, at: int, when: When) -> bool:
        """Whether it is the year in "Christmas 2025"."""
        soon = when.span.first is not None and when.span.first.year - self._now.year in (0, 1)
        named = isinstance(self._row.sense(at - 1), Occasion)
        return named and soon and when.grain is Grain.YEAR

    def _is_deadline(self, when: When) -> bool:
        """Whether "by Friday" says by when to send: nothing of the request is about contracts."""
        today = self._now.date()
        soon = when.span.last is not None and 0 <= (when.span.last - today).days < _SOON
        ends = any(item.has(Tag.ENDS, Tag.ENDED, Tag.CONTRACT) for _, item in self._row)
        by = when.grain is Grain.BOUND and when.span.first == today
        return by and soon and not ends and self._aim.type not in (None, CampaignType.RENEWAL)

    def _is_expiry(self, at: int, when: When) -> bool:
        if self._aim.type is not CampaignType.RENEWAL or when.grain in _DAYS:
            return False
        if when.grain is Grain.BOUND:
            return self._row.tag(at - 1) is Tag.CONTRACT and not self._scan.side(at)
        if when.past or self._scan.side(at):
            return False
        if self._renews_for(at, when):
            return False
        if when.this_quarter or when.grain is Grain.QUARTER or not self._sends_before(at):
            return True
        return self._modifies_renewal(at) or self._belongs_to_contract(at)

    def _renews_for(self, at: int, when: When) -> bool:
        """Whether it is the year to come that they renew for, and no end: "renew for 2026"."""
        row = self._row
        verb = row.before(at, (*LIGHT, Tag.FOR))
        renews = verb >= 0 and row.items[verb].key.split(" ")[-1] in ("renew", "renewing")
        led = row.tag(at - 1) is Tag.FOR or row.items[at].key.startswith("for ")
        return when.grain is Grain.YEAR and renews and led

    def _sends_before(self, at: int) -> bool:
        return any(self._row.tag(i) is Tag.SEND for i in range(at))

    def _modifies_renewal(self, at: int) -> bool:
        """Whether it stands right before "renewal": "October renewals", "October batch of renewals"."""
        sense = self._row.sense(self._row.after(at, (Tag.MESSAGE, Tag.OF)))
        word = self._row.items[at].words.split()[0].lower()
        return (
            isinstance(sense, Purpose)
            and sense.type is CampaignType.RENEWAL
            and word not in ("in", "during", "on", "within")
        )

    def _belongs_to_contract(self, at: int) -> bool:
        """Whether it follows "renewals for" or "contracts in"."""
        before = self._row.before(at)
        linked = self._row.tag(before) in (Tag.FOR, Tag.OF, Tag.IN)
        noun = self._row.before(before) if linked else before
        sense = self._row.sense(noun)
        renewal = isinstance(sense, Purpose) and sense.type is CampaignType.RENEWAL
        lead = self._row.items[at].words.split()[0].lower()
        return self._row.tag(noun) is Tag.CONTRACT or (
            renewal and (self._row.tag(before) in (Tag.FOR, Tag.OF) or lead == "for")
        )

    def _is_sending(self, at: int, when: When) -> bool:
        if self._scan.side(at) or when.past or when.grain is Grain.BOUND or self._aim.type is None:
            return False
        if when.grain in _DAYS:
            return True
        return self._aim.type is not CampaignType.RENEWAL

    # --- sending -----------------------------------------------------------------------------------

    def _send(self) -> None:
        clocks = [at for at, i in self._row if isinstance(i.sense, Clock)]
        if len(self.sending) > 1 or len(clocks) > 1:
            words = "more than one time to send"
            self.blocks += [Block(at, at + 1, words) for at in (*self.sending, *clocks)]
            return
        if not self.sending and not clocks:
            return
        day = self._day_to_send()
        clock = self._row.sense(clocks[0]) if clocks else None
        if day is None and clock is None:
            return
        self._set(day or self._now.date(), clock if isinstance(clock, Clock) else None, clocks)

    def _day_to_send(self) -> date | None:
        """Return the first day of the period to send in; None when that has begun already."""
        when = self._when(self.sending[0]) if self.sending else None
        if when is None or when.span.first is None:
            return None
        words = self._row.items[self.sending[0]].words
        in_topic = self._row.before(self.sending[0], LIGHT) in self._topics.inside
        if in_topic and when.grain not in _DAYS:
            self.notes.append(f"“{words}” read as part of the topic, not as when to send")
            return None
        if when.grain is not Grain.DAY and when.span.first <= self._now.date():
            self.notes.append(f"“{words}” read as when to send, not as whom to send to")
            return None
        return when.span.first

    def _set(self, day: date, clock: Clock | None, clocks: Sequence[int]) -> None:
        at = time(clock.hour, clock.minute) if clock else time(_OPENING_HOUR)
        moment = datetime.combine(day, at, tzinfo=self._now.tzinfo)
        if moment <= self._now:
            said = [*self.sending, *clocks]
            self.blocks += [Block(i, i + 1, "that time is already past") for i in said]
            return
        if clock is None:
            self.notes.append(f"Sending at {_OPENING_HOUR:02}:00, since no time of day was said")
        self.send_at = moment
        self.sending += clocks
