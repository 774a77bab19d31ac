"""The inbox: who answered, what they mean, what to do about it."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, Field

from campaigns.model.access import Scope
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, PersonId, ReplyId
from campaigns.model.lists import InboxFilter, InboxQuery
from campaigns.model.reply import Intent, Reply
from campaigns.orchestrator.inbox import InboxView, Thread
from campaigns.web.deps import Answerer, Me, Reader, S
from campaigns.web.live import Moment, Seen, live_of, mark
from campaigns.web.notices import Notice, Undo, see
from campaigns.web.render import page
from campaigns.web.route import PageRoute
from campaigns.web.security import local_path
from campaigns.web.views.evidence import marked_words
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
Back = Annotated[str, Form(max_length=2_000)]


class Asked(BaseModel):
    """Which conversations, and the one that is open."""

    f: InboxFilter = InboxFilter.NEEDS_REPLY
    intent: Annotated[str, Field(max_length=40)] = ""
    ch: Annotated[str, Field(max_length=20)] = ""
    q: Annotated[str, Field(max_length=200)] = ""
    campaign: Annotated[str, Field(max_length=60)] = ""
    sel: Annotated[str, Field(max_length=60)] = ""

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
        kept = {k: v for k, v in (now | change).items() if v and (k, v) != ("f", "needs")}
        return "/inbox" + (f"?{urlencode(kept)}" if kept else "")


@router.get("/inbox")
def inbox(
    request: Request, services: S, me: Me, actor: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """Show the conversations and the one that is open."""
    seen = mark(services.inbox.pulse())  # before the rest is read: what comes then is news
    view = services.inbox.view(asked.query(me.id))
    opened = ReplyId(asked.sel) if asked.sel else _first(view)
    thread = services.inbox.thread(opened) if opened else None
    ids = [r.id for r in view.conversations]
    place = ids.index(opened) if opened in ids else -1
    return page(
        request,
        "inbox.html",
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
        evidence=marked_words,
        answer=_answer_link(thread),
        window_open=_window_open(services, thread),
        may_reply=actor.allows(Scope.REPLY),
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


def _answer_link(thread: Thread | None) -> tuple[str, str] | None:
    """Return where an answer is written: the mail program or WhatsApp, with the draft in it."""
    if thread is None:
        return None
    reply = thread.reply
    draft = quote(reply.suggestion.draft or "")
    match reply.channel:
        case Channel.EMAIL:
            subject = quote(_subject(thread))
            return "Answer by email", f"mailto:{reply.address}?subject={subject}&body={draft}"
        case Channel.WHATSAPP:
            return "Answer in WhatsApp", f"https://wa.me/{reply.address.lstrip('+')}?text={draft}"
        case Channel.LINE:
            return None


def _subject(thread: Thread) -> str:
    sent = [t.message.subject for t in thread.turns if t.message and t.message.subject]
    return f"Re: {sent[-1]}" if sent else ""


@router.get("/live/inbox")
def live(request: Request, services: S, actor: Reader, seen: Seen = "") -> Response:
    """Say when something came in or was dealt with."""

    def read() -> Moment:
        return Moment(parts="", page=services.inbox.pulse())

    return live_of(request).stream("inbox", read, seen)


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
