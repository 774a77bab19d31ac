"""What a provider says: the outcome of an attempt, and delivery events after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from campaigns.model.answer import ANSWERS
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message, MessageStatus


class EventType(StrEnum):
    """News from a provider, one vocabulary for all channels."""

    ACCEPTED = "accepted"
    HELD = "held"
    SENT = "sent"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    READ = "read"
    CLICKED = "clicked"
    FAILED = "failed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    RESUBSCRIBED = "resubscribed"
    REPLIED = "replied"
    AUTO_REPLIED = "auto_replied"
    REACTED = "reacted"
    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"
    IDENTITY_CHANGED = "identity_changed"


class ReasonClass(StrEnum):
    """Why something failed, in classes a machine can act on."""

    INVALID_RECIPIENT = "invalid_recipient"
    OPTED_OUT = "opted_out"
    FREQUENCY_CAP = "frequency_cap"
    RATE_LIMITED = "rate_limited"
    QUOTA = "quota"
    TEMPLATE = "template"
    CONTENT = "content"
    AUTH = "auth"
    POLICY = "policy"
    TRANSIENT = "transient"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something failed: our class, the provider's code and its words."""

    kind: ReasonClass
    code: str = ""
    detail: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.kind.value, self.code, self.detail) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider took the message.

    `provider_id` is its id, empty when it gives none. `note` is what the provider said beside
    yes ("held for quality assessment"). `known_as` are the ids the provider itself has for the
    recipient, where they are not the address: news may name the recipient by them.
    """

    provider_id: str
    note: str = ""
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The provider said no, definitively, or was never reached: nothing was sent.

    `retry_after_s` is None when a retry cannot help, else the seconds to wait; with
    `rests_channel` it is the whole account that waits. `halts_channel` means nothing more can
    leave on this channel until somebody repairs it (credentials), `halts_campaign` that nothing
    more of this campaign should before a person has looked at it.
    """

    reason: Reason
    retry_after_s: float | None = None
    rests_channel: bool = False
    halts_channel: bool = False
    halts_campaign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The request left and no answer came: the message is in doubt and is never resent blindly."""

    reason: Reason


SendOutcome = Accepted | Refused | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryEvent:
    """One piece of news, append-only. `dedupe_key` is unique: the same news twice is one event.

    `message_id` is None for news about no message we know; `campaign_id` names the campaign of
    whose message to `address` it is, where the provider knows no more. `address` is the normalised address
    it concerns, when the provider names one; `user_id` is the provider's own id of the person,
    where it is not the address and may be all there is. `text` is the inbound text of a reply;
    the new address for `IDENTITY_CHANGED`.
    """

    channel: Channel
    type: EventType
    dedupe_key: str
    occurred_at: datetime
    message_id: MessageId | None = None
    campaign_id: CampaignId | None = None
    provider_id: str | None = None
    address: str | None = None
    user_id: str | None = None
    text: str | None = None
    reason: Reason | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """At most `limit` messages per rolling `window_s` seconds on one account of a channel.

    With `window_s` 0 the limit is per request: at most `limit` in one go, as often as wanted.
    `name` tells it from the channel's own ("warm-up, day 3").
    """

    limit: int
    window_s: int
    name: str = ""

    def __str__(self) -> str:
        named = {0: "request", 3_600: "hour", 86_400: "24 hours"}
        words = f"{self.limit} per {named.get(self.window_s, f'{self.window_s} s')}"
        return f"{words} ({self.name})" if self.name else words


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmUp:
    """A sender nobody knows yet begins small: at most `daily[n]` in any 24 hours on day n.

    Days are the house's own, `starts_on` the first; before it the first day's cap holds, after
    the last day none does.
    """

    starts_on: date
    daily: tuple[int, ...]

    def quota(self, today: date) -> Quota | None:
        """Return the cap of a day, None once the sender is warm."""
        day = max(0, (today - self.starts_on).days)
        if day >= len(self.daily):
            return None
        return Quota(limit=self.daily[day], window_s=86_400, name=f"warm-up, day {day + 1}")

    def day(self, today: date) -> int | None:
        """Return which day of it today is, 1 also before the first, None once it is over."""
        day = max(0, (today - self.starts_on).days)
        return day + 1 if day < len(self.daily) else None

    def __str__(self) -> str:
        return f"{self.starts_on}:{'/'.join(str(cap) for cap in self.daily)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaUse:
    """A quota and how much of it is used; `resets_at` is when the oldest use leaves the window."""

    channel: Channel
    limit: int
    used: int
    left: int
    window_s: int
    resets_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmUpDay:
    """A day of a channel's warm-up: what it allows in 24 hours, what of it is used.

    `day` counts from 1 to `days`; `tomorrow` is the next day's cap, None when there is none then.
    """

    use: QuotaUse
    day: int
    days: int
    tomorrow: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What the provider's own plan allows in this calendar month; `limit` None is no limit."""

    channel: Channel
    limit: int | None
    used: int

    @property
    def left(self) -> int | None:
        """How many messages are left this month, None without a limit."""
        return None if self.limit is None else max(0, self.limit - self.used)

    def short(self, messages: int, ahead: int = 0) -> int:
        """Return how many of `messages` the month has no room for, with `ahead` others before."""
        return 0 if self.left is None else min(messages, max(0, ahead + messages - self.left))

    def __str__(self) -> str:
        if self.limit is None:
            return f"{self.channel.value}'s plan has no monthly limit"
        return f"the {self.limit} messages of {self.channel.value}'s plan this month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One campaign's way over one channel: what a worker takes batches from.

    `epoch` is the campaign's when the lane was opened: a pause and resume makes the old lane
    dry. `tests` lanes carry test messages only, whatever the campaign's state.
    """

    campaign_id: CampaignId
    channel: Channel
    epoch: int = 0
    tests: bool = False

    @property
    def key(self) -> str:
        """A stable, readable key: "c_1.email.2" or "c_1.email.test"."""
        return f"{self.campaign_id}.{self.channel}.{'test' if self.tests else self.epoch}"

    @property
    def takes_permits(self) -> bool:
        """Whether its messages count against the channel's quota.

        WhatsApp's is on templates; an answer is free text inside the customer's own window.
        """
        return self.campaign_id != ANSWERS or self.channel is not Channel.WHATSAPP


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a claim got.

    `retry_at` is when more may be had and `reason` why not now; both None with no messages
    means that nothing is left to do.
    """

    messages: tuple[Message, ...] = ()
    retry_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """How a batch ended: `until` is when the lane may go on, None when it has nothing left."""

    until: datetime | None = None
    reason: str | None = None
    sent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of a piece of news: `new` is False when it was known already.

    `message_id` is the message it is about and `status` that message's state now; both are
    None for an orphan, which is kept all the same.
    """

    new: bool
    message_id: MessageId | None = None
    status: MessageStatus | None = None
