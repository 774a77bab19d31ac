"""Do not contact: who is not written to, why, and the way back with evidence."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, Field

from campaigns.model.access import Scope
from campaigns.model.consent import SuppressionReason
from campaigns.model.customer import Channel
from campaigns.model.errors import NotAllowed, RequestInvalid
from campaigns.model.wording import plural
from campaigns.web.deps import Answerer, Approver, Reader, S
from campaigns.web.exports import as_csv
from campaigns.web.notices import Notice, Undo, see
from campaigns.web.render import page
from campaigns.web.route import PageRoute
from campaigns.web.security import local_path
from campaigns.web.views.stages import why
from campaigns.web.words import CHANNELS, SUPPRESSED, masked

router = APIRouter(include_in_schema=False, route_class=PageRoute)

PER_PAGE = 50
LISTED_AT_ONCE = 1_000  # addresses of one pasted list
OWN_WORDS = frozenset({SuppressionReason.OPT_OUT, SuppressionReason.COMPLAINT})


class Asked(BaseModel):
    """The list as its address says it."""

    q: Annotated[str, Field(max_length=200)] = ""
    reason: Annotated[str, Field(max_length=40)] = ""
    page: Annotated[int, Field(ge=1, le=100_000)] = 1


@router.get("/suppressions")
def suppressions(
    request: Request, services: S, actor: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """List who is not written to, newest first."""
    reason = next((r for r in SuppressionReason if r.value == asked.reason), None)
    first = (asked.page - 1) * PER_PAGE
    found, total = services.desk.suppressions(asked.q, reason, first, PER_PAGE)
    return page(
        request,
        "suppressions.html",
        asked=asked,
        found=found,
        total=total,
        first=first,
        reasons=SUPPRESSED,
        own_words=OWN_WORDS,
        why=why,
        may_add=actor.allows(Scope.REPLY),
        may_lift=actor.allows(Scope.APPROVE),
    )


@router.get("/suppressions.csv")
def suppressions_csv(services: S, actor: Reader) -> Response:
    """Give the list to download."""
    found, _ = services.desk.suppressions("", None, 0, 1_000_000)
    heading = ("Channel", "Address", "Customer", "Reason", "Source", "Since (UTC)")
    rows = (
        (CHANNELS[s.channel], s.address, name, SUPPRESSED[s.reason], s.source, s.at)
        for s, _, name in found
    )
    return as_csv("do-not-contact", heading, rows)


class AddForm(BaseModel):
    """One address or a pasted list of them, one a line."""

    channel: Channel
    addresses: Annotated[str, Field(max_length=200_000)] = ""
    why: Annotated[str, Field(max_length=400)] = ""


@router.post("/suppressions")
def add(services: S, actor: Answerer, form: Annotated[AddForm, Form()]) -> Response:
    """Put addresses on the list; what is no address is named and left out."""
    lines = [line.strip() for line in form.addresses.splitlines() if line.strip()]
    if not lines or len(lines) > LISTED_AT_ONCE:
        told = f"Give 1 to {LISTED_AT_ONCE} addresses, one a line."
        return see("/suppressions", services, Notice(text=told, failed=True))
    added, refused = [], []
    for line in lines:
        try:
            added.append(
                services.answers.suppress(form.channel, line, form.why.strip() or "by hand", actor)
            )
        except RequestInvalid:
            refused.append(line)
    said = f"{plural(len(added), 'address', 'addresses')} added"
    if refused:
        shown = ", ".join(refused[:3])
        said += f". Not {CHANNELS[form.channel]} addresses, so left out: {shown}"
        said += f" and {len(refused) - 3} more" if len(refused) > 3 else ""
    undo = (
        Undo(
            action="/suppressions/undo", fields={"channel": form.channel.value, "address": added[0]}
        )
        if len(added) == 1
        else None
    )
    return see("/suppressions", services, Notice(text=said, failed=bool(refused), undo=undo))


class LiftForm(BaseModel):
    """An address, why it may be written to again, and the page this was asked from."""

    channel: Channel
    address: Annotated[str, Field(max_length=400)]
    evidence: Annotated[str, Field(max_length=2_000)] = ""
    back: Annotated[str, Field(max_length=2_000)] = ""


@router.post("/suppressions/lift")
def lift(services: S, actor: Approver, form: Annotated[LiftForm, Form()]) -> Response:
    """Take an address off the list, with the consent or the reason as evidence."""
    to = local_path(form.back or "/suppressions")
    if not form.evidence.strip():
        told = Notice(text="Say why this address may be written to again.", failed=True)
        return see(to, services, told)
    services.answers.lift(form.channel, form.address, form.evidence.strip(), actor)
    return see(to, services, Notice(text=f"{masked(form.address)} is off the list"))


@router.post("/suppressions/undo")
def undo(services: S, actor: Answerer, form: Annotated[LiftForm, Form()]) -> Response:
    """Take back an address somebody just added by hand; anything else needs an approver."""
    found, _ = services.desk.suppressions(form.address, SuppressionReason.MANUAL, 0, 5)
    held = next((s for s, _, _ in found if s.address == form.address), None)
    if held is None or held.source != actor.name:
        raise NotAllowed("Only what you added by hand can be undone here.")
    services.answers.lift(form.channel, form.address, "added by mistake", actor)
    return see("/suppressions", services, Notice(text="Taken off the list again"))
