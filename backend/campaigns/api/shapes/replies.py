"""Replies: how they were read and what is suggested; and who must not be written to."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from campaigns.model.consent import Suppression, SuppressionReason
from campaigns.model.customer import Channel
from campaigns.model.reply import Intent, Reply, Sentiment


class ReplyOut(BaseModel):
    reply_id: str
    customer: str | None
    campaign_id: str | None
    intent: Intent
    intents: list[Intent]
    confidence: float
    sentiment: Sentiment
    language: str
    suggested_action: str
    action: str
    suggested_reply: str | None
    escalate: bool
    urgent: bool
    why: str
    likeliest: list[Intent]
    follow_up_on: date | None
    score: int | None
    interpreter: str
    fallback: str | None


class StoredReplyOut(ReplyOut):
    customer_id: str | None
    contact: str | None
    customer_said_by: str | None
    channel: Channel
    message: str
    received_at: datetime
    done_at: datetime | None


class RepliesOut(BaseModel):
    replies: list[StoredReplyOut]
    next_cursor: str | None


class SuppressionOut(BaseModel):
    channel: Channel
    address: str
    reason: SuppressionReason
    source: str
    since: datetime


class SuppressionsOut(BaseModel):
    suppressions: list[SuppressionOut]
    next_cursor: str | None


def _reading(r: Reply) -> dict[str, Any]:
    return {
        "reply_id": r.id,
        "customer": r.sender.customer if r.sender else None,
        "campaign_id": r.sender.campaign_id if r.sender else None,
        "intent": r.reading.intent,
        "intents": list(r.reading.intents),
        "confidence": round(r.reading.confidence, 3),
        "sentiment": r.reading.sentiment,
        "language": r.reading.language,
        "suggested_action": r.suggestion.words,
        "action": r.suggestion.action.value,
        "suggested_reply": r.suggestion.draft,
        "escalate": r.suggestion.escalate,
        "urgent": r.suggestion.urgent,
        "why": r.reading.why,
        "likeliest": list(r.reading.likeliest),
        "follow_up_on": r.suggestion.follow_up_on,
        "score": r.reading.score,
        "interpreter": r.reading.engine,
        "fallback": r.reading.fallback,
    }


def reply(r: Reply) -> ReplyOut:
    """Return how a reply was read."""
    return ReplyOut(**_reading(r))


def stored_reply(r: Reply) -> StoredReplyOut:
    """Return a kept reply."""
    return StoredReplyOut(
        **_reading(r),
        customer_id=r.sender.customer_id if r.sender else None,
        contact=r.sender.contact if r.sender else None,
        customer_said_by=r.sender.said_by if r.sender else None,
        channel=r.channel,
        message=r.text,
        received_at=r.received_at,
        done_at=r.done_at,
    )


def suppression(s: Suppression) -> SuppressionOut:
    """Return a suppression; its evidence stays inside."""
    return SuppressionOut(
        channel=s.channel, address=s.address, reason=s.reason, source=s.source, since=s.at
    )
