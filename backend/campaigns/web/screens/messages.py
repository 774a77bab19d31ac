"""One message in the composer: edit, check, restore, remove a claim, and the e-mail as it looks."""

import html
import re
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import MessageStatus
from campaigns.model.wording import plural
from campaigns.orchestrator import words
from campaigns.web.deps import Approver, Composer, Reader, S
from campaigns.web.notices import Notice, see
from campaigns.web.route import PageRoute
from campaigns.web.screens.composer import compose_page
from campaigns.web.security import EMAIL_CSP, local_path
from campaigns.web.views.composer import View, edit_path
from campaigns.web.views.facts import marked_html, sheet

router = APIRouter(include_in_schema=False, route_class=PageRoute)

SHORTEST_SOURCE = 3  # characters

MARKS = """<style>
mark{background:none;color:inherit;border-bottom:2px dotted #2a9a66}
mark.warn{background:#fdf1db;color:#17171c;border-color:#c98a1b}
mark.bad{background:#fbe8e8;color:#17171c;border-color:#ad1c28}
mark sup{font-size:10px;opacity:.75;line-height:0}
</style>"""


class TextForm(BaseModel):
    """A message's words as typed."""

    text: Annotated[str, Field(max_length=20_000)] = ""
    subject: Annotated[str | None, Field(max_length=500)] = None
    back: Annotated[str, Field(max_length=2_000)] = ""

    def changes(self) -> dict[str, str | None]:
        """Return what changes; browsers send line ends as CRLF."""
        changed: dict[str, str | None] = {"text": self.text.replace("\r\n", "\n").strip()}
        if self.subject is not None:
            changed["subject"] = self.subject.strip()
        return changed


@router.post("/campaigns/{campaign_id}/messages/{message_id}/text")
def save(
    campaign_id: CampaignId,
    message_id: MessageId,
    services: S,
    actor: Composer,
    form: Annotated[TextForm, Form()],
) -> Response:
    """Store the words; they are checked at once."""
    message = services.edits.edit(campaign_id, message_id, form.changes(), actor)
    blocked = message.status is MessageStatus.BLOCKED
    text = "Saved. The fact check found something to fix." if blocked else "Saved"
    return see(_back(campaign_id, form.back), services, Notice(text=text))


@router.post("/campaigns/{campaign_id}/messages/{message_id}/check")
def check(
    campaign_id: CampaignId,
    message_id: MessageId,
    request: Request,
    services: S,
    actor: Composer,
    form: Annotated[TextForm, Form()],
) -> Response:
    """Say what the fact guard would say; nothing is stored."""
    draft = services.edits.tried(campaign_id, message_id, form.changes())
    view = View(
        base=edit_path(campaign_id),
        customer=draft.customer_id,
        ch=draft.channel.value,
        to=draft.contact_id,
        edit=True,
    )
    return compose_page(request, services, actor, view, campaign_id, draft)


@router.post("/campaigns/{campaign_id}/messages/{message_id}/restore")
def restore(
    campaign_id: CampaignId,
    message_id: MessageId,
    services: S,
    actor: Composer,
    back: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Bring the library's own text back."""
    services.edits.edit(campaign_id, message_id, {"text": None}, actor)
    return see(_back(campaign_id, back), services, Notice(text="The original text is back"))


@router.post("/campaigns/{campaign_id}/messages/{message_id}/reviewed")
def reviewed(
    campaign_id: CampaignId,
    message_id: MessageId,
    services: S,
    actor: Composer,
    back: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Note that the person looked at a message written for one customer alone."""
    services.individual.review(campaign_id, message_id, actor)
    return see(_back(campaign_id, back), services, Notice(text="Noted that you looked at it"))


class Claim(BaseModel):
    """Where a claim stands in the text."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    back: Annotated[str, Field(max_length=2_000)] = ""


@router.post("/campaigns/{campaign_id}/messages/{message_id}/remove")
def remove_claim(
    campaign_id: CampaignId,
    message_id: MessageId,
    services: S,
    actor: Composer,
    form: Annotated[Claim, Form()],
) -> Response:
    """Take the sentence with a claim out of the message."""
    text = services.drafts.message(campaign_id, message_id).text
    shorter = without_sentence(text, form.start, form.end)
    message = services.edits.edit(campaign_id, message_id, {"text": shorter}, actor)
    ok = message.status is not MessageStatus.BLOCKED
    said = "Claim removed" if ok else "Claim removed. There is more to fix."
    return see(_back(campaign_id, form.back), services, Notice(text=said))


class Words(BaseModel):
    """Words that somebody answers for, and where they stand; -1 and -1 for the subject's."""

    words: Annotated[str, Field(min_length=1, max_length=20_000)]
    start: int = -1
    end: int = -1
    everywhere: bool = False
    back: Annotated[str, Field(max_length=2_000)] = ""


@router.post("/campaigns/{campaign_id}/messages/{message_id}/confirm")
def confirm(
    campaign_id: CampaignId,
    message_id: MessageId,
    services: S,
    actor: Composer,
    form: Annotated[Words, Form()],
) -> Response:
    """Have the person answer for words of a message; the approver is told."""
    to = _back(campaign_id, form.back)
    if not form.everywhere:
        claim = words.Claim(words=form.words, start=form.start, end=form.end)
        services.edits.confirm(campaign_id, message_id, claim, actor)
        said = f"Confirmed by {actor.name}; the approver sees it"
        return see(to, services, Notice(text=said))
    done = services.edits.confirm_everywhere(campaign_id, message_id, [form.words], actor)
    said = f"Confirmed by {actor.name} in {plural(done.messages, 'message')}; the approver sees it."
    if done.blocked:
        said += f" {plural(done.blocked, 'message')} of these still to fix."
    return see(to, services, Notice(text=said))


@router.post("/campaigns/{campaign_id}/messages/{message_id}/source")
def name_source(
    campaign_id: CampaignId,
    message_id: MessageId,
    services: S,
    actor: Approver,
    source: Annotated[str, Form(max_length=500)] = "",
    back: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Name the source of a message's claims; its author is told in the audit trail who did."""
    to = _back(campaign_id, back)
    if len(source.strip()) < SHORTEST_SOURCE:
        return see(
            to, services, Notice(text="Say where this is written, or who said so.", failed=True)
        )
    services.edits.source(campaign_id, message_id, source.strip(), actor)
    return see(to, services, Notice(text="The source is noted"))


_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


def without_sentence(text: str, start: int, end: int) -> str:
    r"""Return `text` without the sentence that holds `start` to `end`.

    Thai writes sentences without a full stop; there the line goes.

    >>> without_sentence("Dear Ann,\n\nRenew now. Get 10% off. Thanks.", 25, 28)
    'Dear Ann,\n\nRenew now. Thanks.'
    """
    ends = list(_SENTENCE_END.finditer(text))
    first = max((m.end() for m in ends if m.end() <= start), default=0)
    last = min((m.end() for m in ends if m.start() >= end), default=len(text))
    kept = text[:first] + text[last:]
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


@router.get("/campaigns/{campaign_id}/messages/{message_id}/email")
def email(
    campaign_id: CampaignId, message_id: MessageId, services: S, actor: Reader, plain: bool = False
) -> Response:
    """Give an e-mail as its recipient sees it, in a page of its own without any rights."""
    message = services.drafts.message(campaign_id, message_id)
    body = (
        message.html
        or f"<pre style='white-space:pre-wrap;font:15px sans-serif'>{html.escape(message.text)}</pre>"
    )
    if not plain:
        body = MARKS + marked_html(body, sheet(message).facts)
    headers = {
        "Content-Security-Policy": EMAIL_CSP,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(body, headers=headers)


def _back(campaign_id: CampaignId, back: str) -> str:
    return local_path(back or edit_path(campaign_id))
