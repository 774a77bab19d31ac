"""Send, test, pause, resume, cancel and roll back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from campaigns.flow.approve import MOVES, require
from campaigns.model.access import SYSTEM, Actor
from campaigns.model.audience import LeftOut
from campaigns.model.campaign import Campaign, CampaignStatus, LocalTime
from campaigns.model.customer import Channel
from campaigns.model.errors import Stale, WrongState
from campaigns.model.ids import CampaignId, CustomerId, MessageId
from campaigns.model.message import Fate, Message, MessageStatus
from campaigns.model.ports import Tx
from campaigns.orchestrator.approvals import save, told_time
from campaigns.orchestrator.going_on import go_on, require_open
from campaigns.orchestrator.hours import Hours
from campaigns.orchestrator.lookup import campaign_in, message_in
from campaigns.orchestrator.openness import closed
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.reserves import keep_back
from campaigns.orchestrator.seal import require_what_was_approved

C = CampaignStatus
M = MessageStatus

# No provider tells later than this what became of a message.
DOUBT_LIFE = timedelta(days=7)

# What has not left yet and so can still be cancelled.
UNSENT = frozenset({M.DRAFTED, M.VERIFIED, M.BLOCKED, M.APPROVED, M.QUEUED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What `send` did: how many messages are on their way, who gets none and why.

    `test_to` says where a test goes, by channel; None when it was no test.
    """

    campaign: Campaign
    queued: int
    skipped: tuple[LeftOut, ...]
    test_to: Mapping[Channel, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledBack:
    """What a rollback stopped and what had left already."""

    campaign: Campaign
    cancelled: int
    sent: int
    delivered: int
    in_doubt: int
    reached: tuple[CustomerId, ...]


class Sends:
    """The sending step; the engine does the work it starts."""

    def __init__(self, ports: Ports, hours: Hours) -> None:
        self._p = ports
        self._hours = hours

    # --- starting --------------------------------------------------------------------------------

    def send(
        self,
        campaign_id: CampaignId,
        actor: Actor,
        channels: Sequence[Channel] = (),
        schedule_at: datetime | None = None,
        local_time: LocalTime | None = None,
    ) -> Sent:
        """Send an approved campaign now, at `schedule_at` or at `local_time` where each customer is.

        Never twice: `WrongState`. Raises `RequestInvalid` for a time at which nothing may leave.
        """
        now = self._p.clock.now()
        if schedule_at is not None and schedule_at <= now:
            schedule_at = None
        with self._p.store.begin() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, [C.APPROVED], "sent")
            require_what_was_approved(tx, campaign)
            asked = tuple(channels)
            campaign = replace(campaign, channels=asked, updated_at=now)
            campaign = self._timed(tx, campaign, schedule_at, local_time)
            schedule_at = campaign.schedule_at
            detail: dict[str, object] = {"channels": [c.value for c in asked] or ["all"]}
            if schedule_at is not None:
                save(tx, replace(campaign, status=C.SCHEDULED))
                detail |= told_time(campaign)
                tx.audit.add(
                    now, actor.name, "campaign.schedule", f"campaign:{campaign_id}", detail
                )
                waiting = self._will_go(tx, campaign)
                return Sent(
                    campaign=campaign_in(tx, campaign_id),
                    queued=waiting,
                    skipped=self._skipped(tx, campaign),
                )
            return self._start(tx, campaign, actor, detail)

    def _timed(
        self, tx: Tx, campaign: Campaign, at: datetime | None, local: LocalTime | None
    ) -> Campaign:
        """Return a campaign that begins at an instant, at a time of each customer's, or when told."""
        self._hours.require(at, local, self._p.clock.today())
        if local is not None:
            return self._hours.timed(tx, campaign, local, self._p.clock.now())
        return replace(campaign, schedule_at=at, local_time=None)

    def begin_due(self) -> list[CampaignId]:
        """Start every scheduled campaign whose time has come; return which."""
        now = self._p.clock.now()
        with self._p.store.read() as tx:
            scheduled, _ = tx.campaigns.page(C.SCHEDULED, "", 1000)
        due = [c.id for c in scheduled if c.schedule_at is None or c.schedule_at <= now]
        for campaign_id in due:
            self._begin(campaign_id)
        return due

    def _begin(self, campaign_id: CampaignId) -> None:
        """Start a scheduled campaign; what can no longer be sent is paused with the reason."""
        try:
            with self._p.store.begin() as tx:
                campaign = campaign_in(tx, campaign_id)
                if campaign.status is C.SCHEDULED:
                    require_what_was_approved(tx, campaign)
                    self._start(tx, campaign, SYSTEM, {"scheduled": True})
        except (Stale, WrongState) as problem:
            now = self._p.clock.now()
            with self._p.store.begin() as tx:
                campaign = campaign_in(tx, campaign_id)
                if campaign.status is not C.SCHEDULED:
                    return  # a person was faster
                save(tx, replace(campaign, status=C.PAUSED, note=str(problem), updated_at=now))
                tx.audit.add(
                    now,
                    SYSTEM.name,
                    "campaign.pause",
                    f"campaign:{campaign_id}",
                    {"reason": str(problem)},
                )

    def _start(self, tx: Tx, campaign: Campaign, actor: Actor, detail: dict[str, object]) -> Sent:
        now = self._p.clock.now()
        self._skip_closed(tx, campaign, now)
        due = now + timedelta(seconds=self._p.house.hold_s)
        queued = tx.messages.queue(campaign.id, None, due, now)
        if not queued:
            reasons = "; ".join(f"{s.customers} × {s.reason}" for s in self._skipped(tx, campaign))
            raise WrongState(
                f"No message of campaign {campaign.id} can leave: {reasons}.",
                programs="`campaigns doctor` says what each channel needs.",
                people="Settings, Channels says what each channel needs.",
            )
        started = replace(campaign, status=C.SENDING, epoch=campaign.epoch + 1, updated_at=now)
        save(tx, started)
        self._p.dispatcher.start(tx, started, tuple(queued), due)
        if campaign.local_time is not None:
            self._hours.put_off(tx, campaign.id, campaign.local_time, now)
        total = sum(queued.values())
        tx.audit.add(
            now, actor.name, "campaign.send", f"campaign:{campaign.id}", detail | {"queued": total}
        )
        return Sent(
            campaign=campaign_in(tx, campaign.id),
            queued=total,
            skipped=self._skipped(tx, campaign),
        )

    def _skip_closed(self, tx: Tx, campaign: Campaign, now: datetime) -> None:
        for channel in Channel:
            reason = closed(self._p.carriers, campaign.channels, channel)
            if reason is not None:
                tx.messages.skip_channel(campaign.id, channel, reason, now)

    def _will_go(self, tx: Tx, campaign: Campaign) -> int:
        return sum(
            n
            for (channel, _), n in tx.messages.counts(campaign.id).items()
            if closed(self._p.carriers, campaign.channels, channel) is None
        )

    def _skipped(self, tx: Tx, campaign: Campaign) -> tuple[LeftOut, ...]:
        """Return who of the audience gets nothing, by reason."""
        counts = Counter(why for _, why in tx.campaigns.unwritten(campaign.id) if why)
        for _, fates in groupby(tx.messages.fates(campaign.id), lambda f: f.customer_id):
            whys = [self._why_not(campaign, f) for f in fates]
            if whys[0] and all(whys):
                counts[whys[0]] += 1
        return tuple(LeftOut(reason, n) for reason, n in sorted(counts.items()))

    def _why_not(self, campaign: Campaign, fate: Fate) -> str | None:
        if fate.status is M.SKIPPED:
            return fate.reason
        return closed(self._p.carriers, campaign.channels, fate.channel)

    def reschedule(
        self,
        campaign_id: CampaignId,
        at: datetime | None,
        actor: Actor,
        local_time: LocalTime | None = None,
    ) -> Campaign:
        """Give a scheduled campaign another time; without one it is approved and waits."""
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, [C.SCHEDULED], "rescheduled")
            campaign = self._timed(tx, replace(campaign, updated_at=now), at, local_time)
            status = C.SCHEDULED if campaign.schedule_at else C.APPROVED
            save(tx, replace(campaign, status=status))
            detail = told_time(campaign)
            tx.audit.add(now, actor.name, "campaign.reschedule", f"campaign:{campaign_id}", detail)
            return campaign_in(tx, campaign_id)

    # --- while sending ---------------------------------------------------------------------------

    def pause(self, campaign_id: CampaignId, actor: Actor) -> Campaign:
        """Stop before the next message; what is under way ends by itself."""
        return self._move(campaign_id, "pause", actor)

    def resume(self, campaign_id: CampaignId, actor: Actor) -> Campaign:
        """Go on where it was paused."""
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, MOVES["resume"][0], "resumed")
            counts = tx.messages.counts(campaign_id)
            not_begun = any(n for (_, status), n in counts.items() if status is M.APPROVED)
            changed = replace(
                campaign,
                status=C.SCHEDULED if not_begun else C.SENDING,
                epoch=campaign.epoch + (0 if not_begun else 1),
                updated_at=now,
            )
            save(tx, changed)
            if not not_begun:
                self._p.dispatcher.start(tx, changed, tuple(Channel), now)
            tx.audit.add(now, actor.name, "campaign.resume", f"campaign:{campaign_id}", {})
            return campaign_in(tx, campaign_id)

    def cancel(self, campaign_id: CampaignId, actor: Actor) -> Campaign:
        """End the campaign; nothing that has not left will leave."""
        with self._p.store.begin() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, MOVES["cancel"][0], "cancelled")
            self._cancel(tx, campaign, actor)
            return campaign_in(tx, campaign_id)

    def _cancel(self, tx: Tx, campaign: Campaign, actor: Actor) -> int:
        now = self._p.clock.now()
        save(tx, replace(campaign, status=C.CANCELLED, updated_at=now))
        # What is on its way first: of it the outbox knows what may have left already.
        cancelled = tx.outbox.cancel(campaign.id, now)
        cancelled += tx.messages.move_all(campaign.id, UNSENT, M.CANCELLED, now)
        tx.audit.add(
            now,
            actor.name,
            "campaign.cancel",
            f"campaign:{campaign.id}",
            {"cancelled": cancelled},
        )
        return cancelled

    def rollback(self, campaign_id: CampaignId, actor: Actor) -> RolledBack:
        """Cancel what is unsent and say what was sent, delivered and in doubt.

        What is on its way at this moment may arrive, so it counts as in doubt.
        """
        with self._p.store.begin() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(
                campaign,
                {C.APPROVED, C.SCHEDULED, C.SENDING, C.PAUSED, C.COMPLETED},
                "rolled back",
            )
            cancelled = 0
            if campaign.status is not C.COMPLETED:
                cancelled = self._cancel(tx, campaign, actor)
            save(tx, replace(campaign_in(tx, campaign_id), rolled_back=True))
            messages = tx.messages.all(campaign_id)
            left = [m for m in messages if m.status in LEFT]
            return RolledBack(
                campaign=campaign_in(tx, campaign_id),
                cancelled=cancelled,
                sent=len(left),
                delivered=sum(m.status in (M.DELIVERED, M.READ) for m in left),
                in_doubt=sum(m.status in MAY_HAVE_LEFT for m in messages),
                reached=tuple(
                    dict.fromkeys(
                        m.customer_id for m in messages if m.status in LEFT | MAY_HAVE_LEFT
                    )
                ),
            )

    def resolve(
        self,
        campaign_id: CampaignId,
        message_id: MessageId,
        status: MessageStatus,
        reason: str,
        actor: Actor,
    ) -> Message:
        """Take a person's decision about a message in doubt, failed or held.

        One to be sent again takes its completed campaign back to sending. Raises `WrongState` when
        the message waits for no decision, or its campaign is over for good.
        """
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            tx.campaigns.lock(campaign_id)
            campaign = campaign_in(tx, campaign_id)
            old = message_in(tx, campaign_id, message_id)
            again = status is M.QUEUED and not old.is_test
            if again:
                require_open(campaign)
                keep_back(tx, campaign_id, message_id)
            if not tx.outbox.resolve(message_id, status, f"{actor.name}: {reason}", now):
                raise WrongState(
                    f"Message {message_id} is {old.status.value}: only a message in doubt, or "
                    "one held since its approval, waits for a decision."
                )
            if again:
                go_on(tx, self._p.dispatcher, campaign, (old.channel,), now)
            tx.audit.add(
                now,
                actor.name,
                "message.resolved",
                f"message:{message_id}",
                {"from": old.status.value, "to": status.value, "reason": reason},
            )
            return message_in(tx, campaign_id, message_id)

    def stop(self, channels: Sequence[Channel], reason: str, actor: Actor) -> None:
        """Let nothing more leave on these channels, whatever the campaign, until reopened.

        What is under way ends by itself; what waits stays queued.
        """
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            for channel in channels:
                tx.outbox.halt(channel, f"{actor.name}: {reason}")
                detail: dict[str, object] = {"reason": reason}
                tx.audit.add(now, actor.name, "channel.stopped", f"channel:{channel.value}", detail)

    def reopen(self, channel: Channel, actor: Actor) -> None:
        """Let a channel send again that was stopped; what waited goes on by itself."""
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            if not tx.outbox.reopen(channel):
                raise WrongState(f"{channel.value} is not stopped, so there is nothing to reopen.")
            tx.audit.add(now, actor.name, "channel.reopened", f"channel:{channel.value}", {})

    def settle(self) -> list[CampaignId]:
        """Complete every sending campaign of which nothing is left to do; return which.

        A campaign of which only the first customer was written to goes back to approved. What
        is in doubt keeps a campaign open until news or a person decides, a week at most.
        """
        now = self._p.clock.now()
        with self._p.store.read() as tx:
            finished = tx.outbox.finished(now - DOUBT_LIFE)
        for campaign_id in finished:
            with self._p.store.begin() as tx:
                # A person may have queued a message again since the look.
                tx.campaigns.lock(campaign_id)
                if not tx.outbox.finished(now - DOUBT_LIFE, campaign_id):
                    continue
                counts = tx.messages.counts(campaign_id)
                waiting = any(n for (_, s), n in counts.items() if s is M.APPROVED)
                new = C.APPROVED if waiting else C.COMPLETED
                if tx.campaigns.move(campaign_id, [C.SENDING], new, now):
                    tx.audit.add(
                        now, SYSTEM.name, f"campaign.{new.value}", f"campaign:{campaign_id}", {}
                    )
        return list(finished)

    def _move(self, campaign_id: CampaignId, verb: str, actor: Actor) -> Campaign:
        now = self._p.clock.now()
        allowed, new = MOVES[verb]
        with self._p.store.begin() as tx:
            campaign = campaign_in(tx, campaign_id)
            require(campaign, allowed, f"{verb}d")
            save(tx, replace(campaign, status=new, updated_at=now))
            tx.audit.add(now, actor.name, f"campaign.{verb}", f"campaign:{campaign_id}", {})
            return campaign_in(tx, campaign_id)


LEFT = frozenset({M.ACCEPTED, M.SENT, M.DELIVERED, M.READ})
MAY_HAVE_LEFT = frozenset({M.SENDING, M.IN_DOUBT})
