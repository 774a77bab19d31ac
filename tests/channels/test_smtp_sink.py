"""A mail server that is not ours: what each of its faults means, by Postfix's smtp-sink."""

from dataclasses import replace

import pytest
from tests.channels.test_smtp import carrier, send
from tests.support import smtp_sink
from tests.support.sending import message

from campaigns.model.delivery import Accepted, Refused, Unknown


def test_mails_are_taken_over_few_connections() -> None:
    with smtp_sink.serving() as port:
        outcomes = send(carrier(port), *(message(n) for n in range(50)))
    assert all(isinstance(o, Accepted) for o in outcomes)


@pytest.mark.parametrize("command", ["connect", "ehlo", "mail", "rcpt", "data"])
def test_a_connection_lost_before_the_content_sent_nothing(command: str) -> None:
    with smtp_sink.serving("-q", command) as port:
        [outcome] = send(carrier(port), message(1))
    assert isinstance(outcome, Refused)
    assert outcome.retry_after_s is not None
    assert not outcome.halts_channel


def test_a_connection_lost_after_the_final_dot_is_in_doubt() -> None:
    with smtp_sink.serving("-q", ".") as port:
        [outcome] = send(carrier(port), message(1))
    assert isinstance(outcome, Unknown)


@pytest.mark.parametrize("command", ["mail", "rcpt", "data", "."])
@pytest.mark.parametrize("option", ["-r", "-Q"])  # 4xx; 421 and the connection closed
def test_a_temporary_no_is_tried_again(option: str, command: str) -> None:
    with smtp_sink.serving(option, command) as port:
        [outcome] = send(carrier(port), message(1))
    assert isinstance(outcome, Refused)
    assert outcome.retry_after_s is not None


@pytest.mark.parametrize("command", ["rcpt", "data", "."])
def test_a_no_without_a_telling_code_fails_one_message_and_blames_nobody(command: str) -> None:
    with smtp_sink.serving("-f", command) as port:
        [outcome] = send(carrier(port), message(1))
    assert isinstance(outcome, Refused)
    assert outcome.retry_after_s is None
    assert not outcome.halts_channel
    assert not outcome.halts_campaign


def test_the_next_mail_goes_out_after_one_was_refused_at_the_end() -> None:
    with smtp_sink.serving("-r", ".") as port:
        outcomes = send(carrier(port), message(1), message(2), message(3))
    assert all(isinstance(o, Refused) for o in outcomes)


def test_a_server_without_extensions_takes_mail_and_refuses_other_scripts() -> None:
    with smtp_sink.serving("-e") as port:
        plain, thai = send(
            carrier(port), message(1), replace(message(2), address="สมชาย@hotel.example")
        )
    assert isinstance(plain, Accepted)
    assert isinstance(thai, Refused)
    assert thai.reason.code == "5.6.7"
