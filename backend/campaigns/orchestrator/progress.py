"""What becomes of a campaign, as its dashboard shows it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from campaigns.flow.audience import worth
from campaigns.flow.insight import INTERESTED, Funnel, converted, funnel, nps
from campaigns.model.access import Actor
from campaigns.model.audience import Audience
from campaigns.model.audit import AuditEntry
from campaigns.model.campaign import Campaign
from campaigns.model.customer import Channel
from campaigns.model.delivery import QuotaUse
from campaigns.model.ids import CampaignId, CustomerId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.plan import CampaignType
from campaigns.model.ports import Answered, Queued, Tx, UsualOutcome
from campaigns.model.reply import Intent, Reply
from campaigns.orchestrator.lookup import campaign_in
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.tested import LOG, is_through, skip

PACE = timedelta(minutes=1)
TROUBLES = 50
REPLIES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything the dashboard shows of one campaign.

    `counts` are its messages by channel and state, `queues` what waits on each channel,
    `left_lately` how many left within the last minute. `value` is the yearly value of the
    customers that are interested. `log` is the campaign's audit trail, newest first.
    """

    campaign: Campaign
    audience: Audience
    counts: Mapping[tuple[Channel, MessageStatus], int]
    funnel: Funnel
    queues: Mapping[Channel, Queued]
    left_lately: int
    reached: int
    answers: Sequence[Answered]
    value: Mapping[str, Decimal]
    unpriced: int
    usual: UsualOutcome
    troubles: Sequence[Message]
    troubles_total: int
    tests: Sequence[Message]
    replies: Sequence[Reply]
    limits: Sequence[QuotaUse]
    halted: Mapping[Channel, str]
    log: Sequence[AuditEntry]
    nps: float | None

    def entry(self, action: str) -> AuditEntry | None:
        """Return the newest entry of the trail with this action."""
        return next((e for e in self.log if e.action == action), None)

    @property
    def is_tested(self) -> bool:
        """Whether the test is through, or somebody decided to do without."""
        return is_through(self.tests, self.log)


class Progress:
    """Reads for the dashboard, and the two small decisions taken there."""

    def __init__(self, ports: Ports) -> None:
        self._p = ports

    def outcome(self, campaign_id: CampaignId) -> Outcome:
        """Return what became of a campaign so far."""
        now = self._p.clock.now()
        with self._p.store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            counts = tx.messages.counts(campaign_id)
            answers = tx.progress.answers(campaign_id)
            troubles, total = tx.progress.troubles(campaign_id, TROUBLES)
            replies, _ = tx.replies.page("", REPLIES, campaign_id)
            value, unpriced = _value(tx, answers)
            log, _ = tx.audit.page("", LOG, f"campaign:{campaign_id}")
            return Outcome(
                campaign=campaign,
                audience=tx.campaigns.audience(campaign_id, 0, 1),
                counts=counts,
                funnel=funnel(
                    counts, tx.replies.answered(campaign_id), self._converted(tx, campaign)
                ),
                queues=tx.progress.queues(campaign_id),
                left_lately=tx.progress.left_since(campaign_id, now - PACE),
                reached=tx.progress.reached(campaign_id),
                answers=answers,
                value=value,
                unpriced=unpriced,
                usual=tx.progress.usual(campaign_id),
                troubles=troubles,
                troubles_total=total,
                tests=tx.progress.tests(campaign_id),
                replies=replies,
                limits=tuple(
                    tx.outbox.use(channel, carrier.quota, now)
                    for channel, carrier in self._p.carriers.items()
                ),
                halted=tx.outbox.halted(now),
                log=log,
                nps=nps(tx.replies.scores(campaign_id)),
            )

    def recipients(
        self,
        campaign_id: CampaignId,
        statuses: Collection[MessageStatus],
        channel: Channel | None,
        first: int,
        limit: int,
    ) -> tuple[Sequence[Message], int]:
        """Return messages of a campaign in any of `statuses` (none means all), and how many."""
        with self._p.store.read() as tx:
            campaign_in(tx, campaign_id)
            return tx.progress.recipients(campaign_id, statuses, channel, first, limit)

    def limits(self) -> Sequence[QuotaUse]:
        """Return how much of each channel's quota is used."""
        now = self._p.clock.now()
        with self._p.store.read() as tx:
            return [
                tx.outbox.use(channel, carrier.quota, now)
                for channel, carrier in self._p.carriers.items()
            ]

    def halted(self) -> Mapping[Channel, str]:
        """Return the channels on which nothing may leave, and why."""
        now = self._p.clock.now()
        with self._p.store.read() as tx:
            return tx.outbox.halted(now)

    def pulse(self, campaign_id: CampaignId) -> object:
        """Return a value that is equal as long as nothing changed that the dashboard shows."""
        with self._p.store.read() as tx:
            campaign = campaign_in(tx, campaign_id)
            counts = tx.messages.counts(campaign_id)
            tests = tx.messages.counts(campaign_id, tests=True)
            intents = tx.replies.by_intent(campaign_id)
            return (
                campaign.revision,
                campaign.status,
                *_flat(counts),
                *_flat(tests),
                *_flat(intents),
            )

    def skip_test(self, campaign_id: CampaignId, why: str, actor: Actor) -> None:
        """Note that somebody who may approve sends without a test, and why."""
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            campaign_in(tx, campaign_id)
            skip(tx, campaign_id, why, actor, now)

    def _converted(self, tx: Tx, campaign: Campaign) -> int:
        if campaign.plan.type is not CampaignType.RENEWAL:
            return 0
        members = tx.campaigns.audience(campaign.id).members
        return len(converted(members, tx.customers.many([m.customer_id for m in members])))


def _flat(counts: Mapping[Any, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((str(key), n) for key, n in counts.items()))


def _value(tx: Tx, answers: Sequence[Answered]) -> tuple[Mapping[str, Decimal], int]:
    """Return the yearly value of the customers whose replies show interest, by currency.

    And how many of them have none on record.
    """
    interested: set[CustomerId] = {a.customer_id for a in answers if a.intent in INTERESTED}
    return worth(tx.customers.many(sorted(interested)).values())


def latest(replies: Sequence[Reply], at_most: int) -> Sequence[Reply]:
    """Return the newest replies that wait for a person."""
    settled = {Intent.OPT_OUT, Intent.OUT_OF_OFFICE, Intent.OTHER, Intent.SURVEY_SCORE}
    open_now = [
        r
        for r in replies
        if r.done_at is None and (r.suggestion.escalate or r.reading.intent not in settled)
    ]
    return open_now[:at_most]


def hold_left_s(outcome: Outcome, now: datetime) -> int:
    """Return the seconds until the first message may leave; 0 when the hold is over."""
    if outcome.funnel.sent:
        return 0
    due = [q.until for q in outcome.queues.values() if q.until is not None]
    return max(0, int((min(due) - now).total_seconds())) if due else 0
