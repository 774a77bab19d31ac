"""What a mail server's refusal means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.channels.email.smtp_replies import refusal
from campaigns.model.delivery import ReasonClass


@pytest.mark.parametrize(
    ("code", "text", "kind", "retry_s", "halts"),
    [
        (550, "5.1.1 The email account does not exist", "invalid_recipient", None, False),
        (550, "5.1.10 RESOLVER.ADR.RecipientNotFound", "invalid_recipient", None, False),
        (550, "5.2.1 account disabled", "invalid_recipient", None, False),
        (552, "5.2.2 mailbox full", "transient", 21600, False),
        (452, "4.2.2 over quota", "transient", 3600, False),
        (421, "4.7.28 unusual rate of mail", "rate_limited", 900, False),
        (421, "try again", "transient", 300, False),
        (450, "4.1.1 greylisted", "transient", 300, False),
        (550, "5.4.5 Daily user sending limit exceeded", "quota", 86400, False),
        (552, "5.3.4 message too big", "content", None, False),
        (554, "5.6.0 malformed", "content", None, False),
        (552, "too much mail data", "content", None, False),
        (550, "5.7.515 access denied, unauthenticated sender", "policy", None, False),
        (550, "5.7.26 unauthenticated mail is prohibited", "policy", None, False),
        (535, "5.7.8 Username and Password not accepted", "auth", None, True),
        (535, "authentication failed", "auth", None, True),
        (534, "5.7.9 Application-specific password required", "auth", None, True),
        (550, "mailbox unavailable", "unknown", None, False),
        (550, "5.5.0 something new", "unknown", None, False),
    ],
)
def test_each_refusal_has_its_consequence(
    code: int, text: str, kind: str, retry_s: float | None, halts: bool
) -> None:
    refused = refusal(code, text)
    assert refused.reason.kind is ReasonClass(kind)
    assert refused.retry_after_s == retry_s
    assert refused.halts_channel is halts


def test_policy_stops_the_campaign_and_a_used_up_day_the_account() -> None:
    spam, day = refusal(550, "5.7.1 looks like spam"), refusal(550, "5.4.5 daily limit")
    assert (spam.halts_campaign, spam.halts_channel, spam.rests_channel) == (True, False, False)
    assert (day.halts_campaign, day.halts_channel, day.rests_channel) == (False, False, True)


def test_a_code_that_only_begins_like_another_is_not_taken_for_it() -> None:
    assert refusal(550, "5.1.14 something else").reason.kind is ReasonClass.UNKNOWN


@given(code=st.integers(400, 599), text=st.text(max_size=600))
def test_any_reply_gets_an_answer_of_bounded_size(code: int, text: str) -> None:
    refused = refusal(code, text)
    assert len(refused.reason.detail) <= 300
    assert "\n" not in refused.reason.detail
    if code >= 500 and text.lstrip()[:1] != "4":
        # Only a listed code is a reason never to write to somebody again.
        assert refused.reason.kind is not ReasonClass.INVALID_RECIPIENT or "5." in text


@given(text=st.text(max_size=60))
def test_a_plain_temporary_code_is_always_tried_again(text: str) -> None:
    assert refusal(451, f"sorry {text}").retry_after_s is not None
