"""An automation: a request that becomes a campaign again and again, for a person to review."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from campaigns.model.ids import AutomationId, CampaignId, CustomerId, RunId


class Every(StrEnum):
    """What a rhythm counts in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Weekday(StrEnum):
    """A day of the week, Monday first."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """The day as `date.weekday` counts it: 0 for Monday."""
        return tuple(Weekday).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When an automation is due, in the house's time zone, to the minute.

    `weekday` is set exactly for weekly rhythms, `day` (1-31) exactly for monthly ones; a month
    that has no such day is due on its last.
    """

    every: Every
    at: time
    weekday: Weekday | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation:
    """A request, its rhythm, and how often one customer may be proposed.

    Either `request` holds words for the reader, or `structured` the body of a structured
    request; both are read anew at every due time, with that day as today. A customer proposed
    before is left out: for good while its Contract End stays the same, or, with
    `again_after_days`, until that many days have passed. `due_after` is the instant up to which
    due times are dealt with. `author` is who last chose what is asked for. `revision` grows with
    every change and every run.
    """

    id: AutomationId
    name: str
    rhythm: Rhythm
    author: str
    created_at: datetime
    updated_at: datetime
    due_after: datetime
    request: str | None = None
    structured: Mapping[str, object] | None = None
    again_after_days: int | None = None
    active: bool = True
    revision: int = 1


class Outcome(StrEnum):
    """What a run came to."""

    IN_REVIEW = "in_review"  # a campaign waits for approval
    DRAFT = "draft"  # a campaign was made; something in it must be mended before review
    NOBODY_NEW = "nobody_new"  # no campaign: everybody meant was proposed before, or nobody is
    UNCLEAR = "unclear"  # no campaign: the request needs a person's answer
    FAILED = "failed"  # no campaign: the automation could not be carried out


NEEDS_A_PERSON = frozenset({Outcome.DRAFT, Outcome.UNCLEAR, Outcome.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One time an automation was carried out, and what came of it.

    `due_at` is the time it was due, or asked for by hand (`by` then names who). `missed` counts
    the due times before it that passed while nothing was running. `proposed` are the customers
    in the campaign, `left_out` those an earlier run had proposed. `words` say it all to a person.
    """

    id: RunId
    automation_id: AutomationId
    due_at: datetime
    at: datetime
    outcome: Outcome
    words: str
    by: str
    campaign_id: CampaignId | None = None
    proposed: int = 0
    left_out: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The last time an automation proposed a customer, with the Contract End of that day."""

    customer_id: CustomerId
    contract_end: date | None
    at: datetime
