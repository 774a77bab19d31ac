"""Unsubscribe tokens prove a message and an address, and nothing else makes one."""

from hypothesis import assume, given
from hypothesis import strategies as st

from campaigns.channels.email import unsubscribe
from campaigns.model.ids import MessageId

IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=30).map(MessageId)
WORDS = st.text(min_size=1, max_size=40)

ADDRESSES = WORDS.map(lambda local: f"{local}@hotel.example")


@given(secret=WORDS, message=IDS, address=ADDRESSES)
def test_our_own_token_is_genuine_and_names_its_message(
    secret: str, message: MessageId, address: str
) -> None:
    token = unsubscribe.token(secret, message, address)
    assert unsubscribe.message_of(token) == message
    assert unsubscribe.is_genuine(secret, token, address)
    assert "@" not in token


@given(secret=WORDS, message=IDS, address=WORDS, other=WORDS)
def test_a_token_is_worth_nothing_with_another_address_or_secret(
    secret: str, message: MessageId, address: str, other: str
) -> None:
    assume(other not in (address, secret))
    token = unsubscribe.token(secret, message, address)
    assert not unsubscribe.is_genuine(secret, token, other)
    assert not unsubscribe.is_genuine(other, token, address)


@given(token=st.text(max_size=80), address=WORDS)
def test_anything_else_is_not_genuine(token: str, address: str) -> None:
    assert not unsubscribe.is_genuine("s3cret", token, address)


def test_a_token_moved_to_another_message_is_not_genuine() -> None:
    mac = unsubscribe.token("s3cret", MessageId("m_1"), "gm@hotel.example").rpartition(".")[2]
    assert not unsubscribe.is_genuine("s3cret", f"m_2.{mac}", "gm@hotel.example")


def test_text_without_a_signature_names_no_message() -> None:
    assert unsubscribe.message_of("m_1") is None
    assert unsubscribe.message_of("m_1.") is None
    assert unsubscribe.message_of("") is None
