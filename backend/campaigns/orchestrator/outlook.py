"""What is to be expected of a campaign, before it is approved and while it is sent."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from campaigns.flow.dispatch import DaysOff, Window, holidays_of
from campaigns.flow.dispatch.forecast import Batch, forecast
from campaigns.model.campaign import Campaign
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.money import Money
from campaigns.model.outlook import ChannelForecast, Forecast, Waiting
from campaigns.model.ports import Tx
from campaigns.orchestrator.allowances import Allowances
from campaigns.orchestrator.lookup import campaign_in
from campaigns.orchestrator.openness import closed
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.prices import Prices
from campaigns.orchestrator.sends import UNSENT

HELD_FIRST = "held for a moment before it leaves"
ON_ITS_WAY = "on its way"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When messages may leave: the window, whose clock it goes by, whose holidays count."""

    window: Window | None
    default_zone: str
    zone_named: Callable[[str], tzinfo | None]
    days_off: DaysOff | None = None

    def zone_of(self, name: str) -> tzinfo | None:
        """Return a message's own zone, None when it has none."""
        return self.zone_named(name) if name else None

    def knows_days_of(self, country: str, year: int) -> bool:
        """Whether a country's holidays are known, as far as they count at all."""
        if self.window is None or self.days_off is None:
            return True
        return bool(country) and self.days_off(country, year) is not None


class Outlook:
    """The forecast, and why messages wait."""

    def __init__(self, ports: Ports, hours: Hours, prices: Prices, months: Allowances) -> None:
        self._p = ports
        self._months = months
        self._hours = hours
        self._prices = prices

    # --- before ----------------------------------------------------------------------------------

    def forecast(self, campaign_id: CampaignId) -> Forecast:
        """Return when the campaign's unsent messages would leave and what they would cost."""
        self._months.refresh()  # before the database is looked at: a provider may take seconds
        with self._p.store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            unsent = [m for m in tx.messages.all(campaign_id) if m.status in UNSENT]
            by_channel: defaultdict[Channel, list[Message]] = defaultdict(list)
            for m in unsent:
                if closed(self._p.carriers, campaign.channels, m.channel) is None:
                    by_channel[m.channel].append(m)
            channels = tuple(
                self._channel(tx, campaign, channel, some) for channel, some in by_channel.items()
            )
        unknown = {
            m.customer: m.timezone or "not recorded"
            for m in unsent
            if self._hours.zone_of(m.timezone) is None
        }
        year = self._p.clock.now().year
        unlisted = {
            m.customer: m.country or "not recorded"
            for m in unsent
            if not self._hours.knows_days_of(m.country, year)
        }
        lasts = [c.last_at for c in channels]
        known = [at for at in lasts if at is not None]
        return Forecast(
            channels=channels,
            last_at=max(known) if known and len(known) == len(lasts) else None,
            default_zone=self._hours.default_zone,
            without_zone=unknown,
            without_holidays=unlisted,
        )

    def _channel(
        self, tx: Tx, campaign: Campaign, channel: Channel, messages: Sequence[Message]
    ) -> ChannelForecast:
        now = self._p.clock.now()
        quota = self._p.carriers[channel].quota
        own = self._batches(campaign, messages, now)
        ahead = tx.outbox.queued(channel, campaign.id)
        default = self._zone("")
        others = [Batch(zone=default, from_at=now, messages=ahead)]
        leaves = forecast(
            [*others, *own], self._hours.window, quota, tx.outbox.freeing(channel, quota, now), now
        )
        cost, unpriced = self._cost(tx, messages)
        month = self._months.known(channel)
        short = month.short(len(messages), ahead) if month else 0
        held_by = (*leaves.held_by, f"{month}, {month.left} left") if month and short else None
        return ChannelForecast(
            channel=channel,
            messages=len(messages),
            ahead=ahead,
            first_at=leaves.first_at,
            last_at=None if short else leaves.last_at,
            held_by=held_by or leaves.held_by,
            cost=cost,
            unpriced=unpriced,
            allowance=month,
            short=short,
        )

    def _batches(
        self, campaign: Campaign, messages: Sequence[Message], now: datetime
    ) -> list[Batch]:
        start = max(campaign.schedule_at or now, now) + timedelta(seconds=self._p.house.hold_s)
        waiting: Counter[tuple[str, str, datetime]] = Counter()
        for m in messages:
            queued = m.status is MessageStatus.QUEUED
            waiting[m.timezone, m.country, (m.not_before or now) if queued else start] += 1
        return [
            Batch(
                zone=self._zone(name),
                from_at=from_at,
                messages=n,
                holidays=holidays_of(country, self._hours.days_off, now),
            )
            for (name, country, from_at), n in waiting.items()
        ]

    def _zone(self, name: str) -> tzinfo:
        zone = self._hours.zone_of(name) or self._hours.zone_named(self._hours.default_zone)
        if zone is None:
            raise RuntimeError(f"{self._hours.default_zone} was checked at the start")
        return zone

    def _cost(self, tx: Tx, messages: Sequence[Message]) -> tuple[Money | None, int]:
        total: Money | None = None
        unpriced = 0
        for m in messages:
            known = tx.templates.get(m.template.name, m.template.language) if m.template else None
            price = self._prices.of(m, known.category if known else None)
            if price is None:
                unpriced += 1
            elif total is None:
                total = price
            else:
                total = Money(total.amount + price.amount, total.currency)
        return total, unpriced

    # --- meanwhile -------------------------------------------------------------------------------

    def waiting(self, campaign_id: CampaignId) -> tuple[Waiting, ...]:
        """Return what the campaign's queued messages wait for, and until when."""
        now = self._p.clock.now()
        with self._p.store.read() as tx:
            campaign_in(tx, campaign_id)
            halted = tx.outbox.halted()
            return tuple(
                self._explained(tx, found, halted.get(found.channel), now)
                for found in tx.messages.waiting(campaign_id)
            )

    def doubts(self, limit: int, campaign_id: CampaignId | None = None) -> Sequence[Message]:
        """Return messages of which nobody knows whether they arrived, the longest first."""
        with self._p.store.read() as tx:
            return tx.messages.in_doubt(limit, campaign_id)

    def count_doubts(self) -> int:
        """Return how many messages there are of which nobody knows whether they arrived."""
        with self._p.store.read() as tx:
            return tx.messages.count_in_doubt()

    def _explained(self, tx: Tx, found: Waiting, halted: str | None, now: datetime) -> Waiting:
        """Say what holds messages: their own reason, or what holds their whole channel."""
        carrier = self._p.carriers[found.channel]
        until, reason = found.until, found.reason
        if until is not None and until > now:
            reason = reason or HELD_FIRST
        elif reason and until is None:
            pass  # a person decides
        elif halted is not None:
            until, reason = None, f"{found.channel} is stopped: {halted}"
        elif carrier.ready is not None:
            until, reason = None, carrier.ready
        else:
            use = tx.outbox.use(found.channel, carrier.quota, now)
            full = use.window_s > 0 and use.left == 0
            until = use.resets_at if full else None
            reason = f"the limit of {carrier.quota} is used up" if full else ON_ITS_WAY
        return Waiting(channel=found.channel, messages=found.messages, reason=reason, until=until)
