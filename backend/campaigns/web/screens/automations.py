"""Automations: requests that become campaigns again and again, each for a person to review."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field

from campaigns.flow.rhythm import DEFAULT_AT, worded
from campaigns.model.access import Scope
from campaigns.model.automation import Every, Outcome, Weekday
from campaigns.model.errors import RequestInvalid
from campaigns.model.ids import AutomationId
from campaigns.web.deps import Composer, Reader, S
from campaigns.web.notices import Notice, see
from campaigns.web.render import page
from campaigns.web.route import PageRoute
from campaigns.web.screens.door import faults_of
from campaigns.web.words import Mood

router = APIRouter(include_in_schema=False, route_class=PageRoute)

LISTED = 200
IN_WORDS = "request"  # the request itself says how often
RUNS = 50
OUTCOMES: Mapping[Outcome, tuple[str, Mood]] = {
    Outcome.IN_REVIEW: ("waits for approval", Mood.OK),
    Outcome.DRAFT: ("needs mending", Mood.WARN),
    Outcome.NOBODY_NEW: ("nobody new", Mood.PLAIN),
    Outcome.UNCLEAR: ("needs an answer", Mood.WARN),
    Outcome.FAILED: ("failed", Mood.BAD),
}
Short = Annotated[str, Field(max_length=40)]


class NewAutomation(BaseModel):
    """What the form says; empty fields are not said."""

    request: Annotated[str, Field(max_length=20_000)] = ""
    name: Annotated[str, Field(max_length=200)] = ""
    every: Short = Every.MONTH.value
    at: Short = DEFAULT_AT
    weekday: Short = Weekday.MONDAY.value
    day: Short = "1"
    again: Short = ""

    def body(self) -> dict[str, Any]:
        """Return it as `Automations.create` reads it."""
        rhythm: dict[str, object] = {"every": self.every, "at": self.at or DEFAULT_AT}
        if self.every == Every.WEEK.value:
            rhythm["weekday"] = self.weekday
        if self.every == Every.MONTH.value:
            rhythm["day"] = _number(self.day)
        return {
            "human_request": self.request.strip(),
            "name": self.name.strip(),
            "again_after_days": _number(self.again),
            # "As the request says" leaves the rhythm to its words.
            **({} if self.every == IN_WORDS else {"rhythm": rhythm}),
        }


def _number(written: str) -> object:
    """Return a whole number; other words as they are, for the checks to name them."""
    written = written.strip()
    return int(written) if written.isdecimal() else written or None


@router.get("/automations")
def automations(request: Request, services: S, actor: Reader) -> Response:
    """List automations: when each is due next, and what its last run came to."""
    return _list(request, services, actor)


def _list(
    request: Request,
    services: S,
    actor: Reader,
    form: NewAutomation | None = None,
    error: RequestInvalid | None = None,
) -> Response:
    found, _ = services.automations.page("", LISTED)
    faults = faults_of(error)
    known = {"/human_request", "/name", "/again_after_days"}
    return page(
        request,
        "automations.html",
        422 if error else 200,
        found=found,
        worded=worded,
        outcomes=OUTCOMES,
        form=form or NewAutomation(),
        faults=faults,
        other=[detail for pointer, detail in faults.items() if pointer not in known],
        every=Every,
        weekdays=Weekday,
        may_edit=actor.allows(Scope.COMPOSE),
        open=form is not None,
    )


@router.post("/automations")
def create(
    request: Request, services: S, actor: Composer, form: Annotated[NewAutomation, Form()]
) -> Response:
    """Set one up; it never approves and never sends."""
    try:
        made = services.automations.create(form.body(), actor)
    except RequestInvalid as error:
        return _list(request, services, actor, form, error)
    return see(_to(made.automation.id), services, Notice(text="Set up. It makes drafts to review."))


@router.get("/automations/{automation_id}")
def automation(
    automation_id: AutomationId, request: Request, services: S, actor: Reader
) -> Response:
    """Show one: what it asks for, what that means today, and what it prepared."""
    seen = services.automations.get(automation_id)
    runs, _ = services.automations.runs(automation_id, "", RUNS)
    plan, audience = services.automations.look(seen.automation)
    return page(
        request,
        "automation.html",
        seen=seen,
        runs=runs,
        plan=plan,
        audience=audience,
        worded=worded,
        outcomes=OUTCOMES,
        may_edit=actor.allows(Scope.COMPOSE),
    )


@router.post("/automations/{automation_id}/active")
def switch(
    automation_id: AutomationId,
    services: S,
    actor: Composer,
    on: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """Switch it on or off."""
    services.automations.change(automation_id, {"active": bool(on)}, actor)
    said = "It is on again, from now" if on else "Paused. Nothing is prepared until you resume it."
    return see(_to(automation_id), services, Notice(text=said))


@router.post("/automations/{automation_id}/run")
def run(automation_id: AutomationId, services: S, actor: Composer) -> Response:
    """Carry it out now; what it makes waits for review."""
    done = services.proposals.run_now(automation_id, actor)
    failed = done.outcome in (Outcome.FAILED, Outcome.UNCLEAR)
    return see(_to(automation_id), services, Notice(text=done.words, failed=failed))


@router.post("/automations/{automation_id}/remove")
def remove(automation_id: AutomationId, services: S, actor: Composer) -> Response:
    """Remove it; the campaigns it made stay."""
    services.automations.remove(automation_id, actor)
    return see("/automations", services, Notice(text="Removed. The campaigns it made stay."))


def _to(automation_id: AutomationId) -> str:
    return f"/automations/{automation_id}"
