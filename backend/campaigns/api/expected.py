"""What is to be expected of a campaign, and what nobody knows: forecast, waiting, doubts."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from campaigns.model.customer import Channel
from campaigns.model.delivery import Allowance
from campaigns.model.message import Message
from campaigns.model.outlook import Departure, Forecast, Pace, Waiting


class CostOut(BaseModel):
    amount: str
    currency: str


class MonthOut(BaseModel):
    """What the provider's own plan allows in this month; `limit` null is no limit."""

    limit: int | None
    used: int
    left: int | None


class ChannelForecastOut(BaseModel):
    channel: Channel
    messages: int
    ahead: int
    first_at: datetime | None
    last_at: datetime | None
    held_by: list[str]
    cost: CostOut | None
    unpriced: int
    month: MonthOut | None = None
    short: int = 0


class ForecastOut(BaseModel):
    channels: list[ChannelForecastOut]
    last_at: datetime | None
    default_zone: str
    without_zone: dict[str, str]
    without_holidays: dict[str, str]


class DepartureOut(BaseModel):
    """When a message leaves, by its customer's own clock."""

    at: datetime
    zone: str


class LeavesOut(BaseModel):
    """When the first and the last message leave, and what holds them.

    No `first` when nothing can leave on an open channel, no `last` when nobody can say.
    """

    first: DepartureOut | None
    last: DepartureOut | None
    held_by: list[str]


class WaitingOut(BaseModel):
    channel: Channel
    messages: int
    reason: str
    until: datetime | None


class DoubtOut(BaseModel):
    message_id: str
    campaign_id: str
    customer: str
    contact: str | None
    channel: Channel
    address: str
    reason: str | None
    since: datetime | None
    reply_id: str | None = None


class DoubtsOut(BaseModel):
    messages: list[DoubtOut]


def forecast(f: Forecast) -> ForecastOut:
    """Return when a campaign would leave and what it would cost."""
    return ForecastOut(
        channels=[
            ChannelForecastOut(
                channel=c.channel,
                messages=c.messages,
                ahead=c.ahead,
                first_at=c.first_at,
                last_at=c.last_at,
                held_by=list(c.held_by),
                cost=CostOut(amount=str(c.cost.amount), currency=c.cost.currency)
                if c.cost
                else None,
                unpriced=c.unpriced,
                month=month(c.allowance),
                short=c.short,
            )
            for c in f.channels
        ],
        last_at=f.last_at,
        default_zone=f.default_zone,
        without_zone=dict(f.without_zone),
        without_holidays=dict(f.without_holidays),
    )


def leaves(p: Pace) -> LeavesOut:
    """Return when the first and the last message of a campaign would leave."""
    none = not p.departures
    return LeavesOut(
        first=None if none else _departure(p.departures[0]),
        last=None if none or p.open_end else _departure(p.departures[-1]),
        held_by=list(p.held_by),
    )


def _departure(d: Departure) -> DepartureOut:
    return DepartureOut(at=d.at.astimezone(ZoneInfo(d.zone)), zone=d.zone)


def month(a: Allowance | None) -> MonthOut | None:
    """Return what a provider's plan has left of the month, None when there is no telling."""
    return MonthOut(limit=a.limit, used=a.used, left=a.left) if a else None


def waiting(found: Sequence[Waiting]) -> list[WaitingOut]:
    """Return what messages wait for."""
    return [
        WaitingOut(channel=w.channel, messages=w.messages, reason=w.reason, until=w.until)
        for w in found
    ]


def doubts(found: Sequence[Message]) -> DoubtsOut:
    """Return messages of which nobody knows whether they arrived."""
    return DoubtsOut(
        messages=[
            DoubtOut(
                message_id=m.id,
                campaign_id=m.campaign_id,
                customer=m.customer,
                contact=m.contact,
                channel=m.channel,
                address=m.address,
                reason=m.reason,
                since=m.updated_at,
                reply_id=m.answer.reply_id if m.answer else None,
            )
            for m in found
        ]
    )
