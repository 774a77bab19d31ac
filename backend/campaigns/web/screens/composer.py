"""The composer: from a request to messages that can be submitted."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, Field

from campaigns.flow.approve import EDITABLE
from campaigns.model.access import Actor, Scope
from campaigns.model.campaign import Campaign
from campaigns.model.customer import Customer
from campaigns.model.ids import CampaignId, CustomerId
from campaigns.model.lists import CustomerQuery
from campaigns.model.message import Message
from campaigns.web.deps import Composer, Reader, S
from campaigns.web.exports import as_csv
from campaigns.web.notices import Notice, see
from campaigns.web.render import page
from campaigns.web.route import PageRoute
from campaigns.web.views import composer as view_of
from campaigns.web.views import pacing, scheduling
from campaigns.web.views.chips import chips, name_for
from campaigns.web.views.composer import View, edit_path
from campaigns.web.views.editors import editors, known_values

router = APIRouter(include_in_schema=False, route_class=PageRoute)

EXAMPLES = (
    "Renewal reminders to customers whose contract ends in 60 days",
    "Christmas music offer for all Asia Pacific hotels",
    "ส่งแบบสำรวจความพึงพอใจให้โรงแรมในพัทยา",
    "Follow up with enterprise customers on Soundtrack",
)
GAPS = {
    "price_per_zone": "No price on file",
    "zone_names": "Zone names incomplete",
    "zone_count": "No zone count",
    "contract_end": "No contract end",
    "contract_start": "No contract start",
    "greeting": "No name to greet",
    "total": "No total",
}
NAMEABLE = 8  # customers shown to add one of
RequestText = Annotated[str, Form(max_length=20_000)]
Back = Annotated[str, Form(max_length=2_000)]


class Asked(BaseModel):
    """What of a campaign is looked at, as the address says it."""

    customer: Annotated[str, Field(max_length=200)] = ""
    ch: Annotated[str, Field(max_length=20)] = ""
    to: Annotated[str, Field(max_length=200)] = ""
    rows: Annotated[int, Field(ge=1)] = view_of.ROWS
    edit: bool = False
    find: Annotated[str, Field(max_length=200)] = ""

    def view(self, base: str) -> View:
        """Return it as a view over a page at `base`."""
        return View(
            base=base,
            customer=self.customer,
            ch=self.ch,
            to=self.to,
            rows=min(self.rows, view_of.MOST_ROWS),
            edit=self.edit,
            find=self.find.strip(),
        )


@router.get("/campaigns/new")
def new(
    request: Request,
    services: S,
    actor: Composer,
    text: Annotated[str, Query(alias="request", max_length=20_000)] = "",
) -> Response:
    """Show the empty composer, or one with a request typed in."""
    return page(
        request,
        "compose.html",
        c=None,
        may_edit=True,
        request_text=text,
        request_lang=_lang(text),
        examples=EXAMPLES,
        four_eyes=services.house.four_eyes,
    )


@router.post("/campaigns/new")
def create(services: S, actor: Composer, request: RequestText = "") -> Response:
    """Understand a request and open the composer on what became of it."""
    text = " ".join(request.split())
    if not text:
        return see(
            "/campaigns/new", services, Notice(text="Say what to send, and to whom.", failed=True)
        )
    name = name_for(services.drafts.plan(request.strip()), text)
    campaign, _ = services.drafts.create(request.strip(), actor, name)
    return see(edit_path(campaign.id), services)


@router.get("/campaigns/{campaign_id}/edit")
def edit(
    campaign_id: CampaignId,
    request: Request,
    services: S,
    actor: Reader,
    asked: Annotated[Asked, Query()],
) -> Response:
    """Show a campaign as its author works on it."""
    campaign = services.drafts.get(campaign_id)
    if campaign.status not in EDITABLE:
        return see(f"/campaigns/{campaign_id}", services)
    return compose_page(request, services, actor, asked.view(edit_path(campaign_id)), campaign_id)


def compose_page(
    request: Request,
    services: S,
    actor: Actor,
    view: View,
    campaign_id: CampaignId,
    draft: Message | None = None,
) -> Response:
    """Return the composer; `draft` is a message with changes that are not stored yet."""
    return page(
        request,
        "compose.html",
        **bench(services, actor, view, campaign_id, draft),
    )


def bench(
    services: S, actor: Actor, view: View, campaign_id: CampaignId, draft: Message | None = None
) -> dict[str, Any]:
    """Return what the composer's parts show; the review shows the same without the tools."""
    found = services.desk.composition(
        campaign_id, view.rows, CustomerId(view.customer) if view.customer else None
    )
    campaign = found.campaign
    plan = campaign.plan
    may_edit = actor.allows(Scope.COMPOSE) and campaign.status in EDITABLE
    pane = view_of.pane(found, view, draft)
    pace, zone = services.outlook.pace(campaign_id), services.house.timezone
    lasts = pacing.lasts(pace, zone)
    return {
        "c": campaign,
        "found": found,
        "view": view,
        "may_edit": may_edit,
        "request_text": campaign.request or "",
        "request_lang": _lang(campaign.request or ""),
        "chips": chips(plan, found.languages),
        "editors": editors(plan) if may_edit else (),
        "known_values": known_values(services.book.vocabulary) if may_edit else {},
        "pane": pane,
        "elsewhere": _elsewhere(services, pane) if may_edit and not view.edit else {},
        "hurdles": view_of.hurdles(found, view, lasts),
        "drift": services.recomposing.drift(campaign_id) if found.messages else (),
        "lasts": lasts,
        "by_day": pacing.days(pace, zone) if lasts else (),
        "span": pacing.span(pace, services.clock.now()),
        "start": scheduling.start(services, campaign),
        "many": view_of.MANY,
        "approvers": approvers(services, campaign) if may_edit else (),
        "hint": _hint(found.audience.hint),
        "narrowing": _narrowing(services, campaign) if not found.audience.customers else None,
        "by_hand": _by_hand(services, campaign),
        "added": {t.customer_id for t in campaign.toggles if t.added},
        "nameable": _nameable(services, view.find) if may_edit and view.find else (),
        "tone": _tone(campaign, pane.message if pane else None),
        "sender": services.settings.campaign_email_sender or services.house.sender,
        "gap_words": _gap_words,
        "editor": _other_editor(services, campaign, actor),
    }


@router.get("/campaigns/{campaign_id}/audience.csv")
def audience_csv(campaign_id: CampaignId, services: S, actor: Reader) -> Response:
    """Give the audience as a list to download."""
    campaign = services.drafts.get(campaign_id)
    audience, _ = services.drafts.audience(campaign_id, "", limit=1_000_000)
    rows = (
        (
            m.name,
            m.brand_group,
            m.city,
            m.country,
            m.zones,
            m.contract_end,
            " ".join(c.value for c in m.channels),
            "; ".join(c.contact.name or c.contact.role_written for c in m.contacts if c.chosen),
            m.unreachable,
        )
        for m in audience.members
    )
    heading = (
        "Customer",
        "Brand",
        "City",
        "Country",
        "Zones",
        "Contract ends",
        "Channels",
        "Contacts",
        "Cannot be reached",
    )
    return as_csv(f"audience-{campaign.id}", heading, rows)


def _elsewhere(services: S, pane: view_of.Pane | None) -> Mapping[str, int]:
    """Return how many other messages are blocked for the words that this one's author may confirm."""
    if pane is None or pane.message is None or pane.facts is None:
        return {}
    to_confirm = {fact.quote for fact in pane.facts.facts if fact.mood == "warn"}
    return services.edits.elsewhere(pane.message, to_confirm)


# --- words for the panes ----------------------------------------------------------------------------


def approvers(services: S, campaign: Campaign) -> list[Any]:
    """Return who may approve this campaign."""
    own = services.house.four_eyes
    return [
        p
        for p in services.people.all()
        if p.deactivated_at is None
        and p.password_hash
        and p.actor.allows(Scope.APPROVE)
        and not (own and p.name == campaign.author)
    ]


def _lang(text: str) -> str:
    return "th" if any("฀" <= c <= "๿" for c in text) else ""


def _hint(hint: str) -> str:
    return (
        hint.split(" Check the filters", maxsplit=1)[0]
        .replace(" see `not_understood`.", "")
        .rstrip(":")
    )


def _narrowing(services: S, campaign: Campaign) -> dict[str, object] | None:
    """Return the filter that removes most, when dropping it finds somebody."""
    if not campaign.plan.is_clear:
        return None
    found = services.desk.narrowing(campaign.plan)
    if found is None:
        return None
    attribute, customers = found
    chip = next(
        c for c in chips(campaign.plan, {}) if c.attribute == attribute.value and not c.excluded
    )
    return {
        "attribute": attribute.value,
        "chip": f"{chip.label}: {chip.value}",
        "customers": customers,
    }


def _nameable(services: S, words: str) -> Sequence[Customer]:
    """Return the first customers whose names hold what somebody looks for, to add one."""
    return services.desk.customers(CustomerQuery(words=words), 0, NAMEABLE)[0]


def _by_hand(services: S, campaign: Campaign) -> list[dict[str, str]]:
    ids = [t.customer_id for t in campaign.toggles if t.contact_id is None and not t.include]
    if not ids:
        return []
    names = services.desk.names(ids)
    return [{"id": i, "name": names.get(i, i)} for i in ids]


def _tone(campaign: Campaign, message: Message | None) -> str:
    tone = message.cohort.split(".")[1] if message and message.cohort.count(".") else ""
    return f"Tone: {tone}" if tone else ""


def _gap_words(gaps: tuple[str, ...], *, plain: bool = False) -> str:
    said = [GAPS.get(gap, f"No {gap.replace('_', ' ')}") for gap in gaps]
    if not plain:
        return said[0]
    return ", ".join(s[:1].lower() + s[1:] for s in said)


def _other_editor(services: S, campaign: Campaign, actor: Actor) -> object | None:
    """Return the latest change when somebody else made it within ten minutes."""
    entries, _ = services.access.audit(f"campaign:{campaign.id}", "", 1)
    latest = next(iter(entries), None)
    if latest is None or latest.actor in (actor.name, "system"):
        return None
    recent = (services.clock.now() - latest.at).total_seconds() < 600
    return latest if recent else None
