"""The schedule dialog: the time it opens with, and what any time chosen in it would come to."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from campaigns.bootstrap import Services
from campaigns.model.campaign import Campaign, CampaignStatus, LocalTime
from campaigns.model.outlook import Departure, Pace
from campaigns.model.wording import sentence
from campaigns.web.views import pacing

SCHEDULABLE = frozenset({CampaignStatus.APPROVED, CampaignStatus.SCHEDULED})


class Clock(StrEnum):
    """By whose clock a time is meant."""

    CUSTOMER = "customer"
    HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A day and a time of day, by the customers' own clocks or by the house's."""

    day: date
    at: time
    clock: Clock

    def instant(self, zone: str) -> datetime | None:
        """Return the instant it is at the house; None when each customer has its own."""
        if self.clock is Clock.CUSTOMER:
            return None
        return datetime.combine(self.day, self.at, ZoneInfo(zone))

    @property
    def local(self) -> LocalTime | None:
        """The time by each customer's own clock; None when it is meant by the house's."""
        return LocalTime(at=self.at, on=self.day) if self.clock is Clock.CUSTOMER else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a time comes to: `wrong` says why it cannot be chosen."""

    span: str = ""
    days: tuple[str, ...] = ()
    stretched: str = ""
    wrong: str = ""


def read(day: str, at: str, clock: Clock) -> Chosen | None:
    """Read a day and a time as a browser sends them; None when one is missing or none."""
    try:
        return Chosen(date.fromisoformat(day), time.fromisoformat(at), clock)
    except ValueError:
        return None


def wrong(services: Services, chosen: Chosen | None) -> str:
    """Return why a time cannot be chosen; "" when it can."""
    if chosen is None:
        return "Choose a day and a time."
    instant = chosen.instant(services.house.timezone)
    if instant and instant <= services.clock.now():
        return "That time is past."
    faults = services.hours.faults(instant, chosen.local, services.clock.today())
    return " ".join(sentence(f.detail) for f in faults)


def start(services: Services, campaign: Campaign) -> time:
    """Return the time of day at which a campaign would go by itself: as submitted before, or ours."""
    return campaign.local_time.at if campaign.local_time else services.hours.morning


def proposed(services: Services, campaign: Campaign) -> Chosen:
    """Return the time the dialog opens with: the one chosen before, the request's, or the morning."""
    zone = ZoneInfo(services.house.timezone)
    local, at = campaign.local_time, campaign.schedule_at
    if local is not None and at is not None:
        return Chosen(local.on or at.astimezone(zone).date(), local.at, Clock.CUSTOMER)
    asked = at or campaign.plan.send_at
    if asked is not None and asked > services.clock.now():
        here = asked.astimezone(zone)
        return Chosen(here.date(), here.time().replace(second=0, microsecond=0), Clock.HOUSE)
    now = services.clock.local_now()
    morning = services.hours.morning
    day = now.date() if now.time() < morning else now.date() + timedelta(days=1)
    return Chosen(day, morning, Clock.CUSTOMER)


def preview_of(
    services: Services, campaign: Campaign, chosen: Chosen | None = None
) -> Preview | None:
    """Return when a campaign that may be scheduled would leave, by its own time or a chosen one."""
    if campaign.status not in SCHEDULABLE:
        return None
    if chosen is None:
        pace = services.outlook.pace(campaign.id)
    elif why := wrong(services, chosen):
        return Preview(wrong=why)
    else:
        instant = chosen.instant(services.house.timezone)
        pace = services.outlook.pace(campaign.id, instant, chosen.local)
    return _shown(services, pace, chosen)


def _shown(services: Services, pace: Pace, chosen: Chosen | None) -> Preview:
    zone = services.house.timezone
    found = pacing.days(pace, zone)
    on_time = chosen is not None and all(_is_when(d, chosen, zone) for d in pace.departures)
    return Preview(
        span=pacing.span(pace, services.clock.now()) or "Nothing can leave on an open channel",
        days=tuple(str(day) for day in found) if len(found) > 1 else (),
        stretched="" if on_time else pacing.held(pace, zone),
    )


def _is_when(departure: Departure, chosen: Chosen, zone: str) -> bool:
    """Whether messages leave at the time chosen, to the minute."""
    clock = departure.zone if chosen.clock is Clock.CUSTOMER else zone
    there = departure.at.astimezone(ZoneInfo(clock))
    return (there.date(), there.time().replace(second=0, microsecond=0)) == (chosen.day, chosen.at)


def quiet_hours(services: Services) -> str:
    """Return when messages may leave at all."""
    hours = services.settings.campaigns_send_window
    if hours == "always":
        return "Messages may leave at any hour."
    opens, _, closes = hours.partition("-")
    return f"Each message waits for {opens} to {closes} where its customer is."
