"""Claim, check again, send, record: one batch of a lane at a time.

    claim (permit + state, one transaction)
      -> check again: suppressed since? consent? stale? outside the window?
      -> carrier.send(message, leaving)     `leaving` commits SENDING before the first byte; a
                                            second or more after the claim it checks once more
      -> settle                             accepted, refused (again later, or failed), in doubt

A process that dies before `leaving` has sent nothing; one that dies after it leaves the message
in SENDING, which the next start turns into in doubt. Nothing is ever sent on a guess.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial

import structlog

from campaigns.flow import dispatch, track
from campaigns.model.campaign import CampaignStatus
from campaigns.model.consent import Suppression, SuppressionReason
from campaigns.model.customer import Channel
from campaigns.model.delivery import (
    Accepted,
    Claim,
    DeliveryEvent,
    Lane,
    Quota,
    Reason,
    ReasonClass,
    Recorded,
    Refused,
    Rest,
    SendOutcome,
    Unknown,
)
from campaigns.model.errors import SettingInvalid
from campaigns.model.message import Message, MessageStatus
from campaigns.model.ports import Carrier, Clock, Multicaster, Store, Tx
from campaigns.sender.rules import (
    Fitness,
    Prepare,
    Rules,
    Staleness,
    always_fit,
    never_stale,
    unprepared,
    zone_named,
)
from campaigns.sender.together import Together

__all__ = ["Fitness", "Prepare", "Rules", "Sender", "Staleness", "never_stale", "zone_named"]

log = structlog.get_logger(__name__)

NOT_READY_RECHECK_S = 60.0
RAISED_RETRY_S = 60.0
# What was claimed longer ago is checked again right before it leaves: the others of its claim took
# their time, and meanwhile a window closes, a contract is renewed, somebody answers.
FRESH = timedelta(seconds=1)


class Sender:
    """Sends batches; safe to run many at a time, in one process or several."""

    def __init__(  # noqa: PLR0913 - everything a send is checked by, wired once in bootstrap
        self,
        store: Store,
        carriers: Mapping[Channel, Carrier],
        clock: Clock,
        rules: Rules,
        stale: Staleness = never_stale,
        *,
        fit: Fitness = always_fit,
        room: Fitness = always_fit,
        prepare: Prepare = unprepared,
        worker: str = "",
    ) -> None:
        """`room` is asked once a claim, of what else may leave: it counts what it lets go."""
        default = zone_named(rules.default_zone)
        if default is None:
            raise SettingInvalid(f"{rules.default_zone!r} is no IANA time zone")
        self._store = store
        self._carriers = carriers
        self._clock = clock
        self._rules = rules
        self._stale = stale
        self._fit = fit
        self._room = room
        self._prepare = prepare
        self._worker = worker
        self._default_zone = default
        self._stopping = False
        self._together = Together(
            store=store,
            clock=clock,
            verdicts=partial(self._verdicts, room=False),
            goes=self._still_goes,
            settle=self._settle,
            worker=worker,
        )

    def stop(self) -> None:
        """Claim nothing more; what is under way is finished by its batch."""
        self._stopping = True

    async def close(self) -> None:
        """Give the carriers' connections back."""
        for carrier in self._carriers.values():
            await carrier.close()

    async def send(self, lane: Lane) -> Rest:
        """Send up to one batch of the lane; say when it can go on."""
        carrier = self._carriers.get(lane.channel)
        if carrier is None or carrier.ready is not None:
            missing = carrier.ready if carrier else "not configured"
            later = self._clock.now() + timedelta(seconds=NOT_READY_RECHECK_S)
            return Rest(until=later, reason=f"{lane.channel}: {missing}")
        await self._prepare(lane)
        sent = claimed = 0
        batch, at_once = self._rules.batch, 3 * self._rules.in_flight
        if isinstance(carrier, Multicaster):
            batch = at_once = carrier.quota.limit
            sent = await self._together.repeat(carrier, lane)
        while claimed < batch and not self._stopping:
            # A small claim, so that a pause or a crash finds little under way.
            claim, ready = self._claim(lane, carrier, min(at_once, batch - claimed))
            if not claim.messages:
                until = self._by_tomorrow(lane.channel, claim.retry_at)
                return Rest(until=until, reason=claim.reason, sent=sent)
            claimed += len(claim.messages)
            if isinstance(carrier, Multicaster):
                groups, ready = self._together.groups(carrier, ready)
                for group in groups:
                    sent += await self._carry_group(carrier, group)
            sent += await self._carry(carrier, ready)
        return Rest(until=self._clock.now(), sent=sent)

    def record(self, events: Sequence[DeliveryEvent]) -> Sequence[Recorded]:
        """Store news about messages in one transaction, merge it, close addresses called dead."""
        now = self._clock.now()
        with self._store.begin() as tx:
            return [self._record(tx, event, now) for event in events]

    def _record(self, tx: Tx, event: DeliveryEvent, now: datetime) -> Recorded:
        recorded = tx.outbox.record(event, now)
        why = track.suppression_for(event)
        if recorded.new and recorded.message_id is not None:
            message = tx.messages.get(recorded.message_id)
            if message is not None and why is not None:
                self._close_address(tx, message, why, str(event.reason or event.type))
            if message is not None and message.answer is None and track.condemns(event):
                self._pause(tx, message, str(event.reason), now)
        return recorded

    def _pause(self, tx: Tx, message: Message, reason: str, now: datetime) -> None:
        """Pause the campaign of a message that was turned down for what all of them are."""
        why = f"a mail of it was turned down by policy ({reason}); look at it before it goes on"
        campaign = tx.campaigns.get(message.campaign_id)
        if campaign is None or campaign.status is not CampaignStatus.SENDING:
            return
        paused = replace(campaign, status=CampaignStatus.PAUSED, note=why, updated_at=now)
        if tx.campaigns.save(paused, campaign.revision):
            subject = f"campaign:{campaign.id}"
            tx.audit.add(now, "system", "campaign.pause", subject, {"reason": why})

    # --- claiming ------------------------------------------------------------------------------

    def _claim(self, lane: Lane, carrier: Carrier, most: int) -> tuple[Claim, list[Message]]:
        """Claim and check again in one transaction; return the claim and who of it may go."""
        now = self._clock.now()
        with self._store.begin() as tx:
            claim = tx.outbox.claim(
                lane, carrier.quota, now, most, self._worker, also=self._warming(lane.channel)
            )
            ready = []
            verdicts = self._verdicts(tx, carrier, claim.messages, room=True)
            for message, verdict in zip(claim.messages, verdicts, strict=True):
                match verdict:
                    case dispatch.Go():
                        ready.append(message)
                    case dispatch.Wait(until=until, reason=reason):
                        tx.outbox.hold(message.id, message.attempt, until, reason, now)
                    case dispatch.End(status=status, reason=reason):
                        tx.outbox.drop(message.id, message.attempt, status, reason, now)
        return claim, ready

    def _by_tomorrow(self, channel: Channel, until: datetime | None) -> datetime | None:
        """Look again no later than tomorrow on a channel that warms up: its cap is another then."""
        if until is None or not self._warming(channel):
            return until
        here = self._clock.local_now()
        midnight = datetime.combine(here.date() + timedelta(days=1), time(), here.tzinfo)
        return min(until, midnight.astimezone(UTC))

    def _warming(self, channel: Channel) -> Sequence[Quota]:
        """Return the day's cap of a channel that warms up."""
        warm_up = self._rules.warm_up.get(channel)
        quota = warm_up.quota(self._clock.today()) if warm_up else None
        return (quota,) if quota else ()

    def _verdicts(
        self, tx: Tx, carrier: Carrier, messages: Sequence[Message], *, room: bool
    ) -> Sequence[dispatch.Verdict]:
        now = self._clock.now()
        standings = self._standings(tx, carrier, messages, room=room)
        return [dispatch.decide(one, now) for one in standings]

    def _standings(
        self, tx: Tx, carrier: Carrier, messages: Sequence[Message], *, room: bool
    ) -> list[dispatch.Standing]:
        if not messages:
            return []
        addresses = [(m.channel, m.address) for m in messages]
        suppressed = tx.consents.suppressed(addresses)
        blocked = tx.consents.blocked(addresses)
        stale, unfit = self._stale(tx, messages), dict(self._fit(tx, messages))
        if room:
            others = [m for m in messages if m.id not in unfit and m.id not in stale]
            unfit |= self._room(tx, others)
        return [
            replace(
                self._standing(m, carrier, blocked.get(a), suppressed=a in suppressed),
                stale=stale.get(m.id),
                unfit=unfit.get(m.id),
            )
            for m, a in zip(messages, addresses, strict=True)
        ]

    def _standing(
        self,
        message: Message,
        carrier: Carrier,
        blocked: str | None,
        *,
        suppressed: bool,
    ) -> dispatch.Standing:
        address = (message.channel, message.address)
        ours = message.is_test and (carrier.simulated or address in self._rules.own)
        # Who wrote to us on a channel may be answered there, at any hour.
        asked = message.answer is not None and message.answer.same_channel
        zone = zone_named(message.timezone) if message.timezone else None
        return dispatch.Standing(
            suppressed=blocked if suppressed else None,
            consent_missing=None if suppressed or ours or asked else blocked,
            window=None if ours or message.answer is not None else self._window(message),
            zone=zone or self._default_zone,
            zone_name=message.timezone if zone else self._rules.default_zone,
            zone_known=zone is not None,
        )

    def _window(self, message: Message) -> dispatch.Window | None:
        window, now = self._rules.window, self._clock.now()
        if window is None:
            return None
        return window.without(dispatch.holidays_of(message.country, self._rules.days_off, now))

    # --- sending -------------------------------------------------------------------------------

    async def _carry_group(self, carrier: Multicaster, messages: Sequence[Message]) -> int:
        if not self._stopping:
            return await self._together.carry(carrier, messages)
        for message in messages:
            self._give_back(message)
        return 0

    async def _carry(self, carrier: Carrier, messages: Sequence[Message]) -> int:
        """Send claimed messages, a bounded number at a time; return how many left for good."""
        gate = asyncio.Semaphore(self._rules.in_flight)

        async def one(message: Message) -> bool:
            async with gate:
                return await self._carry_one(carrier, message)

        # Every message is seen through before an error (the database's) ends the batch.
        ended = await asyncio.gather(*(one(m) for m in messages), return_exceptions=True)
        for result in ended:
            if isinstance(result, BaseException):
                raise result
        return sum(result is True for result in ended)

    async def _carry_one(self, carrier: Carrier, message: Message) -> bool:
        left = False

        def leaving() -> bool:
            nonlocal left
            with self._store.begin() as tx:
                left = self._still_goes(tx, carrier, message) and tx.outbox.leaving(
                    message.id, message.attempt, self._clock.now()
                )
            return left

        if self._stopping:
            self._give_back(message)
            return False
        try:
            outcome = await carrier.send(message, leaving)
        except asyncio.CancelledError:
            self._record_stop(message, left=left)
            raise
        except Exception as error:
            log.exception("carrier_raised", channel=message.channel, message=message.id)
            outcome = _after_raise(error, left=left)
        if outcome is None:
            self._give_back(message)
            return False
        status = self._settle(message, outcome)
        return status is not None and status not in track.UNSETTLED

    def _still_goes(self, tx: Tx, carrier: Carrier, message: Message) -> bool:
        """Whether what let a message go when it was claimed still does."""
        claimed_at = message.updated_at
        if claimed_at is not None and self._clock.now() - claimed_at < FRESH:
            return True
        (verdict,) = self._verdicts(tx, carrier, [message], room=False)
        return isinstance(verdict, dispatch.Go)

    def _settle(self, message: Message, outcome: SendOutcome) -> MessageStatus | None:
        now = self._clock.now()
        with self._store.begin() as tx:
            status = tx.outbox.settle(message.id, message.attempt, outcome, now)
            if isinstance(outcome, Accepted):
                for user_id in outcome.known_as:
                    tx.identities.learn(message.channel, user_id, message.address, now)
            if isinstance(outcome, Refused):
                why = track.suppression_by(outcome.reason.kind)
                self._close_address(tx, message, why, str(outcome.reason))
                if outcome.halts_campaign:
                    self._pause(tx, message, str(outcome.reason), now)
        log.debug(
            "attempt",
            message=message.id,
            attempt=message.attempt,
            outcome=type(outcome).__name__.lower(),
            status=status,
        )
        return status

    def _close_address(
        self, tx: Tx, message: Message, why: SuppressionReason | None, evidence: str
    ) -> None:
        """Suppress an address that its provider calls dead or opted out; tests change nothing."""
        if why is None or message.is_test:
            return
        suppression = Suppression(
            channel=message.channel,
            address=message.address,
            reason=why,
            source="provider",
            evidence=evidence,
            at=self._clock.now(),
        )
        if tx.consents.suppress(suppression):
            detail = {"channel": message.channel.value, "reason": why.value}
            subject = f"message:{message.id}"
            tx.audit.add(suppression.at, "system", "address.suppressed", subject, detail)

    def _give_back(self, message: Message) -> None:
        now = self._clock.now()
        with self._store.begin() as tx:
            tx.outbox.hold(message.id, message.attempt, now, None, now)

    def _record_stop(self, message: Message, *, left: bool) -> None:
        if left:
            stopped = Reason(kind=ReasonClass.UNKNOWN, detail="the program stopped meanwhile")
            self._settle(message, Unknown(reason=stopped))
        else:
            self._give_back(message)


def _after_raise(error: Exception, *, left: bool) -> SendOutcome:
    """Judge a carrier that raised by whether the message may have left."""
    reason = Reason(kind=ReasonClass.UNKNOWN, detail=f"{type(error).__name__} in the carrier")
    if left:
        return Unknown(reason=reason)
    return Refused(reason=reason, retry_after_s=RAISED_RETRY_S)
