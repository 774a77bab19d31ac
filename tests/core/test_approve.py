"""An approval covers exactly these messages to exactly these people, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.flow.approve import (
    EDITABLE,
    MOVES,
    WAITS_AT_MOST,
    WAY_ON,
    Content,
    check_approval,
    check_submission,
    content_hash,
    require,
)
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.errors import NotAllowed, Stale, WrongState
from campaigns.model.facts import Facts
from campaigns.model.ids import CampaignId, ContactId, CustomerId, MessageId
from campaigns.model.message import Message, MessageStatus, Template
from campaigns.model.plan import CampaignType, Plan

NOW = datetime(2025, 9, 15, 3, tzinfo=UTC)
MESSAGE = Message(
    id=MessageId("m_1"),
    campaign_id=CampaignId("c_1"),
    customer_id=CustomerId("hilton-pattaya"),
    customer="Hilton Pattaya",
    contact_id=ContactId("rudolf"),
    contact="Rudolf",
    channel=Channel.WHATSAPP,
    address="+66856644142",
    cohort="renewal.formal.en.whatsapp..a",
    language="en",
    text="Hi Rudolf",
    template=Template(name="renewal", language="en", parameters={"name": "Rudolf"}),
    facts=Facts(
        customer_id=CustomerId("hilton-pattaya"),
        customer="Hilton Pattaya",
        contact_id=ContactId("rudolf"),
    ),
    status=MessageStatus.VERIFIED,
)
CAMPAIGN = Campaign(
    id=CampaignId("c_1"),
    name="Hiltons",
    status=CampaignStatus.IN_REVIEW,
    request="Hiltons",
    plan=Plan(type=CampaignType.RENEWAL),
    author="Ploy",
    created_at=NOW,
    updated_at=NOW,
    content_hash="abc",
)
SEEN = ("text", "subject", "preheader", "html", "address", "id", "contact_id", "customer_id")


@given(field=st.sampled_from(SEEN), value=st.text(min_size=1, max_size=20))
def test_any_change_of_what_a_recipient_sees_or_is_reached_by_changes_the_hash(
    field: str, value: str
) -> None:
    changed = replace(MESSAGE, **{field: value})
    same = (getattr(MESSAGE, field) or "") == value
    assert (content_hash([changed], []) == content_hash([MESSAGE], [])) == same


def test_template_channel_and_audience_are_covered_too() -> None:
    template = Template(name="renewal", language="en", parameters={"name": "Rudi"})
    others = (
        content_hash([replace(MESSAGE, template=template)], []),
        content_hash([replace(MESSAGE, channel=Channel.LINE)], []),
        content_hash([MESSAGE], ["another-customer"]),
        content_hash([MESSAGE, replace(MESSAGE, id=MessageId("m_2"))], []),
        content_hash([], []),
    )
    assert len({content_hash([MESSAGE], []), *others}) == 6


def test_states_times_and_order_do_not_change_the_hash() -> None:
    second = replace(MESSAGE, id=MessageId("m_2"))
    sent = replace(MESSAGE, status=MessageStatus.SENT, attempt=2, provider_id="x", updated_at=NOW)
    assert content_hash([second, sent], []) == content_hash([MESSAGE, second], [])


def test_the_hash_of_an_approval_given_long_ago_is_still_the_same() -> None:
    second = replace(MESSAGE, id=MessageId("m_2"), text='สวัสดี "x"', variant="a")
    assert content_hash([second, MESSAGE], ["hotel-2", "hotel-1"]) == (
        "030e493c4ac13b99d0b0cae6c126f252aad1d6e4f72a368f094a988ed4e8add6"
    )
    assert content_hash([], []) == (
        "643d5437104296e21d906ecb15b2c96ad278f20cfc4af53b12bb6069bd853726"
    )


def test_messages_added_out_of_order_or_twice_are_refused() -> None:
    content = Content()
    content.add(replace(MESSAGE, id=MessageId("m_2")))
    for number in ("m_1", "m_2"):
        with pytest.raises(ValueError, match=f"{number} after m_2"):
            content.add(replace(MESSAGE, id=MessageId(number)))


def test_text_cannot_move_between_fields_and_keep_the_hash() -> None:
    one = replace(MESSAGE, subject="ab", text="c")
    two = replace(MESSAGE, subject="a", text="bc")
    assert content_hash([one], []) != content_hash([two], [])


def test_approving_something_else_than_what_is_there_is_refused() -> None:
    with pytest.raises(Stale, match="Read the preview again"):
        check_approval(CAMPAIGN, "something else", "Nok", NOW, four_eyes=False)
    check_approval(CAMPAIGN, "abc", "Nok", NOW, four_eyes=False)


def test_what_waited_longer_than_a_week_is_submitted_again_before_it_is_approved() -> None:
    last = NOW + WAITS_AT_MOST
    check_approval(CAMPAIGN, "abc", "Nok", last, four_eyes=False)
    with pytest.raises(WrongState, match=r"expired after 7 days .* Submit it again"):
        check_approval(CAMPAIGN, "abc", "Nok", last + timedelta(seconds=1), four_eyes=False)


def test_with_four_eyes_nobody_approves_their_own() -> None:
    with pytest.raises(NotAllowed, match="somebody else"):
        check_approval(CAMPAIGN, "abc", "Ploy", NOW, four_eyes=True)
    check_approval(CAMPAIGN, "abc", "Nok", NOW, four_eyes=True)


def test_nothing_to_send_and_blocked_messages_cannot_be_submitted() -> None:
    with pytest.raises(WrongState, match="nobody in the audience can be reached"):
        check_submission([])
    with pytest.raises(WrongState, match="1 of 2 messages is blocked") as told:
        check_submission([MESSAGE, replace(MESSAGE, status=MessageStatus.BLOCKED)])
    route = f"Edit it: PATCH /api/campaigns/{MESSAGE.campaign_id}/messages/{MESSAGE.id}"
    assert str(told.value).endswith(f"to {MESSAGE.customer}. {route}")
    assert told.value.for_people.endswith("Fix it in the composer, or leave that customer out.")
    check_submission([MESSAGE])


@pytest.mark.parametrize("status", list(CampaignStatus))
def test_a_wrong_state_is_named_with_the_way_on(status: CampaignStatus) -> None:
    with pytest.raises(WrongState) as refused:
        require(replace(CAMPAIGN, status=status), [], "sent")
    assert status.value in str(refused.value)
    assert WAY_ON[status] in str(refused.value)


@pytest.mark.parametrize("ended", [CampaignStatus.COMPLETED, CampaignStatus.CANCELLED])
def test_what_has_ended_can_neither_move_nor_change(ended: CampaignStatus) -> None:
    assert ended not in EDITABLE
    assert all(ended not in allowed for allowed, _ in MOVES.values())


def test_an_approval_covers_what_is_in_reserve_before_it_is_called_and_after() -> None:
    reserve = replace(MESSAGE, id=MessageId("m_r"), text="By mail.", channel=Channel.EMAIL)
    kept = replace(MESSAGE, reserve=reserve)
    approved = content_hash([kept], [])
    assert approved != content_hash([MESSAGE], [])
    other = replace(kept, reserve=replace(reserve, text="By mail!"))
    assert approved != content_hash([other], [])
    called = replace(reserve, reserve_of=kept.id, status=MessageStatus.QUEUED)
    assert approved == content_hash([kept, called], [])


def test_an_approval_covers_the_reserve_of_a_reserve() -> None:
    last = replace(MESSAGE, id=MessageId("m_rr"), text="On LINE.", channel=Channel.LINE)
    second = replace(MESSAGE, id=MessageId("m_r"), text="By mail.", reserve=last)
    kept = replace(MESSAGE, reserve=second)
    assert kept.all_in_reserve == (second, last)
    other = replace(kept, reserve=replace(second, reserve=replace(last, text="On LINE!")))
    without = replace(kept, reserve=replace(second, reserve=None))
    assert len({content_hash([m], []) for m in (kept, other, without)}) == 3
    called = [replace(second, reserve_of=kept.id), replace(last, reserve_of=second.id)]
    assert content_hash([kept, *called], []) == content_hash([kept], [])


def test_words_of_a_persons_own_put_nothing_in_reserve() -> None:
    kept = replace(MESSAGE, reserve=replace(MESSAGE, id=MessageId("m_r")), edited=True)
    assert kept.in_reserve is None
    assert content_hash([kept], []) == content_hash([replace(kept, reserve=None)], [])
