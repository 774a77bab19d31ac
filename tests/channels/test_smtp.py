"""Real mail over a real server on loopback, with every way it can go wrong."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.channels.smtp_peer import PASSWORD, Certificate, Peer, certificate, serving
from tests.support.sending import HandClock, message

from campaigns.channels.email.mime import Letterhead
from campaigns.channels.email.smtp import Security, SmtpCarrier, SmtpServer
from campaigns.model.delivery import Accepted, Quota, ReasonClass, Refused, SendOutcome, Unknown
from campaigns.model.message import Message

HEAD = Letterhead(
    address="hello@bma.example",
    name="BMA Social Team",
    secret="s3cret",
    public_url="https://campaigns.bma.example",
)


@pytest.fixture(scope="session")
def trusted() -> Certificate:
    return certificate()


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
def port(peer: Peer) -> Iterator[int]:
    with serving(peer) as port:
        yield port


def carrier(
    port: int,
    security: Security = Security.NONE,
    password: str | None = None,
    tls: ssl.SSLContext | None = None,
) -> SmtpCarrier:
    return SmtpCarrier(
        SmtpServer(host="localhost", port=port, security=security, password=password, tls=tls),
        HEAD,
        Quota(limit=100, window_s=3600),
        HandClock(),
        dress=lambda text, rendered, facts: (None, None),
        problem=lambda message: None,
    )


def send(
    mailer: SmtpCarrier, *messages: Message, may_leave: bool = True
) -> list[SendOutcome | None]:
    """Send one after the other on one loop, then close."""
    left: list[str] = []

    async def run() -> list[SendOutcome | None]:
        outcomes = []
        for m in messages:

            def leaving(m: Message = m) -> bool:
                left.append(m.id)
                return may_leave

            outcomes.append(await mailer.send(m, leaving))
        await mailer.close()
        return outcomes

    outcomes = asyncio.run(run())
    for m, outcome in zip(messages, outcomes, strict=True):
        # The promise of the port: an answer that may mean "it left" needs `leaving` first.
        if isinstance(outcome, (Accepted, Unknown)):
            assert left.count(m.id) == 1
    return outcomes


def refused(outcome: SendOutcome | None) -> Refused:
    assert isinstance(outcome, Refused)
    return outcome


def test_a_mail_is_taken_over_plain_smtp(peer: Peer, port: int) -> None:
    [outcome] = send(carrier(port), message(1))
    assert isinstance(outcome, Accepted)
    assert outcome.provider_id == peer.taken[0]["Message-ID"]
    assert peer.recipients == ["gm1@hotel-1.example"]


def test_one_connection_carries_many_mails(peer: Peer, port: int) -> None:
    outcomes = send(carrier(port), *(message(n) for n in range(20)))
    assert all(isinstance(o, Accepted) for o in outcomes)
    assert len(peer.taken) == 20
    assert peer.connections == 1


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_mail_is_taken_over_an_encrypted_connection_after_a_login(
    trusted: Certificate, peer: Peer, security: Security
) -> None:
    context = {"starttls" if security is Security.STARTTLS else "tls": trusted.server}
    with serving(peer, **context) as port:
        [outcome] = send(carrier(port, security, PASSWORD, trusted.client), message(1))
    assert isinstance(outcome, Accepted)
    assert peer.logins == ["hello@bma.example"]


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_nobody_vouches_for_halts_the_channel(
    trusted: Certificate, peer: Peer, security: Security
) -> None:
    context = {"starttls" if security is Security.STARTTLS else "tls": trusted.server}
    stranger = ssl.create_default_context()
    with serving(peer, **context) as port:
        [outcome] = send(carrier(port, security, PASSWORD, stranger), message(1))
    assert refused(outcome).halts_channel
    assert "certificate" in refused(outcome).reason.detail
    assert peer.taken == []


def test_a_server_without_starttls_gets_no_mail_in_the_clear(peer: Peer, port: int) -> None:
    [outcome] = send(carrier(port, Security.STARTTLS, PASSWORD), message(1))
    assert refused(outcome).halts_channel
    assert peer.taken == []
    assert peer.logins == []


def test_a_refused_login_halts_the_channel_and_names_the_setting(peer: Peer, port: int) -> None:
    [outcome] = send(carrier(port, password="wrong"), message(1))
    assert refused(outcome).halts_channel
    assert refused(outcome).reason.kind is ReasonClass.AUTH
    assert "CAMPAIGN_EMAIL_PASSWORD" in refused(outcome).reason.detail


def test_a_server_that_is_away_is_tried_again_later() -> None:
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    [outcome] = send(carrier(port), message(1))
    assert refused(outcome).retry_after_s is not None
    assert not refused(outcome).halts_channel


def test_a_probe_logs_in_and_sends_nothing(peer: Peer, port: int) -> None:
    assert asyncio.run(carrier(port, password=PASSWORD).probe()) is None
    assert peer.logins == ["hello@bma.example"]
    trouble = asyncio.run(carrier(port, password="wrong").probe())
    assert trouble is not None
    assert "CAMPAIGN_EMAIL_PASSWORD" in trouble
    assert peer.taken == []


def test_a_probe_of_a_server_that_is_away_says_so() -> None:
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    assert "away" in (asyncio.run(carrier(port).probe()) or "")


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_a_connection_lost_before_the_content_means_nothing_left(
    peer: Peer, port: int, stage: str
) -> None:
    setattr(peer, stage, "drop")
    [outcome] = send(carrier(port), message(1))
    assert refused(outcome).retry_after_s is not None
    assert refused(outcome).reason.kind is ReasonClass.TRANSIENT


@pytest.mark.parametrize("how", ["drop", "take and drop"])
def test_a_connection_lost_at_the_final_dot_leaves_the_mail_in_doubt(
    peer: Peer, port: int, how: str
) -> None:
    peer.dot = how
    [outcome] = send(carrier(port), message(1))
    assert isinstance(outcome, Unknown)
    assert len(peer.taken) == (how == "take and drop")


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot"])
def test_a_temporary_no_is_tried_again(peer: Peer, port: int, stage: str) -> None:
    setattr(peer, stage, "451 4.3.0 come back later")
    [outcome] = send(carrier(port), message(1))
    assert refused(outcome).retry_after_s == 300
    assert refused(outcome).reason.code == "4.3.0"
    assert peer.taken == []


@pytest.mark.parametrize("stage", ["rcpt", "dot"])
def test_a_dead_address_fails_for_good(peer: Peer, port: int, stage: str) -> None:
    setattr(peer, stage, "550 5.1.1 no such user here")
    [outcome] = send(carrier(port), message(1))
    assert refused(outcome).reason.kind is ReasonClass.INVALID_RECIPIENT
    assert refused(outcome).retry_after_s is None
    assert not refused(outcome).halts_channel


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("mail", "550 5.7.1 we take nothing from you"),
        ("mail", "550 sender not known"),
        ("rcpt", "530 log in"),
    ],
)
def test_a_no_that_is_about_us_halts_the_channel(
    peer: Peer, port: int, stage: str, answer: str
) -> None:
    setattr(peer, stage, answer)
    [outcome] = send(carrier(port), message(1))
    assert refused(outcome).halts_channel


@pytest.mark.parametrize("stage", ["rcpt", "dot"])
def test_a_no_by_policy_stops_the_campaign_and_not_the_channel(
    peer: Peer, port: int, stage: str
) -> None:
    setattr(peer, stage, "550 5.7.1 looks like spam")
    [outcome] = send(carrier(port), message(1))
    assert refused(outcome).halts_campaign
    assert not refused(outcome).halts_channel
    assert refused(outcome).reason.kind is ReasonClass.POLICY
    assert refused(outcome).retry_after_s is None


def test_a_server_that_says_nothing_after_the_final_dot_leaves_the_mail_in_doubt(
    peer: Peer, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaigns.channels.email.smtp.DOT_TIMEOUT_S", 0.2)
    peer.dot = "wait"
    [outcome] = send(carrier(port), message(1))
    assert isinstance(outcome, Unknown)


def test_a_refused_mail_does_not_cost_the_next_one_its_connection(peer: Peer, port: int) -> None:
    mailer = carrier(port)
    peer.rcpt = "550 5.1.1 no such user here"

    async def run() -> tuple[SendOutcome | None, SendOutcome | None]:
        first = await mailer.send(message(1), lambda: True)
        peer.rcpt = None
        second = await mailer.send(message(2), lambda: True)
        await mailer.close()
        return first, second

    first, second = asyncio.run(run())
    assert isinstance(first, Refused)
    assert isinstance(second, Accepted)
    assert peer.connections == 1


def test_an_idle_connection_the_server_closed_is_replaced(peer: Peer) -> None:
    async def run() -> tuple[SendOutcome | None, SendOutcome | None]:
        with serving(peer) as port:
            mailer = carrier(port)
            first = await mailer.send(message(1), lambda: True)
        with serving(peer) as other:
            mailer._server = replace(mailer._server, port=other)
            second = await mailer.send(message(2), lambda: True)
            await mailer.close()
        return first, second

    first, second = asyncio.run(run())
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)


def test_a_mail_that_may_not_leave_any_more_leaves_nothing(peer: Peer, port: int) -> None:
    assert send(carrier(port), message(1), may_leave=False) == [None]
    assert peer.taken == []


def test_lines_that_begin_with_a_dot_arrive_as_written(peer: Peer, port: int) -> None:
    text = "Dear all,\n.\n..hidden\nQUIT\n"
    send(carrier(port), replace(message(1), text=text))
    assert peer.taken[0].get_content().replace("\r\n", "\n") == text


def test_an_address_in_another_script_goes_by_smtputf8(peer: Peer, port: int) -> None:
    [outcome] = send(carrier(port), message(1, address="สมชาย@โรงแรม.example"))
    assert isinstance(outcome, Accepted)
    assert peer.recipients == ["สมชาย@xn--72c6ceb3md.example"]
    assert "สมชาย@" in peer.taken[0].as_bytes().decode()


def test_never_more_connections_than_allowed(peer: Peer, port: int) -> None:
    mailer = carrier(port)

    async def run() -> None:
        await asyncio.gather(*(mailer.send(message(n), lambda: True) for n in range(40)))
        await mailer.close()

    asyncio.run(run())
    assert len(peer.taken) == 40
    assert peer.connections <= 4
