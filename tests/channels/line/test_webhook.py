"""What LINE tells: who follows, what people write, and nothing that LINE did not sign."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.sending import NOON

from campaigns.channels.line.webhook import LineWebhook
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType
from campaigns.model.webhook import Told

SECRET = "channel-secret"
USER = f"U{7:032x}"
HOOK = LineWebhook(SECRET)


def event(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "mode": "active",
        "timestamp": 1757912400123,
        "source": {"type": "user", "userId": USER},
        "webhookEventId": "01K53J3T5M0000000000000001",
        "deliveryContext": {"isRedelivery": False},
        **more,
    }


def read(*events: Mapping[str, Any]) -> Told:
    body = json.dumps({"destination": "U" + "b" * 32, "events": list(events)}).encode()
    return HOOK.read(body, NOON)


def only(told: Told) -> DeliveryEvent:
    assert told.faults == ()
    [found] = told.events
    return found


def signature(body: bytes) -> str:
    return base64.b64encode(hmac.digest(SECRET.encode(), body, hashlib.sha256)).decode()


# --- the signature ---------------------------------------------------------------------------------


@given(body=st.binary(max_size=200))
def test_what_line_signed_is_lines(body: bytes) -> None:
    assert HOOK.verifies(body, signature(body))


@given(body=st.binary(max_size=50), other=st.binary(max_size=50))
def test_a_signature_is_for_exactly_its_bytes(body: bytes, other: bytes) -> None:
    assert HOOK.verifies(other, signature(body)) == (body == other)


@given(said=st.text(max_size=80))
def test_anything_else_is_no_signature(said: str) -> None:
    assert not HOOK.verifies(b"{}", said) or said == signature(b"{}")


# --- what is told ----------------------------------------------------------------------------------


def test_a_request_without_events_is_a_greeting() -> None:
    assert read() == Told()


def test_words_are_a_reply_of_their_writer() -> None:
    found = only(read(event("message", message={"type": "text", "id": "1", "text": "ตกลงครับ"})))
    assert (found.channel, found.type, found.address, found.text) == (
        Channel.LINE,
        EventType.REPLIED,
        USER,
        "ตกลงครับ",
    )
    assert found.dedupe_key == "01K53J3T5M0000000000000001"
    assert found.occurred_at == datetime(2025, 9, 15, 5, 0, 0, 123000, tzinfo=UTC)


def test_a_quoted_push_is_what_is_answered() -> None:
    words = {"type": "text", "id": "1", "text": "yes", "quotedMessageId": "461230966842064897"}
    assert only(read(event("message", message=words))).provider_id == "461230966842064897"


def test_a_quick_reply_names_its_message_and_its_key() -> None:
    found = only(read(event("postback", postback={"data": "m:m_0001|YES"})))
    assert (found.type, found.message_id, found.text) == (EventType.REPLIED, "m_0001", "YES")


def test_postback_data_that_is_not_ours_is_words() -> None:
    found = only(read(event("postback", postback={"data": "menu=prices"})))
    assert (found.message_id, found.text) == (None, "menu=prices")


@pytest.mark.parametrize(
    ("kind", "meaning"), [("follow", EventType.FOLLOWED), ("unfollow", EventType.UNFOLLOWED)]
)
def test_following_is_told(kind: str, meaning: EventType) -> None:
    found = only(read(event(kind)))
    assert (found.type, found.address) == (meaning, USER)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"type": "sticker", "id": "1", "keywords": ["ok", "thanks"]}, "[sticker] ok, thanks"),
        ({"type": "image", "id": "1"}, "[image]"),
        ({"type": "file", "id": "1", "fileName": "contract.pdf"}, "[file] contract.pdf"),
        ({"type": "hologram", "id": "1"}, "[hologram]"),
    ],
)
def test_what_is_not_words_is_a_reply_in_brackets(content: dict[str, Any], words: str) -> None:
    assert only(read(event("message", message=content))).text == words


def test_standby_events_and_groups_concern_nobody_here() -> None:
    in_group = {"type": "group", "groupId": "C1", "userId": USER}
    hello = {"type": "text", "id": "1", "text": "hello"}
    told = read(
        event("message", message=hello) | {"mode": "standby"},
        event("message", message=hello, source=in_group),
        event("join", source=in_group),
        event("videoPlayComplete"),
        event("unsend", unsend={"messageId": "1"}),
    )
    assert told == Told()


def test_a_suspended_account_stops_the_channel() -> None:
    told = read(event("botSuspended"), event("botResumed"))
    assert [news.halts is not None for news in told.account] == [True, False]


def test_one_broken_event_takes_no_other_with_it() -> None:
    broken = event("follow")
    del broken["webhookEventId"]
    nameless = event("follow") | {"source": {"type": "user"}}
    told = read(event("follow"), broken, nameless, event("teleport"), event("unfollow"))
    assert [e.type for e in told.events] == [EventType.FOLLOWED, EventType.UNFOLLOWED]
    assert [fault.partition(":")[0] for fault in told.faults] == [
        "events[1].webhookEventId",
        "events[2]",
        "events[3]",
    ]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"{}", b'{"events": 5}', b"\xff\xfe"])
def test_a_body_that_is_not_lines_is_a_fault(body: bytes) -> None:
    told = HOOK.read(body, NOON)
    assert told.events == ()
    assert len(told.faults) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
FIELDS = ("type", "mode", "timestamp", "source", "webhookEventId", "message", "postback")


@given(changed=st.dictionaries(st.sampled_from(FIELDS), JSON, min_size=1))
def test_reading_never_raises(changed: dict[str, Any]) -> None:
    told = read(event("message", message={"type": "text", "id": "1", "text": "hi"}) | changed)
    assert isinstance(told, Told)


@given(body=st.binary(max_size=100) | JSON.map(lambda value: json.dumps(value).encode()))
def test_reading_anything_never_raises(body: bytes) -> None:
    assert isinstance(HOOK.read(body, NOON), Told)
