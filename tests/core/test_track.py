"""What news and outcomes make of a message, in any order and however often."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.sending import NOON

from campaigns.flow import track
from campaigns.model.consent import SuppressionReason
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType, Reason, ReasonClass
from campaigns.model.message import MessageStatus as S

NEVER_LEFT = (S.DRAFTED, S.VERIFIED, S.BLOCKED, S.APPROVED)
STATES = st.sampled_from(S)
NEWS = st.lists(st.sampled_from(EventType), max_size=8)


def after(status: S, news: list[EventType]) -> S:
    for kind in news:
        status = track.merge(status, kind)
    return status


@given(status=STATES, news=NEWS, data=st.data())
def test_any_order_of_the_same_news_ends_in_the_same_state(
    status: S, news: list[EventType], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(news))
    assert after(status, news) is after(status, shuffled)


@given(status=STATES, news=NEWS)
def test_news_told_again_changes_nothing(status: S, news: list[EventType]) -> None:
    assert after(status, [*news, *news]) is after(status, news)


@given(status=st.sampled_from(NEVER_LEFT), news=NEWS)
def test_no_news_moves_a_message_that_nobody_approved(status: S, news: list[EventType]) -> None:
    assert after(status, news) is status


@pytest.mark.parametrize(
    ("status", "kind", "becomes"),
    [
        (S.SENDING, EventType.ACCEPTED, S.ACCEPTED),
        (S.IN_DOUBT, EventType.SENT, S.SENT),
        (S.IN_DOUBT, EventType.FAILED, S.FAILED),
        (S.ACCEPTED, EventType.DELIVERED, S.DELIVERED),
        (S.SENT, EventType.FAILED, S.FAILED),
        (S.FAILED, EventType.DELIVERED, S.DELIVERED),  # Meta can tell both
        (S.DELIVERED, EventType.FAILED, S.DELIVERED),
        (S.READ, EventType.DELIVERED, S.READ),
        (S.DELIVERED, EventType.SENT, S.DELIVERED),
        (S.ACCEPTED, EventType.REPLIED, S.READ),
        (S.ACCEPTED, EventType.FOLLOWED, S.ACCEPTED),
        # It was sent again by a person, and then the first attempt turns out to have arrived.
        (S.QUEUED, EventType.DELIVERED, S.DELIVERED),
        (S.CANCELLED, EventType.DELIVERED, S.DELIVERED),
    ],
)
def test_better_news_wins(status: S, kind: EventType, becomes: S) -> None:
    assert track.merge(status, kind) is becomes


def test_every_state_has_its_moves() -> None:
    assert set(track.MOVES) == set(S)
    for old, new in itertools.product(S, S):
        assert track.may_move(old, new) == (new in track.MOVES[old])


def test_nothing_leads_back_from_what_has_arrived() -> None:
    for arrived in (S.ACCEPTED, S.SENT, S.DELIVERED, S.READ):
        assert track.MOVES[arrived] == frozenset()


def test_a_message_in_doubt_is_sent_again_only_on_purpose() -> None:
    assert track.may_move(S.IN_DOUBT, S.QUEUED)
    assert not track.may_move(S.IN_DOUBT, S.CLAIMED)
    assert not track.may_move(S.IN_DOUBT, S.SENDING)


@pytest.mark.parametrize("status", [S.QUEUED, S.CLAIMED, S.SENDING, S.IN_DOUBT])
def test_a_campaign_is_not_complete_while_a_message_is_unsettled(status: S) -> None:
    assert not track.is_settled({S.DELIVERED: 5, status: 1})
    assert track.is_settled({S.DELIVERED: 5, S.FAILED: 1, status: 0})


def told(kind: EventType, reason: ReasonClass | None = None) -> DeliveryEvent:
    return DeliveryEvent(
        channel=Channel.EMAIL,
        type=kind,
        dedupe_key="k",
        occurred_at=NOON,
        reason=None if reason is None else Reason(kind=reason),
    )


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (told(EventType.BOUNCED, ReasonClass.INVALID_RECIPIENT), SuppressionReason.BOUNCE),
        (told(EventType.FAILED, ReasonClass.OPTED_OUT), SuppressionReason.OPT_OUT),
        (told(EventType.COMPLAINED), SuppressionReason.COMPLAINT),
        (told(EventType.UNSUBSCRIBED), SuppressionReason.OPT_OUT),
        (told(EventType.UNFOLLOWED), SuppressionReason.OPT_OUT),
        # Their mailbox is full, or our mail was not liked: no reason never to write again.
        (told(EventType.BOUNCED, ReasonClass.TRANSIENT), None),
        (told(EventType.FAILED, ReasonClass.POLICY), None),
        (told(EventType.FAILED), None),
        (told(EventType.REPLIED), None),
    ],
)
def test_an_address_is_closed_by_its_owner_or_by_being_dead(
    event: DeliveryEvent, why: SuppressionReason | None
) -> None:
    assert track.suppression_for(event) is why
