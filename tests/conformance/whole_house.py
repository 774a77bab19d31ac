"""A small house that sends by every rule at once, and a book of what is really so.

Six customers in zones with and without clock changes, each written to by LINE with an e-mail in
reserve. `House` drives the product (sender, staleness, restraint, reserves, people's decisions);
`Truth` knows, without asking it, what may leave at any instant.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert
from tests.support.sending import (
    HandClock,
    ToldCarrier,
    address_of,
    campaign,
    message,
    sqlite_store,
)
from tests.support.server import book_of

from campaigns import settings
from campaigns.bootstrap import opened
from campaigns.flow.dispatch import Window
from campaigns.model.access import Actor, Scope
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.consent import Consent
from campaigns.model.customer import Address, Channel, Contact, Customer, Known, Role, Source
from campaigns.model.delivery import Lane, Quota, Rest, SendOutcome
from campaigns.model.ids import CampaignId, ContactId, CustomerId, MessageId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.ports import Tx
from campaigns.orchestrator.fitness import Fitness
from campaigns.orchestrator.hours import Hours
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.repeats import Repeater
from campaigns.orchestrator.reserves import ReserveCaller, needless
from campaigns.orchestrator.restraint import Restraint, together
from campaigns.orchestrator.sends import Sends
from campaigns.orchestrator.staleness import Staleness
from campaigns.orchestrator.templates import TemplateLibrary
from campaigns.orchestrator.writing import Style, Writing
from campaigns.sender import Rules, Sender, zone_named
from campaigns.store import tables as t
from campaigns.store.codec import dump

ID = CampaignId("c_1")
NIDA = Actor(name="nida", scopes=frozenset(Scope))
FIRST, SECOND = Channel.LINE, Channel.EMAIL
QUOTAS = {FIRST: Quota(limit=3, window_s=3600), SECOND: Quota(limit=2, window_s=7200)}
DEFAULT_ZONE = "Asia/Bangkok"
# Lord Howe moves its clocks by half an hour; of the last two, one is unknown and one is no zone.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Bangkok",
    "",
    "Nowhere/Here",
)
# The days before clocks change: Berlin forward and back, New York back, Lord Howe forward.
EVES = (
    datetime(2025, 3, 29, 12, tzinfo=UTC),
    datetime(2025, 10, 25, 12, tzinfo=UTC),
    datetime(2025, 11, 1, 12, tzinfo=UTC),
    datetime(2025, 10, 4, 6, tzinfo=UTC),
)
# The first opens in the hour that is skipped or repeated, the second runs over midnight.
WINDOWS = (
    Window(time(2, 30), time(20)),
    Window(time(22), time(3, 30)),
    Window(time(9), time(17), frozenset({date(2025, 10, 27)})),
)


class Lanes:
    """A dispatcher that starts nothing: the machine sends when it likes."""

    def start(
        self,
        tx: Tx,
        campaign: Campaign,
        channels: Sequence[Channel],
        at: datetime,
        *,
        tests: bool = False,
    ) -> None:
        return


def customer(n: int) -> Customer:
    addresses = tuple(
        Address(channel=c, value=address_of(c, n), written="", line=1) for c in (FIRST, SECOND)
    )
    contact = Contact(
        id=ContactId(f"k{n}"),
        role=Role.GENERAL_MANAGER,
        role_written="General Manager",
        name="Khun Somchai",
        greeting="Somchai",
        addresses=addresses,
    )
    return Customer(
        id=CustomerId(f"hotel-{n}"),
        name=f"Hotel {n}",
        line=1,
        contract_end=date(2030, 10, 31),
        timezone=Known(value=ZONES[n], source=Source.FILE) if ZONES[n] else None,
        contacts=(contact,),
    )


@dataclass
class Truth:
    """What is so, whatever the product thinks of it."""

    window: Window
    halted: set[Channel] = field(default_factory=set)
    suppressed: set[tuple[Channel, str]] = field(default_factory=set)
    unfollowed: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)  # customers who are not as approved
    answered: set[str] = field(default_factory=set)
    status: CampaignStatus = CampaignStatus.SENDING
    left: list[tuple[MessageId, Channel, datetime]] = field(default_factory=list)
    again: set[MessageId] = field(default_factory=set)  # may leave though it left before
    arrived: set[MessageId] = field(default_factory=set)
    wrongs: list[str] = field(default_factory=list)

    def objection(self, m: Message, at: datetime) -> str | None:
        """Return why a message must not leave, None when it may."""
        zone = ZoneInfo(m.timezone if m.timezone in ZONES[:4] and m.timezone else DEFAULT_ZONE)
        local = at.astimezone(zone)
        clock, w = local.time(), self.window
        inside = (
            w.opens <= clock < w.closes
            if w.opens < w.closes
            else clock >= w.opens or clock < w.closes
        )
        whys = {
            "the campaign does not send": self.status is not CampaignStatus.SENDING,
            "the channel is stopped": m.channel in self.halted,
            "suppressed": (m.channel, m.address) in self.suppressed,
            "not followed": m.channel is FIRST and m.address in self.unfollowed,
            "not as approved": m.customer_id in self.changed,
            "somebody answered": m.customer_id in self.answered,
            "outside the window": not inside or local.date() in w.holidays,
        }
        return next((why for why, is_so in whys.items() if is_so), None)

    def leaves(self, m: Message, at: datetime) -> None:
        """Note that a message leaves, and what is wrong with that."""
        quota = QUOTAS[m.channel]
        since = at - timedelta(seconds=quota.window_s)
        used = sum(c is m.channel and when > since for _, c, when in self.left)
        wrongs = {
            self.objection(m, at): self.objection(m, at) is not None,
            "it left before": m.id in {who for who, _, _ in self.left} - self.again,
            "it arrived already": m.id in self.arrived,
            "its first message arrived": m.reserve_of in self.arrived,
            f"the limit of {quota} is used up": used >= quota.limit,
        }
        self.wrongs += [f"{m.id} left: {why}" for why, is_so in wrongs.items() if is_so]
        self.again.discard(m.id)
        self.left.append((m.id, m.channel, at))


class House:
    """The product over a database in memory."""

    def __init__(self, base: Ports, start: datetime, window: Window) -> None:
        self.store = sqlite_store(None)
        self.clock = HandClock(start)
        self.truth = Truth(window)
        self.does: Callable[[Message, Callable[[], bool]], SendOutcome | None] | None = None
        self.by = {c: ToldCarrier(c, QUOTAS[c], self._send) for c in (FIRST, SECOND)}
        self.ports = replace(
            base, store=self.store, clock=self.clock, carriers=self.by, dispatcher=Lanes()
        )
        self.writing = Writing(self.ports, Style())
        library = TemplateLibrary(self.store, self.clock, None, "none here")
        self.sender = Sender(
            self.store,
            self.by,
            self.clock,
            Rules(window=window, default_zone=DEFAULT_ZONE),
            Staleness(self.writing),
            fit=together(Fitness(self.clock, library, self.by), Restraint(self.clock, 0), needless),
        )
        self.caller = ReserveCaller(self.store, self.clock, self.by, self.ports.dispatcher)
        self.repeater = Repeater(self.ports)
        self.sends = Sends(
            self.ports,
            Hours(window=window, default_zone=DEFAULT_ZONE, zone_named=zone_named),
        )
        self._plant()

    def _plant(self) -> None:
        with self.store.begin() as tx:
            tx.campaigns.add(campaign(ID))
            tx.messages.add([self._message(n) for n in range(len(ZONES))])
            for n in range(len(ZONES)):
                tx.consents.consent(
                    Consent(
                        channel=FIRST,
                        address=address_of(FIRST, n),
                        source="webhook",
                        evidence="follow",
                        at=self.clock.now(),
                    )
                )
        for n in range(len(ZONES)):
            self.record(customer(n))

    def _message(self, n: int) -> Message:
        one = customer(n)
        facts = self.writing.facts(one, one.contacts[0])
        reserve = replace(
            message(n, SECOND, timezone=ZONES[n], status=MessageStatus.VERIFIED), facts=facts
        )
        return replace(message(n, FIRST, timezone=ZONES[n]), facts=facts, reserve=reserve)

    def record(self, one: Customer, *, gone: bool = False) -> None:
        """Have the book say this of a customer now."""
        with self.store.begin() as tx:
            tx.connection.execute(delete(t.customers).where(t.customers.c.id == one.id))
            if not gone:
                row = {"id": one.id, "position": one.line, "name": one.name, "fingerprint": ""}
                row |= {"name_key": one.name, "record": dump(one), "private": {}}
                tx.connection.execute(insert(t.customers).values(row))

    def send(self, channel: Channel) -> Rest:
        """Send a batch of a lane as it is now."""
        with self.store.read() as tx:
            found = tx.campaigns.get(ID)
        assert found is not None
        return asyncio.run(
            self.sender.send(Lane(campaign_id=ID, channel=channel, epoch=found.epoch))
        )

    def _send(self, m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        def noted() -> bool:
            went = leaving()
            if went:
                self.truth.leaves(m, self.clock.now())
            return went

        assert self.does is not None
        return self.does(m, noted)

    def messages(self) -> Sequence[Message]:
        with self.store.read() as tx:
            return tx.messages.all(ID)


@contextmanager
def ports(folder: Path) -> Iterator[Ports]:
    """Yield a house's adapters, for what the machine does not replace."""
    chosen = settings.read(
        campaigns_book=book_of(1, folder / "book.md"),
        campaigns_data=folder / "data",
        campaigns_simulate="all",
        campaigns_log="error",
    )
    with opened(chosen) as services:
        yield services.drafts._p
