"""Answers to replies: given, looked at, taken back, decided about."""

from fastapi import APIRouter

from campaigns.api import models, shapes
from campaigns.api.deps import Answerer, Reader, S
from campaigns.api.idempotency import IdempotentRoute
from campaigns.api.problems import responses
from campaigns.model.ids import MessageId, ReplyId
from campaigns.orchestrator.answering import Wanted

router = APIRouter(prefix="/api/replies/{reply_id}", tags=["replies"], route_class=IdempotentRoute)


@router.get("/answer", responses=responses(404))
def answered(reply_id: ReplyId, services: S, actor: Reader) -> shapes.AnsweredOut:
    """Give what was answered to a reply, what became of it, and by which ways it may be."""
    return shapes.answered(services.answering.look(reply_id))


@router.post("/answer", status_code=202, responses=responses(404, 409))
def give(
    reply_id: ReplyId, body: models.AnswerIn, services: S, actor: Answerer
) -> shapes.AnswerOut:
    """Have an answer leave after the hold; the same answer twice is one."""
    wanted = Wanted(
        reply_id=reply_id,
        text=body.text,
        channel=body.channel,
        after=MessageId(body.after) if body.after else None,
        confirmed=frozenset(body.confirmed),
    )
    return shapes.answer(services.answering.give(wanted, actor))


@router.post("/answer/check", responses=responses(404))
def check(
    reply_id: ReplyId, body: models.AnswerCheckIn, services: S, actor: Reader
) -> shapes.FindingsOut:
    """Say what in an answer's words has no source in the record; nothing is stored."""
    return shapes.findings(services.answering.check(reply_id, body.text))


@router.post("/answer/undo", responses=responses(404, 409))
def undo(reply_id: ReplyId, services: S, actor: Answerer) -> shapes.AnswerOut:
    """Take the newest answer back before it leaves."""
    return shapes.answer(services.answering.take_back(reply_id, actor))


@router.post("/answer/resolve", responses=responses(404, 409))
def resolve(
    reply_id: ReplyId, body: models.ResolveIn, services: S, actor: Answerer
) -> shapes.AnswerOut:
    """Decide about the newest answer, failed or in doubt: send_again, was_sent or give_up."""
    decided = services.answering.decide(reply_id, body.decision, body.reason, actor)
    return shapes.answer(decided)
