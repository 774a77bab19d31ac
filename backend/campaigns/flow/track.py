"""Track: what an attempt's outcome or a provider's news makes of a message.

    approved > queued > claimed > sending > accepted > sent > delivered > read
                  ^        |        |
                  +--------+        +--> in_doubt     (the request left, no answer came)
                  (given back)

News may come twice, late and in any order. Each kind of news has a rank and a message never
moves to a lower one, so that every order ends in the same state. Delivered and read beat
failed (providers emit both); failed beats accepted, sent and in doubt.
"""

from collections.abc import Mapping
from typing import assert_never

from campaigns.model.consent import SuppressionReason
from campaigns.model.delivery import DeliveryEvent, EventType, ReasonClass
from campaigns.model.message import MessageStatus as S

# A campaign is complete once none of its messages is in one of these.
UNSETTLED = frozenset({S.QUEUED, S.CLAIMED, S.SENDING, S.IN_DOUBT})

# The moves made on purpose; news moves by rank (`merge`).
MOVES: Mapping[S, frozenset[S]] = {
    S.DRAFTED: frozenset({S.VERIFIED, S.BLOCKED, S.CANCELLED, S.SKIPPED}),
    S.BLOCKED: frozenset({S.VERIFIED, S.CANCELLED, S.SKIPPED}),
    S.VERIFIED: frozenset({S.APPROVED, S.BLOCKED, S.CANCELLED, S.SKIPPED}),
    S.APPROVED: frozenset({S.QUEUED, S.VERIFIED, S.BLOCKED, S.CANCELLED, S.SKIPPED}),
    # Back to in doubt: an earlier attempt may have left, and this one will not.
    S.QUEUED: frozenset({S.CLAIMED, S.CANCELLED, S.IN_DOUBT}),
    S.CLAIMED: frozenset(
        {S.SENDING, S.QUEUED, S.SUPPRESSED, S.SKIPPED, S.FAILED, S.CANCELLED, S.IN_DOUBT}
    ),
    S.SENDING: frozenset({S.ACCEPTED, S.QUEUED, S.FAILED, S.IN_DOUBT}),
    S.IN_DOUBT: frozenset({S.QUEUED, S.ACCEPTED, S.FAILED}),
    S.FAILED: frozenset({S.QUEUED}),
    S.ACCEPTED: frozenset(),
    S.SENT: frozenset(),
    S.DELIVERED: frozenset(),
    S.READ: frozenset(),
    S.SUPPRESSED: frozenset(),
    S.SKIPPED: frozenset(),
    S.CANCELLED: frozenset(),
}

# Not ranked: messages that nobody approved yet, of which no news can be.
_RANK: Mapping[S, int] = {
    S.QUEUED: 0,
    S.CLAIMED: 0,
    S.CANCELLED: 0,
    S.SUPPRESSED: 0,
    S.SKIPPED: 0,
    S.SENDING: 1,
    S.IN_DOUBT: 2,
    S.ACCEPTED: 3,
    S.SENT: 4,
    S.FAILED: 5,
    S.DELIVERED: 6,
    S.READ: 7,
}

# What happens to people and addresses, not to messages: somebody has to act on it.
CONCERNS_PEOPLE = frozenset(
    {
        EventType.REPLIED,
        EventType.AUTO_REPLIED,
        EventType.REACTED,
        EventType.UNSUBSCRIBED,
        EventType.RESUBSCRIBED,
        EventType.COMPLAINED,
        EventType.FOLLOWED,
        EventType.UNFOLLOWED,
        EventType.IDENTITY_CHANGED,
    }
)


# Why a message failed that may well arrive when it is sent again, as it is, to the same address.
PASSING = frozenset({ReasonClass.TRANSIENT, ReasonClass.RATE_LIMITED, ReasonClass.QUOTA})


def may_work(status: S, reason: str | None) -> bool:
    """Whether a message failed for a reason that passes; `reason` as it is stored.

    >>> may_work(S.FAILED, "transient: 503: busy"), may_work(S.FAILED, "content: spam")
    (True, False)
    """
    return status is S.FAILED and (reason or "").partition(": ")[0] in PASSING


def may_move(old: S, new: S) -> bool:
    """Whether a message may be moved from `old` to `new` on purpose."""
    return new in MOVES[old]


def is_settled(counts: Mapping[S, int]) -> bool:
    """Whether a campaign with these message counts has nothing queued, under way or in doubt."""
    return not any(counts.get(status) for status in UNSETTLED)


def shown_by(news: EventType) -> S | None:
    """Return the state that this news proves, None when it says nothing about a message."""
    match news:
        case EventType.ACCEPTED | EventType.HELD | EventType.DEFERRED:
            return S.ACCEPTED
        case EventType.SENT:
            return S.SENT
        case EventType.FAILED | EventType.BOUNCED:
            return S.FAILED
        case (
            # A click may be a mail scanner's, a complaint a mailbox rule's: both got the message.
            EventType.DELIVERED
            | EventType.CLICKED
            | EventType.COMPLAINED
            | EventType.UNSUBSCRIBED
            | EventType.AUTO_REPLIED
        ):
            return S.DELIVERED
        case EventType.READ | EventType.REPLIED | EventType.REACTED:
            return S.READ
        case (
            EventType.RESUBSCRIBED
            | EventType.FOLLOWED
            | EventType.UNFOLLOWED
            | EventType.IDENTITY_CHANGED
        ):
            return None
        case _:
            assert_never(news)


def merge(status: S, news: EventType) -> S:
    """Return the state of a message in `status` after this news; never of lower rank."""
    shown = shown_by(news)
    if shown is None or status not in _RANK:
        return status
    return shown if _RANK[shown] > _RANK[status] else status


def suppression_for(event: DeliveryEvent) -> SuppressionReason | None:
    """Return why the address of this news must not be written to again, None when it may."""
    if event.type is EventType.COMPLAINED:
        return SuppressionReason.COMPLAINT
    if event.type in (EventType.UNSUBSCRIBED, EventType.UNFOLLOWED):
        return SuppressionReason.OPT_OUT
    if event.type in (EventType.FAILED, EventType.BOUNCED) and event.reason is not None:
        return suppression_by(event.reason.kind)
    return None


def condemns(event: DeliveryEvent) -> bool:
    """Whether this news speaks against the whole campaign: turned down for who or what it is."""
    return (
        event.type is EventType.BOUNCED
        and event.reason is not None
        and event.reason.kind is ReasonClass.POLICY
    )


def suppression_by(kind: ReasonClass) -> SuppressionReason | None:
    """Return why a failure of this class closes the address for good, None when it does not."""
    match kind:
        case ReasonClass.INVALID_RECIPIENT:
            return SuppressionReason.BOUNCE
        case ReasonClass.OPTED_OUT:
            return SuppressionReason.OPT_OUT
        case _:
            return None
