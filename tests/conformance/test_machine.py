"""Any order of claims, sends, news, crashes, pauses and refusals keeps the promises.

A machine plays workers, providers and people against the outbox at random and keeps its own
book of what left. It checks after every step that nobody was written to twice without reason,
nobody who opted out was written to, nothing left a campaign that was paused or cancelled or a
channel that was stopped, and the quota was never exceeded. `test_sender.py` plays the rules asked
above the outbox: windows and what changed since the approval.
"""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tests.support.sending import NOON, HandClock, message, plant, sqlite_store

from campaigns.flow import track
from campaigns.model.campaign import CampaignStatus
from campaigns.model.consent import Suppression, SuppressionReason
from campaigns.model.customer import Channel
from campaigns.model.delivery import (
    Accepted,
    DeliveryEvent,
    EventType,
    Lane,
    Quota,
    Reason,
    ReasonClass,
    Refused,
    SendOutcome,
    Unknown,
)
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message, MessageStatus
from campaigns.store import tables as t

CAMPAIGN = CampaignId("c_1")
LANE = Lane(campaign_id=CAMPAIGN, channel=Channel.EMAIL, epoch=1)
QUOTA = Quota(limit=3, window_s=3600)
PEOPLE = 8
NOBODY_KNOWS = Reason(kind=ReasonClass.UNKNOWN)
OUTCOMES: list[SendOutcome] = [
    Accepted(provider_id=""),
    Refused(reason=NOBODY_KNOWS, retry_after_s=60),
    Refused(reason=NOBODY_KNOWS),
    Unknown(reason=NOBODY_KNOWS),
]
ARRIVED = (MessageStatus.DELIVERED, MessageStatus.READ)
NEWS = [EventType.ACCEPTED, EventType.SENT, EventType.DELIVERED, EventType.READ, EventType.FAILED]
PERMITS_OUT = select(t.ledger.c.message_id).where(t.ledger.c.at.is_(None))


# How often each thing happens, against the others.
HAPPENS = {
    "claim": 5,
    "leave": 6,
    "leave_all": 2,
    "settle": 5,
    "give_back": 1,
    "crash": 1,
    "wait": 4,
    "tell": 3,
    "opt_out": 1,
    "pause": 1,
    "resume": 3,
    "halt": 1,
    "reopen": 3,
    "cancel": 1,
    "send_again_on_purpose": 3,
}
STEPS = st.tuples(
    st.sampled_from([name for name, often in HAPPENS.items() for _ in range(often)]),
    st.integers(0, 999),
)


class Sending:
    """The outbox in memory, and a book of what really happened."""

    def __init__(self) -> None:
        self.store = sqlite_store(None)
        self.clock = HandClock()
        self.in_hand: list[Message] = []  # claimed by some worker, alive or thought dead
        self.away: list[Message] = []  # left, not settled
        self.left: list[tuple[str, datetime]] = []
        self.may_leave_again: set[str] = set()
        self.suppressed: set[str] = set()
        self.arrived: set[str] = set()
        self.halted = False
        plant(self.store, [message(n) for n in range(PEOPLE)])

    # --- workers -----------------------------------------------------------------------------

    def claim(self, number: int) -> None:
        with self.store.begin() as tx:
            claim = tx.outbox.claim(LANE, QUOTA, self.clock.now(), number % 3 + 1)
        self.in_hand += claim.messages

    def leave(self, number: int) -> None:
        """Let a worker send; it may be one that was thought dead, or one that tries twice."""
        if not self.in_hand:
            return
        # Mostly one of the latest claims; older ones are workers that come back late.
        latest = self.in_hand if number % 5 == 0 else self.in_hand[-3:]
        m = latest[number % len(latest)]
        with self.store.begin() as tx:
            went = tx.outbox.leaving(m.id, m.attempt, self.clock.now())
            campaign = tx.campaigns.get(CAMPAIGN)
        if not went:
            return
        assert campaign is not None
        assert campaign.status is CampaignStatus.SENDING
        assert not self.halted, "left on a stopped channel"
        assert m.address not in self.suppressed
        before = [at for who, at in self.left if who == m.id]
        assert not before or m.id in self.may_leave_again, "sent twice"
        assert m.id not in self.arrived, "sent again after it arrived"
        self.may_leave_again.discard(m.id)
        self.left.append((m.id, self.clock.now()))
        self.away.append(m)

    def leave_all(self, number: int) -> None:
        for pick in range(len(self.in_hand)):
            self.leave(5 * pick)

    def settle(self, number: int) -> None:
        if not self.away:
            return
        m = self.away.pop(number % len(self.away))
        outcome = OUTCOMES[number // 7 % len(OUTCOMES)]
        with self.store.begin() as tx:
            status = tx.outbox.settle(m.id, m.attempt, outcome, self.clock.now())
        if status is MessageStatus.QUEUED and isinstance(outcome, Refused):
            self.may_leave_again.add(m.id)

    def give_back(self, number: int) -> None:
        if self.in_hand:
            m = self.in_hand[number % len(self.in_hand)]
            until = self.clock.now() + timedelta(minutes=number % 90)
            with self.store.begin() as tx:
                tx.outbox.hold(m.id, m.attempt, until, "later", self.clock.now())

    def crash(self, number: int) -> None:
        with self.store.begin() as tx:
            tx.outbox.recover(self.clock.now())
        with self.store.engine.connect() as connection:
            assert connection.execute(PERMITS_OUT).all() == []

    # --- time, people, providers -------------------------------------------------------------

    def wait(self, number: int) -> None:
        self.clock.forward(minutes=number % 120 + 1)

    def tell(self, number: int) -> None:
        """Tell news of a message that left (a provider tells of nothing else), some of it twice."""
        if not self.left:
            return
        message_id = MessageId(self.left[number % len(self.left)][0])
        kind = NEWS[number // 7 % len(NEWS)]
        event = DeliveryEvent(
            channel=Channel.EMAIL,
            type=kind,
            dedupe_key=f"{message_id}:{kind}:{number % 3}",
            occurred_at=self.clock.now(),
            message_id=message_id,
        )
        with self.store.begin() as tx:
            recorded = tx.outbox.record(event, self.clock.now())
        if recorded.new and kind in (EventType.DELIVERED, EventType.READ):
            self.arrived.add(message_id)

    def opt_out(self, number: int) -> None:
        address = message(number % PEOPLE).address
        with self.store.begin() as tx:
            tx.consents.suppress(
                Suppression(
                    channel=Channel.EMAIL,
                    address=address,
                    reason=SuppressionReason.OPT_OUT,
                    source="reply",
                    evidence="STOP",
                    at=self.clock.now(),
                )
            )
        self.suppressed.add(address)

    def pause(self, number: int) -> None:
        self._move(CampaignStatus.SENDING, CampaignStatus.PAUSED)

    def resume(self, number: int) -> None:
        self._move(CampaignStatus.PAUSED, CampaignStatus.SENDING)

    def halt(self, number: int) -> None:
        with self.store.begin() as tx:
            tx.outbox.halt(Channel.EMAIL, "stopped")
        self.halted = True

    def reopen(self, number: int) -> None:
        with self.store.begin() as tx:
            assert tx.outbox.reopen(Channel.EMAIL) is self.halted
        self.halted = False

    def cancel(self, number: int) -> None:
        """End the campaign, seldom and late: after it nothing leaves and nothing waits."""
        if number % 8 or len(self.left) < PEOPLE // 2:
            return
        for status in (CampaignStatus.SENDING, CampaignStatus.PAUSED):
            self._move(status, CampaignStatus.CANCELLED)
        with self.store.begin() as tx:
            tx.outbox.cancel(CAMPAIGN, self.clock.now())
            waiting = tx.messages.waiting(CAMPAIGN)
        assert not waiting

    def _move(self, old: CampaignStatus, new: CampaignStatus) -> None:
        with self.store.begin() as tx:
            tx.campaigns.move(CAMPAIGN, [old], new, self.clock.now())

    def send_again_on_purpose(self, number: int) -> None:
        m = message(number % PEOPLE)
        with self.store.begin() as tx:
            if tx.outbox.resolve(m.id, MessageStatus.QUEUED, "nida", self.clock.now()):
                self.may_leave_again.add(m.id)

    # --- what must hold ----------------------------------------------------------------------

    def check(self) -> None:
        self._never_over_the_quota()
        with self.store.read() as tx:
            counts = {status: n for (_, status), n in tx.messages.counts(CAMPAIGN).items()}
            finished = tx.outbox.finished(NOON - timedelta(days=365))
            arrived = [tx.messages.get(MessageId(m)) for m in self.arrived]
        # What arrived is never shown as less.
        assert all(m and m.status in ARRIVED for m in arrived)
        # Nothing open is called finished.
        assert not finished or track.is_settled(counts)
        # A permit is out for each claim.
        claimed = select(t.messages.c.id).where(t.messages.c.status == "claimed")
        with self.store.engine.connect() as connection:
            out = set(connection.scalars(PERMITS_OUT))
            assert set(connection.scalars(claimed)) <= out

    def _never_over_the_quota(self) -> None:
        window = timedelta(seconds=QUOTA.window_s)
        times = [at for _, at in self.left]
        for start in times:
            assert sum(start <= at < start + window for at in times) <= QUOTA.limit


NEWS_OF_ONE = st.lists(
    st.tuples(st.sampled_from(NEWS), st.integers(0, 1)), min_size=1, max_size=6, unique=True
)


def told_in(order: list[tuple[EventType, int]], sizes: list[int]) -> MessageStatus | None:
    """Return where a message ends when its news comes in this order, in batches of these sizes."""
    sending = Sending()
    with sending.store.begin() as tx:
        (m,) = tx.outbox.claim(LANE, QUOTA, sending.clock.now(), 1).messages
        assert tx.outbox.leaving(m.id, m.attempt, sending.clock.now())
    rest, batches = [*order], iter(sizes)
    while rest:
        size = next(batches, 1)
        batch, rest = rest[:size], rest[size:]
        with sending.store.begin() as tx:
            for kind, key in batch:
                event = DeliveryEvent(
                    channel=Channel.EMAIL,
                    type=kind,
                    dedupe_key=f"{kind}:{key}",
                    occurred_at=NOON,
                    message_id=m.id,
                )
                tx.outbox.record(event, sending.clock.now())
    with sending.store.read() as tx:
        found = tx.messages.get(m.id)
    sending.store.engine.dispose()
    return found.status if found else None


@settings(max_examples=25, deadline=None)
@given(data=st.data(), news=NEWS_OF_ONE)
def test_news_in_any_order_repetition_and_batching_ends_in_one_state(
    data: st.DataObject, news: list[tuple[EventType, int]]
) -> None:
    straight = told_in(news, [])
    again = data.draw(st.lists(st.sampled_from(news), max_size=3))
    shuffled = data.draw(st.permutations(news + again))
    sizes = data.draw(st.lists(st.integers(1, 4), max_size=6))
    assert told_in(list(shuffled), sizes) is straight


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEPS, min_size=60, max_size=80))
def test_no_order_of_events_breaks_a_promise(steps: list[tuple[str, int]]) -> None:
    sending = Sending()
    for taken, (name, number) in enumerate(steps):
        getattr(sending, name)(number)
        if taken % 6 == 0:
            sending.check()
    sending.check()
    sending.store.engine.dispose()
