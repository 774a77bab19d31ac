"""Answers to replies: where each is, and the ways by which a reply may be answered."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from campaigns.model.customer import Channel
from campaigns.model.message import Check, Message, MessageStatus
from campaigns.orchestrator.answering import SHOWN_ONLY, Answered, Way


class AnswerStepOut(BaseModel):
    at: datetime
    what: str
    detail: str


class AnswerOut(BaseModel):
    answer_id: str
    reply_id: str
    channel: Channel
    address: str
    subject: str
    text: str
    status: MessageStatus
    reason: str | None
    by: str
    written_at: datetime
    not_before: datetime | None
    confirmed: list[str]
    history: list[AnswerStepOut]


class WayOut(BaseModel):
    channel: Channel
    address: str
    open: bool
    why_not: str | None


class AnsweredOut(BaseModel):
    reply_id: str
    answers: list[AnswerOut]
    standing: str | None
    ways: list[WayOut]


class FindingOut(BaseModel):
    check: str
    found: str
    expected: str | None
    start: int
    end: int
    to_confirm: bool


class FindingsOut(BaseModel):
    findings: list[FindingOut]


def answer(m: Message) -> AnswerOut:
    """Return an answer; raises `ValueError` for a message that is none."""
    if m.answer is None:
        raise ValueError(f"message {m.id} is no answer")
    return AnswerOut(
        answer_id=m.id,
        reply_id=m.answer.reply_id,
        channel=m.channel,
        address=m.address,
        subject=m.subject,
        text=m.text,
        status=m.status,
        reason=m.reason,
        by=m.answer.by,
        written_at=m.answer.written_at,
        not_before=m.not_before if m.status is MessageStatus.QUEUED else None,
        confirmed=list(m.answer.confirmed),
        history=[AnswerStepOut(at=s.at, what=s.what, detail=s.detail) for s in m.history],
    )


def answered(found: Answered) -> AnsweredOut:
    """Return everything answered to a reply, and the ways there are."""
    return AnsweredOut(
        reply_id=found.reply.id,
        answers=[answer(m) for m in found.answers],
        standing=found.standing.id if found.standing else None,
        ways=[_way(w) for w in found.ways],
    )


def findings(checks: Sequence[Check]) -> FindingsOut:
    """Return what was found without a source, and what of it has to be confirmed."""
    return FindingsOut(
        findings=[
            FindingOut(
                check=c.check,
                found=c.found or "",
                expected=c.expected,
                start=c.start,
                end=c.end,
                to_confirm=c.check not in SHOWN_ONLY,
            )
            for c in checks
        ]
    )


def _way(way: Way) -> WayOut:
    return WayOut(
        channel=way.channel, address=way.address, open=way.closed is None, why_not=way.closed
    )
