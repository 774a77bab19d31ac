"""The hours of the house and of its customers: windows, clocks, holidays, warm-ups."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo

from campaigns.flow.dispatch import DaysOff, Window, instant_of
from campaigns.model.campaign import Campaign, LocalTime
from campaigns.model.customer import Channel
from campaigns.model.delivery import WarmUp
from campaigns.model.errors import Fault, RequestInvalid
from campaigns.model.ids import CampaignId
from campaigns.model.message import MessageStatus
from campaigns.model.ports import Tx

MORNING = time(10)  # what no other time was asked for leaves then
FARTHEST = timedelta(days=5 * 366)  # a later day is a slip


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When messages may leave: the window, by whose clock, whose holidays, which warm-ups."""

    window: Window | None
    default_zone: str
    zone_named: Callable[[str], tzinfo | None]
    days_off: DaysOff | None = None
    warm_up: Mapping[Channel, WarmUp] = field(default_factory=dict)

    def zone_of(self, name: str) -> tzinfo | None:
        """Return a message's own zone, None when it has none."""
        return self.zone_named(name) if name else None

    def clock_of(self, name: str) -> tzinfo:
        """Return the zone a message goes by: its own, or the house's default."""
        zone = self.zone_of(name) or self.zone_named(self.default_zone)
        if zone is None:
            raise RuntimeError(f"{self.default_zone} was checked at the start")
        return zone

    def knows_days_of(self, country: str, year: int) -> bool:
        """Whether a country's holidays are known, as far as they count at all."""
        if self.window is None or self.days_off is None:
            return True
        return bool(country) and self.days_off(country, year) is not None

    # --- a time of day by each customer's clock ----------------------------------------------------

    @property
    def morning(self) -> time:
        """Ten o'clock, or where nothing may leave then, the hour from which it may."""
        if self.window is None or self.window.contains(MORNING):
            return MORNING
        return self.window.opens

    def faults(self, at: datetime | None, local: LocalTime | None, today: date) -> Sequence[Fault]:
        """Return why nothing would leave at that time, each with the way out; none when it would."""
        found: list[Fault] = []
        last = today + FARTHEST
        if at is not None and at.date() > last:
            found.append(
                Fault("/schedule_at", f"{at.date()} is years away: choose a day until {last}")
            )
        if local is None:
            return found
        if self.window is not None and not self.window.contains(local.at):
            way_out = "choose a time in it, or change CAMPAIGNS_SEND_WINDOW"
            outside = f"{local.at:%H:%M} is outside the send window {self.window}: {way_out}"
            found.append(Fault("/local_time/at", outside))
        if local.on is not None and local.on < today:
            found.append(Fault("/local_time/on", f"{local.on} is past: choose {today} or later"))
        if local.on is not None and local.on > last:
            far = f"{local.on} is years away: choose a day until {last}"
            found.append(Fault("/local_time/on", far))
        return found

    def require(self, at: datetime | None, local: LocalTime | None, today: date) -> None:
        """Raise `RequestInvalid` for a time at which nothing would leave, or that is years away."""
        if faults := self.faults(at, local, today):
            raise RequestInvalid(faults)

    def timed(self, tx: Tx, campaign: Campaign, local: LocalTime, now: datetime) -> Campaign:
        """Return an approved campaign that begins when it is that time at the first customer."""
        local = replace(local, since=now)
        zones = _zones(tx, campaign.id, MessageStatus.APPROVED)
        at = min((instant_of(local, self.clock_of(z), now) for z in zones), default=now)
        return replace(campaign, schedule_at=at, local_time=local)

    def put_off(self, tx: Tx, campaign_id: CampaignId, local: LocalTime, now: datetime) -> None:
        """Have each queued message wait for that time where its customer is."""
        why = f"waits for {local.at:%H:%M} by the customer's own clock"
        for zone in _zones(tx, campaign_id, MessageStatus.QUEUED):
            tx.messages.put_off(campaign_id, zone, instant_of(local, self.clock_of(zone), now), why)


def _zones(tx: Tx, campaign_id: CampaignId, status: MessageStatus) -> set[str]:
    return {zone for _, zone, _ in tx.messages.places(campaign_id, [status])}
