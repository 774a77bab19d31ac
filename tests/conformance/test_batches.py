"""One text to many in one request: nobody gets it twice, whatever dies in between."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from tests.support.sending import NOON, HandClock, ToldCarrier, address_of, message, plant

from campaigns.flow.dispatch import KEY_LIFE
from campaigns.model.campaign import CampaignStatus
from campaigns.model.consent import Consent, Suppression, SuppressionReason
from campaigns.model.customer import Channel
from campaigns.model.delivery import (
    Accepted,
    DeliveryEvent,
    EventType,
    Lane,
    Quota,
    Reason,
    ReasonClass,
    Refused,
    Rest,
    SendOutcome,
    Unknown,
)
from campaigns.model.ids import BatchId, CampaignId
from campaigns.model.message import Message
from campaigns.model.message import MessageStatus as S
from campaigns.sender import Rules, Sender
from campaigns.store import SqlStore

ID, LINE = CampaignId("c_1"), Channel.LINE
PER_REQUEST = Quota(limit=500, window_s=0)
LOST = Unknown(reason=Reason(kind=ReasonClass.UNKNOWN, detail="no answer"))
BUSY = Refused(reason=Reason(kind=ReasonClass.RATE_LIMITED, code="429"), retry_after_s=10)
NO = Refused(reason=Reason(kind=ReasonClass.INVALID_RECIPIENT, code="400"))
REST = timedelta(hours=1)  # longer than any rest of a doubt


class Died(BaseException):
    """The process was killed here."""


@dataclass
class Provider(ToldCarrier):
    """A provider that recognises a repeated request, and can fail before or after taking one."""

    channel: Channel = LINE
    quota: Quota = PER_REQUEST
    then: list[SendOutcome | type[Died]] = field(default_factory=list)
    takes: list[bool] = field(default_factory=list)  # whether a request that fails was taken
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    requests: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    got: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def alike(self, message: Message) -> str:
        return message.text

    async def send_together(self, batch_id: BatchId, messages: Sequence[Message]) -> SendOutcome:
        users = tuple(m.address for m in messages)
        self.requests.append((batch_id, users))
        self.meanwhile()
        trouble = self.then.pop(0) if self.then else None
        taken = self.takes.pop(0) if trouble and self.takes else trouble is None
        if taken and batch_id not in self.keys:
            self.keys[batch_id] = users
            self.got += users
        if isinstance(trouble, type):
            raise trouble
        return trouble or Accepted(provider_id="")

    async def send(self, message: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        outcome = await super().send(message, leaving)
        if isinstance(outcome, Accepted):
            self.got.append(message.address)
        return outcome


class House:
    """A campaign to so many LINE users, all with the same words."""

    def __init__(self, store: SqlStore, people: int = 5, **line: object) -> None:
        self.store, self.clock = store, HandClock()
        self.line = Provider(**line)
        self.messages = [message(n, LINE) for n in range(people)]
        plant(store, self.messages)
        with store.begin() as tx:
            for m in self.messages:
                consent = Consent(
                    channel=LINE, address=m.address, source="follow", evidence="e", at=NOON
                )
                tx.consents.consent(consent)

    def send(self) -> Rest:
        rules = Rules(window=None, default_zone="Asia/Bangkok")
        sender = Sender(self.store, {LINE: self.line}, self.clock, rules)
        return asyncio.run(sender.send(Lane(campaign_id=ID, channel=LINE, epoch=1)))

    def dies_and_comes_back(self) -> None:
        """Have the process die under way and another find what it left."""
        with pytest.raises(Died):
            self.send()
        with self.store.begin() as tx:
            tx.outbox.recover(self.clock.now())
        self.clock.at += REST

    def due(self) -> bool:
        with self.store.read() as tx:
            return bool(tx.batches.due(LINE, self.clock.now() - KEY_LIFE, self.clock.now()))

    def states(self) -> dict[S, int]:
        with self.store.read() as tx:
            return {status: n for (_, status), n in tx.messages.counts(ID).items()}

    def suppress(self, number: int) -> None:
        with self.store.begin() as tx:
            tx.consents.suppress(
                Suppression(
                    channel=LINE,
                    address=address_of(LINE, number),
                    reason=SuppressionReason.OPT_OUT,
                    source="reply",
                    evidence="STOP",
                    at=NOON,
                )
            )

    @property
    def everybody(self) -> list[str]:
        return [m.address for m in self.messages]


def test_the_same_words_go_in_one_request_and_other_words_alone(store: SqlStore) -> None:
    house = House(store)
    with store.begin() as tx:
        other = replace(message(9, LINE), text="Other words.")
        tx.messages.add([other])
        tx.consents.consent(
            Consent(channel=LINE, address=other.address, source="f", evidence="e", at=NOON)
        )
    house.send()
    assert [users for _, users in house.line.requests] == [tuple(house.everybody)]
    assert [m.id for m in house.line.left] == [other.id]
    assert house.states() == {S.ACCEPTED: 6}
    house.send()
    assert len(house.line.requests) == 1


def test_no_request_names_more_people_than_allowed_or_anybody_twice(store: SqlStore) -> None:
    house = House(store, people=12, quota=Quota(limit=5, window_s=0))
    twin = replace(message(20, LINE), address=house.everybody[0])
    with store.begin() as tx:
        tx.messages.add([twin])
    house.send()
    house.send()
    house.send()
    assert all(len(set(users)) == len(users) <= 5 for _, users in house.line.requests)
    assert sorted(house.line.got) == sorted([*house.everybody, twin.address])


@pytest.mark.parametrize("taken", [True, False])
def test_a_process_killed_amid_a_request_repeats_it_with_the_same_people(
    store: SqlStore, taken: bool
) -> None:
    house = House(store, then=[Died], takes=[taken])
    house.dies_and_comes_back()
    assert house.states() == {S.IN_DOUBT: 5}
    assert house.due()
    house.send()
    first, again = house.line.requests
    assert first == again
    assert house.line.got == house.everybody
    assert house.states() == {S.ACCEPTED: 5}
    assert not house.due()


@pytest.mark.parametrize("taken", [True, False])
def test_a_request_without_a_clear_answer_is_repeated_and_not_before_it_rested(
    store: SqlStore, taken: bool
) -> None:
    house = House(store, then=[LOST, BUSY, LOST], takes=[taken, False, False])
    house.send()
    house.send()
    assert len(house.line.requests) == 1
    for _ in range(3):
        assert house.states() == {S.IN_DOUBT: 5}
        house.clock.at += REST
        house.send()
    assert len(set(house.line.requests)) == 1
    assert (house.line.got, house.states()) == (house.everybody, {S.ACCEPTED: 5})


def test_who_opted_out_before_is_not_in_the_request_and_nobody_else_waits(store: SqlStore) -> None:
    house = House(store)
    house.suppress(2)
    house.send()
    assert house.line.got == [u for u in house.everybody if u != address_of(LINE, 2)]
    assert house.states() == {S.ACCEPTED: 4, S.SUPPRESSED: 1}


def test_who_opted_out_after_the_first_attempt_keeps_it_from_being_repeated(
    store: SqlStore,
) -> None:
    house = House(store, then=[LOST], takes=[False])
    house.send()
    house.suppress(2)
    house.clock.at += REST
    house.send()
    assert (len(house.line.requests), house.states()) == (1, {S.IN_DOUBT: 5})


@pytest.mark.parametrize("why", ["too old", "cancelled"])
def test_what_may_not_be_repeated_stays_in_doubt(store: SqlStore, why: str) -> None:
    house = House(store, then=[LOST], takes=[True])
    house.send()
    if why == "too old":
        house.clock.at += KEY_LIFE
    else:
        with store.begin() as tx:
            tx.campaigns.move(ID, [CampaignStatus.SENDING], CampaignStatus.CANCELLED, NOON)
    house.clock.at += REST
    house.send()
    assert (len(house.line.requests), house.states()) == (1, {S.IN_DOUBT: 5})


def test_a_request_turned_down_for_good_is_sent_one_by_one(store: SqlStore) -> None:
    house = House(store, then=[NO])
    house.send()
    house.send()
    assert len(house.line.requests) == 1
    assert (sorted(house.line.got), house.states()) == (house.everybody, {S.ACCEPTED: 5})


def test_a_request_that_came_too_soon_goes_together_later(store: SqlStore) -> None:
    house = House(store, then=[BUSY])
    house.send()
    assert house.states() == {S.QUEUED: 5}
    house.clock.at += REST
    house.send()
    assert [users for _, users in house.line.requests] == [tuple(house.everybody)] * 2
    assert (house.line.got, house.states()) == (house.everybody, {S.ACCEPTED: 5})


def test_one_answer_proves_that_the_whole_request_arrived(store: SqlStore) -> None:
    house = House(store, then=[LOST], takes=[True])
    house.send()
    pressed = DeliveryEvent(
        channel=LINE,
        type=EventType.REPLIED,
        dedupe_key="e1",
        occurred_at=NOON,
        campaign_id=ID,
        address=address_of(LINE, 3),
        text="YES",
    )
    with store.begin() as tx:
        assert tx.outbox.record(pressed, NOON).message_id == house.messages[3].id
        assert tx.batches.arrived(NOON) == 4
    assert house.states() == {S.ACCEPTED: 4, S.READ: 1}
    assert not house.due()


def test_what_a_person_sends_again_goes_alone_and_the_request_is_not_repeated(
    store: SqlStore,
) -> None:
    house = House(store, then=[LOST], takes=[False])
    house.send()
    with store.begin() as tx:
        assert tx.outbox.resolve(house.messages[0].id, S.QUEUED, "nida: again", NOON)
    house.clock.at += REST
    house.send()
    assert house.line.got == [house.everybody[0]]
    assert len(house.line.requests) == 1
    assert house.states() == {S.ACCEPTED: 1, S.IN_DOUBT: 4}


def test_a_stopped_channel_and_a_closed_window_keep_a_request_from_being_repeated(
    store: SqlStore,
) -> None:
    house = House(store, then=[LOST], takes=[False])
    house.send()
    with store.begin() as tx:
        tx.outbox.halt(LINE, "stopped")
    house.clock.at += REST
    house.send()
    assert len(house.line.requests) == 1
    with store.begin() as tx:
        tx.outbox.reopen(LINE)
    house.clock.at += REST
    house.send()
    assert (len(house.line.requests), house.states()) == (2, {S.ACCEPTED: 5})


def test_a_pause_amid_a_request_lets_it_be_and_nothing_more(store: SqlStore) -> None:
    def pause() -> None:
        with store.begin() as tx:
            tx.campaigns.move(ID, [CampaignStatus.SENDING], CampaignStatus.PAUSED, NOON)

    house = House(store, people=8, quota=Quota(limit=4, window_s=0), meanwhile=pause)
    house.send()
    assert house.states() == {S.ACCEPTED: 4, S.QUEUED: 4}
