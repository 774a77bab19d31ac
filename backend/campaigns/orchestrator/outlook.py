"""What is to be expected of a campaign, before it is approved and while it is sent."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from campaigns.flow.dispatch import holidays_of, instant_of
from campaigns.flow.dispatch.forecast import Batch, Departures, Warming, forecast
from campaigns.model.campaign import Campaign, CampaignStatus, LocalTime
from campaigns.model.customer import Channel
from campaigns.model.delivery import Quota, QuotaUse
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.money import Money
from campaigns.model.outlook import ChannelForecast, Forecast, Pace, Waiting
from campaigns.model.ports import Tx
from campaigns.orchestrator.allowances import Allowances
from campaigns.orchestrator.hours import Hours
from campaigns.orchestrator.lookup import campaign_in
from campaigns.orchestrator.openness import closed
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.prices import Prices
from campaigns.orchestrator.sends import UNSENT

# What messages wait for alike: time zone, country, and not before.
Place = tuple[str, str, datetime]
UNLIMITED = Quota(limit=1, window_s=0)  # a limit per request never runs out
HELD_FIRST = "held for a moment before it leaves"
ON_ITS_WAY = "on its way"


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

    def pace(
        self,
        campaign_id: CampaignId,
        schedule_at: datetime | None = None,
        local_time: LocalTime | None = None,
    ) -> Pace:
        """Return when the messages of a campaign that has not begun would leave.

        By the campaign's own time, or by one that is only considered. Nobody is asked anything,
        and no message is read: it takes as long for ten as for ten thousand.
        """
        with self._p.store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            if schedule_at is not None or local_time is not None:
                campaign = replace(campaign, schedule_at=schedule_at, local_time=local_time)
            by_channel: defaultdict[Channel, Counter[Place]] = defaultdict(Counter)
            places = tx.messages.places(campaign_id, UNSENT - {MessageStatus.QUEUED})
            now = self._p.clock.now()
            for (channel, zone, country), n in places.items():
                if closed(self._p.carriers, campaign.channels, channel) is None:
                    by_channel[channel][zone, country, self._start(campaign, zone, now)] += n
            leaves = [self._leaves(tx, campaign, *one)[0] for one in by_channel.items()]
            short = any(
                (month := self._months.known(channel)) and month.short(some.total(), 0)
                for channel, some in by_channel.items()
            )
            without = [at for some in by_channel.values() if (at := self._unlimited(some))]
        return Pace(
            departures=tuple(sorted((d for one in leaves for d in one.each), key=lambda d: d.at)),
            held_by=tuple(dict.fromkeys(why for one in leaves for why in one.held_by)),
            unlimited_at=max(without, default=None),
            open_end=short or any(one.last_at is None for one in leaves),
        )

    def leaves(self, campaign: Campaign) -> Pace | None:
        """Return the pace of a campaign with a time of its own; None once it has begun, or has none."""
        if campaign.status is CampaignStatus.SENDING:
            return None
        timed = campaign.schedule_at is not None or campaign.local_time is not None
        return self.pace(campaign.id) if timed else None

    def _channel(
        self, tx: Tx, campaign: Campaign, channel: Channel, messages: Sequence[Message]
    ) -> ChannelForecast:
        now = self._p.clock.now()
        leaves, ahead = self._leaves(tx, campaign, channel, self._waiting(campaign, messages, now))
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

    def _warming(self, tx: Tx, channel: Channel, now: datetime) -> Warming | None:
        warm_up = self._hours.warm_up.get(channel)
        quota = warm_up.quota(self._p.clock.today()) if warm_up else None
        if warm_up is None or quota is None:
            return None
        zone = self._p.clock.local_now().tzinfo or self._hours.clock_of("")
        return Warming(warm_up=warm_up, zone=zone, free_at=tx.outbox.freeing(channel, quota, now))

    def _waiting(
        self, campaign: Campaign, messages: Sequence[Message], now: datetime
    ) -> Counter[Place]:
        waiting: Counter[Place] = Counter()
        for m in messages:
            queued = m.status is MessageStatus.QUEUED
            from_at = (m.not_before or now) if queued else self._start(campaign, m.timezone, now)
            waiting[m.timezone, m.country, from_at] += 1
        return waiting

    def _leaves(
        self, tx: Tx, campaign: Campaign, channel: Channel, waiting: Counter[Place]
    ) -> tuple[Departures, int]:
        """Return when a channel's messages would leave, and how many of others go before them."""
        now = self._p.clock.now()
        quota = self._p.carriers[channel].quota
        ahead = tx.outbox.queued(channel, campaign.id)
        default = self._hours.clock_of("")
        others = Batch(zone=default, from_at=now, messages=ahead, others=True)
        leaves = forecast(
            [others, *self._batches(waiting, now)],
            self._hours.window,
            quota,
            tx.outbox.freeing(channel, quota, now),
            now,
            self._warming(tx, channel, now),
        )
        return leaves, ahead

    def _batches(self, waiting: Counter[Place], now: datetime) -> list[Batch]:
        return [
            Batch(
                zone=self._hours.clock_of(name),
                from_at=from_at,
                messages=n,
                holidays=holidays_of(country, self._hours.days_off, now),
            )
            for (name, country, from_at), n in waiting.items()
        ]

    def _unlimited(self, waiting: Counter[Place]) -> datetime | None:
        """Return when the last of them would leave were there no limits, only hours."""
        now = self._p.clock.now()
        return forecast(self._batches(waiting, now), self._hours.window, UNLIMITED, (), now).last_at

    def _start(self, campaign: Campaign, zone: str, now: datetime) -> datetime:
        """Return when a campaign that has not begun would let a message to this zone go."""
        held = timedelta(seconds=self._p.house.hold_s)
        if campaign.local_time is None:
            return max(campaign.schedule_at or now, now) + held
        return max(instant_of(campaign.local_time, self._hours.clock_of(zone), now), now + held)

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
            halted = tx.outbox.halted(now)
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
            full = self._used_up(tx, found.channel, now)
            until = full[1].resets_at if full else None
            reason = f"the limit of {full[0]} is used up" if full else ON_ITS_WAY
        return Waiting(channel=found.channel, messages=found.messages, reason=reason, until=until)

    def _used_up(self, tx: Tx, channel: Channel, now: datetime) -> tuple[Quota, QuotaUse] | None:
        """Return the first quota of a channel that is used up, None when there is room."""
        warm_up = self._hours.warm_up.get(channel)
        warming = warm_up.quota(self._p.clock.today()) if warm_up else None
        for quota in (self._p.carriers[channel].quota, *([warming] if warming else [])):
            use = tx.outbox.use(channel, quota, now)
            if use.window_s > 0 and use.left == 0:
                return quota, use
        return None
