"""Scheduling a campaign: at a day and time, by the customers' own clocks or by the house's."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, Field

from campaigns.model.ids import CampaignId
from campaigns.web.deps import Reader, S, Sender
from campaigns.web.notices import Notice, see
from campaigns.web.render import fragment, packed
from campaigns.web.route import PageRoute
from campaigns.web.screens.dashboard import SendForm, unlocked
from campaigns.web.views import scheduling
from campaigns.web.views.scheduling import Chosen, Clock
from campaigns.web.words import moment

router = APIRouter(include_in_schema=False, route_class=PageRoute)


class When(BaseModel):
    """The day, the time and by whose clock, as typed."""

    day: Annotated[str, Field(max_length=20)] = ""
    at: Annotated[str, Field(max_length=20)] = ""
    clock: Clock = Clock.HOUSE

    def chosen(self) -> Chosen | None:
        """Return what was chosen; None when it is no day and time."""
        return scheduling.read(self.day, self.at, self.clock)


class ScheduleForm(When, SendForm):
    """What the schedule dialog asks."""


@router.get("/campaigns/{campaign_id}/schedule")
def preview(
    campaign_id: CampaignId,
    request: Request,
    services: S,
    actor: Reader,
    when: Annotated[When, Query()],
) -> Response:
    """Say when the first and the last message would leave; nothing is changed."""
    campaign = services.drafts.get(campaign_id)
    found = scheduling.preview_of(services, campaign, when.chosen())
    return packed(request, fragment("schedule_preview.html", preview=found))


@router.post("/campaigns/{campaign_id}/schedule")
def schedule(
    campaign_id: CampaignId, services: S, actor: Sender, form: Annotated[ScheduleForm, Form()]
) -> Response:
    """Have an approved campaign go at the time given, once the test is through."""
    to, chosen = f"/campaigns/{campaign_id}", form.chosen()
    refused = scheduling.wrong(services, chosen) or unlocked(services, campaign_id, actor, form)
    if refused or chosen is None:
        return see(to, services, Notice(text=refused, failed=True))
    instant = chosen.instant(services.house.timezone)
    services.sends.send(campaign_id, actor, (), instant, chosen.local)
    return see(to, services, Notice(text=f"Scheduled. {_begins(services, campaign_id)}"))


@router.post("/campaigns/{campaign_id}/reschedule")
def reschedule(
    campaign_id: CampaignId, services: S, actor: Sender, form: Annotated[When, Form()]
) -> Response:
    """Change the time of a scheduled campaign, or take the time away."""
    to, chosen = f"/campaigns/{campaign_id}", form.chosen()
    if not form.day:
        services.sends.reschedule(campaign_id, None, actor)
        said = Notice(text="Not scheduled any more. It is approved and waits.")
        return see(to, services, said)
    refused = scheduling.wrong(services, chosen)
    if refused or chosen is None:
        return see(to, services, Notice(text=refused, failed=True))
    instant = chosen.instant(services.house.timezone)
    services.sends.reschedule(campaign_id, instant, actor, chosen.local)
    return see(to, services, Notice(text=f"The time is changed. {_begins(services, campaign_id)}"))


def _begins(services: S, campaign_id: CampaignId) -> str:
    at = services.drafts.get(campaign_id).schedule_at
    when = moment(at, services.clock.now(), services.house.timezone) if at else ""
    return f"The first message leaves {when}." if when else ""
