"""Who wrote a reply when its address does not say so: the picker, the word for it, the book."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, Field

from campaigns.bootstrap import Services
from campaigns.model.customer import Customer
from campaigns.model.errors import BookError
from campaigns.model.ids import ContactId, CustomerId, ReplyId
from campaigns.model.lists import CustomerQuery
from campaigns.orchestrator.inbox import Thread
from campaigns.web.deps import Answerer, Composer, S
from campaigns.web.notices import Notice, Undo, see
from campaigns.web.route import PageRoute
from campaigns.web.screens.contacts import ROLES
from campaigns.web.security import local_path

router = APIRouter(include_in_schema=False, route_class=PageRoute)

SHOWN = 6  # customers found, from which one is chosen
Back = Annotated[str, Form(max_length=2_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """Whom a talk may be with.

    `found` are the customers of the book at its address, or those that somebody looks for.
    `enterable` says that a person named its customer and the book has the address nowhere.
    """

    found: Sequence[Customer]
    enterable: bool
    role: str
    name: str
    roles: Sequence[str] = ROLES


def picker(services: Services, thread: Thread, words: str) -> Picker:
    """Return whom a conversation may be with, for the words somebody looks for."""
    sender = thread.reply.sender
    unsettled = sender is None or sender.said_by
    sharing = services.senders.sharing(thread.reply.id) if unsettled else ()
    found: Sequence[Customer] = ()
    if sender is None and words:
        found = services.desk.customers(CustomerQuery(words=words), 0, SHOWN)[0]
    elif sender is None:
        ids = dict.fromkeys(owner.customer_id for owner in sharing)
        found = [services.customers.get(i)[0] for i in list(ids)[:SHOWN]]
    contacts = thread.customer.contacts if thread.customer else ()
    chosen = next((c for c in contacts if sender and c.id == sender.contact_id), None)
    return Picker(
        found=found,
        enterable=bool(sender and sender.said_by) and not sharing and thread.customer is not None,
        role=chosen.role_written if chosen else "",
        name=(chosen.name or "") if chosen else "",
    )


class SenderForm(BaseModel):
    """Whose reply it is."""

    customer_id: Annotated[str, Field(min_length=1, max_length=200)]
    contact_id: Annotated[str, Field(max_length=200)] = ""
    back: Annotated[str, Field(max_length=2_000)] = ""


@router.post("/inbox/{reply_id}/sender")
def say(
    reply_id: ReplyId, services: S, actor: Answerer, form: Annotated[SenderForm, Form()]
) -> Response:
    """Take a person's word for who wrote."""
    contact_id = ContactId(form.contact_id) if form.contact_id else None
    said = services.senders.say(reply_id, CustomerId(form.customer_id), contact_id, actor)
    to = local_path(form.back or "/inbox")
    undo = Undo(action=f"/inbox/{reply_id}/sender/undo", fields={"back": to})
    who = said.sender.customer if said.sender else "nobody"
    return see(to, services, Notice(text=f"This conversation is with {who}", undo=undo))


@router.post("/inbox/{reply_id}/sender/undo")
def unsay(reply_id: ReplyId, services: S, actor: Answerer, back: Back = "") -> Response:
    """Take back who wrote."""
    services.senders.unsay(reply_id, actor)
    told = Notice(text="Nobody is named as its sender")
    return see(local_path(back or "/inbox"), services, told)


class EntryForm(BaseModel):
    """The contact that gets the address in the book."""

    role: Annotated[str, Field(min_length=1, max_length=200)]
    name: Annotated[str, Field(max_length=200)] = ""
    back: Annotated[str, Field(max_length=2_000)] = ""


@router.post("/inbox/{reply_id}/contact")
def enter(
    reply_id: ReplyId, services: S, actor: Composer, form: Annotated[EntryForm, Form()]
) -> Response:
    """Put the address into the customer book."""
    to = local_path(form.back or "/inbox")
    role, name = form.role.strip(), form.name.strip()
    try:
        change = services.senders.enter(reply_id, role, name, actor)
    except BookError as error:
        return see(to, services, Notice(text=error.for_people, failed=True))
    undo = Undo(action="/customers/book/undo", fields={"change": change.id, "back": to})
    told = Notice(text=f"{name or role} is in the customer book with this address", undo=undo)
    return see(to, services, told)
