"""LINE pushes over real HTTP, with every way it can go wrong."""

import asyncio
import json
import uuid
from dataclasses import replace

import httpx2
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from tests.support.providers import (
    Switchboard,
    accepted,
    line_carrier,
    refused,
    send,
    unknown,
)
from tests.support.sending import HandClock, message

from campaigns.channels.line import account, payload
from campaigns.channels.line.carrier import LineCarrier
from campaigns.channels.simulator.http import LineSimulator, Trouble
from campaigns.channels.simulator.http.line_rules import postbacks
from campaigns.channels.wire import Endpoint
from campaigns.model.customer import Channel
from campaigns.model.delivery import ReasonClass, Refused, SendOutcome, Unknown
from campaigns.model.ids import BatchId
from campaigns.model.message import Message

USER = f"U{1:032x}"


def renewal(number: int = 1, **changes: object) -> Message:
    return replace(message(number, Channel.LINE), **{"attempt": 1} | changes)


@pytest.fixture
def peer(board: Switchboard, clock: HandClock) -> LineSimulator:
    simulator = LineSimulator(clock.now)
    simulator.known |= {f"U{n:032x}" for n in range(50)}
    board.app = simulator.app
    return simulator


@pytest.fixture
def carrier(board: Switchboard, peer: LineSimulator) -> LineCarrier:
    return line_carrier(board.url, answer_s=2.0)


# --- what is sent ----------------------------------------------------------------------------------


def test_a_push_arrives_and_its_id_is_kept(carrier: LineCarrier, peer: LineSimulator) -> None:
    [outcome] = send(carrier, renewal())
    [pushed] = peer.pushed
    assert accepted(outcome).provider_id == pushed.id
    assert (pushed.to, pushed.text) == (USER, "Your contract ends on 31 October 2025.")


@pytest.mark.parametrize("text", ["Your contract ends soon.", "See https://bma.example"])
def test_what_is_pressed_is_bound_to_the_message(
    carrier: LineCarrier, peer: LineSimulator, text: str
) -> None:
    m = renewal(text=text)
    send(carrier, m)
    assert [p.data for p in postbacks(peer.pushed[0].body.messages[0])] == [
        f"m:{m.id}|YES",
        f"m:{m.id}|CALL",
        f"m:{m.id}|STOP",
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Your contract ends soon.", "flex"),
        ("ก" * 1_500, "flex"),
        ("ก" * 1_501, "text"),
        ("🎵" * 751, "text"),
        ("Listen: HTTPS://bma.example/new", "text"),  # a card's words are no links
        ("Listen: www.bma.example", "text"),
    ],
)
def test_words_that_the_alt_text_holds_whole_are_a_card_with_buttons(
    carrier: LineCarrier, peer: LineSimulator, text: str, kind: str
) -> None:
    send(carrier, renewal(text=text))
    bubble = peer.pushed[0].body.messages[0]
    assert bubble.type == kind
    if kind == "flex":
        assert bubble.altText == text
        assert bubble.contents.body.contents[0].text == text
        styles = [button.style for button in bubble.contents.footer.contents]
        assert styles == ["primary", "secondary", "secondary"]


def test_without_answers_to_press_words_are_plain_text(
    carrier: LineCarrier, peer: LineSimulator
) -> None:
    send(carrier, renewal(language="fr"))
    assert json.loads(peer.pushed[0].body.messages[0].model_dump_json(exclude_none=True)) == {
        "type": "text",
        "text": "Your contract ends on 31 October 2025.",
    }


def test_a_survey_offers_every_score(carrier: LineCarrier, peer: LineSimulator) -> None:
    send(carrier, renewal(cohort="survey.warm.th.line..a", language="th"))
    labels = [i.action.label for i in peer.pushed[0].body.messages[0].quickReply.items]
    assert labels == [*map(str, range(11)), "ไม่รับข้อความอีก"]


def test_a_message_that_may_not_leave_does_not(carrier: LineCarrier, peer: LineSimulator) -> None:
    assert send(carrier, renewal(), may_leave=lambda m: False) == [None]
    assert peer.pushed == []


def test_lines_request_id_is_logged_and_the_words_are_not(
    carrier: LineCarrier, peer: LineSimulator
) -> None:
    with structlog.testing.capture_logs() as logs:
        send(carrier, renewal(), renewal(2, address="nobody"))
    assert [entry["request"].startswith("req-") for entry in logs] == [True, True]
    assert "contract" not in str(logs)
    assert USER not in str(logs)


def test_who_blocks_us_gets_nothing_and_line_does_not_say(
    carrier: LineCarrier, peer: LineSimulator
) -> None:
    peer.blocking.add(USER)
    [outcome] = send(carrier, renewal())
    assert accepted(outcome)
    assert (peer.pushed[0].delivered, peer.used) == (False, 0)


# --- the retry key ---------------------------------------------------------------------------------


@given(one=st.text(min_size=1), other=st.text(min_size=1))
def test_a_message_has_one_key_and_no_two_share_it(one: str, other: str) -> None:
    assert payload.retry_key(one) == payload.retry_key(one)
    assert (payload.retry_key(one) == payload.retry_key(other)) == (one == other)
    assert uuid.UUID(payload.retry_key(one)).version == 5


@given(attempt=st.integers(1, 9))
def test_every_attempt_sends_the_same_bytes(attempt: int) -> None:
    assert payload.push(renewal(attempt=attempt)) == payload.push(renewal(attempt=1))


@pytest.mark.parametrize("trouble", [Trouble.UNANSWERED, Trouble.BROKEN_LATE])
def test_a_request_repeated_after_it_was_taken_is_not_taken_twice(
    carrier: LineCarrier, peer: LineSimulator, trouble: Trouble
) -> None:
    peer.faults.then(trouble)
    first, second = send(carrier, renewal(attempt=1)), send(carrier, renewal(attempt=2))
    assert unknown(first[0])
    assert accepted(second[0]).provider_id == peer.pushed[0].id
    assert len(peer.pushed) == 1
    assert peer.changed_requests == []


@pytest.mark.parametrize("trouble", [Trouble.DROPPED, Trouble.BROKEN, Trouble.GATEWAY])
def test_a_request_repeated_before_it_was_taken_is_taken_then(
    carrier: LineCarrier, peer: LineSimulator, trouble: Trouble
) -> None:
    peer.faults.then(trouble)
    first, second = send(carrier, renewal(attempt=1)), send(carrier, renewal(attempt=2))
    assert unknown(first[0])
    assert accepted(second[0])
    assert len(peer.pushed) == 1


def test_after_a_day_line_has_forgotten_the_key(
    carrier: LineCarrier, peer: LineSimulator, clock: HandClock
) -> None:
    send(carrier, renewal())
    clock.forward(hours=24)
    send(carrier, renewal(attempt=2))
    assert len(peer.pushed) == 2  # why nothing is repeated by itself after 23 hours


def test_a_409_without_ids_is_a_yes_too() -> None:
    answers = httpx2.MockTransport(
        lambda request: httpx2.Response(409, json={"message": "The retry key is already accepted"})
    )
    [outcome] = send(line_carrier("http://line.example", transport=answers), renewal())
    assert accepted(outcome).provider_id == ""


# --- what goes wrong -------------------------------------------------------------------------------


def test_an_unknown_user_is_an_invalid_recipient(carrier: LineCarrier, peer: LineSimulator) -> None:
    [outcome] = send(carrier, renewal(address="U" + "9" * 32))
    assert refused(outcome).reason.kind is ReasonClass.INVALID_RECIPIENT
    assert refused(outcome).retry_after_s is None


def test_an_address_that_is_no_line_id_is_an_invalid_recipient(
    carrier: LineCarrier, peer: LineSimulator
) -> None:
    [outcome] = send(carrier, renewal(address="Somchai"))
    assert refused(outcome).reason.kind is ReasonClass.INVALID_RECIPIENT


def test_a_text_too_long_is_the_contents_fault(carrier: LineCarrier, peer: LineSimulator) -> None:
    [outcome] = send(carrier, renewal(text="🎵" * 2501))
    assert refused(outcome).reason.kind is ReasonClass.CONTENT
    assert "messages[0].text" in refused(outcome).reason.detail
    [fits] = send(carrier, renewal(2, text="🎵" * 2500))
    assert accepted(fits)


def test_too_many_at_once_is_tried_again(carrier: LineCarrier, peer: LineSimulator) -> None:
    peer.faults.then(Trouble.BUSY)
    [outcome] = send(carrier, renewal())
    assert refused(outcome).reason.kind is ReasonClass.RATE_LIMITED
    assert not refused(outcome).halts_channel


def test_a_month_that_is_used_up_stops_the_channel(
    carrier: LineCarrier, peer: LineSimulator
) -> None:
    peer.quota = 1
    first, second = send(carrier, renewal(1), renewal(2))
    assert accepted(first)
    assert refused(second).halts_channel
    assert refused(second).reason.kind is ReasonClass.QUOTA


def test_quota_reserved_by_a_broadcast_rests_the_channel(
    carrier: LineCarrier, peer: LineSimulator
) -> None:
    peer.quota, peer.reserved = 10, 10
    [outcome] = send(carrier, renewal())
    assert not refused(outcome).halts_channel
    assert (refused(outcome).rests_channel, refused(outcome).retry_after_s) == (True, 900.0)


def test_a_wrong_token_stops_the_channel(board: Switchboard, peer: LineSimulator) -> None:
    [outcome] = send(line_carrier(board.url, token="old"), renewal())
    assert refused(outcome).halts_channel
    assert "LINE_CHANNEL_ACCESS_TOKEN" in refused(outcome).reason.detail


@pytest.mark.parametrize("status", [302, 400, 404, 407])
def test_an_answer_that_is_not_lines_stops_the_channel(status: int) -> None:
    answers = httpx2.MockTransport(lambda request: httpx2.Response(status, text="<html>"))
    [outcome] = send(line_carrier("http://line.example", transport=answers), renewal())
    assert refused(outcome).halts_channel
    assert "CAMPAIGNS_LINE_URL" in refused(outcome).reason.detail


@pytest.mark.parametrize("status", [200, 409])
def test_a_yes_that_is_not_lines_is_repeated(status: int) -> None:
    answers = httpx2.MockTransport(lambda request: httpx2.Response(status, text="<html>ok</html>"))
    [outcome] = send(line_carrier("http://line.example", transport=answers), renewal())
    assert unknown(outcome)


@pytest.mark.parametrize(
    ("kind", "judged"),
    [
        (httpx2.ConnectError, Refused),
        (httpx2.ConnectTimeout, Refused),
        (httpx2.PoolTimeout, Refused),
        (httpx2.ReadError, Unknown),
        (httpx2.ReadTimeout, Unknown),
        (httpx2.WriteTimeout, Unknown),
        (httpx2.RemoteProtocolError, Unknown),
    ],
)
def test_each_way_a_connection_breaks_is_judged_by_whether_the_request_left(
    kind: type[httpx2.TransportError], judged: type
) -> None:
    def breaks(request: httpx2.Request) -> httpx2.Response:
        raise kind("broke")

    carrier = line_carrier("http://line.example", transport=httpx2.MockTransport(breaks))
    [outcome] = send(carrier, renewal())
    assert type(outcome) is judged


# --- many at once ----------------------------------------------------------------------------------


def together(carrier: LineCarrier, *numbers: int, batch: str = "b1") -> SendOutcome:
    async def run() -> SendOutcome:
        outcome = await carrier.send_together(BatchId(batch), [renewal(n) for n in numbers])
        await carrier.close()
        return outcome

    return asyncio.run(run())


def test_one_text_for_many_is_one_request_without_ids(
    carrier: LineCarrier, peer: LineSimulator
) -> None:
    assert accepted(together(carrier, 1, 2, 3)).provider_id == ""
    assert [p.to for p in peer.pushed] == [f"U{n:032x}" for n in (1, 2, 3)]
    [data, *_] = [p.data for p in postbacks(peer.pushed[0].body.messages[0])]
    assert data == "c:c_1|YES"
    assert payload.unbound(data) == (None, "c_1", "YES")


@pytest.mark.parametrize("trouble", [Trouble.UNANSWERED, Trouble.BROKEN_LATE, Trouble.DROPPED])
def test_a_repeated_request_to_many_reaches_each_once(
    carrier: LineCarrier, peer: LineSimulator, trouble: Trouble
) -> None:
    peer.faults.then(trouble)
    assert unknown(together(carrier, 1, 2, 3))
    assert accepted(together(carrier, 1, 2, 3))
    assert [p.to for p in peer.pushed] == [f"U{n:032x}" for n in (1, 2, 3)]
    assert peer.changed_requests == []


def test_only_the_same_words_in_the_same_campaign_are_alike(carrier: LineCarrier) -> None:
    alike = {carrier.alike(renewal(n)) for n in (1, 2)}
    assert len(alike) == 1
    for other in (
        renewal(text="Other words."),
        renewal(campaign_id="c_2"),
        renewal(language="th"),
        renewal(cohort="survey.formal.en.line..a"),
    ):
        assert carrier.alike(other) not in alike


def test_a_month_without_room_for_all_of_a_request_takes_none(
    carrier: LineCarrier, peer: LineSimulator
) -> None:
    peer.quota = 2
    assert refused(together(carrier, 1, 2, 3)).reason.kind is ReasonClass.QUOTA
    assert peer.pushed == []


def test_a_stranger_among_many_has_the_request_turned_down(
    carrier: LineCarrier, peer: LineSimulator
) -> None:
    assert refused(together(carrier, 1, 2, 999)).reason.kind is ReasonClass.INVALID_RECIPIENT
    assert peer.pushed == []


# --- the account -----------------------------------------------------------------------------------


def test_a_probe_tells_what_is_wrong(
    board: Switchboard, peer: LineSimulator, carrier: LineCarrier
) -> None:
    assert asyncio.run(carrier.probe()) is None
    old = asyncio.run(line_carrier(board.url, token="old").probe())
    assert "LINE_CHANNEL_ACCESS_TOKEN" in str(old)
    assert len(json.loads(payload.sample())["messages"]) == 5
    peer.quota = 0
    assert "used up" in str(asyncio.run(carrier.probe()))
    nobody = asyncio.run(line_carrier("http://127.0.0.1:1").probe())
    assert "CAMPAIGNS_LINE_URL" in str(nobody)


def test_followers_are_those_whose_profile_line_shows(
    board: Switchboard, peer: LineSimulator
) -> None:
    endpoint = Endpoint(base_url=board.url, token="simulated-line-token")
    stranger, blocker = "U" + "9" * 32, f"U{2:032x}"
    peer.blocking.add(blocker)
    found = asyncio.run(account.follows(endpoint, [USER, stranger, blocker]))
    assert found == {USER}


def test_line_itself_can_be_asked_about_a_message(board: Switchboard, peer: LineSimulator) -> None:
    endpoint = Endpoint(base_url=board.url, token="simulated-line-token")

    good, empty = renewal(1), renewal(2, text="")
    bodies = {m.id: payload.validation(m) for m in (good, empty)}
    said = asyncio.run(account.validate_each(endpoint, bodies))
    assert said[good.id] == ""
    assert "messages[0].altText" in said[empty.id]
    assert asyncio.run(account.validate(endpoint, bodies[good.id])) == ""
    assert peer.pushed == []


@pytest.mark.parametrize("trouble", ["nobody there", "another token"])
def test_line_that_cannot_be_asked_has_no_opinion(
    board: Switchboard, peer: LineSimulator, trouble: str
) -> None:
    url = "http://127.0.0.1:1" if trouble == "nobody there" else board.url
    endpoint = Endpoint(base_url=url, token="another")
    body = payload.validation(renewal())
    assert asyncio.run(account.validate(endpoint, body)) is None
    assert asyncio.run(account.validate_each(endpoint, {"m": body})) == {}
