"""What Meta tells: whole batches, both kinds of identity, and nothing that Meta did not sign."""

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

from campaigns.channels.whatsapp.webhook import WhatsAppWebhook
from campaigns.model.delivery import DeliveryEvent, EventType, ReasonClass
from campaigns.model.template import TemplateCategory, TemplateNews, TemplateStatus
from campaigns.model.webhook import Told

SECRET = "app-secret"
HOOK = WhatsAppWebhook(SECRET, "1065")
AT = 1757912400
PHONE = "669900000007"


def status(**changes: Any) -> dict[str, Any]:
    return {
        "id": "wamid.1",
        "status": "delivered",
        "timestamp": str(AT),
        "recipient_id": PHONE,
        "biz_opaque_callback_data": "m_0001:2",
    } | changes


def inbound(**changes: Any) -> dict[str, Any]:
    return {
        "from": PHONE,
        "id": "wamid.in1",
        "timestamp": str(AT),
        "type": "text",
        "text": {"body": "Yes please"},
    } | changes


def change(field: str = "messages", number: str = "1065", **value: Any) -> dict[str, Any]:
    about = {"metadata": {"phone_number_id": number}} if field == "messages" else {}
    return {"field": field, "value": about | value}


def read(*changes: Mapping[str, Any]) -> Told:
    entry = {"id": "1022", "time": AT, "changes": list(changes)}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    return HOOK.read(body, NOON)


def only(told: Told) -> DeliveryEvent:
    assert told.faults == ()
    [found] = told.events
    return found


def signature(body: bytes) -> str:
    return "sha256=" + hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()


# --- the signature ---------------------------------------------------------------------------------


@given(body=st.binary(max_size=200))
def test_what_meta_signed_is_metas(body: bytes) -> None:
    assert HOOK.verifies(body, signature(body))


@given(body=st.binary(max_size=50), other=st.binary(max_size=50))
def test_a_signature_is_for_exactly_its_bytes(body: bytes, other: bytes) -> None:
    assert HOOK.verifies(other, signature(body)) == (body == other)


@pytest.mark.parametrize("said", ["", "sha256=", "sha1=abc", "sha256=ünïcode", "0" * 64])
def test_anything_else_is_no_signature(said: str) -> None:
    assert not HOOK.verifies(b"{}", said)


# --- statuses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("sent", EventType.SENT),
        ("delivered", EventType.DELIVERED),
        ("read", EventType.READ),
        ("played", EventType.READ),
    ],
)
def test_a_status_carries_our_message(said: str, meaning: EventType) -> None:
    found = only(read(change(statuses=[status(status=said)])))
    assert (found.type, found.message_id, found.provider_id) == (meaning, "m_0001", "wamid.1")
    assert found.address == "+" + PHONE
    assert found.dedupe_key == f"wamid.1:{said}:{AT}"
    assert found.occurred_at == datetime(2025, 9, 15, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize("callback", ["", "somebody else's", "order=5", "m:1:2:3"])
def test_callback_data_that_is_not_ours_names_no_message(callback: str) -> None:
    found = only(read(change(statuses=[status(biz_opaque_callback_data=callback)])))
    assert found.message_id is None
    assert found.provider_id == "wamid.1"


@pytest.mark.parametrize(
    ("code", "kind", "halts"),
    [
        (131026, ReasonClass.INVALID_RECIPIENT, False),
        (131049, ReasonClass.FREQUENCY_CAP, False),
        (131050, ReasonClass.OPTED_OUT, False),
        (132015, ReasonClass.TEMPLATE, False),
        (131042, ReasonClass.POLICY, True),
        (131031, ReasonClass.POLICY, True),
        (190, ReasonClass.AUTH, True),
        (999_999, ReasonClass.UNKNOWN, False),
    ],
)
def test_a_failure_carries_its_reason_and_stops_the_channel_where_it_must(
    code: int, kind: ReasonClass, halts: bool
) -> None:
    errors = [{"code": code, "title": "T", "error_data": {"details": "why"}}]
    told = read(change(statuses=[status(status="failed", errors=errors)]))
    [found] = told.events
    assert found.type is EventType.FAILED
    assert (found.reason.kind, found.reason.code, found.reason.detail) == (kind, str(code), "why")
    assert [news.halts is not None for news in told.account] == [True] * halts


def test_a_status_may_name_its_person_by_user_id_alone() -> None:
    nameless = {k: v for k, v in status().items() if k != "recipient_id"}
    found = only(read(change(statuses=[nameless | {"recipient_user_id": "TH.77"}])))
    assert (found.address, found.user_id, found.message_id) == (None, "TH.77", "m_0001")


# --- what people write -----------------------------------------------------------------------------


def test_words_are_a_reply_to_the_message_they_quote() -> None:
    found = only(read(change(messages=[inbound(context={"id": "wamid.1"})])))
    assert (found.type, found.text, found.address) == (EventType.REPLIED, "Yes please", "+" + PHONE)
    assert found.provider_id == "wamid.1"
    assert found.dedupe_key == "wamid.in1"


def test_who_comes_without_a_phone_number_is_known_by_user_id() -> None:
    nameless = {k: v for k, v in inbound().items() if k != "from"}
    contacts = [{"profile": {"name": "N"}, "user_id": "TH.77"}]
    by_contact = only(read(change(contacts=contacts, messages=[nameless])))
    by_field = only(read(change(messages=[nameless | {"from_user_id": "TH.77"}])))
    assert (by_contact.address, by_contact.user_id) == (None, "TH.77")
    assert (by_field.address, by_field.user_id) == (None, "TH.77")


def test_both_names_of_a_person_are_told_together() -> None:
    contacts = [{"wa_id": PHONE, "user_id": "TH.77"}, {"wa_id": "669900000008", "user_id": "TH.88"}]
    found = only(read(change(contacts=contacts, messages=[inbound()])))
    assert (found.address, found.user_id) == ("+" + PHONE, "TH.77")


def pressed(payload: str, text: str = "Yes") -> Told:
    button = {"payload": payload, "text": text}
    return read(change(messages=[inbound(type="button", text=None, button=button)]))


def test_a_quick_reply_names_its_message_and_its_key() -> None:
    found = only(pressed("m:m_0001|YES"))
    assert (found.type, found.message_id, found.text) == (EventType.REPLIED, "m_0001", "YES")


@pytest.mark.parametrize(
    "payload", ["m:m_0001|STOP", "Stop promotions", "Unsubscribe", "ไม่รับข้อความอีก", "STOP"]
)
def test_a_button_that_says_stop_is_obeyed_whatever_a_reader_makes_of_it(payload: str) -> None:
    told = pressed(payload)
    assert [e.type for e in told.events] == [EventType.UNSUBSCRIBED, EventType.REPLIED]
    assert told.events[1].text == "STOP"
    assert len({e.dedupe_key for e in told.events}) == 2
    assert {e.address for e in told.events} == {"+" + PHONE}


@pytest.mark.parametrize("kind", ["button_reply", "list_reply"])
def test_an_interactive_reply_is_a_reply(kind: str) -> None:
    choice = {kind: {"id": "m:m_0001|CALL", "title": "Please call me"}, "type": kind}
    found = only(
        read(change(messages=[inbound(type="interactive", text=None, interactive=choice)]))
    )
    assert (found.message_id, found.text) == ("m_0001", "CALL")


@pytest.mark.parametrize(("emoji", "words"), [("👍", "👍"), ("", None)])
def test_a_reaction_is_no_reply(emoji: str, words: str | None) -> None:
    reaction = {"message_id": "wamid.1", "emoji": emoji}
    found = only(read(change(messages=[inbound(type="reaction", text=None, reaction=reaction)])))
    assert (found.type, found.provider_id, found.text) == (EventType.REACTED, "wamid.1", words)


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("image", {"id": "1", "caption": "our lobby"}, "[image] our lobby"),
        ("audio", {"id": "1"}, "[audio]"),
        ("unsupported", None, "[unsupported]"),
        ("hologram", "?", "[hologram]"),
    ],
)
def test_what_is_not_words_is_a_reply_in_brackets(kind: str, content: Any, words: str) -> None:
    item = inbound(type=kind, text=None) | ({kind: content} if content else {})
    assert only(read(change(messages=[item]))).text == words


def test_a_changed_number_is_told_with_the_new_one() -> None:
    system = {"type": "user_changed_number", "body": "User changed", "wa_id": "669900000009"}
    found = only(read(change(messages=[inbound(type="system", text=None, system=system)])))
    assert found.type is EventType.IDENTITY_CHANGED
    assert (found.address, found.text) == ("+" + PHONE, "+669900000009")


@pytest.mark.parametrize(
    ("value", "meaning"), [("stop", EventType.UNSUBSCRIBED), ("resume", EventType.RESUBSCRIBED)]
)
@pytest.mark.parametrize("field", ["messages", "user_preferences"])
def test_a_wish_about_marketing_is_told(value: str, meaning: EventType, field: str) -> None:
    wish = {"wa_id": PHONE, "category": "marketing_messages", "value": value, "timestamp": AT}
    found = only(read(change(field, user_preferences=[wish])))
    assert (found.type, found.address) == (meaning, "+" + PHONE)
    assert found.dedupe_key == f"preference:{PHONE}:{value}:{AT}"


def test_a_wish_about_marketing_also_comes_as_a_system_message() -> None:
    system = {"type": "user_preference_changed", "marketing": "stop", "body": "stopped"}
    found = only(read(change(messages=[inbound(type="system", text=None, system=system)])))
    assert found.type is EventType.UNSUBSCRIBED


def test_news_of_another_phone_number_is_not_ours() -> None:
    told = read(change(number="999", messages=[inbound()], statuses=[status()]))
    assert told == Told()


# --- templates and the account ---------------------------------------------------------------------


def template(field: str, **more: Any) -> TemplateNews:
    about = {
        "message_template_id": 55,
        "message_template_name": "renewal_formal_a",
        "message_template_language": "en-US",
    }
    told = read(change(field, **about | more))
    assert told.faults == ()
    [news] = told.templates
    assert (news.name, news.language, news.provider_id) == ("renewal_formal_a", "en_US", "55")
    assert news.at == datetime(2025, 9, 15, 5, 0, tzinfo=UTC)
    return news


@pytest.mark.parametrize(
    "event", ["APPROVED", "PAUSED", "DISABLED", "REJECTED", "PENDING_DELETION"]
)
def test_a_templates_status_is_told(event: str) -> None:
    news = template("message_template_status_update", event=event, reason="NONE")
    assert news.status is TemplateStatus(event.lower())
    assert news.reason == ""


def test_a_template_status_nobody_knows_is_unknown_and_does_not_send() -> None:
    news = template("message_template_status_update", event="HIBERNATING", reason=None)
    assert news.status is TemplateStatus.UNKNOWN


def test_why_a_template_is_paused_is_told() -> None:
    info = {"title": "FIRST_PAUSE", "description": "Paused for 3 hours"}
    news = template("message_template_status_update", event="PAUSED", other_info=info)
    assert news.reason == "Paused for 3 hours"


def test_a_templates_category_and_quality_are_told() -> None:
    moved = template(
        "template_category_update", previous_category="UTILITY", new_category="MARKETING"
    )
    assert moved.category is TemplateCategory.MARKETING
    rated = template("message_template_quality_update", new_quality_score="YELLOW")
    assert rated.quality == "YELLOW"


@pytest.mark.parametrize(
    ("said", "limit"),
    [(2000, 2000), ("TIER_250", 250), ("TIER_100K", 100_000), (-1, 1_000_000_000)],
)
def test_the_portfolios_limit_is_told(said: int | str, limit: int) -> None:
    told = read(change("business_capability_update", max_daily_conversations_per_business=said))
    assert [news.limit for news in told.account] == [limit]


def test_an_account_that_is_banned_stops_the_channel() -> None:
    told = read(
        change("account_update", event="ACCOUNT_RESTRICTION"),
        change("account_alerts", alert_type="OBA_APPROVED", alert_description="fine"),
        change("phone_number_quality_update", event="UPGRADE"),
    )
    assert [news.halts is not None for news in told.account] == [True, False, False]


def test_errors_of_the_account_itself_are_told() -> None:
    told = read(change(errors=[{"code": 131031, "title": "Account has been locked"}]))
    assert told.account[0].halts is not None


# --- batches ---------------------------------------------------------------------------------------


def test_every_update_of_a_batch_is_read() -> None:
    batch = [status(id=f"wamid.{n}") for n in range(1000)]
    changes = [
        change(statuses=batch[:600]),
        change(statuses=batch[600:], messages=[inbound(id=f"in{n}") for n in range(40)]),
    ]
    entries = [{"id": "1", "time": AT, "changes": [c]} for c in changes]
    told = HOOK.read(json.dumps({"entry": entries}).encode(), NOON)
    assert len({e.dedupe_key for e in told.events}) == 1040


def test_one_broken_update_takes_no_other_with_it() -> None:
    told = read(
        change(
            statuses=[status(), {"id": "x"}, "?", status(status="evaporated"), status(id="b")],
            messages=[inbound(), inbound(timestamp="soon"), inbound(id="b")],
        ),
        change("message_template_status_update", event="PAUSED"),
        change("weather_update", sunny=True),
        {"field": "messages"},
    )
    assert len(told.events) == 4
    assert [fault.partition(" ")[0].rstrip(":") for fault in told.faults] == [
        "entry[0].changes[0].statuses",
        "entry[0].changes[0].statuses[1].status",
        "entry[0].changes[0].statuses[2]",
        "entry[0].changes[0].messages[1].timestamp",
        "entry[0].changes[1].message_template_name",
        "entry[0].changes[2]",
        "entry[0].changes[3]",
    ]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b'{"entry": 5}', b"\xff\xfe", b"null"])
def test_a_body_that_is_not_metas_is_a_fault(body: bytes) -> None:
    told = HOOK.read(body, NOON)
    assert told.events == ()
    assert len(told.faults) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
STATUS_FIELDS = ("id", "status", "timestamp", "recipient_id", "errors", "biz_opaque_callback_data")
INBOUND_FIELDS = ("id", "type", "timestamp", "from", "text", "button", "context", "reaction")


@given(
    one=st.dictionaries(st.sampled_from(STATUS_FIELDS), JSON),
    other=st.dictionaries(st.sampled_from(INBOUND_FIELDS), JSON),
    contacts=JSON,
)
def test_reading_never_raises(one: dict[str, Any], other: dict[str, Any], contacts: Any) -> None:
    told = read(change(contacts=contacts, statuses=[status() | one], messages=[inbound() | other]))
    assert isinstance(told, Told)


@given(
    field=st.sampled_from(["messages", "account_update", "template_category_update"]), value=JSON
)
def test_reading_any_change_never_raises(field: str, value: Any) -> None:
    assert isinstance(read({"field": field, "value": value}), Told)


@given(body=st.binary(max_size=100) | JSON.map(lambda value: json.dumps(value).encode()))
def test_reading_anything_never_raises(body: bytes) -> None:
    assert isinstance(HOOK.read(body, NOON), Told)
