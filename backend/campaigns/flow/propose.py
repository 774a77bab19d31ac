"""Whom a run of an automation proposes, whom an earlier run proposed already, and its words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from campaigns.model.audience import Audience, Toggle
from campaigns.model.automation import Automation, Proposal
from campaigns.model.ids import CustomerId
from campaigns.model.plan import CampaignType, Plan

SAME_END = "already proposed by this automation for the same Contract End"
BEFORE = "already proposed by this automation"
LONGEST_LIST = 3  # due times or questions named one by one


def left_out(
    ends: Mapping[CustomerId, date | None],
    earlier: Mapping[CustomerId, Proposal],
    automation: Automation,
    plan: Plan,
    now: datetime,
) -> tuple[Toggle, ...]:
    """Return a toggle for every customer that an earlier run proposed and that waits.

    `ends` are the Contract Ends of those the plan means. Where the campaign is about the
    contract, a new Contract End is a new matter: nobody is left out for an old one.
    """
    about_contract = plan.type is CampaignType.RENEWAL or bool(plan.filters.contract_end)
    why = SAME_END if about_contract else BEFORE
    days = automation.again_after_days
    if days is not None:
        why = f"{why} less than {days} days ago"
    return tuple(
        Toggle(customer_id=customer_id, include=False, why=why)
        for customer_id, end in ends.items()
        if (proposal := earlier.get(customer_id))
        and not (about_contract and end != proposal.contract_end)
        and (days is None or now < proposal.at + timedelta(days=days))
    )


def campaign_name(automation: Automation, title: str, on: date) -> str:
    """Return the name of the campaign a run makes on a day: the automation's, else its `title`.

    An automation nobody named goes by the first words of its request, which name no campaign.
    """
    unnamed = automation.request is not None and automation.request.startswith(automation.name)
    return f"{title if unnamed else automation.name}, {on.day} {on:%b %Y}"


def missed_words(missed: Sequence[datetime]) -> str:
    """Return what to say of due times that passed while nothing ran; `missed` in house time."""
    if not missed:
        return ""
    shown = ", ".join(f"{at:%Y-%m-%d %H:%M}" for at in missed[-LONGEST_LIST:])
    more = f"{len(missed)} earlier due times were" if len(missed) > 1 else "An earlier due time was"
    named = f"the last {LONGEST_LIST}: {shown}" if len(missed) > LONGEST_LIST else shown
    return f" {more} missed while nothing was running ({named}); only the latest is made up for."


def nobody_words(audience: Audience, proposed_before: int) -> str:
    """Return why a run has nobody to write to, with every count."""
    if audience.customers:
        reasons = "; ".join(f"{x.customers} × {x.reason}" for x in audience.unreachable_why)
        new = f"{audience.customers} new customers cannot be written to ({reasons})"
    else:
        new = "nobody new"
    if proposed_before:
        return f"No campaign: {new}; {proposed_before} were proposed before."
    return f"No campaign: {new}. {audience.hint}".strip()


def open_points(plan: Plan) -> str:
    """Return what of a request a person must answer, in words."""
    points = [
        *(f"“{words}” was not understood" for words in plan.not_understood),
        *(question.text for question in plan.questions),
    ]
    return "; ".join(points[:LONGEST_LIST]) or "it names no customers, or no purpose"


def unclear_words(plan: Plan) -> str:
    """Return why a run whose request a person must answer made nothing."""
    return f"No campaign: the request needs a person's answer ({open_points(plan)})."
