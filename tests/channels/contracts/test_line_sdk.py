"""LINE's own SDK as a second judge: it reads what we send, sends what our simulator must take.

The SDK is lenient about unknown properties (`line_schema` is not); it is strict about names,
required parts and limits, and it is what LINE's own bots verify webhooks with.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import replace

import pytest
from linebot.v3 import SignatureValidator, WebhookParser
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    FlexMessage,
    MessagingApi,
    PushMessageRequest,
    TextMessage,
)
from linebot.v3.messaging.models import Message as SdkMessage
from linebot.v3.webhooks import (
    Event,
    FollowEvent,
    MessageEvent,
    PostbackEvent,
    UnfollowEvent,
)
from tests.support.providers import Switchboard, line_carrier, send
from tests.support.sending import NOON, HandClock, message

from campaigns.channels.line import payload
from campaigns.channels.line.webhook import LineWebhook
from campaigns.channels.simulator.http import LineSimulator, Trouble
from campaigns.channels.simulator.http.herald import Update
from campaigns.channels.simulator.http.line_rules import Push
from campaigns.model.customer import Channel
from campaigns.model.message import Message
from campaigns.model.plan import CampaignType

USER = f"U{1:032x}"


@pytest.fixture
def peer(board: Switchboard, clock: HandClock) -> LineSimulator:
    simulator = LineSimulator(clock.now)
    simulator.known.add(USER)
    board.app = simulator.app
    return simulator


@pytest.fixture
def sdk(board: Switchboard, peer: LineSimulator) -> MessagingApi:
    return MessagingApi(ApiClient(Configuration(host=board.url, access_token=peer.own.token)))


def of_type(kind: CampaignType, language: str, text: str = "Hello") -> Message:
    made = message(1, Channel.LINE, address=USER, language=language)
    return replace(made, cohort=f"{kind}.warm.{language}.line..a", text=text)


def understood(body: bytes) -> tuple[str, Sequence[SdkMessage]]:
    asked = PushMessageRequest.from_json(body.decode())
    return asked.to, asked.messages


# --- what we send ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "th", "fr"])
@pytest.mark.parametrize("kind", list(CampaignType))
def test_the_sdk_reads_what_we_push_and_loses_nothing_of_it(
    kind: CampaignType, language: str
) -> None:
    body = payload.push(of_type(kind, language))
    to, [bubble] = understood(body)
    assert to == USER
    assert isinstance(bubble, FlexMessage | TextMessage)
    again = json.loads(bubble.to_json())
    assert again.keys() >= json.loads(body)["messages"][0].keys()
    assert (bubble.alt_text if isinstance(bubble, FlexMessage) else bubble.text) == "Hello"


# --- what the simulator answers ----------------------------------------------------------------------


def test_the_sdk_and_our_carrier_get_the_same_message_through(
    sdk: MessagingApi, peer: LineSimulator, board: Switchboard
) -> None:
    m = of_type(CampaignType.RENEWAL, "en")
    asked = PushMessageRequest.from_json(payload.push(m).decode())
    answer = sdk.push_message(asked, x_line_retry_key=str(uuid.UUID(int=1)))
    send(line_carrier(board.url), m)
    theirs, ours = peer.pushed
    assert answer.sent_messages[0].id == theirs.id
    assert theirs.body == ours.body


def test_the_sdk_takes_a_key_used_twice_for_a_conflict(
    sdk: MessagingApi, peer: LineSimulator
) -> None:
    asked = PushMessageRequest.from_json(payload.push(of_type(CampaignType.SURVEY, "th")).decode())
    key = payload.retry_key("m_1")
    sdk.push_message(asked, x_line_retry_key=key)
    with pytest.raises(ApiException) as conflict:
        sdk.push_message(asked, x_line_retry_key=key)
    assert conflict.value.status == 409
    assert conflict.value.headers["x-line-accepted-request-id"] == "req-00000001"
    assert len(peer.pushed) == 1


def test_the_sdk_reads_quota_consumption_profile_and_every_refusal(
    sdk: MessagingApi, peer: LineSimulator
) -> None:
    peer.quota = 1
    assert sdk.get_message_quota().value == 1
    assert sdk.get_message_quota_consumption().total_usage == 0
    assert sdk.get_bot_info().user_id.startswith("U")
    assert sdk.get_profile(USER).user_id == USER
    asked = PushMessageRequest.from_json(payload.push(of_type(CampaignType.SURVEY, "en")).decode())
    peer.faults.then(Trouble.BUSY, Trouble.BROKEN)
    statuses = []
    sdk.api_client.configuration.retries = False
    for _ in range(2):
        with pytest.raises(ApiException) as refused:
            sdk.push_message(asked)
        statuses.append(refused.value.status)
    sdk.push_message(asked)
    with pytest.raises(ApiException) as spent:
        sdk.push_message(asked)
    assert statuses == [429, 500]
    assert json.loads(spent.value.body)["message"] == "You have reached your monthly limit."


# --- what LINE tells ----------------------------------------------------------------------------------


def told(peer: LineSimulator) -> tuple[str, str]:
    """Return a body with one of each event, and its signature."""
    updates: list[Update] = []
    peer.herald.tell = lambda kind, item, after_s=0.0: updates.append(Update(kind=kind, item=item))
    peer.follows(USER)
    peer.says(USER, "ตกลง 👍")
    peer._sent(peer_push())
    peer.presses(peer.pushed[0], 0)
    peer.unfollows(USER)
    body = peer.herald._pack(updates)
    return body.decode(), peer.herald._sign(body)["x-line-signature"]


def peer_push() -> Push:
    return Push.model_validate_json(payload.push(of_type(CampaignType.RENEWAL, "en")))


def test_the_sdk_and_we_hear_the_same(peer: LineSimulator) -> None:
    body, signature = told(peer)
    ours, secret = LineWebhook(peer.own.channel_secret), peer.own.channel_secret
    assert SignatureValidator(secret).validate(body, signature)
    assert ours.verifies(body.encode(), signature)
    heard: list[Event] = WebhookParser(secret).parse(body, signature)
    assert [type(e) for e in heard] == [FollowEvent, MessageEvent, PostbackEvent, UnfollowEvent]
    read = ours.read(body.encode(), NOON)
    assert [e.webhook_event_id for e in heard] == [e.dedupe_key for e in read.events]
    assert [e.source.user_id for e in heard] == [e.address for e in read.events]
    assert heard[1].message.text == read.events[1].text


@pytest.mark.parametrize("spoilt", ["body", "signature", "secret"])
def test_the_sdk_and_we_refuse_the_same_signatures(peer: LineSimulator, spoilt: str) -> None:
    body, signature = told(peer)
    secret = peer.own.channel_secret
    body += " " if spoilt == "body" else ""
    signature = "A" + signature[1:] if spoilt == "signature" else signature
    secret += "x" if spoilt == "secret" else ""
    assert not SignatureValidator(secret).validate(body, signature)
    assert not LineWebhook(secret).verifies(body.encode(), signature)
