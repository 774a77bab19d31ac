"""What tests of sending share: a clock, planted campaigns, a carrier that does as told."""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.delivery import Accepted, Quota, SendOutcome
from campaigns.model.facts import Facts
from campaigns.model.ids import CampaignId, ContactId, CustomerId, MessageId
from campaigns.model.message import Message, MessageStatus, Template
from campaigns.model.plan import CampaignType, Plan
from campaigns.model.text import CohortText, Rendered
from campaigns.store import SqlStore
from campaigns.store.database import sqlite_engine

NOON = datetime(2025, 9, 15, 5, 0, tzinfo=UTC)  # 12:00 in Bangkok, a Monday
ROOMY = Quota(limit=1_000_000, window_s=3600)


@dataclass
class HandClock:
    """A clock that moves when told."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.date()

    def local_now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


class WallClock:
    """The machine's clock, for tests whose engine polls by it."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the engine's own timers run on real time

    def today(self) -> date:
        return self.now().date()

    def local_now(self) -> datetime:
        return self.now()


@dataclass
class CountingIds:
    """Ids in order."""

    start: str = ""
    count: "itertools.count[int]" = field(default_factory=itertools.count)

    def new(self, prefix: str) -> str:
        return f"{prefix}_{self.start}{next(self.count):06d}"

    def secret(self) -> str:
        return self.new("secret")


Sends = Callable[[Message, Callable[[], bool]], SendOutcome | None]


def accepts(message: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
    """Take every message."""
    return Accepted(provider_id=f"p-{message.id}") if leaving() else None


@dataclass
class ToldCarrier:
    """A carrier that does what its `does` says, and remembers what left."""

    channel: Channel = Channel.EMAIL
    quota: Quota = ROOMY
    does: Sends = accepts
    simulated: bool = False
    ready: str | None = None
    left: list[Message] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def dress(
        self, text: CohortText, rendered: Rendered, facts: Facts
    ) -> tuple[str | None, Template | None]:
        return None, None

    def problem(self, message: Message) -> str | None:
        return None

    async def send(self, message: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        def noted() -> bool:
            went = leaving()
            if went:
                self.left.append(message)
            return went

        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            return self.does(message, noted)
        finally:
            self.at_once -= 1

    async def probe(self) -> str | None:
        return self.ready

    async def close(self) -> None:
        return


def sqlite_store(path: Path | None) -> SqlStore:
    """Return a store with its tables on a new SQLite file, or in memory for None."""
    store = SqlStore(sqlite_engine(path))
    store.create()
    return store


def campaign(
    campaign_id: str = "c_1", status: CampaignStatus = CampaignStatus.SENDING, epoch: int = 1
) -> Campaign:
    return Campaign(
        id=CampaignId(campaign_id),
        name="October renewals",
        status=status,
        request="Send renewal reminders to all Hiltons expiring in October",
        plan=Plan(type=CampaignType.RENEWAL),
        author="nida",
        created_at=NOON,
        updated_at=NOON,
        epoch=epoch,
    )


def address_of(channel: Channel, number: int) -> str:
    """Return an invented address: no such number, domain or LINE id exists."""
    match channel:
        case Channel.WHATSAPP:
            return f"+6699000{number:05d}"
        case Channel.LINE:
            return f"U{number:032x}"
        case Channel.EMAIL:
            return f"gm{number}@hotel-{number}.example"


def message(
    number: int,
    channel: Channel = Channel.EMAIL,
    *,
    campaign_id: str = "c_1",
    status: MessageStatus = MessageStatus.QUEUED,
    address: str | None = None,
    timezone: str = "Asia/Bangkok",
    is_test: bool = False,
    not_before: datetime | None = None,
    language: str = "en",
    cohort: str = "",
) -> Message:
    contact = ContactId(f"k{number}")
    return Message(
        id=MessageId(f"{'t' if is_test else 'm'}_{campaign_id}_{channel}_{number:06d}"),
        campaign_id=CampaignId(campaign_id),
        customer_id=CustomerId(f"hotel-{number}"),
        customer=f"Hotel {number}",
        contact_id=contact,
        contact="Khun Somchai",
        channel=channel,
        address=address or address_of(channel, number),
        cohort=cohort or f"renewal.formal.{language}.{channel}..a",
        language=language,
        text="Your contract ends on 31 October 2025.",
        subject="Your music contract",
        facts=Facts(
            customer_id=CustomerId(f"hotel-{number}"),
            customer=f"Hotel {number}",
            contact_id=contact,
        ),
        status=status,
        is_test=is_test,
        timezone=timezone,
        not_before=not_before,
        updated_at=NOON,
    )


def plant(store: SqlStore, messages: Sequence[Message], planted: Campaign | None = None) -> None:
    """Store a campaign that is sending, with these messages."""
    with store.begin() as tx:
        tx.campaigns.add(planted or campaign())
        tx.messages.add(messages)
