"""Errors as pages: what is wrong, who can help, what changed, what was typed, what to report."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from campaigns.bootstrap import Services
from campaigns.model import errors as e
from campaigns.model.lists import TrailQuery
from campaigns.model.people import Person
from campaigns.model.wording import sentence
from campaigns.web.render import page, services_of
from campaigns.web.words import DEEDS, ago, capitalize_first

log = structlog.get_logger(__name__)

_ID = re.compile(r"\b([Cc]ampaign|[Mm]essage|[Rr]eply|[Aa]utomation) [a-z]_\w+")

STATUS: dict[type[e.CampaignError], int] = {
    e.RequestInvalid: 422,
    e.NotFound: 404,
    e.NotAllowed: 403,
    e.SignInFailed: 403,
    e.WrongState: 409,
    e.Stale: 409,
    e.BookChanged: 409,
    e.EditRefused: 422,
    e.BookError: 503,
    e.FolderInUse: 503,
}
# What a name in an address stands for, and where it is looked at.
THINGS: Mapping[str, tuple[str, str]] = {
    "message_id": ("message", ""),
    "automation_id": ("automation", "/automations/{}"),
    "campaign_id": ("campaign", "/campaigns/{}"),
    "reply_id": ("reply", "/inbox?f=all&sel={}"),
    "customer_id": ("customer", "/customers/{}"),
    "other": ("customer", ""),
    "person_id": ("account", ""),
    "key_id": ("API key", ""),
}
UNTYPED = re.compile(r"password|token|secret", re.IGNORECASE)  # what is never shown again


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field as it was sent: its words, and what is wrong with them, "" when nothing is."""

    name: str
    value: str
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error for its reader.

    `latest` tells of the newest change of what it is about, `reload` is where that is looked
    at. `faults` are by field, `typed` is the form as it was sent. `number` and `details` are for
    whoever repairs it.
    """

    status: int
    title: str
    detail: str
    latest: str = ""
    reload: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    typed: Sequence[Field] = ()
    number: str = ""
    details: str = ""


def error_page(
    request: Request, error: Exception, sent: Sequence[tuple[str, str]] = ()
) -> Response:
    """Return the page for an error; an unexpected one gets a number to report.

    `sent` is the form that was posted, if one was.
    """
    found = _problem(request, error, sent)
    action = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return page(
        request, "error.html", found.status, problem=found, action=action, labelled=labelled
    )


async def form_sent(request: Request) -> Sequence[tuple[str, str]]:
    """Return the fields of a posted form, files and what is secret aside."""
    if request.method != "POST":
        return ()
    form = await request.form()
    return [
        (name, value)
        for name, value in form.multi_items()
        if isinstance(value, str) and not UNTYPED.search(name)
    ]


def _problem(request: Request, error: Exception, sent: Sequence[tuple[str, str]]) -> Problem:
    match error:
        case e.CampaignError():
            return _of_ours(request, error, sent)
        case RequestValidationError():
            faults = _faults(error)
            title = "Something in the form is missing or wrong"
            detail = " ".join(f"{labelled(name)}: {fault}" for name, fault in faults.items())
            typed = _typed(sent, faults)
            return Problem(status=422, title=title, detail=detail, faults=faults, typed=typed)
        case HTTPException(status_code=404):
            title = "There is no such page"
            detail = "The address may be cut short, or the page has moved."
            return Problem(status=404, title=title, detail=detail)
        case HTTPException():
            title = "This is not possible"
            return Problem(status=error.status_code, title=title, detail=str(error.detail))
        case _:
            return _unexpected(request, error)


def _of_ours(request: Request, error: e.CampaignError, sent: Sequence[tuple[str, str]]) -> Problem:
    status = next((s for kind, s in STATUS.items() if isinstance(error, kind)), 500)
    title, detail = error.title, _sentence(error)
    services = services_of(request)
    match error:
        case e.RequestInvalid():
            faults = {f.pointer.rpartition("/")[2]: _said(f.detail) for f in error.faults}
            known = {name for name, _ in sent}
            typed = _typed(sent, faults) if faults.keys() & known else ()
            return Problem(status=status, title=title, detail=detail, faults=faults, typed=typed)
        case e.NotFound():
            return Problem(status=status, title=_missing(request, error), detail=detail)
        case _ if status == 409:
            return Problem(
                status=status,
                title=title,
                detail=detail,
                latest=_latest(services, request),
                reload=_place(request),
            )
        case _:
            return Problem(status=status, title=title, detail=detail)


def _unexpected(request: Request, error: Exception) -> Problem:
    number = secrets.token_hex(4)
    log.error("page.failed", number=number, method=request.method, exc_info=error)
    now = services_of(request).clock.now()
    return Problem(
        status=500,
        title="Something went wrong here",
        detail="It was not you. What you asked for may not have been done: look before you try again.",
        number=number,
        details=f"Error {number}: {request.method} {request.url.path}, {now:%Y-%m-%d %H:%M:%S} UTC",
    )


# --- in words ---------------------------------------------------------------------------------------


def labelled(name: str) -> str:
    """Return a field's name as people read it.

    >>> labelled("contact_id"), labelled("text")
    ('Contact', 'Text')
    """
    return name.removesuffix("_id").replace("_", " ").capitalize()


def _faults(error: RequestValidationError) -> dict[str, str]:
    """Return what is wrong with a form by field, in words."""
    found: dict[str, str] = {}
    for fault in error.errors():
        name = next((str(part) for part in fault["loc"][1:]), "form")
        limits = fault.get("ctx", {})
        match fault["type"]:
            case "missing" | "string_too_short":
                said = "Fill this in."
            case "string_too_long":
                said = f"At most {limits['max_length']:,} characters."
            case "enum" | "literal_error":
                said = "Choose one of those offered."
            case _:
                said = _said(fault["msg"])
        found.setdefault(name, said)
    return found


def _said(words: str) -> str:
    return sentence(capitalize_first(words))


def _typed(sent: Sequence[tuple[str, str]], faults: Mapping[str, str]) -> Sequence[Field]:
    """Return a form as it was sent; fields that are wrong and were not sent are empty."""
    fields = [Field(name=n, value=v, fault=faults.get(n, "")) for n, v in sent]
    names = {name for name, _ in sent}
    absent = [n for n in faults if n not in names and not UNTYPED.search(n)]
    return [*fields, *(Field(name=n, value="", fault=faults[n]) for n in absent)]


def _sentence(error: e.CampaignError) -> str:
    if isinstance(error, e.RequestInvalid):
        return " ".join(_said(fault.detail) for fault in error.faults)
    said = error.for_people
    return said if isinstance(error, e.NotFound) else _ID.sub(_named, said)


def _named(found: re.Match[str]) -> str:
    """Return what an id names: the one that is looked at."""
    return f"{'The' if found[1][0].isupper() else 'the'} {found[1].lower()}"


# --- what it is about ---------------------------------------------------------------------------------


def _missing(request: Request, error: e.NotFound) -> str:
    """Return a heading that names what there is none of."""
    for param, (thing, _) in THINGS.items():
        value = request.path_params.get(param)
        if value is not None and str(value) in str(error):
            return f"No such {thing}"
    return error.title


def _place(request: Request) -> str:
    """Return where the newest state of what a request was about is looked at."""
    for param, (_, path) in THINGS.items():
        if path and param in request.path_params:
            return path.format(request.path_params[param])
    return ""


def _latest(services: Services, request: Request) -> str:
    """Return who changed what a request was about last, when and how; "" when nobody did."""
    me: Person | None = getattr(request.state, "person", None)
    for param, (thing, _) in THINGS.items():
        if me is None or param not in request.path_params:
            continue
        subject = f"{thing}:{request.path_params[param]}"
        entries, _ = services.desk.trail(TrailQuery(subject=subject), None, 1)
        if entries:
            last = entries[0]
            who = "you" if last.actor == me.name else last.actor
            when = ago(last.at, services.clock.now())
            return f"Changed by {who} {when}: {DEEDS.get(last.action, last.action)}."
    return ""
