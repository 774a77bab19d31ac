"""How much one customer and one person hear from us, on every database."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.support.sending import (
    NOON,
    HandClock,
    Sends,
    ToldCarrier,
    accepts,
    campaign,
    message,
    plant,
)

from campaigns.flow import dispatch
from campaigns.model.answer import ANSWERS
from campaigns.model.customer import Channel
from campaigns.model.delivery import Lane, Quota, Reason, ReasonClass, Refused, SendOutcome
from campaigns.model.ids import CampaignId, ContactId, MessageId, ReplyId
from campaigns.model.message import Message
from campaigns.model.message import MessageStatus as S
from campaigns.model.plan import CampaignType, Plan
from campaigns.model.ports import Tx
from campaigns.model.reply import ActionKind, Intent, Reading, Reply, Sentiment, Suggestion
from campaigns.model.reply import Sender as Writer
from campaigns.orchestrator.lookup import campaign_in
from campaigns.orchestrator.restraint import ANSWERED, Restraint, Verdicts, together
from campaigns.sender import Rules, Sender
from campaigns.store import SqlStore

ID = CampaignId("c_1")
LANE = Lane(campaign_id=ID, channel=Channel.EMAIL, epoch=1)
ROOM = Quota(limit=100, window_s=3600)


def sent(
    store: SqlStore,
    clock: HandClock,
    most_per_week: int = 0,
    lane: Lane = LANE,
    days_between: int = 0,
    does: Sends = accepts,
) -> None:
    carrier = ToldCarrier(does=does)
    sender = Sender(
        store,
        {Channel.EMAIL: carrier},
        clock,
        Rules(window=None, default_zone="Asia/Bangkok"),
        fit=together(lambda tx, messages: {}, Restraint(clock, most_per_week, days_between)),
    )
    asyncio.run(sender.send(lane))


def answers(store: SqlStore, intent: Intent, customer: str = "hotel-1") -> None:
    reading = Reading(
        intents=(intent,),
        confidence=1.0,
        sentiment=Sentiment.POSITIVE,
        language="en",
        why="",
    )
    with store.begin() as tx:
        tx.replies.add(
            Reply(
                id=ReplyId("r_1"),
                channel=Channel.EMAIL,
                address="gm@hotel.example",
                text="Yes",
                received_at=NOON,
                sender=Writer(
                    customer_id=message(1).customer_id,
                    customer=customer,
                    contact_id=ContactId("x"),
                    contact=None,
                    campaign_id=ID,
                ),
                reading=reading,
                suggestion=Suggestion(action=ActionKind.PREPARE_RENEWAL, words="", escalate=False),
            )
        )


def states(store: SqlStore, campaign_id: CampaignId = ID) -> dict[str, tuple[S, str | None]]:
    with store.read() as tx:
        return {m.customer_id: (m.status, m.reason) for m in tx.messages.all(campaign_id)}


def test_an_answer_stops_what_is_queued_for_that_customer_alone(store: SqlStore) -> None:
    plant(store, [message(1), message(2)])
    answers(store, Intent.ACCEPT)
    sent(store, HandClock())
    assert states(store) == {"hotel-1": (S.SKIPPED, ANSWERED), "hotel-2": (S.ACCEPTED, None)}


@pytest.mark.parametrize("type_", [CampaignType.RENEWAL, CampaignType.SURVEY])
def test_an_automatic_answer_stops_nothing_and_a_survey_asks_everybody(
    store: SqlStore, type_: CampaignType
) -> None:
    plant(store, [message(1)], replace(campaign(), plan=Plan(type=type_)))
    survey = type_ is CampaignType.SURVEY
    answers(store, Intent.ACCEPT if survey else Intent.OUT_OF_OFFICE)
    sent(store, HandClock())
    assert states(store)["hotel-1"][0] is S.ACCEPTED


def test_more_than_the_cap_waits_until_a_week_has_passed(store: SqlStore) -> None:
    clock = HandClock()
    for n in range(3):
        other = CampaignId(f"c_{n}")
        plant(store, [message(1, campaign_id=other)], campaign(other))
        sent(store, clock, 2, replace(LANE, campaign_id=other))
        clock.forward(days=1)
    last = CampaignId("c_2")
    status, reason = states(store, last)["hotel-1"]
    assert status is S.QUEUED
    assert reason == "this address had 2 messages within seven days"
    with store.read() as tx:
        [waiting] = tx.messages.waiting(last)
    assert waiting.until == NOON + timedelta(days=7)
    clock.at = NOON + timedelta(days=7, seconds=1)
    sent(store, clock, 2, replace(LANE, campaign_id=last))
    assert states(store, last)["hotel-1"][0] is S.ACCEPTED


NEWS = CampaignId("c_2")
WAITS = "another campaign wrote to this customer within 14 days"


def other(number: int) -> Message:
    """A message of another campaign, to another person at the same customer."""
    second = replace(message(number, campaign_id=NEWS), address=f"owner{number}@hotel.example")
    return replace(second, contact_id=ContactId(f"owner{number}"))


def follow(
    store: SqlStore, clock: HandClock, most_per_week: int = 0, days_between: int = 14
) -> None:
    sent(store, clock, most_per_week, replace(LANE, campaign_id=NEWS), days_between)


def test_days_lie_between_two_campaigns_to_one_customer(store: SqlStore) -> None:
    clock = HandClock()
    plant(
        store, [message(1), replace(message(1), id=MessageId("m_2"), contact_id=ContactId("k_2"))]
    )
    sent(store, clock, days_between=14)
    # Both people there hear the first campaign.
    with store.read() as tx:
        assert {m.status for m in tx.messages.all(ID)} == {S.ACCEPTED}
    clock.forward(days=13)
    plant(store, [other(1), other(2)], campaign(NEWS))
    follow(store, clock)
    assert states(store, NEWS) == {"hotel-1": (S.QUEUED, WAITS), "hotel-2": (S.ACCEPTED, None)}
    with store.read() as tx:
        [waiting] = tx.messages.waiting(NEWS)
    assert waiting.until == NOON + timedelta(days=14)
    clock.at = NOON + timedelta(days=14)
    follow(store, clock)
    assert states(store, NEWS)["hotel-1"] == (S.ACCEPTED, None)


def test_without_the_setting_no_days_are_kept(store: SqlStore) -> None:
    clock = HandClock()
    plant(store, [message(1)])
    sent(store, clock)
    plant(store, [other(1)], campaign(NEWS))
    follow(store, clock, days_between=0)
    assert states(store, NEWS)["hotel-1"][0] is S.ACCEPTED


def test_of_two_waits_the_longer_one_counts(store: SqlStore) -> None:
    clock = HandClock()
    plant(store, [message(1)])
    sent(store, clock)
    plant(store, [message(1, campaign_id=NEWS)], campaign(NEWS))
    follow(store, clock, most_per_week=1, days_between=3)
    assert "within seven days" in str(states(store, NEWS)["hotel-1"][1])
    clock.at = NOON + timedelta(days=7, seconds=1)
    follow(store, clock, most_per_week=1, days_between=14)
    assert states(store, NEWS)["hotel-1"] == (S.QUEUED, WAITS)


def refuses(message: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
    leaving()
    return Refused(reason=Reason(kind=ReasonClass.INVALID_RECIPIENT))


def test_only_what_a_campaign_wrote_to_a_customer_keeps_days(store: SqlStore) -> None:
    clock, back = HandClock(), CampaignId("c_back")
    plant(store, [message(1), message(2, is_test=True)])
    sent(store, clock, does=refuses)
    sent(store, clock, lane=replace(LANE, tests=True))
    for n, campaign_id in ((3, ANSWERS), (4, back)):
        plant(store, [message(n, campaign_id=campaign_id)], campaign(campaign_id))
        sent(store, clock, lane=replace(LANE, campaign_id=campaign_id))
        assert states(store, campaign_id)[f"hotel-{n}"][0] is S.ACCEPTED
    with store.begin() as tx:
        taken_back = campaign_in(tx, back)
        assert tx.campaigns.save(replace(taken_back, rolled_back=True), taken_back.revision)
        tested = tx.messages.get(message(2, is_test=True).id)
    assert tested is not None
    assert tested.status is S.ACCEPTED
    assert states(store)["hotel-1"][0] is S.FAILED
    plant(store, [other(n) for n in range(1, 5)], campaign(NEWS))
    follow(store, clock)
    assert {status for status, _ in states(store, NEWS).values()} == {S.ACCEPTED}


def test_an_end_wins_over_a_wait_whoever_speaks_first(store: SqlStore) -> None:
    end = dispatch.End(S.SKIPPED, "over")
    wait = dispatch.Wait(NOON + timedelta(hours=1), "later")
    first, later, last = message(1), message(2), message(3)

    def ends(tx: Tx, messages: Sequence[Message]) -> Verdicts:
        return {first.id: end, later.id: wait}

    def waits(tx: Tx, messages: Sequence[Message]) -> Verdicts:
        return {first.id: wait, last.id: wait}

    with store.read() as tx:
        for judges in ((ends, waits), (waits, ends)):
            said = together(*judges)(tx, [first, later, last])
            assert said == {first.id: end, later.id: wait, last.id: wait}
