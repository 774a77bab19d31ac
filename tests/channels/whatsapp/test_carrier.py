"""WhatsApp messages over real HTTP, with every way it can go wrong."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
from tests.support.providers import (
    BODY,
    RENEWAL,
    HandDesk,
    Switchboard,
    accepted,
    approved_desk,
    meta,
    refused,
    send,
    unknown,
    whatsapp_carrier,
)
from tests.support.sending import HandClock, message

from campaigns.channels.simulator.http import Trouble, WhatsAppSimulator
from campaigns.channels.whatsapp.carrier import WhatsAppCarrier
from campaigns.model.customer import Channel
from campaigns.model.delivery import ReasonClass, Refused, Unknown
from campaigns.model.message import Message, Template
from campaigns.model.template import TemplateCategory, TemplateStatus

NUMBER = "669900000001"


def renewal(number: int = 1, **changes: object) -> Message:
    sent_as = {"template": RENEWAL, "attempt": 1}
    return replace(message(number, Channel.WHATSAPP), **sent_as | changes)


@pytest.fixture
def desk() -> HandDesk:
    return approved_desk()


@pytest.fixture
def peer(board: Switchboard, clock: HandClock) -> WhatsAppSimulator:
    simulator = meta(clock)
    board.app = simulator.app
    return simulator


@pytest.fixture
def carrier(
    board: Switchboard, peer: WhatsAppSimulator, clock: HandClock, desk: HandDesk
) -> WhatsAppCarrier:
    return whatsapp_carrier(board.url, clock, desk, answer_s=2.0)


# --- what is sent ----------------------------------------------------------------------------------


def test_a_template_arrives_with_its_values_filled_in(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator
) -> None:
    [outcome] = send(carrier, renewal())
    [taken] = peer.taken
    assert accepted(outcome).provider_id == taken.id
    assert taken.to == NUMBER
    assert taken.text.startswith(
        "Hi Khun Nida, your music service for the Lobby & the Pool Bar expires on 31 October 2025."
    )


def test_the_request_is_the_one_the_documentation_shows(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator
) -> None:
    m = renewal(attempt=3)
    send(carrier, m)
    assert peer.taken[0].body.model_dump(exclude_none=True) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+669900000001",
        "type": "template",
        "biz_opaque_callback_data": f"{m.id}:3",
        "template": {
            "name": RENEWAL.name,
            "language": {"code": "en"},
            "components": [
                {
                    "type": "body",
                    "parameters": [
                        {"type": "text", "parameter_name": "greeting", "text": "Khun Nida"},
                        {
                            "type": "text",
                            "parameter_name": "zones",
                            "text": "the Lobby & the Pool Bar",
                        },
                        {"type": "text", "parameter_name": "expiry", "text": "31 October 2025"},
                    ],
                },
                *(
                    {
                        "type": "button",
                        "sub_type": "quick_reply",
                        "index": str(place),
                        "parameters": [{"type": "payload", "payload": f"m:{m.id}|{key}"}],
                    }
                    for place, key in enumerate(("YES", "CALL", "STOP"))
                ),
            ],
        },
    }


def test_one_connection_carries_many_messages(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator
) -> None:
    outcomes = send(carrier, *(renewal(n) for n in range(20)))
    assert [accepted(o).provider_id for o in outcomes] == [t.id for t in peer.taken]


def test_a_number_without_country_code_never_leaves(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator
) -> None:
    [outcome] = send(carrier, renewal(address="0990000001"))
    assert refused(outcome).reason.kind is ReasonClass.CONTENT
    assert peer.taken == []


def test_a_message_that_may_not_leave_does_not(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator
) -> None:
    assert send(carrier, renewal(), may_leave=lambda m: False) == [None]
    assert peer.taken == []


def test_a_message_held_for_assessment_says_so(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator
) -> None:
    peer.holds = True
    [outcome] = send(carrier, renewal())
    assert "assesses the template" in accepted(outcome).note


def test_marketing_to_a_us_number_is_not_even_tried(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator
) -> None:
    us, canada = send(carrier, renewal(address="+12125550123"), renewal(2, address="+14165550123"))
    assert refused(us).reason.kind is ReasonClass.POLICY
    assert refused(us).retry_after_s is None
    assert accepted(canada)


# --- the 24 hours ----------------------------------------------------------------------------------


@pytest.mark.parametrize("template", [None, RENEWAL])
def test_words_never_leave_outside_the_window(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator, desk: HandDesk, template: Template | None
) -> None:
    desk.templates.clear()
    [outcome] = send(carrier, renewal(template=template))
    assert refused(outcome).reason.kind in (ReasonClass.CONTENT, ReasonClass.TEMPLATE)
    assert peer.taken == []


@pytest.mark.parametrize(
    ("ago", "leaves"),
    [
        (timedelta(minutes=1), True),
        (timedelta(hours=23, minutes=57), True),
        (timedelta(hours=23, minutes=59), False),
        (timedelta(hours=24), False),
        (timedelta(days=3), False),
    ],
)
def test_words_of_our_own_leave_inside_the_window_only(
    carrier: WhatsAppCarrier,
    peer: WhatsAppSimulator,
    desk: HandDesk,
    clock: HandClock,
    ago: timedelta,
    leaves: bool,
) -> None:
    desk.heard["+" + NUMBER] = peer.people.wrote_at[NUMBER] = clock.now() - ago
    [outcome] = send(carrier, renewal(template=None))
    assert [t.text for t in peer.taken] == (["Your contract ends on 31 October 2025."] * leaves)
    if not leaves:
        assert refused(outcome).retry_after_s is None


def test_inside_the_window_words_stand_in_for_a_template_that_cannot_be_used(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator, desk: HandDesk, clock: HandClock
) -> None:
    desk.knows(status=TemplateStatus.PENDING)
    desk.heard["+" + NUMBER] = peer.people.wrote_at[NUMBER] = clock.now()
    [outcome] = send(carrier, renewal())
    assert accepted(outcome)
    assert peer.taken[0].body.type == "text"


# --- templates -------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", sorted(set(TemplateStatus)))
def test_only_an_approved_template_is_sent_with(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator, desk: HandDesk, status: TemplateStatus
) -> None:
    desk.knows(status=status, reason="low quality")
    [outcome] = send(carrier, renewal())
    if status in ("approved", "flagged", "reinstated"):
        assert accepted(outcome)
    else:
        assert refused(outcome).retry_after_s is not None
        assert RENEWAL.name in refused(outcome).reason.detail
        assert peer.taken == []


def test_a_recategorised_template_is_held_until_a_person_accepts_that(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator, desk: HandDesk
) -> None:
    desk.knows(submitted_as=TemplateCategory.UTILITY)
    [outcome] = send(carrier, renewal())
    assert "submitted it as utility" in refused(outcome).reason.detail
    assert peer.taken == []


@pytest.mark.parametrize(
    ("status", "code", "ours"), [("PAUSED", "132015", False), ("DISABLED", "132016", True)]
)
def test_a_template_meta_refuses_is_reported_and_the_message_judged(
    carrier: WhatsAppCarrier,
    peer: WhatsAppSimulator,
    desk: HandDesk,
    status: str,
    code: str,
    ours: bool,
) -> None:
    peer.templates[RENEWAL.name, "en"].status = status
    [outcome] = send(carrier, renewal())
    assert refused(outcome).reason.code == code
    assert (refused(outcome).retry_after_s is None) is ours
    assert [(name, reason.code, own) for name, reason, own in desk.refused] == [
        (RENEWAL.name, code, ours)
    ]


def test_values_that_do_not_fit_the_template_stop_it(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator, desk: HandDesk
) -> None:
    peer.register(RENEWAL.name, "en", BODY.replace("{{zones}}", "your zones"), ("Yes", "A", "B"))
    [outcome] = send(carrier, renewal())
    assert refused(outcome).reason.code == "132000"
    assert refused(outcome).retry_after_s is None
    assert desk.refused[0][2] is True


@pytest.mark.parametrize("value", ["two\nlines", "a\ttab", "five     spaces"])
def test_meta_would_refuse_a_value_with_line_breaks_tabs_or_wide_gaps(
    carrier: WhatsAppCarrier, value: str
) -> None:
    spoilt = replace(RENEWAL, parameters=RENEWAL.parameters | {"zones": value})
    [outcome] = send(carrier, renewal(template=spoilt))
    assert refused(outcome).reason.code == "132012"


# --- what goes wrong on the way --------------------------------------------------------------------


def test_too_many_at_once_is_tried_again(carrier: WhatsAppCarrier, peer: WhatsAppSimulator) -> None:
    peer.faults.then(Trouble.BUSY)
    [outcome] = send(carrier, renewal())
    assert refused(outcome).reason.kind is ReasonClass.RATE_LIMITED
    assert refused(outcome).retry_after_s == 10.0


@pytest.mark.parametrize(
    ("trouble", "taken"),
    [
        (Trouble.BROKEN, 0),
        (Trouble.BROKEN_LATE, 1),
        (Trouble.GATEWAY, 0),
        (Trouble.DROPPED, 0),
        (Trouble.UNANSWERED, 1),
    ],
)
def test_whatever_breaks_after_the_request_left_is_in_doubt(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator, trouble: Trouble, taken: int
) -> None:
    peer.faults.then(trouble)
    [outcome] = send(carrier, renewal())
    assert unknown(outcome)
    assert len(peer.taken) == taken


def test_an_answer_that_takes_too_long_is_in_doubt(
    board: Switchboard, peer: WhatsAppSimulator, clock: HandClock, desk: HandDesk
) -> None:
    peer.faults.slow_s = 0.6
    peer.faults.then(Trouble.SLOW)
    [outcome] = send(whatsapp_carrier(board.url, clock, desk, answer_s=0.2), renewal())
    assert unknown(outcome).reason.code == "ReadTimeout"
    assert len(peer.taken) == 1


def test_nobody_listening_means_nothing_left(clock: HandClock, desk: HandDesk) -> None:
    [outcome] = send(whatsapp_carrier("http://127.0.0.1:1", clock, desk), renewal())
    assert refused(outcome).reason.code == "ConnectError"
    assert refused(outcome).retry_after_s == 60.0
    assert not refused(outcome).halts_channel


NEVER_SENT = [httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout]
AMBIGUOUS = [
    httpx2.ReadError,
    httpx2.ReadTimeout,
    httpx2.WriteError,
    httpx2.WriteTimeout,
    httpx2.RemoteProtocolError,
]


@pytest.mark.parametrize("kind", NEVER_SENT + AMBIGUOUS)
def test_each_way_a_connection_breaks_is_judged_by_whether_the_request_left(
    clock: HandClock, desk: HandDesk, kind: type[httpx2.TransportError]
) -> None:
    def breaks(request: httpx2.Request) -> httpx2.Response:
        raise kind("broke")

    carrier = whatsapp_carrier(
        "http://provider.example", clock, desk, transport=httpx2.MockTransport(breaks)
    )
    [outcome] = send(carrier, renewal())
    assert type(outcome) is (Refused if kind in NEVER_SENT else Unknown)


def test_an_expired_token_stops_the_channel_and_loses_nothing(
    board: Switchboard, peer: WhatsAppSimulator, clock: HandClock, desk: HandDesk
) -> None:
    [outcome] = send(whatsapp_carrier(board.url, clock, desk, token="old"), renewal())
    assert refused(outcome).halts_channel
    assert refused(outcome).reason.kind is ReasonClass.AUTH


@pytest.mark.parametrize("status", [302, 400, 403, 404, 407])
def test_an_answer_that_is_not_metas_stops_the_channel(
    clock: HandClock, desk: HandDesk, status: int
) -> None:
    answers = httpx2.MockTransport(
        lambda request: httpx2.Response(status, text="<html>proxy</html>")
    )
    carrier = whatsapp_carrier("http://provider.example", clock, desk, transport=answers)
    [outcome] = send(carrier, renewal())
    assert refused(outcome).halts_channel
    assert "CAMPAIGNS_WHATSAPP_URL" in refused(outcome).reason.detail


@pytest.mark.parametrize(
    "body", ["", "{}", "[]", '{"messages": []}', "<html>", '{"messages": [{}]}']
)
def test_a_yes_without_a_message_id_is_in_doubt(
    clock: HandClock, desk: HandDesk, body: str
) -> None:
    answers = httpx2.MockTransport(lambda request: httpx2.Response(200, text=body))
    carrier = whatsapp_carrier("http://provider.example", clock, desk, transport=answers)
    [outcome] = send(carrier, renewal())
    assert unknown(outcome)


def test_a_second_message_within_seconds_waits_longer_each_time(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator
) -> None:
    same = "+" + NUMBER
    outcomes = send(carrier, *(renewal(n, address=same) for n in range(46)))
    assert len(peer.taken) == 45
    [again] = send(carrier, renewal(45, address=same, attempt=2))
    assert refused(outcomes[45]).reason.code == refused(again).reason.code == "131056"
    assert (refused(outcomes[45]).retry_after_s, refused(again).retry_after_s) == (4.0, 16.0)


def test_ids_meta_has_for_the_recipient_are_learnt_where_they_differ(
    clock: HandClock, desk: HandDesk
) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        to = json.loads(request.content)["to"]
        contacts = [{"input": to, "wa_id": "5215512345678", "user_id": "MX.123"}]
        return httpx2.Response(200, json={"contacts": contacts, "messages": [{"id": "wamid.1"}]})

    carrier = whatsapp_carrier(
        "http://provider.example", clock, desk, transport=httpx2.MockTransport(answer)
    )
    [outcome] = send(carrier, renewal(address="+525512345678"))
    assert accepted(outcome).known_as == ("5215512345678", "MX.123")


# --- the account -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "limit"),
    [("TIER_250", 250), ("TIER_2K", 1000), ("TIER_UNLIMITED", 1000), ("TIER_NEW", 1000)],
)
def test_the_lower_of_our_quota_and_the_portfolios_limit_holds(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator, told: str, limit: int
) -> None:
    peer.limit = told

    async def prepared() -> None:
        await carrier.prepare()
        await carrier.close()

    asyncio.run(prepared())
    assert carrier.quota.limit == limit
    assert carrier.quota.window_s == 86_400


def test_without_an_answer_our_own_quota_holds(clock: HandClock, desk: HandDesk) -> None:
    carrier = whatsapp_carrier("http://127.0.0.1:1", clock, desk)

    async def prepared() -> None:
        await carrier.prepare()
        await carrier.close()

    asyncio.run(prepared())
    assert carrier.quota.limit == 1000


def test_a_probe_finds_nothing_wrong_and_sends_nothing(
    carrier: WhatsAppCarrier, peer: WhatsAppSimulator
) -> None:
    assert asyncio.run(carrier.probe()) is None
    assert peer.taken == []


def test_a_probe_names_the_setting_to_mend(
    board: Switchboard, peer: WhatsAppSimulator, clock: HandClock, desk: HandDesk
) -> None:
    wrong_token = asyncio.run(whatsapp_carrier(board.url, clock, desk, token="old").probe())
    assert "WHATSAPP_ACCESS_TOKEN" in str(wrong_token)
    peer.own.phone_number_id = "1"
    wrong_number = asyncio.run(whatsapp_carrier(board.url, clock, desk).probe())
    assert "WHATSAPP_PHONE_NUMBER_ID" in str(wrong_number)
    nobody = asyncio.run(whatsapp_carrier("http://127.0.0.1:1", clock, desk).probe())
    assert "CAMPAIGNS_WHATSAPP_URL" in str(nobody)
