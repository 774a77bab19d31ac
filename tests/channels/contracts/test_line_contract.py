"""What we send LINE and what its simulator answers and tells, judged by LINE's own documents."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.channels.contracts import line_schema
from tests.channels.contracts.line_schema import HOOKS, Recorder, validator
from tests.support.providers import Switchboard, line_carrier, send
from tests.support.sending import NOON, HandClock, message

from campaigns.channels.line import account, payload
from campaigns.channels.line.webhook import LineWebhook
from campaigns.channels.simulator.http import LineSimulator, Trouble
from campaigns.channels.simulator.http.herald import Update
from campaigns.channels.simulator.http.line_rules import Push
from campaigns.channels.wire import Endpoint
from campaigns.model.customer import Channel
from campaigns.model.delivery import EventType
from campaigns.model.ids import BatchId
from campaigns.model.plan import CampaignType

pytestmark = pytest.mark.skipif(not line_schema.present(), reason=line_schema.ABSENT)

USER = f"U{1:032x}"
GOOD = {"to": USER, "messages": [{"type": "text", "text": "hi"}]}
WORDS = st.text(min_size=1, max_size=60)


@pytest.fixture
def peer(clock: HandClock) -> LineSimulator:
    simulator = LineSimulator(clock.now)
    simulator.known.add(USER)
    return simulator


@pytest.fixture
def recorder(board: Switchboard, peer: LineSimulator) -> Iterator[Recorder]:
    board.app = recorder = Recorder(peer.app)
    yield recorder
    assert recorder.seen
    assert recorder.faults() == []


# --- the judge itself ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [
        {"to": USER, "messages": []},
        {"messages": GOOD["messages"]},
        {"to": USER, "messages": GOOD["messages"] * 6},
        {"to": USER, "messages": [{"type": "text"}]},
        {"to": USER, "messages": [{"type": "bogus", "text": "hi"}]},
        {"to": USER, "messages": [{"type": "text", "text": 5}]},
        {"to": USER, "messages": [{"type": "text", "text": "hi", "colour": "red"}]},
        {"to": USER, "messages": GOOD["messages"], "urgent": True},
        {"to": USER, "messages": [{"type": "flex", "altText": "x", "contents": {"type": "heap"}}]},
        {
            "to": USER,
            "messages": [
                {
                    "type": "text",
                    "text": "hi",
                    "quickReply": {
                        "items": [
                            {"type": "action", "action": {"type": "postback", "data": "x" * 301}}
                        ]
                    },
                }
            ],
        },
    ],
)
def test_the_judge_refuses_what_line_would(broken: dict[str, object]) -> None:
    assert validator("PushMessageRequest").is_valid(GOOD)
    assert not validator("PushMessageRequest").is_valid(broken)


# --- what we send ----------------------------------------------------------------------------------


@hypothesis_settings(deadline=None)  # the first reads LINE's documents
@given(text=WORDS, language=st.sampled_from(["en", "th", "fr"]), kind=st.sampled_from(CampaignType))
def test_every_push_of_ours_is_one_line_describes(
    text: str, language: str, kind: CampaignType
) -> None:
    made = replace(
        message(1, Channel.LINE, language=language),
        text=text,
        cohort=f"{kind}.warm.{language}.line..a",
    )
    assert validator("PushMessageRequest").is_valid(json.loads(payload.push(made)))
    for _, label in payload.quick_replies(kind, language):
        assert 1 <= len(label) <= 20


def test_everything_over_the_wire_is_described(
    board: Switchboard, peer: LineSimulator, recorder: Recorder
) -> None:
    endpoint = Endpoint(base_url=board.url, token="simulated-line-token")
    peer.faults.then(*Trouble, None)
    messages = [
        replace(
            message(1, Channel.LINE, cohort=f"{kind}.warm.th.line..a", language="th"), attempt=n
        )
        for n, kind in enumerate([*CampaignType, *CampaignType], start=1)
    ]
    peer.faults.slow_s = 0.01
    for m in messages:
        send(line_carrier(board.url), m)
    send(line_carrier(board.url), replace(message(2, Channel.LINE), address=f"U{9:032x}"))
    send(line_carrier(board.url, token="old"), message(3, Channel.LINE, address=USER))
    peer.quota = 0
    send(line_carrier(board.url), message(4, Channel.LINE, address=USER))
    asyncio.run(line_carrier(board.url).probe())
    asyncio.run(account.follows(endpoint, [USER, f"U{9:032x}"]))
    asyncio.run(account.validate(endpoint, payload.validation(messages[0])))
    assert {status for _, _, _, status, _ in recorder.seen} >= {200, 400, 401, 404, 409, 429, 500}


def test_one_text_for_many_is_described_too(
    board: Switchboard, peer: LineSimulator, recorder: Recorder
) -> None:
    messages = [message(n, Channel.LINE) for n in range(1, 4)]
    peer.known |= {m.address for m in messages}
    carrier = line_carrier(board.url)

    async def run() -> None:
        for batch in ("b1", "b1", "b2"):  # taken, recognised, turned down
            await carrier.send_together(BatchId(batch), messages)
            peer.quota = 4
        await carrier.close()

    asyncio.run(run())
    assert [status for _, _, _, status, _ in recorder.seen][:3] == [200, 409, 429]


# --- what LINE tells -------------------------------------------------------------------------------


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=WORDS)
def test_every_event_of_the_simulator_is_one_line_describes_and_we_read(
    peer: LineSimulator, text: str
) -> None:
    told: list[Update] = []
    peer.herald.tell = lambda kind, item, after_s=0.0: told.append(Update(kind=kind, item=item))
    peer.pushed.clear()
    send_directly(peer)
    peer.follows(USER)
    peer.follows(USER, again=True)
    peer.says(USER, text, quoting="461230966842064897")
    peer.sends(
        USER,
        {
            "type": "sticker",
            "packageId": "1",
            "stickerId": "2",
            "quoteToken": "q",
            "stickerResourceType": "STATIC",
            "keywords": ["ok"],
        },
    )
    peer.presses(peer.pushed[0], 0)
    peer.unfollows(USER)
    body = peer.herald._pack(told)
    assert [
        e.message for e in validator("CallbackRequest", HOOKS).iter_errors(json.loads(body))
    ] == []
    read = LineWebhook("s").read(body, NOON)
    assert read.faults == ()
    assert [e.type for e in read.events] == [
        EventType.FOLLOWED,
        EventType.FOLLOWED,
        EventType.REPLIED,
        EventType.REPLIED,
        EventType.REPLIED,
        EventType.UNFOLLOWED,
    ]


def send_directly(peer: LineSimulator) -> None:
    """Have the simulator take a push without a network."""
    peer._sent(Push.model_validate_json(payload.push(message(1, Channel.LINE, address=USER))))
