"""The inbox: who answered, what they mean, what to do about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, Field

from campaigns.model.access import Actor, Scope
from campaigns.model.customer import Channel
from campaigns.model.errors import Unconfirmed
from campaigns.model.ids import CampaignId, MessageId, PersonId, ReplyId
from campaigns.model.lists import InboxFilter, InboxQuery
from campaigns.model.message import Check
from campaigns.model.people import Person
from campaigns.model.reply import Intent, Reply
from campaigns.orchestrator.answering import SHOWN_ONLY, Wanted
from campaigns.orchestrator.inbox import InboxView, Thread
from campaigns.web.deps import Answerer, Me, Reader, S
from campaigns.web.live import Moment, Seen, live_of, mark
from campaigns.web.notices import Notice, Undo, see
from campaigns.web.render import page
from campaigns.web.route import PageRoute
from campaigns.web.screens.senders import picker
from campaigns.web.security import local_path
from campaigns.web.views.evidence import marked_words
from campaigns.web.views.stages import why
from campaigns.web.words import CHANNELS, INTENTS

router = APIRouter(include_in_schema=False, route_class=PageRoute)

FILTERS = {
    InboxFilter.NEEDS_REPLY: "Needs reply",
    InboxFilter.MINE: "Mine",
    InboxFilter.ESCALATED: "Escalated",
    InboxFilter.DONE: "Done",
    InboxFilter.ALL: "All",
}
NOTHING = {
    InboxFilter.NEEDS_REPLY: ("No replies waiting", "Everything that came in is dealt with."),
    InboxFilter.MINE: ("Nothing of yours", "Assign a reply to yourself and it stays here."),
    InboxFilter.ESCALATED: ("Nothing escalated", ""),
    InboxFilter.DONE: ("Nothing done yet", ""),
    InboxFilter.ALL: ("No replies yet", "Most people answer within 4 hours of a campaign."),
}
DECIDED = {
    "send_again": "It is sent again",
    "was_sent": "Noted as sent",
    "give_up": "Given up",
}
WORDLESS = re.compile(r"^\[[a-z_]+\]")  # what stands for a picture or a voice message
Back = Annotated[str, Form(max_length=2_000)]


class Asked(BaseModel):
    """Which conversations, and the one that is open."""

    f: InboxFilter = InboxFilter.NEEDS_REPLY
    intent: Annotated[str, Field(max_length=40)] = ""
    ch: Annotated[str, Field(max_length=20)] = ""
    q: Annotated[str, Field(max_length=200)] = ""
    campaign: Annotated[str, Field(max_length=60)] = ""
    sel: Annotated[str, Field(max_length=60)] = ""
    find: Annotated[str, Field(max_length=200)] = ""

    def query(self, person_id: PersonId) -> InboxQuery:
        """Return it as a query."""
        return InboxQuery(
            filter=self.f,
            person_id=person_id,
            intent=next((i for i in Intent if i.value == self.intent), None),
            channel=next((c for c in Channel if c.value == self.ch), None),
            campaign_id=CampaignId(self.campaign) if self.campaign else None,
            words=self.q,
        )

    def link(self, **change: str) -> str:
        """Return the address of this view with something changed."""
        now = {
            "f": self.f.value,
            "intent": self.intent,
            "ch": self.ch,
            "q": self.q,
            "campaign": self.campaign,
            "sel": self.sel,
        }
        # What is looked for in the picker is left behind.
        kept = {k: v for k, v in (now | change).items() if v and (k, v) != ("f", "needs")}
        return "/inbox" + (f"?{urlencode(kept)}" if kept else "")


@router.get("/inbox")
def inbox(
    request: Request, services: S, me: Me, actor: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """Show the conversations and the one that is open."""
    return _shown(request, services, me, actor, asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """Words that were not sent yet, for some of them have no source: what was found."""

    text: str
    channel: str
    findings: Sequence[Check]


def _shown(
    request: Request,
    services: S,
    me: Person,
    actor: Actor,
    asked: Asked,
    unsent: Unsent | None = None,
) -> Response:
    seen = mark(services.inbox.pulse())  # before the rest is read: what comes then is news
    view = services.inbox.view(asked.query(me.id))
    opened = ReplyId(asked.sel) if asked.sel else _first(view)
    may_reply = actor.allows(Scope.REPLY)
    if opened and may_reply and request.method != "HEAD":
        services.inbox.attend(opened, me.id)
    thread = services.inbox.thread(opened, me.id) if opened else None
    answered = services.answering.look(opened) if opened else None
    ids = [r.id for r in view.conversations]
    place = ids.index(opened) if opened in ids else -1
    return page(
        request,
        "inbox.html",
        422 if unsent else 200,
        asked=asked,
        seen=seen,
        view=view,
        thread=thread,
        chosen=bool(asked.sel),
        previous=ids[place - 1] if place > 0 else None,
        following=ids[place + 1] if 0 <= place < len(ids) - 1 else None,
        filters=FILTERS,
        nothing=NOTHING[asked.f],
        intents=INTENTS,
        people=_people(services, thread),
        picker=picker(services, thread, asked.find.strip()) if thread else None,
        evidence=marked_words,
        why=why,
        answered=answered,
        unsent=unsent,
        shown_only=SHOWN_ONLY,
        window_open=_window_open(services, thread),
        wordless=thread is not None and bool(WORDLESS.match(thread.reply.text)),
        may_reply=may_reply,
        may_lift=actor.allows(Scope.APPROVE),
        may_edit=actor.allows(Scope.COMPOSE),
        mine=thread is not None and thread.assignee is not None and thread.assignee.id == me.id,
    )


def _first(view: InboxView) -> ReplyId | None:
    return view.conversations[0].id if view.conversations else None


def _people(services: S, thread: Thread | None) -> Sequence[object]:
    if thread is None:
        return ()
    return [
        p
        for p in services.people.all()
        if p.deactivated_at is None and p.password_hash and p.actor.allows(Scope.REPLY)
    ]


def _window_open(services: S, thread: Thread | None) -> bool:
    until = thread.window_until if thread else None
    return until is None or services.clock.now() < until


@router.get("/live/inbox")
def live(request: Request, services: S, actor: Reader, seen: Seen = "") -> Response:
    """Say when something came in or was dealt with."""

    def read() -> Moment:
        return Moment(parts="", page=services.inbox.pulse())

    return live_of(request).stream("inbox", read, seen)


# --- answering ---------------------------------------------------------------------------------------


class AnswerForm(BaseModel):
    """An answer, the newest one its writer has seen, and the words they stand for."""

    text: Annotated[str, Field(max_length=20_000)] = ""
    channel: Channel | None = None
    after: Annotated[str, Field(max_length=60)] = ""
    confirmed: Annotated[list[str], Field(max_length=500)] = []
    back: Annotated[str, Field(max_length=2_000)] = ""


@router.post("/inbox/{reply_id}/answer")
def give(
    request: Request,
    reply_id: ReplyId,
    services: S,
    me: Me,
    actor: Answerer,
    form: Annotated[AnswerForm, Form()],
) -> Response:
    """Have an answer leave after the hold; ask about words without a source first."""
    wanted = Wanted(
        reply_id=reply_id,
        text=form.text,
        channel=form.channel,
        after=MessageId(form.after) if form.after else None,
        confirmed=frozenset(form.confirmed),
    )
    try:
        services.answering.give(wanted, actor)
    except Unconfirmed:
        unsent = Unsent(
            text=form.text,
            channel=form.channel.value if form.channel else "",
            findings=services.answering.check(reply_id, form.text),
        )
        asked = Asked(f=InboxFilter.ALL, sel=reply_id)
        return _shown(request, services, me, actor, asked, unsent)
    undo = Undo(action=f"/inbox/{reply_id}/answer/undo", fields={"back": form.back})
    said = f"Reply leaves in {services.house.hold_s} s"
    return see(local_path(form.back or "/inbox"), services, Notice(text=said, undo=undo))


@router.post("/inbox/{reply_id}/answer/undo")
def take_back(reply_id: ReplyId, services: S, actor: Answerer, back: Back = "") -> Response:
    """Take an answer back before it leaves."""
    services.answering.take_back(reply_id, actor)
    return see(local_path(back or "/inbox"), services, Notice(text="Not sent"))


class DecisionForm(BaseModel):
    """What became of an answer, or what is to become of it, and how one knows."""

    decision: Annotated[str, Field(pattern="^(send_again|was_sent|give_up)$")]
    why: Annotated[str, Field(max_length=400)] = ""
    back: Annotated[str, Field(max_length=2_000)] = ""


@router.post("/inbox/{reply_id}/answer/decide")
def decide(
    reply_id: ReplyId, services: S, actor: Answerer, form: Annotated[DecisionForm, Form()]
) -> Response:
    """Decide about an answer that failed or is in doubt."""
    known_by = form.why.strip() or "decided in the inbox"
    services.answering.decide(reply_id, form.decision, known_by, actor)
    return see(local_path(form.back or "/inbox"), services, Notice(text=DECIDED[form.decision]))


# --- actions ----------------------------------------------------------------------------------------


@router.post("/inbox/{reply_id}/done")
def done(reply_id: ReplyId, services: S, actor: Answerer, back: Back = "") -> Response:
    """Mark a conversation's reply as dealt with."""
    to = local_path(back or "/inbox")
    services.inbox.finish(reply_id, actor)
    undo = Undo(action=f"/inbox/{reply_id}/reopen", fields={"back": to})
    return see(to, services, Notice(text="Done", undo=undo))


@router.post("/inbox/{reply_id}/reopen")
def reopen(reply_id: ReplyId, services: S, actor: Answerer, back: Back = "") -> Response:
    """Take it up again."""
    services.inbox.reopen(reply_id, actor)
    return see(local_path(back or "/inbox"), services)


class AssignForm(BaseModel):
    """To whom, and why when it is an escalation."""

    person: Annotated[str, Field(max_length=60)] = ""
    why: Annotated[str, Field(max_length=2_000)] = ""
    back: Annotated[str, Field(max_length=2_000)] = ""


@router.post("/inbox/{reply_id}/assign")
def assign(
    reply_id: ReplyId, services: S, me: Me, actor: Answerer, form: Annotated[AssignForm, Form()]
) -> Response:
    """Hand a reply to somebody, oneself by default."""
    services.inbox.thread(reply_id)
    person_id = PersonId(form.person) if form.person else me.id
    name = services.desk.assign(f"reply:{reply_id}", person_id, actor, form.why.strip())
    said = f"Assigned to {name}" if name else "Nobody has this account."
    back = local_path(form.back or "/inbox")
    return see(back, services, Notice(text=said, failed=name is None))


@router.post("/inbox/{reply_id}/intent")
def correct(
    reply_id: ReplyId,
    services: S,
    actor: Answerer,
    intent: Annotated[Intent, Form()],
    back: Back = "",
) -> Response:
    """Take a person's word for what a reply means."""
    services.answers.correct(reply_id, intent, actor)
    said = f"Noted as “{INTENTS[intent][0]}”"
    return see(local_path(back or "/inbox"), services, Notice(text=said))


@router.post("/inbox/{reply_id}/suppress")
def suppress(reply_id: ReplyId, services: S, actor: Answerer, back: Back = "") -> Response:
    """Put the address on the do-not-contact list."""
    reply: Reply = services.inbox.thread(reply_id).reply
    why = f"asked in reply {reply_id}"
    services.answers.suppress(reply.channel, reply.address, why, actor)
    said = f"Added to Do not contact for {CHANNELS[reply.channel]}"
    return see(local_path(back or "/inbox"), services, Notice(text=said))
