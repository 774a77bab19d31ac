"""What is old is removed; nothing that a decision may need is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.support.sending import NOON, HandClock, campaign, message, plant

from campaigns.flow import track
from campaigns.model.campaign import CampaignStatus
from campaigns.model.consent import Consent, Suppression, SuppressionReason
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType, Lane, Quota
from campaigns.model.ids import CampaignId, ContactId, CustomerId, ReplyId
from campaigns.model.message import MessageStatus
from campaigns.model.reply import (
    ActionKind,
    Intent,
    Reading,
    Reply,
    Sender,
    Sentiment,
    Span,
    Suggestion,
)
from campaigns.model.retention import CLOSED, REMOVED, Keeping, Kept
from campaigns.orchestrator.retention import AT_ONCE, EVERY, Retention
from campaigns.store import SqlStore

ROOMY = Quota(limit=1000, window_s=86_400)
YEAR = timedelta(days=365)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def retention(store: SqlStore, clock: HandClock) -> Retention:
    return Retention(store, clock, Keeping(texts=90))


def reply(number: int, campaign_id: str, *, done: bool) -> Reply:
    text = "Yes please, call Khun Somchai"
    return Reply(
        id=ReplyId(f"r_{number:04d}"),
        channel=Channel.EMAIL,
        address=f"gm{number}@hotel-{number}.example",
        text=text,
        received_at=NOON,
        sender=Sender(
            customer_id=CustomerId(f"hotel-{number}"),
            customer=f"Hotel {number}",
            contact_id=ContactId(f"k{number}"),
            contact="Khun Somchai",
            campaign_id=CampaignId(campaign_id),
        ),
        reading=Reading(
            intents=(Intent.ACCEPT,),
            confidence=0.9,
            sentiment=Sentiment.POSITIVE,
            language="en",
            why="says yes",
            evidence=(Span(start=0, end=3, text="Yes"),),
        ),
        suggestion=Suggestion(
            action=ActionKind.CALL, words="Call them", escalate=False, draft="Dear Khun Somchai"
        ),
        done_at=NOON if done else None,
    )


def texts(store: SqlStore, campaign_id: str) -> list[str]:
    with store.read() as tx:
        return [m.text for m in tx.messages.all(CampaignId(campaign_id))]


def test_texts_go_when_their_campaign_ended_long_ago_and_who_got_them_stays(
    store: SqlStore, clock: HandClock, retention: Retention
) -> None:
    old = [message(n, status=MessageStatus.DELIVERED) for n in range(2)]
    plant(store, old, campaign(status=CampaignStatus.COMPLETED))
    clock.at += timedelta(days=89)
    assert not any(retention.prune().values())
    clock.at += timedelta(days=2)
    assert retention.due()[Kept.MESSAGE_TEXTS] == 2
    assert retention.prune() == {Kept.MESSAGE_TEXTS: 2}
    with store.read() as tx:
        found = tx.messages.all(CampaignId("c_1"))
    assert [(m.text, m.subject, m.address, m.facts) for m in found] == [
        (REMOVED, "", m.address, m.facts) for m in old
    ]
    assert not any(retention.due().values())


@pytest.mark.parametrize("status", sorted(set(MessageStatus) - CLOSED))
def test_words_that_may_still_be_sent_stay(
    status: MessageStatus, store: SqlStore, clock: HandClock, retention: Retention
) -> None:
    plant(store, [message(0, status=status)], campaign(status=CampaignStatus.COMPLETED))
    clock.at += YEAR
    retention.prune()
    assert texts(store, "c_1") != [REMOVED]


def test_nothing_that_is_closed_can_ever_be_queued_again() -> None:
    assert not any(track.MOVES[status] for status in CLOSED)


@pytest.mark.parametrize("status", [CampaignStatus.SENDING, CampaignStatus.PAUSED])
def test_words_of_a_campaign_that_goes_on_stay(
    status: CampaignStatus, store: SqlStore, clock: HandClock, retention: Retention
) -> None:
    plant(store, [message(0, status=MessageStatus.DELIVERED)], campaign(status=status))
    clock.at += YEAR
    retention.prune()
    assert texts(store, "c_1") != [REMOVED]


def test_an_open_reply_keeps_its_own_words_and_those_it_answers(
    store: SqlStore, clock: HandClock, retention: Retention
) -> None:
    for name, done in (("c_open", False), ("c_done", True)):
        sent = [message(0, campaign_id=name, status=MessageStatus.READ)]
        plant(store, sent, campaign(name, CampaignStatus.COMPLETED))
        with store.begin() as tx:
            tx.replies.add(reply(int(done), name, done=done))
    clock.at += YEAR
    assert retention.prune() == {Kept.MESSAGE_TEXTS: 1, Kept.REPLY_TEXTS: 1}
    assert texts(store, "c_done") == [REMOVED]
    assert texts(store, "c_open") != [REMOVED]
    with store.read() as tx:
        open_, done_ = (tx.replies.get(ReplyId(f"r_{n:04d}")) for n in range(2))
    assert open_ == reply(0, "c_open", done=False)
    assert done_ is not None
    assert (done_.text, done_.suggestion.draft, done_.reading.evidence) == (REMOVED, None, ())
    assert done_.reading.intent is Intent.ACCEPT


def test_a_message_without_its_words_is_not_sent_again_even_when_it_fails_late(
    store: SqlStore, clock: HandClock, retention: Retention
) -> None:
    plant(
        store,
        [message(0, status=MessageStatus.ACCEPTED)],
        campaign(status=CampaignStatus.COMPLETED),
    )
    clock.at += YEAR
    retention.prune()
    m = message(0)
    with store.begin() as tx:
        late = replace(event("late", EventType.FAILED), message_id=m.id)
        tx.outbox.record(late, clock.at)
        assert not tx.outbox.resolve(m.id, MessageStatus.QUEUED, "again", clock.at)


def event(key: str, kind: EventType) -> DeliveryEvent:
    return DeliveryEvent(
        channel=Channel.EMAIL,
        type=kind,
        dedupe_key=key,
        occurred_at=NOON,
        address="gm0@hotel-0.example",
    )


def test_news_of_people_and_of_our_messages_stays_and_is_recognised(
    store: SqlStore, clock: HandClock, retention: Retention
) -> None:
    plant(store, [message(0, status=MessageStatus.SENT)], campaign(status=CampaignStatus.COMPLETED))
    known = replace(event("known", EventType.DELIVERED), message_id=message(0).id)
    told = [known, event("stranger's", EventType.DELIVERED), event("stop", EventType.UNSUBSCRIBED)]
    with store.begin() as tx:
        for one in told:
            tx.outbox.record(one, NOON)
    clock.at += YEAR
    assert retention.prune()[Kept.ORPHANS] == 1
    with store.begin() as tx:
        assert [tx.outbox.record(one, clock.at).new for one in told] == [False, True, False]


def test_a_request_of_a_provider_goes_only_once_everything_in_it_is_taken_in(
    store: SqlStore, clock: HandClock, retention: Retention
) -> None:
    with store.begin() as tx:
        tx.webhooks.keep(Channel.LINE, b"done", NOON)
        [raw] = tx.webhooks.due(NOON, 9)
        tx.webhooks.finish(raw.id, NOON)
        tx.webhooks.keep(Channel.LINE, b"waiting", NOON)
    clock.at += timedelta(days=29)
    assert not retention.prune()
    clock.at += timedelta(days=2)
    assert retention.prune() == {Kept.WEBHOOKS: 1}
    with store.read() as tx:
        assert tx.webhooks.waiting() == 1


def test_permits_of_every_window_stay_and_those_out_on_a_claim_for_ever(
    store: SqlStore, clock: HandClock, retention: Retention
) -> None:
    plant(store, [message(n) for n in range(2)])
    lane = Lane(campaign_id=CampaignId("c_1"), channel=Channel.EMAIL, epoch=1)
    with store.begin() as tx:
        first, _second = tx.outbox.claim(lane, ROOMY, NOON, 2).messages
        assert tx.outbox.leaving(first.id, first.attempt, NOON)
    clock.at += timedelta(days=7)
    assert not retention.prune()
    clock.at += YEAR
    assert retention.prune() == {Kept.PERMITS: 1}
    with store.read() as tx:
        assert tx.outbox.use(Channel.EMAIL, ROOMY, clock.at).used == 1


def test_opt_outs_consents_and_the_audit_trail_are_never_removed(
    store: SqlStore, clock: HandClock, retention: Retention
) -> None:
    out = (Channel.EMAIL, "gm0@hotel-0.example")
    with store.begin() as tx:
        tx.consents.suppress(
            Suppression(
                channel=out[0],
                address=out[1],
                reason=SuppressionReason.OPT_OUT,
                source="reply",
                evidence="STOP",
                at=NOON,
            )
        )
        tx.consents.consent(
            Consent(channel=Channel.LINE, address="U1", source="follow", evidence="", at=NOON)
        )
        tx.audit.add(NOON, "Anna", "campaign.approve", "campaign:c_1", {})
    clock.at += 50 * YEAR
    assert not retention.prune()
    with store.read() as tx:
        assert set(tx.consents.suppressed([out])) == {out}
        assert len(list(tx.audit.from_start())) == 1


def test_the_leader_removes_a_batch_at_a_time_and_rests_for_a_day(
    store: SqlStore, clock: HandClock, retention: Retention
) -> None:
    with store.begin() as tx:
        for n in range(AT_ONCE + 1):
            tx.idempotency.begin(f"key {n}", "Anna", "hash", NOON)
    clock.at += YEAR
    left = []
    for _ in range(3):
        retention.prune_some()
        left.append(retention.due()[Kept.ANSWERS])
    assert left == [1, 0, 0]
    with store.begin() as tx:
        tx.idempotency.begin("another", "Anna", "hash", NOON)
    retention.prune_some()
    assert retention.due()[Kept.ANSWERS] == 1
    clock.at += EVERY
    retention.prune_some()
    assert retention.due()[Kept.ANSWERS] == 0


def test_texts_are_kept_for_ever_unless_somebody_says_otherwise() -> None:
    assert Keeping().before(Kept.MESSAGE_TEXTS, NOON) is None
