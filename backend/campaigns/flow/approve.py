"""What an approval covers, and the moves of a campaign between its states."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.errors import NotAllowed, Stale, WrongState
from campaigns.model.message import Message, MessageStatus
from campaigns.model.wording import plural

S = CampaignStatus

MOVES: Mapping[str, tuple[frozenset[CampaignStatus], CampaignStatus]] = {
    "submit": (frozenset({S.DRAFT, S.REJECTED}), S.IN_REVIEW),
    "approve": (frozenset({S.IN_REVIEW}), S.APPROVED),
    "reject": (frozenset({S.IN_REVIEW}), S.REJECTED),
    "pause": (frozenset({S.SENDING, S.SCHEDULED}), S.PAUSED),
    "resume": (frozenset({S.PAUSED}), S.SENDING),
    "cancel": (
        frozenset(S) - {S.COMPLETED, S.CANCELLED},
        S.CANCELLED,
    ),
}
WAY_ON: Mapping[CampaignStatus, str] = {
    S.NEEDS_CLARIFICATION: "Answer what was not understood: change its filters, or rephrase it.",
    S.DRAFT: "Submit it for approval first.",
    S.REJECTED: "Change it and submit it for approval again.",
    S.IN_REVIEW: "It waits for somebody to approve or reject it.",
    S.APPROVED: "Send it, or edit it and submit it again.",
    S.SCHEDULED: "It starts by itself; cancel or pause it to stop that.",
    S.SENDING: "Pause or cancel it, or wait until it is completed.",
    S.PAUSED: "Resume or cancel it.",
    S.COMPLETED: "It has ended; create a new campaign.",
    S.CANCELLED: "It has ended; create a new campaign.",
}
WAITS_AT_MOST = timedelta(days=7)  # for an approver; what the book says may have changed since
PUT_AWAY = frozenset({S.NEEDS_CLARIFICATION, S.DRAFT, S.REJECTED, S.COMPLETED, S.CANCELLED})
EDITABLE = frozenset({S.NEEDS_CLARIFICATION, S.DRAFT, S.IN_REVIEW, S.APPROVED, S.REJECTED})


def require(campaign: Campaign, allowed: Iterable[CampaignStatus], verb: str) -> None:
    """Raise `WrongState` unless the campaign's state is among `allowed`; say the way on."""
    if campaign.status not in frozenset(allowed):
        raise WrongState(
            f"Campaign {campaign.id} is {campaign.status.value}, so it cannot be {verb}. "
            f"{WAY_ON[campaign.status]}"
        )


class Content:
    """The SHA-256 over exactly these messages to exactly these addresses, a message at a time.

    Messages are added in the order of their ids. Everything a recipient sees or is reached by is
    in it; states and times are not. What is kept in reserve counts with its first message, before
    it is called and after.
    """

    def __init__(self) -> None:
        self._sum = hashlib.sha256(b"[[")
        self._last = ""

    def add(self, message: Message) -> None:
        """Take a message in. Raises `ValueError` when its id does not follow the last one's."""
        if message.reserve_of is not None:
            return
        if message.id <= self._last:
            raise ValueError(f"message {message.id} after {self._last}")
        self._sum.update((("," if self._last else "") + _json(_line(message))).encode())
        self._last = message.id

    def hash(self, left_out: Iterable[str]) -> str:
        """Return the hash (hex) of what was added and of members nothing is sent to, by id."""
        whole = self._sum.copy()
        whole.update(f"],{_json(sorted(left_out))}]".encode())
        return whole.hexdigest()


def content_hash(messages: Iterable[Message], left_out: Iterable[str]) -> str:
    """Return the hash of a `Content` of these messages, in whatever order they come."""
    content = Content()
    for message in sorted(messages, key=lambda m: m.id):
        content.add(message)
    return content.hash(left_out)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _line(m: Message) -> list[object]:
    return [
        m.id,
        m.customer_id,
        m.contact_id,
        m.channel,
        m.address,
        m.subject,
        m.preheader,
        m.text,
        m.html or "",
        [m.template.name, m.template.language, sorted(m.template.parameters.items())]
        if m.template
        else [],
        *([m.variant] if m.variant else []),
        *([_line(m.in_reserve)] if m.in_reserve else []),
    ]


def check_submission(messages: Iterable[Message]) -> None:
    """Raise `WrongState` when there is nothing to send or a message is blocked."""
    found = 0
    blocked, unseen = _Several(), _Several()
    for m in messages:
        found += 1
        if m.status is MessageStatus.BLOCKED:
            blocked.add(m)
        if m.review and not m.reviewed_by:
            unseen.add(m)
    if not found:
        raise WrongState(
            "There is no message to send: nobody in the audience can be reached. "
            "Look at the audience's `unreachable` reasons, or change the filters."
        )
    if (first := blocked.first) is not None:
        raise WrongState(
            f"{blocked.count} of {plural(found, 'message')} {'is' if blocked.count == 1 else 'are'} "
            f"blocked by the fact guard, the first to {first.customer}.",
            programs=f"Edit it: PATCH /api/campaigns/{first.campaign_id}/messages/{first.id}",
            people="Fix it in the composer, or leave that customer out.",
        )
    if (first := unseen.first) is not None:
        raise WrongState(
            f"{plural(unseen.count, 'message')} of {found} must be looked at one by one "
            f"before this goes on, the first to {first.customer}.",
            programs=f"POST /api/campaigns/{first.campaign_id}/messages/{first.id}/review",
            people="Open it in the composer and say that you have looked at it.",
        )


@dataclass(slots=True)
class _Several:
    """How many messages stand in the way, and the first of them."""

    count: int = 0
    first: Message | None = None

    def add(self, message: Message) -> None:
        self.first = self.first or message
        self.count += 1


def is_expired(campaign: Campaign, now: datetime) -> bool:
    """Whether a campaign has waited for an approver for so long that it is submitted again."""
    return campaign.status is S.IN_REVIEW and now - campaign.updated_at > WAITS_AT_MOST


def check_approval(
    campaign: Campaign, shown_hash: str, approver: str, now: datetime, *, four_eyes: bool
) -> None:
    """Raise unless `approver` may approve and approves what is there now."""
    if is_expired(campaign, now):
        raise WrongState(
            f"Campaign {campaign.id} expired after {WAITS_AT_MOST.days} days without a decision, "
            "so it cannot be approved. Submit it again."
        )
    if four_eyes and approver == campaign.author:
        raise NotAllowed(
            f"{approver} wrote campaign {campaign.id}, so somebody else approves it "
            "(CAMPAIGNS_FOUR_EYES is on)."
        )
    if shown_hash != campaign.content_hash:
        raise Stale(
            f"Campaign {campaign.id} is not what you approved: a message or the audience changed. "
            "Read the preview again and approve its content_hash."
        )
