"""Rewriting one message in place: words as they are written, then the guard's answer to them."""

import json
import re
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.text import Wish
from campaigns.model.wording import sentence
from campaigns.orchestrator.rewrites import Proposal
from campaigns.web.deps import Composer, S
from campaigns.web.notices import Notice, see
from campaigns.web.route import PageRoute
from campaigns.web.screens.composer import compose_page
from campaigns.web.security import HEADERS, local_path
from campaigns.web.views.composer import View, edit_path
from campaigns.web.words import capitalize_first

router = APIRouter(include_in_schema=False, route_class=PageRoute)

_SLOT = re.compile(r"\{(\w+)\}")
_OPEN = re.compile(r"\{\w*$")
NOBODY = "No other words were found"


class WishForm(BaseModel):
    """How the message should read; `words` say it for one's own wish."""

    how: Wish = Wish.OWN
    words: Annotated[str, Field(max_length=400)] = ""
    back: Annotated[str, Field(max_length=2_000)] = ""


@router.post("/campaigns/{campaign_id}/messages/{message_id}/rewrite")
def rewrite(
    campaign_id: CampaignId,
    message_id: MessageId,
    request: Request,
    services: S,
    actor: Composer,
    form: Annotated[WishForm, Form()],
) -> Response:
    """Propose other words, opened in the editor with their checks; nothing is stored.

    A page that asks for events gets the words while they are written.
    """
    parts = services.rewrites.propose(campaign_id, message_id, form.how, form.words.strip())
    if request.headers.get("accept", "").startswith("text/event-stream"):
        return StreamingResponse(
            _events(parts),
            media_type="text/event-stream",
            headers={**HEADERS, "X-Accel-Buffering": "no"},
        )
    proposal = next(p for p in parts if isinstance(p, Proposal))
    if proposal.message is None:
        told = Notice(text=_why(proposal), failed=True)
        return see(local_path(form.back or edit_path(campaign_id)), services, told)
    draft = proposal.message
    view = View(
        base=edit_path(campaign_id),
        customer=draft.customer_id,
        ch=draft.channel.value,
        to=draft.contact_id,
        edit=True,
    )
    return compose_page(request, services, actor, view, campaign_id, draft)


def _events(parts: Iterator[str | Proposal]) -> Iterator[str]:
    """Yield all that is written so far, again and again, then the words to be checked."""
    so_far = ""
    for part in parts:
        if isinstance(part, str):
            so_far += part
            yield _event("words", shown(so_far))
        elif part.message is None:
            yield _event("refused", _why(part))
        else:
            if part.fallback:
                yield _event("aside", part.fallback)
            yield _event("proposal", part.message.text)


def shown(words: str) -> str:
    """Return words in slot form as somebody may read them before the facts are in.

    >>> shown("Your contract ends on {expiry}. Kind reg{")
    'Your contract ends on [expiry]. Kind reg'
    """
    return _SLOT.sub(lambda m: f"[{m[1].replace('_', ' ')}]", _OPEN.sub("", words))


def _why(proposal: Proposal) -> str:
    return sentence(capitalize_first(proposal.fallback or NOBODY))


def _event(kind: str, words: str) -> str:
    return f"event: {kind}\ndata: {json.dumps(words, ensure_ascii=False)}\n\n"
