"""Messages on their way: the outbox port over its parts.

`claims` takes the next messages of a lane, `attempts` carries one through its states, `news`
merges what providers say, `ledger` counts permits. Here also what a dead worker left behind.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import product

from sqlalchemy import Connection, and_, case, exists, func, or_, select, text, true, update

from campaigns.flow import track
from campaigns.model.answer import ANSWERS
from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.delivery import (
    Claim,
    DeliveryEvent,
    EventType,
    Lane,
    Quota,
    QuotaUse,
    Recorded,
    SendOutcome,
)
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import MessageStatus
from campaigns.store import attempts, claims, doubts, held, ledger, messages, news, reserves
from campaigns.store import tables as t

# Spelled out as the partial index has it, for it to match.
UNDER_WAY = text("messages.status IN ('claimed', 'sending')")
DIED_SENDING = "the program stopped after the message left and before an answer came"


class OutboxRows:
    """`model.ports.Outbox` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def claim(
        self,
        lane: Lane,
        quota: Quota,
        now: datetime,
        most: int,
        worker: str = "",
        *,
        also: Sequence[Quota] = (),
    ) -> Claim:
        """Claim up to `most` due messages, taking a permit of every quota for each, in one go."""
        return claims.claim(self._c, lane, (quota, *also), now, most, worker)

    def leaving(self, message_id: MessageId, attempt: int, at: datetime) -> bool:
        """CLAIMED to SENDING for exactly this attempt, if it may still leave."""
        return attempts.leaving(self._c, message_id, attempt, at)

    def settle(
        self, message_id: MessageId, attempt: int, outcome: SendOutcome, at: datetime
    ) -> MessageStatus | None:
        """Record an attempt's outcome; return the message's state, None when not its attempt."""
        return attempts.settle(self._c, message_id, attempt, outcome, at)

    def hold(
        self,
        message_id: MessageId,
        attempt: int,
        until: datetime | None,
        reason: str | None,
        at: datetime,
    ) -> bool:
        """Give a claimed message and its permit back: not before `until`, and why."""
        return attempts.hold(self._c, message_id, attempt, until, reason, at)

    def drop(
        self, message_id: MessageId, attempt: int, status: MessageStatus, reason: str, at: datetime
    ) -> bool:
        """End a claimed message as suppressed, skipped or failed; its permit is given back."""
        return attempts.drop(self._c, message_id, attempt, status, reason, at)

    def resolve(
        self, message_id: MessageId, status: MessageStatus, reason: str, at: datetime
    ) -> bool:
        """Do what a person decided about a message in doubt, failed or held."""
        return attempts.resolve(self._c, message_id, status, reason, at)

    def record(self, event: DeliveryEvent, received_at: datetime) -> Recorded:
        """Store an event and merge it into its message."""
        return news.record(self._c, event, received_at)

    def would_record(self, event: DeliveryEvent) -> Recorded:
        """Return whether an event is new and which message it is about, storing nothing."""
        return news.would_record(self._c, event)

    def newest(
        self, channel: Channel, address: str, types: Collection[EventType]
    ) -> Collection[EventType]:
        """Return the newest news of these types about an address; several at one instant."""
        return news.newest(self._c, channel, address, types)

    def heard_at(self, channel: Channel, address: str) -> datetime | None:
        """Return when a reply last came from an address, None when never."""
        return news.heard_at(self._c, channel, address)

    def doubts(self, message_ids: Collection[MessageId]) -> Mapping[MessageId, datetime]:
        """Return since when it is not known of a message whether it left; absent means known."""
        return doubts.since(self._c, message_ids)

    def repeat(self, channel: Channel, since: datetime, at: datetime) -> Collection[CampaignId]:
        """Queue messages in doubt again that rested for long enough; return their campaigns."""
        return doubts.repeat(self._c, channel, since, at)

    def let_go(
        self, templates: Collection[tuple[str, str]], at: datetime
    ) -> Collection[CampaignId]:
        """Have what is held for one of these templates leave from `at` on; the campaigns."""
        return held.let_go(self._c, templates, at)

    def use(self, channel: Channel, quota: Quota, now: datetime) -> QuotaUse:
        """Return how much of the quota is used at `now`, and when the oldest use leaves it."""
        return ledger.use(self._c, channel, quota, now)

    def freeing(self, channel: Channel, quota: Quota, now: datetime) -> Sequence[datetime]:
        """Return when each used permit of the quota comes back, earliest first."""
        return ledger.freeing(self._c, channel, quota, now)

    def queued(self, channel: Channel, beside: CampaignId | None = None) -> int:
        """Return how many messages are queued on a channel, those of one campaign and tests aside."""
        found = select(func.count()).where(claims.queued_on(channel, tests=False))
        if beside is not None:
            found = found.where(t.messages.c.campaign_id != beside)
        return self._c.execute(found).scalar_one()

    def halted(self, now: datetime) -> Mapping[Channel, str]:
        """Return the channels on which nothing may leave, and why."""
        return ledger.halted(self._c, now)

    def halt(self, channel: Channel, reason: str) -> None:
        """Let nothing leave on a channel until it is reopened."""
        ledger.halt(self._c, channel, reason)

    def reopen(self, channel: Channel) -> bool:
        """Let a halted channel send again; False when it was not halted."""
        return ledger.reopen(self._c, channel)

    def cancel(self, campaign_id: CampaignId, at: datetime) -> int:
        """End what the campaign has queued or claimed, tests too; return how many."""
        unsent = (
            t.messages.c.campaign_id == campaign_id,
            t.messages.c.status.in_([MessageStatus.QUEUED.value, MessageStatus.CLAIMED.value]),
        )
        ledger.give_back_all(self._c, *unsent)
        ended = self._c.execute(
            update(t.messages)
            .where(*unsent)
            .values(status=doubts.unless_in_doubt(MessageStatus.CANCELLED), updated_at=at)
        )
        return ended.rowcount

    def workers(self) -> Collection[str]:
        """Return the names of the workers that have messages under way."""
        rows = self._c.execute(select(t.messages.c.worker).where(UNDER_WAY).distinct())
        return {row.worker or "" for row in rows}

    def recover(
        self, at: datetime, before: datetime | None = None, worker: str | None = None
    ) -> Mapping[MessageStatus, int]:
        """Free what a dead worker left: CLAIMED to QUEUED, SENDING to IN_DOUBT; return counts."""
        stuck = [] if before is None else [t.messages.c.updated_at < before]
        if worker is not None:
            # Claims of a version that wrote no names down are nobody's, too.
            stuck.append(func.coalesce(t.messages.c.worker, "") == worker)
        ledger.give_back_all(self._c, *stuck)
        left = t.messages.c.status == MessageStatus.SENDING.value
        freed = self._c.execute(
            update(t.messages)
            .where(UNDER_WAY, *stuck)
            .values(
                status=case((left, MessageStatus.IN_DOUBT.value), else_=MessageStatus.QUEUED.value),
                reason=case((left, DIED_SENDING), else_=t.messages.c.reason),
                doubt_since=case(
                    (left, func.coalesce(t.messages.c.doubt_since, t.messages.c.left_at)),
                    else_=t.messages.c.doubt_since,
                ),
                updated_at=at,
            )
            .returning(t.messages.c.status)
        )
        return Counter(MessageStatus(row.status) for row in freed)

    def lanes(self) -> Sequence[Lane]:
        """Return every lane with queued messages that may go, now or at their time."""
        found = []
        sending = t.campaigns.c.status == CampaignStatus.SENDING.value
        for channel, tests in product(Channel, (False, True)):
            queued = exists().where(
                t.messages.c.campaign_id == t.campaigns.c.id,
                claims.queued_on(channel, tests=tests),
                or_(
                    t.messages.c.not_before.is_(None),
                    t.messages.c.not_before < messages.UNTIL_RELEASED,
                ),
            )
            rows = self._c.execute(
                select(t.campaigns.c.id, t.campaigns.c.epoch).where(
                    queued, true() if tests else sending
                )
            )
            found += [
                Lane(campaign_id=CampaignId(row.id), channel=channel, epoch=row.epoch, tests=tests)
                for row in rows
            ]
        return found

    def finished(
        self, doubts_before: datetime, campaign_id: CampaignId | None = None
    ) -> Sequence[CampaignId]:
        """Return the sending campaigns of which nothing is queued, under way or in doubt."""
        given_up = and_(
            t.messages.c.status == MessageStatus.IN_DOUBT.value,
            func.coalesce(t.messages.c.doubt_since, t.messages.c.updated_at) < doubts_before,
        )
        unsettled = exists().where(
            t.messages.c.campaign_id == t.campaigns.c.id,
            or_(
                t.messages.c.status.in_([s.value for s in track.UNSETTLED]),
                reserves.waits_in_reserve(),
            ),
            t.messages.c.is_test.is_(False),
            ~given_up,
        )
        this = true() if campaign_id is None else t.campaigns.c.id == campaign_id
        rows = self._c.execute(
            select(t.campaigns.c.id).where(
                t.campaigns.c.status == CampaignStatus.SENDING.value,
                t.campaigns.c.id != ANSWERS,
                this,
                ~unsettled,
            )
        )
        return [CampaignId(row.id) for row in rows]
