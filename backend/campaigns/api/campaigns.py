"""/api/campaigns: from a request to what came of it."""

from collections.abc import AsyncIterator
from datetime import datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from campaigns.api import models, present, shapes, variants
from campaigns.api.deps import (
    Answerer,
    Approver,
    Composer,
    Cursor,
    Limit,
    Reader,
    S,
    Sender,
)
from campaigns.api.idempotency import IdempotentRoute
from campaigns.api.live import progress
from campaigns.api.problems import responses
from campaigns.bootstrap import Services
from campaigns.model.access import Scope
from campaigns.model.campaign import Campaign, CampaignStatus, LocalTime
from campaigns.model.errors import Fault, NotAllowed, RequestInvalid
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import MessageStatus

router = APIRouter(prefix="/api/campaigns", tags=["campaigns"], route_class=IdempotentRoute)


@router.post("/create", status_code=201, responses=responses(409, 503))
def create(body: models.CreateIn, services: S, actor: Composer) -> shapes.CreatedOut:
    """Create a campaign from a request in words, or from a structured one."""
    given = body.model_dump(exclude_none=True, mode="json")
    if body.human_request is None:
        return present.created(*services.drafts.create_structured(given, actor))
    beside = sorted(given.keys() - {"human_request", "name"})
    if beside:
        way_on = "say it in the request's words, or send a structured request without them"
        raise RequestInvalid([Fault(f"/{key}", way_on) for key in beside])
    return present.created(*services.drafts.create(body.human_request, actor, name=body.name or ""))


@router.get("", responses=responses())
def campaigns(
    services: S,
    actor: Reader,
    status: CampaignStatus | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> shapes.CampaignsOut:
    """List campaigns, newest first."""
    found, following = services.drafts.page(status, cursor, limit)
    return shapes.CampaignsOut(
        campaigns=[present.campaign(c) for c in found], next_cursor=following
    )


@router.get("/statistics", responses=responses())
def statistics(services: S, actor: Reader) -> dict[str, Any]:
    """Give the whole picture: customers, send limits, campaigns."""
    return present.statistics(services.insights.all())


@router.post("/response", responses=responses())
def response(body: models.ResponseIn, services: S, actor: Answerer) -> shapes.ReplyOut:
    """Take in an answer from a customer; an unknown identifier is kept and escalated."""
    return shapes.reply(
        services.answers.respond(body.identifier, body.message, body.channel, actor)
    )


@router.get("/{campaign_id}", responses=responses(404))
def campaign(campaign_id: CampaignId, services: S, actor: Reader) -> shapes.CampaignOut:
    """Give one campaign, whole."""
    return present.campaign(services.drafts.get(campaign_id))


@router.patch("/{campaign_id}", responses=responses(404, 409, 503))
def change(
    campaign_id: CampaignId, body: models.PatchIn, services: S, actor: Composer
) -> shapes.CreatedOut:
    """Change plan, filters, exclusions, context, channels or contacts: voids an approval."""
    patch = body.model_dump(exclude_unset=True, mode="json")
    if not patch:
        raise RequestInvalid([Fault("", "name at least one thing to change")])
    return present.created(*services.drafts.change(campaign_id, patch, actor))


@router.post("/{campaign_id}/say", responses=responses(404, 409, 503))
def say(
    campaign_id: CampaignId, body: models.SayIn, services: S, actor: Composer
) -> shapes.SaidOut:
    """Answer the campaign's question, or change it in words; shows the difference."""
    return present.said(services.revisions.say(campaign_id, body.words, actor))


@router.get("/{campaign_id}/audience", responses=responses(404))
def audience(
    campaign_id: CampaignId, services: S, actor: Reader, cursor: Cursor = "", limit: Limit = 50
) -> shapes.AudiencePageOut:
    """Give who is in, who nearly is, and the totals."""
    found, following = services.drafts.audience(campaign_id, cursor, limit)
    return shapes.audience_page(found, following)


@router.get("/{campaign_id}/preview", responses=responses(404))
def preview(
    campaign_id: CampaignId,
    services: S,
    actor: Reader,
    samples: Annotated[int, Query(ge=0, le=100)] = 3,
) -> shapes.PreviewOut:
    """Give sample messages, statistics and the hash an approval is bound to."""
    return present.preview(
        services.drafts.preview(campaign_id, samples), services.outlook.forecast(campaign_id)
    )


@router.get("/{campaign_id}/messages", responses=responses(404))
def messages(
    campaign_id: CampaignId,
    services: S,
    actor: Reader,
    cursor: Cursor = "",
    limit: Limit = 50,
    tests: bool = False,
) -> shapes.MessagesOut:
    """List messages with their checks and their life; `tests=true` lists test messages."""
    found, following = services.drafts.messages(campaign_id, cursor, limit, tests=tests)
    return shapes.MessagesOut(messages=shapes.messages(found), next_cursor=following)


@router.get("/{campaign_id}/messages/{message_id}", responses=responses(404))
def message(
    campaign_id: CampaignId, message_id: MessageId, services: S, actor: Reader
) -> shapes.MessageOut:
    """Give one message."""
    return shapes.message(services.drafts.message(campaign_id, message_id))


@router.patch("/{campaign_id}/messages/{message_id}", responses=responses(404, 409))
def edit(
    campaign_id: CampaignId,
    message_id: MessageId,
    body: models.EditIn,
    services: S,
    actor: Composer,
) -> shapes.MessageOut:
    """Change a message's words; it is checked again at once."""
    changes = body.model_dump(exclude_unset=True)
    source = changes.pop("source", None)
    if not changes and source is None:
        raise RequestInvalid([Fault("", 'send "text", "subject" or "source"')])
    if changes:
        services.edits.edit(campaign_id, message_id, changes, actor)
    if source is not None:
        services.edits.source(campaign_id, message_id, source, actor)
    return shapes.message(services.drafts.message(campaign_id, message_id))


@router.post("/{campaign_id}/messages/{message_id}/resolve", responses=responses(404, 409))
def resolve(
    campaign_id: CampaignId,
    message_id: MessageId,
    body: models.ResolveIn,
    services: S,
    actor: Sender,
) -> shapes.MessageOut:
    """Decide about a message in doubt or held."""
    decided = {
        "send_again": MessageStatus.QUEUED,
        "was_sent": MessageStatus.ACCEPTED,
        "give_up": MessageStatus.FAILED,
    }[body.decision]
    return shapes.message(
        services.sends.resolve(campaign_id, message_id, decided, body.reason, actor)
    )


@router.post("/{campaign_id}/submit", responses=responses(404, 409))
def submit(
    campaign_id: CampaignId, services: S, actor: Composer, body: models.SubmitIn | None = None
) -> shapes.TimedOut:
    """Hand the campaign to an approver; with `local_time` an approval of that too schedules it."""
    body = body or models.SubmitIn()
    local = body.local_time.read() if body.local_time else None
    return _timed(services, services.approvals.submit(campaign_id, actor, body.note, local))


@router.post("/{campaign_id}/hold-back", responses=responses(404, 409))
def hold_back(campaign_id: CampaignId, services: S, actor: Sender) -> shapes.CampaignOut:
    """Have a submitted campaign wait for `send` once approved, instead of going by itself."""
    return present.campaign(services.approvals.hold_back(campaign_id, actor))


@router.post("/{campaign_id}/approve", responses=responses(404, 409))
def approve(
    campaign_id: CampaignId, body: models.ApproveIn, services: S, actor: Approver
) -> shapes.TimedOut:
    """Approve exactly what the preview showed under `content_hash`, and when it `starts`."""
    starts = time.fromisoformat(body.starts) if body.starts else None
    done = services.approvals.approve(campaign_id, body.content_hash, actor, body.note, starts)
    return _timed(services, done)


@router.post("/{campaign_id}/reject", responses=responses(404, 409))
def reject(
    campaign_id: CampaignId, body: models.RejectIn, services: S, actor: Approver
) -> shapes.CampaignOut:
    """Send the campaign back to its author."""
    return present.campaign(services.approvals.reject(campaign_id, body.reason, actor))


@router.post(
    "/{campaign_id}/send",
    status_code=202,
    responses=responses(404, 409),
    response_model_exclude_none=True,
)
def send(
    campaign_id: CampaignId, services: S, actor: Reader, body: models.SendIn | None = None
) -> shapes.SentOut:
    """Send an approved campaign, now or later; with `test_mode` the first customer's only."""
    body = body or models.SendIn()
    channels = tuple(body.channels or ())
    if body.test_mode:
        if not (actor.allows(Scope.COMPOSE) or actor.allows(Scope.SEND)):
            raise NotAllowed("A test needs a key with the `compose` or the `send` scope.")
        if body.local_time:
            raise RequestInvalid([Fault("/local_time", "a test leaves at once: leave this out")])
        return present.sent(services.tests.send(campaign_id, actor, channels))
    if not actor.allows(Scope.SEND):
        raise NotAllowed("This needs a key with the `send` scope.")
    done = services.sends.send(campaign_id, actor, channels, *_time(body))
    return present.sent(done, services.outlook.leaves(done.campaign))


@router.post("/{campaign_id}/reschedule", responses=responses(404, 409))
def reschedule(
    campaign_id: CampaignId, body: models.RescheduleIn, services: S, actor: Sender
) -> shapes.TimedOut:
    """Move a scheduled campaign to another time, or have it approved and waiting again."""
    if not body.model_fields_set:
        none = 'say when, here or in "local_time"; null takes its time away'
        raise RequestInvalid([Fault("/schedule_at", none)])
    at, local = _time(body)
    return _timed(services, services.sends.reschedule(campaign_id, at, actor, local))


@router.post("/{campaign_id}/pause", responses=responses(404, 409))
def pause(campaign_id: CampaignId, services: S, actor: Sender) -> shapes.CampaignOut:
    """Stop before the next message."""
    return present.campaign(services.sends.pause(campaign_id, actor))


@router.post("/{campaign_id}/resume", responses=responses(404, 409))
def resume(campaign_id: CampaignId, services: S, actor: Sender) -> shapes.CampaignOut:
    """Go on where it was paused."""
    return present.campaign(services.sends.resume(campaign_id, actor))


@router.post("/{campaign_id}/retry", status_code=202, responses=responses(404, 409))
def retry(campaign_id: CampaignId, services: S, actor: Sender) -> shapes.RetriedOut:
    """Send again, exactly as approved, what failed for a reason that passes."""
    queued = services.retries.retry(campaign_id, actor)
    return present.retried(services.drafts.get(campaign_id), queued)


@router.post("/{campaign_id}/cancel", responses=responses(404, 409))
def cancel(campaign_id: CampaignId, services: S, actor: Sender) -> shapes.CampaignOut:
    """End the campaign: nothing that has not left will leave."""
    return present.campaign(services.sends.cancel(campaign_id, actor))


@router.post("/{campaign_id}/rollback", responses=responses(404, 409, 503))
def rollback(campaign_id: CampaignId, services: S, actor: Sender) -> shapes.RollbackOut:
    """Cancel what is unsent, report what left, and draft a correction to those reached."""
    done = services.sends.rollback(campaign_id, actor)
    correction = services.drafts.correction(done.campaign, done.reached, actor)
    return present.rolled_back(done, correction)


@router.get("/{campaign_id}/statistics", responses=responses(404))
def figures(campaign_id: CampaignId, services: S, actor: Reader) -> dict[str, Any]:
    """Give what came of one campaign."""
    whole = present.figures(
        services.insights.campaign(campaign_id), services.outlook.waiting(campaign_id)
    ) | {"may_work": services.retries.count(campaign_id)}
    tried = services.variants.figures(campaign_id)
    return whole | variants.figures(tried) if tried.arms else whole


@router.get(
    "/{campaign_id}/events",
    response_class=StreamingResponse,
    responses=responses(404)
    | {200: {"content": {"text/event-stream": {}}, "description": "Live progress"}},
)
def events(campaign_id: CampaignId, services: S, actor: Reader) -> StreamingResponse:
    """Stream live progress as server-sent events, until the campaign has ended."""
    services.drafts.get(campaign_id)
    stream: AsyncIterator[str] = progress(services, campaign_id)
    return StreamingResponse(stream, media_type="text/event-stream")


def _time(body: models.SendIn | models.RescheduleIn) -> tuple[datetime | None, LocalTime | None]:
    """Return the instant or the time by each customer's clock that a body names, or neither."""
    at, local = body.schedule_at, body.local_time
    if at is not None and local is not None:
        raise RequestInvalid([Fault("/local_time", 'one time only: this or "schedule_at"')])
    if at is not None and at.tzinfo is None:
        raise RequestInvalid(
            [Fault("/schedule_at", "give the offset too, such as 2025-09-15T10:00:00+07:00")]
        )
    return at, local.read() if local else None


def _timed(services: Services, c: Campaign) -> shapes.TimedOut:
    return present.timed(c, services.outlook.leaves(c))
