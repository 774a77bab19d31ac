"""The outbox on every database: claims, attempts, news, and what a crash leaves."""

from datetime import timedelta

import pytest
from tests.support.sending import NOON, ROOMY, campaign, message, plant

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
    Unknown,
)
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message
from campaigns.model.message import MessageStatus as S
from campaigns.model.outlook import Waiting
from campaigns.store import SqlStore

LANE = Lane(campaign_id=CampaignId("c_1"), channel=Channel.EMAIL, epoch=1)
TIGHT = Quota(limit=3, window_s=3600)
SOON = NOON + timedelta(seconds=5)
BUSY = Refused(reason=Reason(kind=ReasonClass.TRANSIENT, code="4.3.0"), retry_after_s=300)
DEAD = Refused(reason=Reason(kind=ReasonClass.INVALID_RECIPIENT, code="5.1.1"))
LOCKED = Refused(reason=Reason(kind=ReasonClass.AUTH, code="535"), halts_channel=True)
USED_UP = Refused(
    reason=Reason(kind=ReasonClass.QUOTA, code="5.4.5"), retry_after_s=86_400, rests_channel=True
)
LOST = Unknown(reason=Reason(kind=ReasonClass.UNKNOWN, detail="connection lost"))


def claimed(store: SqlStore, quota: Quota = ROOMY, most: int = 10) -> list[Message]:
    with store.begin() as tx:
        return list(tx.outbox.claim(LANE, quota, NOON, most).messages)


def leave(store: SqlStore, m: Message) -> bool:
    with store.begin() as tx:
        return tx.outbox.leaving(m.id, m.attempt, NOON)


def sending(store: SqlStore, number: int = 1) -> Message:
    """Plant one message and have it leave."""
    plant(store, [message(number)])
    [m] = claimed(store)
    assert leave(store, m)
    return m


def now(store: SqlStore, m: Message) -> Message:
    with store.read() as tx:
        found = tx.messages.get(m.id)
    assert found is not None
    return found


def used(store: SqlStore, quota: Quota = TIGHT) -> int:
    with store.read() as tx:
        return tx.outbox.use(Channel.EMAIL, quota, SOON).used


def told(kind: EventType, **more: object) -> DeliveryEvent:
    fields: dict[str, object] = {
        "channel": Channel.EMAIL,
        "type": kind,
        "dedupe_key": f"{kind}:1",
        "occurred_at": NOON,
    }
    return DeliveryEvent(**(fields | more))  # type: ignore[arg-type]


# --- claiming ------------------------------------------------------------------------------------


def test_a_claim_takes_the_oldest_due_messages_with_a_permit_each(store: SqlStore) -> None:
    plant(store, [message(n) for n in (3, 1, 2, 4)])
    got = claimed(store, most=3)
    assert [m.id for m in got] == [message(n).id for n in (1, 2, 3)]
    assert {m.status for m in got} == {S.CLAIMED}
    assert {m.attempt for m in got} == {1}
    assert used(store) == 3
    assert [m.id for m in claimed(store)] == [message(4).id]


def test_nobody_gets_a_message_twice(store: SqlStore) -> None:
    plant(store, [message(1)])
    assert len(claimed(store)) == 1
    assert claimed(store) == []


def test_a_quota_stops_the_claim_and_says_when_to_come_back(store: SqlStore) -> None:
    plant(store, [message(n) for n in range(5)])
    for m in claimed(store, TIGHT):
        assert leave(store, m)
    with store.begin() as tx:
        dry = tx.outbox.claim(LANE, TIGHT, SOON, 10)
    assert dry.messages == ()
    assert dry.retry_at == NOON + timedelta(hours=1)
    assert dry.reason == "the limit of 3 per hour is used up"
    with store.begin() as tx:
        again = tx.outbox.claim(LANE, TIGHT, NOON + timedelta(hours=1), 10)
    assert len(again.messages) == 2


def test_a_quota_of_none_lets_nothing_go_and_does_not_hurry(store: SqlStore) -> None:
    plant(store, [message(1)])
    with store.begin() as tx:
        claim = tx.outbox.claim(LANE, Quota(limit=0, window_s=86400), NOON, 10)
    assert claim.messages == ()
    assert claim.reason == "the limit of 0 per 24 hours is used up"
    assert claim.retry_at == NOON + timedelta(seconds=30)


def test_a_permit_counts_from_when_its_message_left(store: SqlStore) -> None:
    """A claim made at noon that leaves at one holds its permit until two."""
    plant(store, [message(n) for n in range(4)])
    late = NOON + timedelta(minutes=59)
    for m in claimed(store, TIGHT):
        with store.begin() as tx:
            assert tx.outbox.leaving(m.id, m.attempt, late)
    with store.begin() as tx:
        assert tx.outbox.claim(LANE, TIGHT, NOON + timedelta(minutes=61), 10).messages == ()


def test_a_claim_that_has_not_left_holds_its_permit_however_old(store: SqlStore) -> None:
    plant(store, [message(n) for n in range(4)])
    assert len(claimed(store, TIGHT)) == 3
    with store.begin() as tx:
        dry = tx.outbox.claim(LANE, TIGHT, NOON + timedelta(hours=5), 10)
    assert dry.messages == ()
    assert dry.retry_at is not None


def test_a_limit_per_request_caps_the_claim_only(store: SqlStore) -> None:
    plant(store, [message(n) for n in range(5)])
    per_request = Quota(limit=2, window_s=0)
    assert [len(claimed(store, per_request)) for _ in range(4)] == [2, 2, 1, 0]
    with store.read() as tx:
        assert tx.outbox.use(Channel.EMAIL, per_request, NOON).left == 2


@pytest.mark.parametrize("status", [s for s in CampaignStatus if s is not CampaignStatus.SENDING])
def test_only_a_sending_campaign_is_claimed_from(store: SqlStore, status: CampaignStatus) -> None:
    plant(store, [message(1)], campaign(status=status))
    with store.begin() as tx:
        claim = tx.outbox.claim(LANE, ROOMY, NOON, 10)
    assert claim.messages == ()
    assert claim.retry_at is None
    assert "not sending" in (claim.reason or "")


def test_a_lane_of_an_earlier_epoch_has_run_dry(store: SqlStore) -> None:
    plant(store, [message(1)], campaign(epoch=2))
    assert claimed(store) == []


def test_a_message_is_not_claimed_before_its_time(store: SqlStore) -> None:
    plant(store, [message(1, not_before=SOON)])
    with store.begin() as tx:
        claim = tx.outbox.claim(LANE, ROOMY, NOON, 10)
        assert (claim.messages, claim.retry_at) == ((), SOON)
        assert len(tx.outbox.claim(LANE, ROOMY, SOON, 10).messages) == 1


def test_a_test_lane_carries_tests_whatever_the_campaigns_state(store: SqlStore) -> None:
    plant(store, [message(1), message(1, is_test=True)], campaign(status=CampaignStatus.DRAFT))
    tests = Lane(campaign_id=CampaignId("c_1"), channel=Channel.EMAIL, tests=True)
    with store.begin() as tx:
        [m] = tx.outbox.claim(tests, ROOMY, NOON, 10).messages
        assert m.is_test
        assert tx.outbox.leaving(m.id, m.attempt, NOON)
    assert claimed(store) == []


# --- leaving -------------------------------------------------------------------------------------


def test_a_message_leaves_once(store: SqlStore) -> None:
    m = sending(store)
    assert now(store, m).status is S.SENDING
    assert not leave(store, m)


def test_a_worker_that_lost_its_claim_cannot_send(store: SqlStore) -> None:
    plant(store, [message(1)])
    [slow] = claimed(store)
    with store.begin() as tx:
        tx.outbox.recover(SOON)
    [fast] = claimed(store)
    assert (slow.attempt, fast.attempt) == (1, 2)
    assert not leave(store, slow)
    assert leave(store, fast)
    with store.begin() as tx:
        assert tx.outbox.settle(slow.id, slow.attempt, Accepted(provider_id="p"), SOON) is None


@pytest.mark.parametrize("status", [CampaignStatus.PAUSED, CampaignStatus.CANCELLED])
def test_pausing_or_cancelling_stops_even_what_is_claimed(
    store: SqlStore, status: CampaignStatus
) -> None:
    plant(store, [message(1)])
    [m] = claimed(store)
    with store.begin() as tx:
        assert tx.campaigns.move(CampaignId("c_1"), [CampaignStatus.SENDING], status, SOON)
    assert not leave(store, m)


def test_a_suppression_stops_even_what_is_claimed(store: SqlStore) -> None:
    plant(store, [message(1)])
    [m] = claimed(store)
    with store.begin() as tx:
        tx.consents.suppress(
            Suppression(
                channel=m.channel,
                address=m.address,
                reason=SuppressionReason.OPT_OUT,
                source="reply",
                evidence="STOP",
                at=SOON,
            )
        )
    assert not leave(store, m)


# --- outcomes ------------------------------------------------------------------------------------


def test_an_accepted_message_keeps_its_providers_id(store: SqlStore) -> None:
    m = sending(store)
    with store.begin() as tx:
        assert tx.outbox.settle(m.id, 1, Accepted(provider_id="p-1"), SOON) is S.ACCEPTED
    assert now(store, m).provider_id == "p-1"
    assert [step.what for step in now(store, m).history] == ["attempt 1: accepted"]


def test_a_dead_address_fails(store: SqlStore) -> None:
    m = sending(store)
    with store.begin() as tx:
        assert tx.outbox.settle(m.id, 1, DEAD, SOON) is S.FAILED
    assert now(store, m).reason == "invalid_recipient: 5.1.1"


def test_a_busy_provider_is_asked_again_later(store: SqlStore) -> None:
    m = sending(store)
    with store.begin() as tx:
        assert tx.outbox.settle(m.id, 1, BUSY, NOON) is S.QUEUED
        due = NOON + timedelta(seconds=300)
        assert tx.outbox.claim(LANE, ROOMY, NOON, 10).retry_at == due
        [again] = tx.outbox.claim(LANE, ROOMY, due, 10).messages
    assert again.attempt == 2


def test_trying_ends_after_two_days(store: SqlStore) -> None:
    m, at = sending(store), NOON
    for attempt in range(1, 30):
        with store.begin() as tx:
            status = tx.outbox.settle(m.id, attempt, BUSY, at)
            if status is S.FAILED:
                break
            due = tx.outbox.claim(LANE, ROOMY, at, 1).retry_at
            assert due is not None
            at = due
            assert tx.outbox.claim(LANE, ROOMY, at, 1).messages
            assert tx.outbox.leaving(m.id, attempt + 1, at)
    assert now(store, m).status is S.FAILED
    assert timedelta(hours=48) <= at - NOON <= timedelta(hours=53)


def test_no_answer_leaves_the_message_in_doubt_and_nobody_sends_it_again(store: SqlStore) -> None:
    m = sending(store)
    with store.begin() as tx:
        assert tx.outbox.settle(m.id, 1, LOST, SOON) is S.IN_DOUBT
        assert tx.outbox.claim(LANE, ROOMY, SOON + timedelta(days=9), 10).messages == ()
        assert tx.outbox.finished(NOON) == []
    assert now(store, m).reason == "unknown: connection lost"


def test_a_refusal_before_leaving_gives_the_permit_back_and_one_after_keeps_it(
    store: SqlStore,
) -> None:
    plant(store, [message(1), message(2)])
    before, after = claimed(store, TIGHT)
    assert leave(store, after)
    with store.begin() as tx:
        tx.outbox.settle(before.id, 1, BUSY, SOON)
        tx.outbox.settle(after.id, 1, BUSY, SOON)
    assert used(store) == 1


def test_a_halted_channel_keeps_everything_until_it_is_reopened(store: SqlStore) -> None:
    plant(store, [message(1), message(2)])
    first, second = claimed(store)
    with store.begin() as tx:
        assert tx.outbox.settle(first.id, 1, LOCKED, SOON) is S.QUEUED
        assert tx.outbox.halted(SOON) == {Channel.EMAIL: "auth: 535"}
        assert not tx.outbox.leaving(second.id, 1, SOON)
        assert tx.outbox.hold(second.id, 1, SOON, None, SOON)
        claim = tx.outbox.claim(LANE, ROOMY, SOON, 10)
        assert claim.messages == ()
        assert claim.retry_at is not None
        assert "auth: 535" in (claim.reason or "")
        assert tx.outbox.reopen(Channel.EMAIL)
        assert not tx.outbox.reopen(Channel.EMAIL)
        assert len(tx.outbox.claim(LANE, ROOMY, SOON, 10).messages) == 2


def test_a_channel_whose_account_rests_goes_on_by_itself(store: SqlStore) -> None:
    plant(store, [message(1), message(2)])
    first, second = claimed(store)
    morrow = SOON + timedelta(hours=24)
    with store.begin() as tx:
        assert tx.outbox.settle(first.id, 1, USED_UP, SOON) is S.QUEUED
        assert tx.outbox.halted(SOON) == {
            Channel.EMAIL: "quota: 5.4.5 (until 2025-09-16 05:00 UTC)"
        }
        assert not tx.outbox.leaving(second.id, 1, SOON)
        assert tx.outbox.hold(second.id, 1, SOON, None, SOON)
        claim = tx.outbox.claim(LANE, ROOMY, morrow - timedelta(seconds=1), 10)
        assert (claim.messages, claim.retry_at) == ((), morrow)
    with store.begin() as tx:
        assert tx.outbox.halted(morrow) == {}
        # Also the message that was refused goes on: the day's limit says nothing about it.
        again = tx.outbox.claim(LANE, ROOMY, morrow, 10).messages
        assert len(again) == 2
        assert tx.outbox.leaving(again[0].id, again[0].attempt, morrow)


def test_an_account_that_rests_is_no_reason_to_reopen_a_stopped_channel(store: SqlStore) -> None:
    plant(store, [message(1), message(2)])
    first, second = claimed(store)
    with store.begin() as tx:
        tx.outbox.settle(first.id, 1, LOCKED, SOON)
        tx.outbox.settle(second.id, 1, USED_UP, SOON)
        assert tx.outbox.halted(SOON + timedelta(days=9)) == {Channel.EMAIL: "auth: 535"}


def test_a_person_may_end_the_rest_of_an_account(store: SqlStore) -> None:
    plant(store, [message(1)])
    [first] = claimed(store)
    with store.begin() as tx:
        tx.outbox.settle(first.id, 1, USED_UP, SOON)
        assert tx.outbox.reopen(Channel.EMAIL)
        assert len(tx.outbox.claim(LANE, ROOMY, SOON, 10).messages) == 1


# --- giving back ---------------------------------------------------------------------------------


def test_a_held_message_waits_with_its_reason_and_without_its_permit(store: SqlStore) -> None:
    plant(store, [message(1)])
    [m] = claimed(store)
    with store.begin() as tx:
        assert tx.outbox.hold(m.id, 1, SOON, "outside the send window", NOON)
        claim = tx.outbox.claim(LANE, ROOMY, NOON, 10)
    assert (claim.retry_at, claim.reason) == (SOON, "outside the send window")
    assert used(store) == 0


def test_a_message_held_for_a_person_waits_until_the_person_decides(store: SqlStore) -> None:
    plant(store, [message(1)])
    [m] = claimed(store)
    with store.begin() as tx:
        assert tx.outbox.hold(m.id, 1, None, "changed since it was approved", NOON)
        claim = tx.outbox.claim(LANE, ROOMY, NOON + timedelta(days=400), 10)
        assert (claim.messages, claim.retry_at) == ((), None)
        assert tx.outbox.finished(NOON) == []
        assert tx.outbox.resolve(m.id, S.QUEUED, "released by nida", SOON)
        assert len(tx.outbox.claim(LANE, ROOMY, SOON, 10).messages) == 1


def test_a_dropped_message_ends_with_its_reason(store: SqlStore) -> None:
    plant(store, [message(1)])
    [m] = claimed(store)
    with store.begin() as tx:
        assert tx.outbox.drop(m.id, 1, S.SUPPRESSED, "opted out", NOON)
        assert not tx.outbox.drop(m.id, 1, S.SKIPPED, "again", NOON)
    assert (now(store, m).status, now(store, m).reason) == (S.SUPPRESSED, "opted out")
    assert used(store) == 0


def test_cancelling_ends_what_is_queued_and_claimed_and_leaves_what_left(store: SqlStore) -> None:
    plant(store, [message(n) for n in range(4)])
    gone, waiting = claimed(store, most=2)
    assert leave(store, gone)
    with store.begin() as tx:
        assert tx.outbox.cancel(CampaignId("c_1"), SOON) == 3
    assert now(store, gone).status is S.SENDING
    assert now(store, waiting).status is S.CANCELLED
    assert used(store) == 1


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(S.QUEUED, True), (S.ACCEPTED, True), (S.FAILED, True), (S.READ, False), (S.SENDING, False)],
)
def test_a_person_decides_about_a_message_in_doubt(
    store: SqlStore, status: S, allowed: bool
) -> None:
    m = sending(store)
    with store.begin() as tx:
        assert not tx.outbox.resolve(m.id, status, "too early", SOON)
        tx.outbox.settle(m.id, 1, LOST, SOON)
        assert tx.outbox.resolve(m.id, status, "nida looked in the mailbox", SOON) is allowed
    assert now(store, m).status is (status if allowed else S.IN_DOUBT)


# --- crashes -------------------------------------------------------------------------------------


def test_after_a_crash_what_was_claimed_goes_and_what_left_is_in_doubt(store: SqlStore) -> None:
    plant(store, [message(1), message(2)])
    kept, gone = claimed(store)
    assert leave(store, gone)
    with store.begin() as tx:
        assert tx.outbox.recover(SOON) == {S.QUEUED: 1, S.IN_DOUBT: 1}
    assert now(store, kept).status is S.QUEUED
    assert now(store, gone).status is S.IN_DOUBT
    assert used(store) == 1


def test_a_lease_runs_out_only_for_what_has_not_moved(store: SqlStore) -> None:
    plant(store, [message(1)])
    [m] = claimed(store)
    with store.begin() as tx:
        assert not any(tx.outbox.recover(SOON, before=NOON).values())
        assert tx.outbox.recover(SOON, before=SOON)[S.QUEUED] == 1
    assert now(store, m).status is S.QUEUED


def test_an_answer_after_the_lease_ran_out_still_counts(store: SqlStore) -> None:
    m = sending(store)
    with store.begin() as tx:
        tx.outbox.recover(SOON)
        assert tx.outbox.settle(m.id, 1, Accepted(provider_id="p"), SOON) is S.ACCEPTED


def test_lanes_are_those_with_something_to_send(store: SqlStore) -> None:
    plant(store, [message(1, not_before=SOON), message(1, Channel.LINE)])
    plant(
        store,
        [message(1, campaign_id="c_2"), message(2, campaign_id="c_2", is_test=True)],
        campaign("c_2", CampaignStatus.PAUSED),
    )
    with store.read() as tx:
        lanes = tx.outbox.lanes()
    assert {lane.key for lane in lanes} == {"c_1.email.1", "c_1.line.1", "c_2.email.test"}


def test_a_campaign_is_finished_when_nothing_is_open(store: SqlStore) -> None:
    plant(store, [message(1), message(2, status=S.SKIPPED), message(3, is_test=True)])
    [m] = claimed(store)
    with store.begin() as tx:
        assert tx.outbox.finished(NOON) == []
        assert tx.outbox.leaving(m.id, 1, NOON)
        tx.outbox.settle(m.id, 1, DEAD, SOON)
        assert tx.outbox.finished(NOON) == ["c_1"]


def test_a_doubt_keeps_a_campaign_open_until_it_is_too_old_for_any_news(store: SqlStore) -> None:
    plant(store, [message(1)])
    [m] = claimed(store)
    with store.begin() as tx:
        tx.outbox.leaving(m.id, 1, NOON)
        tx.outbox.settle(m.id, 1, LOST, SOON)
        assert [doubt.id for doubt in tx.messages.in_doubt(9)] == [m.id]
        assert tx.outbox.finished(NOON) == []
        assert tx.outbox.finished(NOON + timedelta(seconds=1)) == ["c_1"]
        assert tx.outbox.finished(NOON + timedelta(seconds=1), CampaignId("c_2")) == []


def test_a_doubt_that_a_person_decided_is_open_no_more(store: SqlStore) -> None:
    plant(store, [message(1)])
    [m] = claimed(store)
    with store.begin() as tx:
        tx.outbox.leaving(m.id, 1, NOON)
        tx.outbox.settle(m.id, 1, LOST, SOON)
        assert tx.outbox.resolve(m.id, S.ACCEPTED, "it is on her phone", SOON)
        assert tx.messages.in_doubt(9) == []
        assert tx.outbox.finished(NOON) == ["c_1"]


def test_what_messages_wait_for_is_counted_by_reason(store: SqlStore) -> None:
    plant(
        store,
        [
            message(1, not_before=SOON),
            message(2, not_before=NOON),
            message(3, channel=Channel.LINE),
            message(4, status=S.SKIPPED),
        ],
    )
    with store.begin() as tx:
        [m] = tx.outbox.claim(
            Lane(campaign_id=CampaignId("c_1"), channel=Channel.LINE, epoch=1), ROOMY, NOON, 1
        ).messages
        tx.outbox.hold(m.id, m.attempt, None, "contract renewed", NOON)
        found = tx.messages.waiting(CampaignId("c_1"))
        assert tx.outbox.queued(Channel.EMAIL, CampaignId("c_2")) == 2
        assert tx.outbox.queued(Channel.EMAIL, CampaignId("c_1")) == 0
        assert tx.outbox.queued(Channel.EMAIL) == 2
    assert found == [
        Waiting(channel=Channel.EMAIL, messages=2, reason="", until=NOON),
        Waiting(channel=Channel.LINE, messages=1, reason="contract renewed", until=None),
    ]


def test_permits_come_back_a_window_after_they_left(store: SqlStore) -> None:
    plant(store, [message(n) for n in range(3)])
    with store.begin() as tx:
        first, second, _third = tx.outbox.claim(LANE, ROOMY, NOON, 3).messages
        tx.outbox.leaving(second.id, 1, SOON)
        tx.outbox.leaving(first.id, 1, NOON)
        back = tx.outbox.freeing(Channel.EMAIL, ROOMY, SOON)
    window = timedelta(seconds=ROOMY.window_s)
    assert back == [NOON + window, SOON + window, SOON + window]


# --- news ----------------------------------------------------------------------------------------


def test_news_finds_its_message_by_our_id_or_the_providers(store: SqlStore) -> None:
    m = sending(store)
    with store.begin() as tx:
        tx.outbox.settle(m.id, 1, Accepted(provider_id="p-1"), SOON)
        by_provider = tx.outbox.record(told(EventType.DELIVERED, provider_id="p-1"), SOON)
        by_us = tx.outbox.record(told(EventType.READ, message_id=m.id), SOON)
    assert (by_provider.message_id, by_provider.status) == (m.id, S.DELIVERED)
    assert (by_us.message_id, by_us.status) == (m.id, S.READ)


def test_the_same_news_twice_is_one_event(store: SqlStore) -> None:
    m = sending(store)
    event = told(EventType.DELIVERED, message_id=m.id)
    with store.begin() as tx:
        assert tx.outbox.record(event, SOON).new
        assert not tx.outbox.record(event, SOON).new
    assert len(now(store, m).history) == 2


def test_two_channels_may_use_the_same_key(store: SqlStore) -> None:
    with store.begin() as tx:
        assert tx.outbox.record(told(EventType.DELIVERED), SOON).new
        assert tx.outbox.record(told(EventType.DELIVERED, channel=Channel.LINE), SOON).new


def test_a_key_longer_than_the_column_is_still_told_apart(store: SqlStore) -> None:
    with store.begin() as tx:
        for end in "ab":
            event = told(EventType.DELIVERED, dedupe_key="k" * 500 + end)
            assert tx.outbox.record(event, SOON).new
            assert not tx.outbox.record(event, SOON).new


def test_news_about_nothing_we_know_is_kept(store: SqlStore) -> None:
    event = told(EventType.DELIVERED, provider_id="p-9", message_id=MessageId("m_unknown"))
    with store.begin() as tx:
        recorded = tx.outbox.record(event, SOON)
        assert (recorded.new, recorded.message_id) == (True, None)
        assert not tx.outbox.record(event, SOON).new


def test_news_that_beats_the_providers_answer_is_adopted(store: SqlStore) -> None:
    m = sending(store)
    with store.begin() as tx:
        assert (
            tx.outbox.record(told(EventType.DELIVERED, provider_id="p-1"), SOON).message_id is None
        )
        assert tx.outbox.settle(m.id, 1, Accepted(provider_id="p-1"), SOON) is S.DELIVERED
    assert [s.what for s in now(store, m).history] == ["delivered", "attempt 1: accepted"]


def test_news_resolves_a_doubt_and_clears_its_reason(store: SqlStore) -> None:
    m = sending(store)
    with store.begin() as tx:
        tx.outbox.settle(m.id, 1, LOST, SOON)
        assert tx.outbox.record(told(EventType.SENT, message_id=m.id), SOON).status is S.SENT
    assert now(store, m).reason is None


def test_a_failure_told_later_says_why(store: SqlStore) -> None:
    m = sending(store)
    why = Reason(kind=ReasonClass.INVALID_RECIPIENT, code="131026", detail="undeliverable")
    with store.begin() as tx:
        tx.outbox.settle(m.id, 1, Accepted(provider_id="p"), SOON)
        tx.outbox.record(told(EventType.FAILED, message_id=m.id, reason=why), SOON)
    assert now(store, m).status is S.FAILED
    assert now(store, m).reason == "invalid_recipient: 131026: undeliverable"


# --- bounces that say nothing but an address -------------------------------------------------------


def bounce(m: Message, *, quoted: str | None = None, days: int = 1) -> DeliveryEvent:
    return DeliveryEvent(
        channel=Channel.EMAIL,
        type=EventType.BOUNCED,
        dedupe_key="mail:1",
        occurred_at=NOON + timedelta(days=days),
        provider_id=quoted,
        address=m.address,
        reason=DEAD.reason,
    )


def accepted(store: SqlStore) -> Message:
    m = sending(store)
    with store.begin() as tx:
        tx.outbox.settle(m.id, 1, Accepted(provider_id="<m_1.abc@bma.example>"), NOON)
    return m


@pytest.mark.parametrize("quoted", [None, "<m_1.abc@bma.example>"])
def test_a_bounce_is_about_the_mail_it_quotes_or_the_newest_to_its_address(
    store: SqlStore, quoted: str | None
) -> None:
    m = accepted(store)
    with store.begin() as tx:
        assert tx.outbox.record(bounce(m, quoted=quoted), SOON).message_id == m.id
    assert now(store, m).status is S.FAILED


@pytest.mark.parametrize(("quoted", "days"), [("<by-hand@bma.example>", 1), (None, 6)])
def test_a_bounce_of_another_mail_or_after_the_time_servers_try_is_nobodys(
    store: SqlStore, quoted: str | None, days: int
) -> None:
    m = accepted(store)
    with store.begin() as tx:
        assert tx.outbox.record(bounce(m, quoted=quoted, days=days), SOON).message_id is None
    assert now(store, m).status is S.ACCEPTED


def test_a_bounce_with_nothing_but_an_address_decides_no_doubt(store: SqlStore) -> None:
    m = sending(store)
    with store.begin() as tx:
        tx.outbox.settle(m.id, 1, LOST, NOON)
        assert tx.outbox.record(bounce(m), SOON).message_id is None
    assert now(store, m).status is S.IN_DOUBT
