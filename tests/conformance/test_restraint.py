"""How much one customer and one person hear from us, on every database."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.support.sending import NOON, HandClock, ToldCarrier, campaign, message, plant

from campaigns.model.customer import Channel
from campaigns.model.delivery import Lane, Quota
from campaigns.model.ids import CampaignId, ContactId, ReplyId
from campaigns.model.message import MessageStatus as S
from campaigns.model.plan import CampaignType, Plan
from campaigns.model.reply import ActionKind, Intent, Reading, Reply, Sentiment, Suggestion
from campaigns.model.reply import Sender as Writer
from campaigns.orchestrator.restraint import ANSWERED, Restraint, together
from campaigns.sender import Rules, Sender
from campaigns.store import SqlStore

ID = CampaignId("c_1")
LANE = Lane(campaign_id=ID, channel=Channel.EMAIL, epoch=1)
ROOM = Quota(limit=100, window_s=3600)


def sent(store: SqlStore, clock: HandClock, most_per_week: int = 0, lane: Lane = LANE) -> None:
    carrier = ToldCarrier()
    sender = Sender(
        store,
        {Channel.EMAIL: carrier},
        clock,
        Rules(window=None, default_zone="Asia/Bangkok"),
        fit=together(lambda tx, messages: {}, Restraint(clock, most_per_week)),
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
