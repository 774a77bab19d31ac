"""What providers tell and know, and doubts about messages: the same on every database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.support.sending import NOON, ROOMY, address_of, campaign, message, plant

from campaigns.model.campaign import CampaignStatus
from campaigns.model.consent import Suppression, SuppressionReason
from campaigns.model.customer import Channel
from campaigns.model.delivery import (
    Accepted,
    DeliveryEvent,
    EventType,
    Lane,
    Reason,
    ReasonClass,
    Refused,
    SendOutcome,
    Unknown,
)
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message, MessageStatus, Template
from campaigns.model.template import KnownTemplate, TemplateCategory, TemplateStatus
from campaigns.store import SqlStore

LINE, WA = Channel.LINE, Channel.WHATSAPP
SOON = timedelta(seconds=1)
LANE = Lane(campaign_id=CampaignId("c_1"), channel=LINE, epoch=1)
BROKE = Unknown(reason=Reason(kind=ReasonClass.UNKNOWN, detail="the connection broke"))
BUSY = Refused(reason=Reason(kind=ReasonClass.RATE_LIMITED), retry_after_s=10)
NEVER = Refused(reason=Reason(kind=ReasonClass.INVALID_RECIPIENT, code="400"))


# --- raw webhooks ----------------------------------------------------------------------------------


def test_the_same_request_is_kept_once(store: SqlStore) -> None:
    with store.begin() as tx:
        assert tx.webhooks.keep(WA, b"body", NOON) is True
        assert tx.webhooks.keep(WA, b"body", NOON + SOON) is False
        assert tx.webhooks.keep(LINE, b"body", NOON) is True
        assert tx.webhooks.waiting() == 2


def test_a_request_is_read_as_it_came_in_the_order_it_came(store: SqlStore) -> None:
    bodies = [bytes([n, 0, 255]) for n in range(5)]
    for n, body in enumerate(bodies):
        with store.begin() as tx:
            tx.webhooks.keep(WA, body, NOON + n * SOON)
    with store.begin() as tx:
        assert [raw.body for raw in tx.webhooks.due(NOON + 10 * SOON, 3)] == bodies[:3]
        assert [raw.body for raw in tx.webhooks.due(NOON + 10 * SOON, 3)] == bodies[3:]
        assert tx.webhooks.due(NOON + 10 * SOON, 3) == []


def test_a_request_is_due_again_until_it_is_finished_each_time_later(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.webhooks.keep(WA, b"body", NOON)
        looks = [
            (s, len(tx.webhooks.due(NOON + s * SOON, 9))) for s in (0, 29, 30, 89, 90, 209, 210)
        ]
        assert looks == [(0, 1), (29, 0), (30, 1), (89, 0), (90, 1), (209, 0), (210, 1)]
        [raw] = tx.webhooks.due(NOON + timedelta(days=1), 9)
        assert raw.tries == 4
        tx.webhooks.finish(raw.id, NOON)
        assert tx.webhooks.due(NOON + timedelta(days=9), 9) == []


def test_what_could_not_be_read_is_kept_and_listed(store: SqlStore) -> None:
    with store.begin() as tx:
        for body in (b"good", b"bad"):
            tx.webhooks.keep(WA, body, NOON)
        for raw in tx.webhooks.due(NOON, 9):
            trouble = "the body is no JSON" if raw.body == b"bad" else None
            tx.webhooks.finish(raw.id, NOON, trouble)
        [found] = tx.webhooks.troubled(9)
        assert (found.body, found.trouble) == (b"bad", "the body is no JSON")


# --- identities ------------------------------------------------------------------------------------


def test_the_newest_word_about_an_id_counts_in_whatever_order(store: SqlStore) -> None:
    with store.begin() as tx:
        assert tx.identities.address_of(WA, "TH.7") is None
        tx.identities.learn(WA, "TH.7", "+66990000002", NOON + SOON)
        tx.identities.learn(WA, "TH.7", "+66990000001", NOON)
        assert tx.identities.address_of(WA, "TH.7") == "+66990000002"
        assert tx.identities.address_of(LINE, "TH.7") is None


def test_a_refusal_under_an_id_holds_for_the_address_once_that_is_known(store: SqlStore) -> None:
    refusal = Suppression(
        channel=WA,
        address="TH.7",
        reason=SuppressionReason.OPT_OUT,
        source="reply",
        evidence="stop",
        at=NOON,
    )
    with store.begin() as tx:
        tx.consents.suppress(refusal)
        tx.identities.learn(WA, "TH.7", "+66990000001", NOON)
        tx.identities.learn(WA, "TH.7", "+66990000001", NOON + SOON)
        found = tx.consents.suppressed([(WA, "+66990000001")])
        assert found[WA, "+66990000001"] == replace(refusal, address="+66990000001")


# --- templates -------------------------------------------------------------------------------------


def test_a_template_is_kept_as_it_was_told(store: SqlStore) -> None:
    known = KnownTemplate(
        name="renewal_a",
        language="th",
        status=TemplateStatus.PAUSED,
        category=TemplateCategory.MARKETING,
        submitted_as=TemplateCategory.UTILITY,
        quality="RED",
        body="สวัสดี {{greeting}}",
        buttons=("ตกลง",),
        reason="why",
        status_at=NOON,
    )
    with store.begin() as tx:
        tx.templates.put(replace(known, status=TemplateStatus.PENDING))
        tx.templates.put(known)
        assert tx.templates.get("renewal_a", "th") == known
        assert tx.templates.get("renewal_a", "en") is None
        assert tx.templates.all() == [known]


def test_templates_are_wanted_by_messages_not_sent_yet(store: SqlStore) -> None:
    def on_whatsapp(number: int, name: str, status: MessageStatus) -> Message:
        template = Template(
            name=name, language="en", parameters={"zones": "A"}, body="See {{zones}}"
        )
        return replace(message(number, WA, status=status), template=template)

    plant(
        store,
        [
            on_whatsapp(1, "b", MessageStatus.VERIFIED),
            on_whatsapp(2, "a", MessageStatus.QUEUED),
            on_whatsapp(3, "a", MessageStatus.APPROVED),
            on_whatsapp(4, "sent", MessageStatus.READ),
            on_whatsapp(5, "blocked", MessageStatus.BLOCKED),
            message(6, WA, status=MessageStatus.VERIFIED),
            message(7, Channel.EMAIL, status=MessageStatus.VERIFIED),
        ],
    )
    with store.read() as tx:
        wanted = tx.templates.wanted()
    assert [(w.name, w.body, w.purpose, w.messages) for w in wanted] == [
        ("a", "See {{zones}}", "renewal", 2),
        ("b", "See {{zones}}", "renewal", 1),
    ]


# --- news about people -----------------------------------------------------------------------------


def news(
    kind: EventType, seconds: int, address: str = "a", channel: Channel = LINE
) -> DeliveryEvent:
    return DeliveryEvent(
        channel=channel,
        type=kind,
        dedupe_key=f"{kind}{seconds}{address}",
        occurred_at=NOON + seconds * SOON,
        address=address,
    )


def test_the_newest_news_of_its_kind_is_told_apart(store: SqlStore) -> None:
    both = (EventType.FOLLOWED, EventType.UNFOLLOWED)
    with store.begin() as tx:
        for event in (
            news(EventType.FOLLOWED, 5),
            news(EventType.UNFOLLOWED, 3),
            news(EventType.UNFOLLOWED, 9, "b"),
            news(EventType.REPLIED, 9),
        ):
            tx.outbox.record(event, NOON)
        assert set(tx.outbox.newest(LINE, "a", both)) == {EventType.FOLLOWED}
        tx.outbox.record(news(EventType.UNFOLLOWED, 5), NOON)
        assert set(tx.outbox.newest(LINE, "a", both)) == set(both)
        assert set(tx.outbox.newest(LINE, "c", both)) == set()


def test_when_somebody_last_wrote_is_known(store: SqlStore) -> None:
    with store.begin() as tx:
        for event in (
            news(EventType.REPLIED, 5, channel=WA),
            news(EventType.REPLIED, 3, channel=WA),
            news(EventType.REACTED, 9, channel=WA),
            news(EventType.REPLIED, 9, "b", WA),
        ):
            tx.outbox.record(event, NOON)
        assert tx.outbox.heard_at(WA, "a") == NOON + 5 * SOON
        assert tx.outbox.heard_at(LINE, "a") is None


# --- doubts ----------------------------------------------------------------------------------------


def attempt(store: SqlStore, outcome: SendOutcome | None, minutes: float = 0) -> Message:
    """Claim the one message, let it leave, and settle it; None leaves it under way."""
    at = NOON + timedelta(minutes=minutes)
    with store.begin() as tx:
        [claimed] = tx.outbox.claim(LANE, ROOMY, at, 9).messages
    with store.begin() as tx:
        assert tx.outbox.leaving(claimed.id, claimed.attempt, at)
    if outcome is not None:
        with store.begin() as tx:
            tx.outbox.settle(claimed.id, claimed.attempt, outcome, at)
    return now(store)


def now(store: SqlStore) -> Message:
    with store.read() as tx:
        [found] = tx.messages.all(CampaignId("c_1"))
    return found


def repeat(store: SqlStore, minutes: float, since_minutes: float = -60) -> int:
    at, since = (NOON + timedelta(minutes=m) for m in (minutes, since_minutes))
    with store.begin() as tx:
        return len(tx.outbox.repeat(LINE, since, at))


def doubt_since(store: SqlStore) -> object:
    with store.read() as tx:
        found = tx.outbox.doubts([now(store).id])
    return found.get(now(store).id)


@pytest.fixture
def planted(store: SqlStore) -> SqlStore:
    plant(store, [message(1, LINE)])
    return store


def test_a_doubt_begins_with_an_unclear_answer_and_ends_with_a_clear_one(planted: SqlStore) -> None:
    assert doubt_since(planted) is None
    assert attempt(planted, BROKE).status is MessageStatus.IN_DOUBT
    assert doubt_since(planted) == NOON
    assert repeat(planted, 5) == 1
    assert now(planted).status is MessageStatus.QUEUED
    assert doubt_since(planted) == NOON  # queued again is not decided
    assert attempt(planted, Accepted(provider_id="9"), 5).status is MessageStatus.ACCEPTED
    assert doubt_since(planted) is None


def test_a_doubt_is_as_old_as_its_first_unclear_answer(planted: SqlStore) -> None:
    for minutes in (0, 5, 10, 30):
        attempt(planted, BROKE, minutes)
        assert doubt_since(planted) == NOON
        assert repeat(planted, minutes + 4) == 1


def test_a_repeated_request_rests_longer_each_time(planted: SqlStore) -> None:
    attempt(planted, BROKE)
    assert repeat(planted, 0.05) == 0
    assert repeat(planted, 0.1) == 1
    attempt(planted, BROKE, 1)
    assert repeat(planted, 1.1) == 0
    assert repeat(planted, 1.2) == 1


def test_only_a_young_doubt_of_a_sending_campaign_is_repeated(planted: SqlStore) -> None:
    attempt(planted, BROKE)
    assert repeat(planted, 60 * 24, since_minutes=60) == 0
    with planted.begin() as tx:
        tx.campaigns.move(CampaignId("c_1"), [CampaignStatus.SENDING], CampaignStatus.PAUSED, NOON)
    assert repeat(planted, 5) == 0


def test_nobody_who_opted_out_meanwhile_is_sent_to_again(planted: SqlStore) -> None:
    attempt(planted, BROKE)
    with planted.begin() as tx:
        tx.consents.suppress(
            Suppression(
                channel=LINE,
                address=address_of(LINE, 1),
                reason=SuppressionReason.OPT_OUT,
                source="reply",
                evidence="stop",
                at=NOON,
            )
        )
    assert repeat(planted, 5) == 0


@pytest.mark.parametrize("end", ["cancel", "drop", "give up"])
def test_a_doubt_outlives_everything_but_an_answer(planted: SqlStore, end: str) -> None:
    attempt(planted, BROKE)
    repeat(planted, 5)
    at = NOON + timedelta(minutes=6)
    with planted.begin() as tx:
        if end == "cancel":
            assert tx.outbox.cancel(CampaignId("c_1"), at) == 1
        else:
            [claimed] = tx.outbox.claim(LANE, ROOMY, at, 9).messages
            if end == "drop":
                tx.outbox.drop(claimed.id, claimed.attempt, MessageStatus.SUPPRESSED, "no", at)
            else:
                late = at + timedelta(hours=49)
                tx.outbox.settle(claimed.id, claimed.attempt, BUSY, late)
    assert now(planted).status is MessageStatus.IN_DOUBT
    assert doubt_since(planted) == NOON


def test_a_final_no_to_the_repeated_request_settles_the_first_too(planted: SqlStore) -> None:
    attempt(planted, BROKE)
    repeat(planted, 5)
    assert attempt(planted, NEVER, 5).status is MessageStatus.FAILED
    assert doubt_since(planted) is None


def test_news_settles_a_doubt(planted: SqlStore) -> None:
    m = attempt(planted, BROKE)
    with planted.begin() as tx:
        read = DeliveryEvent(
            channel=LINE,
            type=EventType.REPLIED,
            dedupe_key="1",
            occurred_at=NOON,
            message_id=m.id,
        )
        tx.outbox.record(read, NOON)
    assert now(planted).status is MessageStatus.READ
    assert doubt_since(planted) is None


def test_a_person_settles_a_doubt(planted: SqlStore) -> None:
    m = attempt(planted, BROKE)
    with planted.begin() as tx:
        assert tx.outbox.resolve(m.id, MessageStatus.QUEUED, "nida: send it again", NOON)
    assert doubt_since(planted) is None


def test_a_worker_that_died_while_sending_leaves_a_doubt(planted: SqlStore) -> None:
    attempt(planted, None, 2)
    with planted.begin() as tx:
        tx.outbox.recover(NOON + timedelta(minutes=9))
    assert now(planted).status is MessageStatus.IN_DOUBT
    assert doubt_since(planted) == NOON + timedelta(minutes=2)


def test_a_worker_that_died_before_sending_leaves_none(planted: SqlStore) -> None:
    with planted.begin() as tx:
        tx.outbox.claim(LANE, ROOMY, NOON, 9)
        tx.outbox.recover(NOON)
    assert now(planted).status is MessageStatus.QUEUED
    assert doubt_since(planted) is None


def test_a_message_without_a_doubt_ends_as_it_is_told(planted: SqlStore) -> None:
    with planted.begin() as tx:
        assert tx.outbox.cancel(CampaignId("c_1"), NOON) == 1
    assert now(planted).status is MessageStatus.CANCELLED


def test_what_a_provider_notes_beside_its_yes_is_shown_until_there_is_more_news(
    planted: SqlStore,
) -> None:
    m = attempt(planted, Accepted(provider_id="9", note="held for a while"))
    assert m.reason == "held for a while"
    with planted.begin() as tx:
        tx.outbox.record(
            replace(news(EventType.SENT, 9, address_of(LINE, 1)), message_id=m.id), NOON
        )
    assert now(planted).reason is None


def test_a_channel_can_be_stopped_by_news(store: SqlStore) -> None:
    plant(store, [message(1, LINE)], campaign())
    with store.begin() as tx:
        tx.outbox.halt(LINE, "the account is suspended")
        assert tx.outbox.halted(NOON) == {LINE: "the account is suspended"}
        assert tx.outbox.claim(LANE, ROOMY, NOON, 9).messages == ()
        assert tx.outbox.reopen(LINE)
        assert len(tx.outbox.claim(LANE, ROOMY, NOON, 9).messages) == 1


# --- held for a template ---------------------------------------------------------------------------


def test_what_is_held_for_a_template_is_let_go_and_nothing_else(store: SqlStore) -> None:
    usable = Template(name="renewal_a", language="en", parameters={}, body="Hi")
    others = [replace(usable, language="th"), replace(usable, name="renewal_b")]
    lane = replace(LANE, channel=WA)
    made = [
        replace(message(n, WA), template=template)
        for n, template in enumerate([usable, usable, *others], start=1)
    ]
    plant(store, made)
    reasons = ["held: template renewal_a (en) is paused", "frequency_cap: 131049"]
    later = NOON + timedelta(minutes=5)
    with store.begin() as tx:
        for m in tx.outbox.claim(lane, ROOMY, NOON, 9).messages:
            reason = reasons[m.id == made[1].id]
            tx.outbox.hold(m.id, m.attempt, later, reason, NOON)
    with store.begin() as tx:
        assert tx.outbox.let_go([("renewal_a", "en")], NOON + SOON) == {CampaignId("c_1")}
        assert tx.outbox.let_go([("renewal_a", "en"), ("none", "en")], NOON + SOON) == set()
    with store.begin() as tx:
        assert [m.id for m in tx.outbox.claim(lane, ROOMY, NOON + SOON, 9).messages] == [made[0].id]
        waiting = [tx.messages.get(m.id) for m in made[1:]]
        assert [m.not_before for m in waiting] == [later] * 3
        assert [m.reason for m in waiting] == [reasons[1], reasons[0], reasons[0]]
