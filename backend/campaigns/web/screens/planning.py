"""Changing a plan in the composer: its request, filters, channels, and who is left out."""

import json
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, Field

from campaigns.flow.plan import filters_json
from campaigns.model.access import Actor
from campaigns.model.errors import RequestInvalid
from campaigns.model.ids import CampaignId, CustomerId
from campaigns.model.plan import Attribute
from campaigns.model.wording import plural
from campaigns.web.deps import Composer, S
from campaigns.web.notices import Notice, Undo, see
from campaigns.web.route import PageRoute
from campaigns.web.security import local_path
from campaigns.web.views.chips import LABELS
from campaigns.web.views.composer import edit_path

router = APIRouter(include_in_schema=False, route_class=PageRoute)

RequestText = Annotated[str, Form(max_length=20_000)]
Back = Annotated[str, Form(max_length=2_000)]


@router.post("/campaigns/{campaign_id}/request")
def change_request(
    campaign_id: CampaignId, services: S, actor: Composer, request: RequestText = ""
) -> Response:
    """Understand the request anew."""
    if not request.strip():
        return see(
            edit_path(campaign_id), services, Notice(text="The request is empty.", failed=True)
        )
    services.drafts.change(campaign_id, {"human_request": request.strip()}, actor)
    return see(edit_path(campaign_id), services)


@router.post("/campaigns/{campaign_id}/name")
def rename(
    campaign_id: CampaignId,
    services: S,
    actor: Composer,
    name: Annotated[str, Form(max_length=200)] = "",
    back: Back = "",
) -> Response:
    """Give the campaign another name; nothing else changes."""
    if name.strip():
        services.drafts.change(campaign_id, {"name": name.strip()}, actor)
    return see(_way_back(campaign_id, back), services)


class FilterForm(BaseModel):
    """One attribute's editor. Without `set` the attribute is removed."""

    attribute: Attribute
    excluded: bool = False
    set: bool = False
    value: list[Annotated[str, Field(max_length=400)]] = Field(default_factory=list, max_length=500)
    first: Annotated[str, Field(max_length=20)] = ""
    last: Annotated[str, Field(max_length=20)] = ""
    back: Annotated[str, Field(max_length=2_000)] = ""

    def values(self) -> list[object]:
        """Return the values as a structured request takes them."""
        if not self.set:
            return []
        match self.attribute:
            case Attribute.CONTRACT_END:
                ends: dict[str, object] = {"from": self.first or None, "to": self.last or None}
                return [ends] if self.first or self.last else []
            case Attribute.ZONES:
                low, high = (int(n) if n.isdecimal() else None for n in (self.first, self.last))
                return [{"min": low, "max": high}] if (low, high) != (None, None) else []
            case _:
                return [v.strip() for v in self.value if v.strip()]


@router.post("/campaigns/{campaign_id}/filters")
def change_filter(
    campaign_id: CampaignId, services: S, actor: Composer, form: Annotated[FilterForm, Form()]
) -> Response:
    """Set or remove one filter or exclusion."""
    plan = services.drafts.get(campaign_id).plan
    before = {"filters": filters_json(plan.filters), "exclude": filters_json(plan.exclude)}
    key = "exclude" if form.excluded else "filters"
    values = form.values()
    changed = {k: v for k, v in before[key].items() if k != form.attribute.value}
    if values:
        changed[form.attribute.value] = values
    to = _way_back(campaign_id, form.back)
    undo = Undo(
        action=f"/campaigns/{campaign_id}/filters/restore",
        fields={"before": json.dumps(before, ensure_ascii=False), "back": to},
    )
    done = Notice(text=f"{LABELS[form.attribute]} {'changed' if values else 'removed'}", undo=undo)
    wrong = _changed(services, campaign_id, actor, {**before, key: changed}, to)
    return wrong or see(to, services, done)


@router.post("/campaigns/{campaign_id}/filters/restore")
def restore_filters(
    campaign_id: CampaignId,
    services: S,
    actor: Composer,
    before: Annotated[str, Form(max_length=20_000)],
    back: Back = "",
) -> Response:
    """Undo a change of the filters."""
    to = _way_back(campaign_id, back)
    return _changed(services, campaign_id, actor, json.loads(before), to) or see(to, services)


@router.post("/campaigns/{campaign_id}/drop")
def drop_words(campaign_id: CampaignId, services: S, actor: Composer) -> Response:
    """Go on without the words that were not understood."""
    to = edit_path(campaign_id)
    return _changed(services, campaign_id, actor, {"not_understood": []}, to) or see(to, services)


@router.post("/campaigns/{campaign_id}/recompose")
def recompose(campaign_id: CampaignId, services: S, actor: Composer, back: Back = "") -> Response:
    """Write to those anew of whom the customer book says something else by now."""
    done = services.recomposing.recompose(campaign_id, actor)
    said = f"{plural(done.customers, 'customer')} recomposed"
    if done.kept:
        said += f"; {done.kept} with words changed by hand kept them and were checked again"
    if done.blocked:
        said += (
            f"; {plural(done.blocked, 'message')} {'needs' if done.blocked == 1 else 'need'} a fix"
        )
    return see(_way_back(campaign_id, back), services, Notice(text=f"{said}."))


@router.post("/campaigns/{campaign_id}/audience")
def find_again(campaign_id: CampaignId, services: S, actor: Composer, back: Back = "") -> Response:
    """Find the audience again by the same filters; words changed by hand stay where they can."""
    by_hand = {
        d.customer_id: d.customer for d in services.recomposing.drift(campaign_id) if d.edited
    }
    _, audience = services.drafts.change(campaign_id, {}, actor)
    said = f"{plural(audience.customers, 'customer')} now."
    if out := [
        name for i, name in by_hand.items() if i not in {m.customer_id for m in audience.members}
    ]:
        said += f" With words changed by hand, and out: {', '.join(out)}."
    return see(_way_back(campaign_id, back), services, Notice(text=said))


class PlanForm(BaseModel):
    """The editors of type, channels, language and tone; what is absent stays."""

    type: Annotated[str, Field(max_length=40)] = ""
    channels_set: bool = False
    channels: list[str] = Field(default_factory=list, max_length=3)
    language_set: bool = False
    language: Annotated[str, Field(max_length=8)] = ""
    tone: Annotated[str, Field(max_length=20)] = ""
    back: Annotated[str, Field(max_length=2_000)] = ""

    def patch(self) -> dict[str, object]:
        """Return the change as a structured request takes it."""
        changes: dict[str, object] = {}
        if self.type:
            changes["type"] = self.type
        if self.channels_set:
            changes["channels"] = self.channels or None
        if self.language_set:
            changes["language"] = self.language or None
        if self.tone:
            changes["tone"] = None if self.tone == "own" else self.tone
        return changes


@router.post("/campaigns/{campaign_id}/plan")
def change_plan(
    campaign_id: CampaignId, services: S, actor: Composer, form: Annotated[PlanForm, Form()]
) -> Response:
    """Change the type, the channels, the language or the tone."""
    to = _way_back(campaign_id, form.back)
    return _changed(services, campaign_id, actor, form.patch(), to) or see(to, services)


def _changed(
    services: S, campaign_id: CampaignId, actor: Actor, patch: Mapping[str, object], back: str
) -> Response | None:
    """Change the plan; return the way back with what is wrong, None when nothing is."""
    if not patch:
        return None
    try:
        services.drafts.change(campaign_id, patch, actor)
    except RequestInvalid as error:
        return see(back, services, Notice(text=_sentence(error), failed=True))
    return None


def _way_back(campaign_id: CampaignId, back: str) -> str:
    return local_path(back or edit_path(campaign_id))


def _sentence(error: RequestInvalid) -> str:
    text = "; ".join(f.detail for f in error.faults)
    return text[:1].upper() + text[1:] + "."


class ToggleForm(BaseModel):
    """A decision about a customer, or about one of its contacts."""

    customer_id: Annotated[str, Field(max_length=200)]
    contact_id: Annotated[str, Field(max_length=200)] = ""
    include: bool = False
    added: bool = False
    name: Annotated[str, Field(max_length=200)] = ""
    back: Annotated[str, Field(max_length=2_000)] = ""

    def change(self, include: bool) -> dict[str, object]:
        """Return it as the API takes it."""
        whose = {"customer_id": self.customer_id, "include": include, "added": self.added}
        return whose | ({"contact_id": self.contact_id} if self.contact_id else {})

    @property
    def said(self) -> str:
        """What became of it."""
        done = "added" if self.added else "in again"
        return f"{self.name or 'The customer'} is {done if self.include else 'left out'}"


@router.post("/campaigns/{campaign_id}/customers")
def toggle(
    campaign_id: CampaignId, services: S, actor: Composer, form: Annotated[ToggleForm, Form()]
) -> Response:
    """Leave a customer or one of its contacts out, take them back in, or add a customer."""
    services.customers.get(CustomerId(form.customer_id))
    services.drafts.change(campaign_id, {"contacts": [form.change(form.include)]}, actor)
    to = _way_back(campaign_id, form.back)
    fields = {
        "customer_id": form.customer_id,
        "contact_id": form.contact_id,
        "name": form.name,
        "back": to,
        "include": "" if form.include else "1",
    }
    undo = Undo(action=f"/campaigns/{campaign_id}/customers", fields=fields)
    return see(to, services, Notice(text=form.said, undo=undo))
