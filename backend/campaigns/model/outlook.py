"""What is to be expected of a campaign: when it leaves, what it costs, what it waits for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from campaigns.model.customer import Channel
from campaigns.model.delivery import Allowance
from campaigns.model.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Messages of one channel that wait for the same thing.

    `until` is when the first of them goes on, None when no clock decides that.
    """

    channel: Channel
    messages: int
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Departure:
    """Messages that leave at one instant, to customers whose clocks show the time of `zone`."""

    at: datetime
    zone: str
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """When a campaign that has not begun would leave, over all channels, the first message first.

    `held_by` says what stretches it; `unlimited_at` is when the last one would leave by send windows
    and the chosen time alone. `open_end` when nobody can say when the last one leaves: a
    limit of none, or one of the provider's that is used up.
    """

    departures: tuple[Departure, ...]
    held_by: tuple[str, ...] = ()
    unlimited_at: datetime | None = None
    open_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelForecast:
    """What is to be expected on one channel, were it sent now.

    `ahead` are messages of other campaigns that wait for the same limit and count as sent
    before. `allowance` is what the provider's plan has left of the month, None where it has no
    such limit or cannot be asked; the `short` messages beyond it wait for the next month or a
    larger plan, and no last time is known then. `held_by` says what stretches the sending.
    `cost` is what the provider will charge, None when no price is known; `unpriced` counts the
    messages without one.
    """

    channel: Channel
    messages: int
    ahead: int
    first_at: datetime | None
    last_at: datetime | None
    held_by: tuple[str, ...]
    cost: Money | None = None
    unpriced: int = 0
    allowance: Allowance | None = None
    short: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is to be expected of a campaign.

    `default_zone` stands in for customers whose time zone is not known or is none; they are in
    `without_zone`, by name, with what the book says. `without_holidays` are the customers whose
    country is not known, or has no holidays we know, by name with their country.
    """

    channels: tuple[ChannelForecast, ...]
    last_at: datetime | None
    default_zone: str
    without_zone: Mapping[str, str] = field(default_factory=dict)
    without_holidays: Mapping[str, str] = field(default_factory=dict)
