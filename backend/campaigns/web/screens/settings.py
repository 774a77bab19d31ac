"""Settings: how each channel stands, the limits, people, API keys, how texts come about."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field

from campaigns.model.access import Scope
from campaigns.model.customer import Channel
from campaigns.model.errors import CampaignError, NotFound, RequestInvalid
from campaigns.model.ids import KeyId, PersonId
from campaigns.model.people import ROLE_WORDS, PersonRole
from campaigns.orchestrator.people import way_in
from campaigns.web.deps import Admin, Reader, S, base_of, who_can
from campaigns.web.notices import Notice, see
from campaigns.web.render import page
from campaigns.web.route import PageRoute
from campaigns.web.screens.door import faults_of
from campaigns.web.words import CHANNELS, Mood

router = APIRouter(include_in_schema=False, route_class=PageRoute)

TABS: Mapping[str, str] = {
    "channels": "Channels",
    "limits": "Limits",
    "templates": "Templates",
    "people": "People",
    "keys": "API keys",
    "ai": "AI",
}
SECRETS: Mapping[Channel, Sequence[str]] = {
    Channel.WHATSAPP: (
        "WHATSAPP_ACCESS_TOKEN",
        "WHATSAPP_PHONE_NUMBER_ID",
        "WHATSAPP_APP_SECRET",
        "WHATSAPP_VERIFY_TOKEN",
    ),
    Channel.LINE: ("LINE_CHANNEL_ACCESS_TOKEN", "LINE_CHANNEL_SECRET"),
    Channel.EMAIL: ("SMTP_SERVER", "SMTP_PORT", "CAMPAIGN_EMAIL_SENDER", "CAMPAIGN_EMAIL_PASSWORD"),
}
LIMIT_SETTINGS: Mapping[Channel, str] = {
    Channel.WHATSAPP: "CAMPAIGNS_WHATSAPP_PER_DAY",
    Channel.LINE: "CAMPAIGNS_LINE_PER_REQUEST",
    Channel.EMAIL: "CAMPAIGNS_EMAIL_PER_HOUR",
}
Short = Annotated[str, Field(max_length=400)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """How one channel stands."""

    channel: Channel
    state: str
    mood: str
    detail: str
    stopped: bool
    settings: Sequence[tuple[str, str]]
    test_to: str


def settings_page(
    request: Request,
    tab: str,
    services: S,
    actor: Reader,
    *,
    needs: Scope = Scope.ADMIN,
    **values: Any,
) -> Response:
    """Return a tab of the settings; who may not change it, for it `needs` more, is told whom to ask."""
    kind = "admins" if needs is Scope.ADMIN else "approvers"
    return page(
        request,
        f"settings_{tab}.html",
        tab=tab,
        tabs=TABS,
        admin=actor.allows(Scope.ADMIN),
        ask=""
        if actor.allows(needs)
        else f"Only {kind} can change this. {who_can(services, needs)}",
        **values,
    )


@router.get("/settings")
def settings(services: S, actor: Reader) -> Response:
    """Go to the first tab."""
    return see("/settings/channels", services)


# --- channels ---------------------------------------------------------------------------------------


@router.get("/settings/channels")
def channels(request: Request, services: S, actor: Reader) -> Response:
    """Show how each channel stands."""
    halted = services.progress.halted()
    shown = services.settings.shown()
    cards = [_card(services, channel, halted.get(channel), shown) for channel in services.carriers]
    return settings_page(request, "channels", services, actor, cards=cards)


def _card(services: S, channel: Channel, stopped: str | None, shown: Mapping[str, str]) -> Card:
    carrier = services.carriers[channel]
    if stopped is not None:
        state, mood, detail = "Stopped", Mood.BAD, stopped
    elif carrier.ready is not None:
        state, mood, detail = "Not set up", Mood.WARN, carrier.ready
    elif carrier.simulated:
        state, mood, detail = "Simulator", Mood.WARN, "Nothing leaves this machine."
    else:
        state, mood, detail = "Connected", Mood.OK, "Real messages go out."
    return Card(
        channel=channel,
        state=state,
        mood=mood.value,
        detail=detail,
        stopped=stopped is not None,
        settings=[(name, shown.get(name, "not set")) for name in SECRETS[channel]],
        test_to=services.house.test_addresses.get(channel, ""),
    )


@router.post("/settings/channels/{channel}/check")
def check(channel: Channel, services: S, actor: Admin) -> Response:
    """Reach the provider and log in; nothing is sent."""
    carrier = services.carriers[channel]
    trouble = carrier.ready or asyncio.run(carrier.probe())
    name = CHANNELS[channel]
    told = (
        Notice(text=f"{name}: {trouble}", failed=True)
        if trouble
        else Notice(text=f"{name} answers")
    )
    return see("/settings/channels", services, told)


@router.post("/settings/channels/{channel}/reopen")
def reopen(channel: Channel, services: S, actor: Admin) -> Response:
    """Let a channel send again."""
    services.sends.reopen(channel, actor)
    return see("/settings/channels", services, Notice(text=f"{CHANNELS[channel]} may send again"))


# --- limits and AI ----------------------------------------------------------------------------------


@router.get("/settings/limits")
def limits(request: Request, services: S, actor: Reader) -> Response:
    """Show the limits and what is used of them."""
    return settings_page(
        request,
        "limits",
        services,
        actor,
        limits=services.progress.limits(),
        months=[month for ch in Channel if (month := services.months.of(ch))],
        warm_ups=services.warm_ups.today(),
        most_per_week=services.settings.campaigns_most_per_week,
        days_between=services.settings.campaigns_days_between,
        holidays=services.settings.campaigns_holidays,
        names=LIMIT_SETTINGS,
        window=services.settings.campaigns_send_window,
        house=services.house,
    )


@router.get("/settings/ai")
def ai(request: Request, services: S, actor: Reader) -> Response:
    """Show who reads and writes."""
    chosen = services.settings
    return settings_page(
        request,
        "ai",
        services,
        actor,
        key=chosen.secrets.get("OPENAI_API_KEY", "not set"),
        model=chosen.campaigns_model,
        base_url=chosen.openai_base_url or "",
    )


# --- people -----------------------------------------------------------------------------------------


@router.get("/settings/people")
def people(request: Request, services: S, actor: Reader) -> Response:
    """Show who has an account."""
    return _people(request, services, actor)


def _people(
    request: Request,
    services: S,
    actor: Reader,
    *,
    link: tuple[str, str] | None = None,
    error: RequestInvalid | None = None,
    form: "InviteForm | None" = None,
) -> Response:
    return settings_page(
        request,
        "people",
        services,
        actor,
        people=services.people.all(),
        roles=ROLE_WORDS,
        link=link,
        passwords=services.settings.campaigns_password_sign_in,
        entrance=services.entrance,
        faults=faults_of(error),
        form=form or InviteForm(),
    )


class InviteForm(BaseModel):
    """Who is invited."""

    name: Short = ""
    email: Short = ""
    role: PersonRole = PersonRole.MANAGER


@router.post("/settings/people")
def invite(
    request: Request, services: S, actor: Admin, form: Annotated[InviteForm, Form()]
) -> Response:
    """Make an account and show its invitation's link, this once."""
    try:
        person, token = services.people.invite(form.name, form.email, form.role, actor)
    except RequestInvalid as error:
        return _people(request, services, actor, error=error, form=form)
    return _people(request, services, actor, link=(person.name, _link(services, request, token)))


@router.post("/settings/people/{person_id}/link")
def link(person_id: PersonId, request: Request, services: S, actor: Admin) -> Response:
    """Show a new link with which somebody chooses a password, this once."""
    token = services.people.reset(person_id, actor)
    name = next(p.name for p in services.people.all() if p.id == person_id)
    return _people(request, services, actor, link=(name, _link(services, request, token)))


def _link(services: S, request: Request, token: str) -> str:
    by_password = services.settings.campaigns_password_sign_in
    return way_in(base_of(request, services), token, by_password=by_password)


@router.post("/settings/people/provider/check")
def check_provider(services: S, actor: Admin) -> Response:
    """Ask the identity provider for its description and keys; nobody is signed in."""
    if services.entrance is None:
        raise NotFound("No identity provider is set here.")
    trouble = services.entrance.provider.probe()
    said = trouble or f"{services.entrance.provider.name} answers"
    return see("/settings/people", services, Notice(text=said, failed=bool(trouble)))


@router.post("/settings/people/{person_id}/role")
def change_role(
    person_id: PersonId, services: S, actor: Admin, role: Annotated[PersonRole, Form()]
) -> Response:
    """Give somebody another role."""
    return _told(
        services,
        lambda: (
            f"{services.people.change_role(person_id, role, actor).name} is now "
            f"{ROLE_WORDS[role].lower()}"
        ),
    )


@router.post("/settings/people/{person_id}/deactivate")
def deactivate(person_id: PersonId, services: S, actor: Admin) -> Response:
    """Lock somebody out at once."""
    return _told(
        services, lambda: f"{services.people.deactivate(person_id, actor).name} is locked out"
    )


@router.post("/settings/people/{person_id}/reactivate")
def reactivate(person_id: PersonId, services: S, actor: Admin) -> Response:
    """Let somebody in again."""
    return _told(
        services, lambda: f"{services.people.reactivate(person_id, actor).name} may sign in again"
    )


def _told(services: S, change: Callable[[], str]) -> Response:
    try:
        told = Notice(text=change())
    except CampaignError as error:
        told = Notice(text=error.for_people, failed=True)
    return see("/settings/people", services, told)


# --- API keys ---------------------------------------------------------------------------------------


@router.get("/settings/keys")
def keys(request: Request, services: S, actor: Admin) -> Response:
    """Show the keys of programs."""
    return settings_page(
        request, "keys", services, actor, keys=services.access.list_keys(), scopes=Scope, secret=""
    )


class KeyForm(BaseModel):
    """A new key."""

    owner: Annotated[str, Field(min_length=1, max_length=200)]
    scopes: list[Scope] = Field(default_factory=lambda: [Scope.READ], max_length=len(Scope))


@router.post("/settings/keys")
def create_key(
    request: Request, services: S, actor: Admin, form: Annotated[KeyForm, Form()]
) -> Response:
    """Make a key and show it, this once."""
    _, secret = services.access.create_key(form.owner.strip(), frozenset(form.scopes), actor)
    return settings_page(
        request,
        "keys",
        services,
        actor,
        keys=services.access.list_keys(),
        scopes=Scope,
        secret=secret,
    )


@router.post("/settings/keys/{key_id}/revoke")
def revoke_key(key_id: KeyId, services: S, actor: Admin) -> Response:
    """Revoke a key at once."""
    services.access.revoke_key(key_id, actor)
    return see("/settings/keys", services, Notice(text="The key is revoked"))
