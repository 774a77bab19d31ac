"""The sender: everything is checked again at the last moment, and nothing goes on a guess."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

import pytest
from tests.support.sending import (
    NOON,
    HandClock,
    Sends,
    ToldCarrier,
    accepts,
    address_of,
    message,
    plant,
    sqlite_store,
)

from campaigns.flow.dispatch import Window
from campaigns.model.campaign import CampaignStatus
from campaigns.model.consent import Consent, Suppression, SuppressionReason
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
    Rest,
    SendOutcome,
    WarmUp,
)
from campaigns.model.errors import SettingInvalid
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message
from campaigns.model.message import MessageStatus as S
from campaigns.model.ports import Tx
from campaigns.sender import Rules, Sender, Staleness, never_stale, zone_named
from campaigns.store import SqlStore

ANY_HOUR = Rules(window=None, default_zone="Asia/Bangkok")
OFFICE = Rules(window=Window(time(9), time(18)), default_zone="Asia/Bangkok")
CAMPAIGN = CampaignId("c_1")


@dataclass
class Post:
    """A sender with a carrier that does as told."""

    store: SqlStore
    rules: Rules = ANY_HOUR
    stale: Staleness = never_stale
    clock: HandClock = field(default_factory=HandClock)
    carrier: ToldCarrier = field(default_factory=ToldCarrier)

    def __post_init__(self) -> None:
        self.sender = Sender(
            self.store, {self.carrier.channel: self.carrier}, self.clock, self.rules, self.stale
        )

    def send(self, *, tests: bool = False) -> Rest:
        lane = Lane(campaign_id=CAMPAIGN, channel=self.carrier.channel, epoch=1, tests=tests)
        return asyncio.run(self.sender.send(lane))

    def states(self) -> Mapping[S, int]:
        with self.store.read() as tx:
            return {status: n for (_, status), n in tx.messages.counts(CAMPAIGN).items()}

    def one(self) -> Message:
        with self.store.read() as tx:
            found = tx.messages.get(message(1, self.carrier.channel).id)
        assert found is not None
        return found


def suppress(store: SqlStore, m: Message) -> None:
    with store.begin() as tx:
        tx.consents.suppress(
            Suppression(
                channel=m.channel,
                address=m.address,
                reason=SuppressionReason.OPT_OUT,
                source="reply",
                evidence="STOP",
                at=NOON,
            )
        )


def refuses(kind: ReasonClass) -> Sends:
    def refuse(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        return Refused(reason=Reason(kind=kind, code="5.1.1")) if leaving() else None

    return refuse


def test_a_batch_is_sent_and_the_lane_says_that_nothing_is_left(store: SqlStore) -> None:
    post = Post(store)
    plant(store, [message(n) for n in range(60)])
    assert post.send() == Rest(sent=60)
    assert post.states() == {S.ACCEPTED: 60}
    assert len({m.id for m in post.carrier.left}) == 60
    assert 1 < post.carrier.most_at_once <= ANY_HOUR.in_flight


def test_a_batch_ends_at_its_size_and_the_next_goes_on_at_once(store: SqlStore) -> None:
    post = Post(store, Rules(window=None, default_zone="UTC", batch=50))
    plant(store, [message(n) for n in range(60)])
    assert post.send() == Rest(until=NOON, sent=50)
    assert post.send() == Rest(sent=10)


def test_who_opted_out_since_the_approval_gets_nothing(store: SqlStore) -> None:
    post = Post(store)
    plant(store, [message(1), message(2)])
    suppress(store, message(1))
    post.send()
    assert [m.id for m in post.carrier.left] == [message(2).id]
    assert post.one().status is S.SUPPRESSED
    assert post.one().reason == "opted out"


def test_who_opts_out_between_claim_and_leaving_gets_nothing(store: SqlStore) -> None:
    def opt_out_then_leave(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        suppress(store, m)
        return accepts(m, leaving)

    post = Post(store, carrier=ToldCarrier(does=opt_out_then_leave))
    plant(store, [message(1)])
    post.send()
    assert post.carrier.left == []
    assert post.one().status is S.SUPPRESSED


def test_a_line_id_without_a_follow_is_skipped(store: SqlStore) -> None:
    post = Post(store, carrier=ToldCarrier(channel=Channel.LINE))
    plant(store, [message(1, Channel.LINE), message(2, Channel.LINE)])
    with store.begin() as tx:
        tx.consents.consent(
            Consent(
                channel=Channel.LINE,
                address=address_of(Channel.LINE, 2),
                source="webhook",
                evidence="follow",
                at=NOON,
            )
        )
    post.send()
    assert [m.id for m in post.carrier.left] == [message(2, Channel.LINE).id]
    assert post.one().status is S.SKIPPED


def test_what_changed_since_the_approval_is_held_with_the_reason(store: SqlStore) -> None:
    def renewed(tx: Tx, messages: Sequence[Message]) -> Mapping[MessageId, str]:
        return {message(1).id: "the contract was renewed"}

    post = Post(store, stale=renewed)
    plant(store, [message(1), message(2)])
    post.send()
    assert [m.id for m in post.carrier.left] == [message(2).id]
    assert post.one().status is S.QUEUED
    assert post.one().reason == "changed since it was approved: the contract was renewed"
    post.clock.forward(days=30)
    post.send()
    assert len(post.carrier.left) == 1


def test_each_message_waits_for_nine_in_its_customers_own_time(store: SqlStore) -> None:
    post = Post(store, OFFICE)
    post.clock.at = datetime(2025, 9, 15, 1, 0, tzinfo=UTC)  # 08:00 Bangkok, 10:00 Tokyo
    plant(
        store,
        [
            message(1, timezone="Asia/Bangkok"),
            message(2, timezone="Asia/Tokyo"),
            message(3, timezone="Europe/London"),
            message(4, timezone="Atlantis/Capital"),
            message(5, timezone=""),
        ],
    )
    rest = post.send()
    assert [m.id for m in post.carrier.left] == [message(2).id]
    assert rest.until == datetime(2025, 9, 15, 2, 0, tzinfo=UTC)
    assert "send window 09:00-18:00 in Asia/Bangkok" in (rest.reason or "")

    post.clock.at = rest.until
    rest = post.send()
    # Nobody is dropped for want of a time zone: they go by the house's own.
    assert len(post.carrier.left) == 4
    assert rest.until == datetime(2025, 9, 15, 8, 0, tzinfo=UTC)
    post.clock.at = rest.until
    assert post.send() == Rest(sent=1)


def test_a_message_that_waits_by_our_default_time_zone_says_so(store: SqlStore) -> None:
    post = Post(store, OFFICE)
    post.clock.at = datetime(2025, 9, 15, 13, 0, tzinfo=UTC)
    plant(store, [message(1, timezone="Atlantis/Capital")])
    post.send()
    assert "our default" in (post.one().reason or "")


def test_a_test_to_ourselves_goes_at_any_hour_and_one_to_a_customer_does_not(
    store: SqlStore,
) -> None:
    own = "me@bma.example"
    rules = Rules(
        window=Window(time(9), time(18)),
        default_zone="UTC",
        own=frozenset({(Channel.EMAIL, own)}),
    )
    post = Post(store, rules)
    post.clock.at = datetime(2025, 9, 15, 20, 0, tzinfo=UTC)
    plant(store, [message(1, is_test=True, address=own), message(2, is_test=True)])
    post.send(tests=True)
    assert [m.address for m in post.carrier.left] == [own]


def test_pausing_stops_within_one_claim(store: SqlStore) -> None:
    def pause_at_the_tenth(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        if len(post.carrier.left) == 10:
            with store.begin() as tx:
                tx.campaigns.move(CAMPAIGN, [CampaignStatus.SENDING], CampaignStatus.PAUSED, NOON)
        return accepts(m, leaving)

    post = Post(store, carrier=ToldCarrier(does=pause_at_the_tenth))
    plant(store, [message(n) for n in range(100)])
    rest = post.send()
    assert len(post.carrier.left) == 10
    assert rest.until is None
    assert post.states() == {S.ACCEPTED: 10, S.QUEUED: 90}


def test_nothing_leaves_after_a_cancel(store: SqlStore) -> None:
    def cancel_at_the_tenth(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        if len(post.carrier.left) == 10:
            with store.begin() as tx:
                tx.campaigns.move(
                    CAMPAIGN, [CampaignStatus.SENDING], CampaignStatus.CANCELLED, NOON
                )
                tx.outbox.cancel(CAMPAIGN, NOON)
        return accepts(m, leaving)

    post = Post(store, carrier=ToldCarrier(does=cancel_at_the_tenth))
    plant(store, [message(n) for n in range(100)])
    post.send()
    assert len(post.carrier.left) == 10
    assert post.states() == {S.ACCEPTED: 10, S.CANCELLED: 90}


def test_a_carrier_that_breaks_before_leaving_costs_one_message_a_minute(store: SqlStore) -> None:
    def breaks(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        if m.id == message(1).id:
            raise OSError("no route")
        return accepts(m, leaving)

    post = Post(store, carrier=ToldCarrier(does=breaks))
    plant(store, [message(n) for n in range(3)])
    rest = post.send()
    assert post.states() == {S.ACCEPTED: 2, S.QUEUED: 1}
    assert rest.until == NOON + timedelta(seconds=60)
    assert "OSError" in (post.one().reason or "")


def test_a_carrier_that_breaks_after_leaving_leaves_the_message_in_doubt(store: SqlStore) -> None:
    def breaks(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        assert leaving()
        raise ConnectionResetError("peer")

    post = Post(store, carrier=ToldCarrier(does=breaks))
    plant(store, [message(1)])
    post.send()
    assert post.states() == {S.IN_DOUBT: 1}
    post.send()
    assert len(post.carrier.left) == 1


def test_a_dead_address_is_never_written_to_again(store: SqlStore) -> None:
    post = Post(store, carrier=ToldCarrier(does=refuses(ReasonClass.INVALID_RECIPIENT)))
    plant(store, [message(1)])
    post.send()
    with store.read() as tx:
        [found] = tx.consents.suppressed([(Channel.EMAIL, message(1).address)]).values()
        trail, _ = tx.audit.page("", 10)
    assert found.reason is SuppressionReason.BOUNCE
    assert [entry.action for entry in trail] == ["address.suppressed"]


def test_a_refusal_by_policy_pauses_the_campaign_and_blames_nobody(store: SqlStore) -> None:
    reason = Reason(kind=ReasonClass.POLICY, code="5.7.1", detail="looks like spam")
    refused = Refused(reason=reason, halts_campaign=True)

    def spam_at_the_tenth(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        outcome = accepts(m, leaving)
        return refused if outcome and len(post.carrier.left) == 10 else outcome

    post = Post(store, carrier=ToldCarrier(does=spam_at_the_tenth))
    plant(store, [message(n) for n in range(100)])
    post.send()
    assert post.states() == {S.ACCEPTED: 9, S.FAILED: 1, S.QUEUED: 90}
    with store.read() as tx:
        paused = tx.campaigns.get(CAMPAIGN)
        trail, _ = tx.audit.page("", 10)
        assert tx.outbox.halted(NOON) == {}
        addresses = [(Channel.EMAIL, message(n).address) for n in range(100)]
        assert tx.consents.suppressed(addresses) == {}
    assert paused is not None
    assert paused.status is CampaignStatus.PAUSED
    assert "looks like spam" in paused.note
    assert [entry.action for entry in trail] == ["campaign.pause"]


def test_a_refused_content_closes_nobodys_address(store: SqlStore) -> None:
    post = Post(store, carrier=ToldCarrier(does=refuses(ReasonClass.CONTENT)))
    plant(store, [message(1)])
    post.send()
    assert post.states() == {S.FAILED: 1}
    with store.read() as tx:
        assert tx.consents.suppressed([(Channel.EMAIL, message(1).address)]) == {}


def test_a_test_never_closes_an_address(store: SqlStore) -> None:
    post = Post(store, carrier=ToldCarrier(does=refuses(ReasonClass.INVALID_RECIPIENT)))
    plant(store, [message(1, is_test=True)])
    post.send(tests=True)
    with store.read() as tx:
        assert tx.consents.suppressed([(Channel.EMAIL, message(1).address)]) == {}


def test_a_bounce_told_later_closes_the_address_once(store: SqlStore) -> None:
    post = Post(store)
    plant(store, [message(1)])
    post.send()
    event = DeliveryEvent(
        channel=Channel.EMAIL,
        type=EventType.BOUNCED,
        dedupe_key="dsn-1",
        occurred_at=NOON,
        message_id=message(1).id,
        reason=Reason(kind=ReasonClass.INVALID_RECIPIENT, code="5.1.1"),
    )
    assert post.sender.record([event])[0].new
    assert not post.sender.record([event])[0].new
    assert post.one().status is S.FAILED
    with store.read() as tx:
        assert len(tx.consents.suppressed([(Channel.EMAIL, message(1).address)])) == 1
        assert len(tx.audit.page("", 10)[0]) == 1


def test_a_channel_that_is_not_ready_keeps_its_messages_and_says_why(store: SqlStore) -> None:
    post = Post(store, carrier=ToldCarrier(ready="SMTP_SERVER is not set"))
    plant(store, [message(1)])
    rest = post.send()
    assert rest.until == NOON + timedelta(seconds=60)
    assert rest.reason == "email: SMTP_SERVER is not set"
    assert post.states() == {S.QUEUED: 1}


def test_a_stopped_sender_claims_nothing_more(store: SqlStore) -> None:
    def stop_at_the_third(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        if len(post.carrier.left) == 3:
            post.sender.stop()
        return accepts(m, leaving)

    post = Post(store, carrier=ToldCarrier(does=stop_at_the_third))
    plant(store, [message(n) for n in range(200)])
    rest = post.send()
    assert rest.until is not None
    states = post.states()
    # What was in a carrier's hands is seen through; the rest is back in the queue.
    assert states[S.ACCEPTED] <= 3 + ANY_HOUR.in_flight
    assert sum(states.values()) == 200
    assert set(states) == {S.ACCEPTED, S.QUEUED}


@pytest.mark.parametrize("left", [False, True])
def test_a_send_cancelled_in_the_middle_is_recorded_as_what_it_is(
    store: SqlStore, left: bool
) -> None:
    @dataclass
    class Hanging(ToldCarrier):
        async def send(self, m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
            if left:
                assert leaving()
            await asyncio.sleep(3600)
            return Accepted(provider_id="")

    post = Post(store, carrier=Hanging())
    plant(store, [message(1)])

    async def cancelled() -> None:
        lane = Lane(campaign_id=CAMPAIGN, channel=Channel.EMAIL, epoch=1)
        batch = asyncio.create_task(post.sender.send(lane))
        await asyncio.sleep(0.05)
        batch.cancel()
        with pytest.raises(asyncio.CancelledError):
            await batch

    asyncio.run(cancelled())
    assert post.one().status is (S.IN_DOUBT if left else S.QUEUED)


def test_2500_messages_at_1000_a_day_take_three_days_through_two_restarts() -> None:
    store = sqlite_store(None)
    quota = Quota(limit=1000, window_s=86400)
    clock = HandClock(datetime(2025, 9, 15, 2, 0, tzinfo=UTC))
    plant(store, [message(n, Channel.WHATSAPP) for n in range(2500)])
    per_day: list[int] = []
    left_at: list[datetime] = []

    def note(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        left_at.append(clock.now())
        return accepts(m, leaving)

    for _day in range(3):
        # Each day another process: nothing is remembered but what the database says.
        post = Post(store, OFFICE, clock=clock, carrier=ToldCarrier(Channel.WHATSAPP, quota, note))
        before = len(left_at)
        while True:
            rest = post.send()
            if rest.until is None or rest.until >= clock.at + timedelta(hours=12):
                break
            clock.at = max(rest.until, clock.at + timedelta(seconds=30))
        per_day.append(len(left_at) - before)
        if rest.until is None:
            break
        clock.at = rest.until
    assert per_day == [1000, 1000, 500]
    window = timedelta(days=1)
    assert all(
        later - earlier >= window for earlier, later in zip(left_at, left_at[1000:], strict=False)
    )
    local = {at.astimezone(zone_named("Asia/Bangkok")).hour for at in left_at}
    assert local <= set(range(9, 18))
    assert post.states() == {S.ACCEPTED: 2500}
    store.engine.dispose()


def test_a_house_without_a_time_zone_does_not_start(store: SqlStore) -> None:
    with pytest.raises(SettingInvalid, match="Atlantis"):
        Post(store, Rules(window=None, default_zone="Atlantis/Capital"))


@pytest.mark.parametrize("name", ["Europe", "", "../etc/passwd", "Mars/Olympus", "\x00"])
def test_no_name_is_too_odd_to_be_no_time_zone(name: str) -> None:
    assert zone_named(name) is None


def test_a_mail_turned_down_by_policy_pauses_its_campaign_and_blames_nobody(
    store: SqlStore,
) -> None:
    plant(store, [message(0), message(1)])
    sender = Sender(store, {Channel.EMAIL: ToldCarrier()}, HandClock(), ANY_HOUR)
    bounce = DeliveryEvent(
        channel=Channel.EMAIL,
        type=EventType.BOUNCED,
        dedupe_key="b",
        occurred_at=NOON,
        message_id=message(0).id,
        reason=Reason(kind=ReasonClass.POLICY, code="5.7.1", detail="blocked"),
    )
    assert [r.status for r in sender.record([bounce])] == [S.FAILED]
    sender.record([bounce])
    with store.read() as tx:
        found = tx.campaigns.get(CampaignId("c_1"))
        assert found is not None
        assert found.status is CampaignStatus.PAUSED
        assert "5.7.1" in found.note
        assert tx.consents.count() == 0
        assert [e.action for e in tx.audit.from_start()] == ["campaign.pause"]


def test_what_is_true_no_more_when_its_turn_comes_does_not_leave(store: SqlStore) -> None:
    """The others of a claim take their time; meanwhile the window closes, or the contract is renewed."""
    renewed: dict[MessageId, str] = {}
    rules = Rules(window=OFFICE.window, default_zone="Asia/Bangkok", in_flight=1)
    post = Post(store, rules, lambda tx, messages: renewed)

    def slow(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        answer = accepts(m, leaving)
        post.clock.forward(seconds=10)
        renewed[message(2).id] = "contract end was 1 May 2026 and is 1 May 2027"
        if m.id == message(3).id:
            post.clock.at = NOON.replace(hour=11)  # 18:00 in Bangkok
        return answer

    post.carrier.does = slow
    plant(store, [message(n) for n in range(1, 5)])
    post.send()
    assert [m.id for m in post.carrier.left] == [message(1).id, message(3).id]
    with store.read() as tx:
        reasons = [m.reason for m in tx.messages.all(CAMPAIGN)]
    assert reasons[1] == "changed since it was approved: " + renewed[message(2).id]
    assert reasons[3] == "outside the send window 09:00-18:00 in Asia/Bangkok"


def test_a_sender_that_warms_up_sends_more_every_day_and_says_so(store: SqlStore) -> None:
    warm_up = WarmUp(starts_on=NOON.date(), daily=(2, 3))
    rules = Rules(window=None, default_zone="Asia/Bangkok", warm_up={Channel.EMAIL: warm_up})
    post = Post(store, rules)
    plant(store, [message(n) for n in range(9)])
    rest = post.send()
    assert (rest.sent, rest.reason) == (
        2,
        "the limit of 2 per 24 hours (warm-up, day 1) is used up",
    )
    # The house's own midnight, for tomorrow's cap is another.
    assert rest.until == datetime(2025, 9, 16, tzinfo=UTC)
    post.clock.at = rest.until
    assert post.send().sent == 1  # two of the three left less than 24 hours ago
    post.clock.forward(days=1)
    assert post.send() == Rest(sent=6)  # warm
