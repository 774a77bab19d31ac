"""What is kept in reserve leaves once the first way failed for good, and never when in doubt."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from tests.support.sending import (
    NOON,
    HandClock,
    Sends,
    ToldCarrier,
    accepts,
    campaign,
    message,
    plant,
)

from campaigns.flow.reserve import SECOND_THOUGHTS, WORTH_SAYING
from campaigns.model.access import SYSTEM
from campaigns.model.campaign import Campaign, CampaignStatus
from campaigns.model.consent import Consent, Suppression, SuppressionReason
from campaigns.model.customer import Channel
from campaigns.model.delivery import (
    DeliveryEvent,
    EventType,
    Lane,
    Reason,
    ReasonClass,
    Refused,
    SendOutcome,
    Unknown,
)
from campaigns.model.errors import WrongState
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message
from campaigns.model.message import MessageStatus as S
from campaigns.model.ports import Tx
from campaigns.orchestrator.reserves import FIRST_ARRIVED, ReserveCaller, keep_back, needless
from campaigns.sender import Rules, Sender
from campaigns.store import SqlStore

ID = CampaignId("c_1")
FIRST, SECOND = Channel.WHATSAPP, Channel.EMAIL
RESERVE = message(1, SECOND)


def refuses(kind: ReasonClass) -> Sends:
    def refuse(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        return Refused(reason=Reason(kind=kind, code="131026")) if leaving() else None

    return refuse


def unclear(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
    return Unknown(reason=Reason(kind=ReasonClass.UNKNOWN)) if leaving() else None


@dataclass
class Lanes:
    """A dispatcher that remembers which channels were opened."""

    opened: list[Channel] = field(default_factory=list)

    def start(
        self,
        tx: Tx,
        campaign: Campaign,
        channels: Sequence[Channel],
        at: datetime,
        *,
        tests: bool = False,
    ) -> None:
        self.opened += channels


class House:
    """One customer, first by WhatsApp, with an e-mail in reserve."""

    def __init__(
        self,
        store: SqlStore,
        does: Sends = accepts,
        planted: Campaign | None = None,
        reserve: Message | None = None,
    ) -> None:
        self.store = store
        self.clock = HandClock()
        self.lanes = Lanes()
        self.by = {FIRST: ToldCarrier(FIRST, does=does), SECOND: ToldCarrier(SECOND)}
        rules = Rules(window=None, default_zone="Asia/Bangkok")
        self.sender = Sender(store, self.by, self.clock, rules, fit=needless)
        self.caller = ReserveCaller(store, self.clock, self.by, self.lanes)
        kept = reserve or replace(RESERVE, status=S.VERIFIED)
        self.first = replace(message(1, FIRST), reserve=kept)
        plant(store, [self.first], planted)

    def send(self, channel: Channel = FIRST) -> None:
        lane = Lane(campaign_id=ID, channel=channel, epoch=1)
        asyncio.run(self.sender.send(lane))

    def told(self, kind: EventType, why: ReasonClass | None = None, key: str = "") -> None:
        event = DeliveryEvent(
            channel=FIRST,
            type=kind,
            dedupe_key=f"{kind}{key}",
            occurred_at=self.clock.now(),
            message_id=self.first.id,
            reason=Reason(kind=why, code="131026") if why else None,
        )
        self.sender.record([event])

    def state(self, message_id: MessageId) -> S | None:
        with self.store.read() as tx:
            found = tx.messages.get(message_id)
        return found.status if found else None

    @property
    def reserve(self) -> S | None:
        return self.state(RESERVE.id)

    @property
    def campaign(self) -> CampaignStatus:
        with self.store.read() as tx:
            found = tx.campaigns.get(ID)
        assert found is not None
        return found.status

    def finished(self) -> bool:
        with self.store.read() as tx:
            return ID in tx.outbox.finished(NOON - timedelta(days=365))

    def move(self, old: CampaignStatus, new: CampaignStatus) -> None:
        with self.store.begin() as tx:
            assert tx.campaigns.move(ID, [old], new, self.clock.now())


def test_a_dead_number_lets_the_mail_leave_once(store: SqlStore) -> None:
    house = House(store, refuses(ReasonClass.INVALID_RECIPIENT))
    house.send()
    assert house.state(house.first.id) is S.FAILED
    assert not house.finished()
    assert [house.caller.call(), house.caller.call()] == [1, 0]
    assert house.lanes.opened == [SECOND]
    house.send(SECOND)
    assert [m.id for m in house.by[SECOND].left] == [RESERVE.id]
    assert house.reserve is S.ACCEPTED
    assert house.finished()
    with store.read() as tx:
        called = tx.messages.get(RESERVE.id)
    assert called is not None
    assert called.reserve_of == house.first.id


def test_a_failure_told_later_waits_for_second_thoughts(store: SqlStore) -> None:
    house = House(store)
    house.send()
    house.told(EventType.FAILED, ReasonClass.INVALID_RECIPIENT)
    assert house.caller.call() == 0
    house.clock.at += SECOND_THOUGHTS
    assert house.caller.call() == 1
    assert house.reserve is S.QUEUED


def test_a_failure_told_again_calls_nothing_again(store: SqlStore) -> None:
    house = House(store)
    house.send()
    for key in ("a", "b"):
        house.told(EventType.FAILED, ReasonClass.INVALID_RECIPIENT, key)
        house.clock.at += SECOND_THOUGHTS
        house.caller.call()
    house.send(SECOND)
    house.told(EventType.FAILED, ReasonClass.INVALID_RECIPIENT, "c")
    house.clock.at += SECOND_THOUGHTS
    assert house.caller.call() == 0
    assert len(house.by[SECOND].left) == 1


@pytest.mark.parametrize(
    "kind",
    [ReasonClass.OPTED_OUT, ReasonClass.POLICY, ReasonClass.AUTH, ReasonClass.UNKNOWN],
)
def test_a_refusal_of_the_persons_or_against_us_calls_nothing(
    store: SqlStore, kind: ReasonClass
) -> None:
    house = House(store, refuses(kind))
    house.send()
    house.clock.at += WORTH_SAYING
    assert house.caller.call() == 0
    assert house.reserve is None
    assert house.finished()


NO_REASON = None  # nothing said is no reason: another failure that says why has the word
DIFFERING: list[tuple[tuple[ReasonClass | None, ...], int]] = [
    ((ReasonClass.INVALID_RECIPIENT, ReasonClass.CONTENT), 1),
    ((NO_REASON, ReasonClass.INVALID_RECIPIENT), 1),
    ((ReasonClass.INVALID_RECIPIENT, ReasonClass.OPTED_OUT), 0),
    # A code that nobody knows may be a refusal.
    ((NO_REASON, ReasonClass.UNKNOWN, ReasonClass.INVALID_RECIPIENT), 0),
    ((NO_REASON,), 0),
]


@pytest.mark.parametrize(
    ("reasons", "called"),
    [(order, called) for reasons, called in DIFFERING for order in permutations(reasons)],
)
def test_of_reasons_that_differ_one_against_it_has_the_word_in_any_order(
    store: SqlStore, reasons: Sequence[ReasonClass | None], called: int
) -> None:
    house = House(store)
    house.send()
    for key, why in enumerate(reasons):
        house.told(EventType.FAILED, why, str(key))
        house.clock.at += SECOND_THOUGHTS / 4
    house.clock.at += SECOND_THOUGHTS
    assert house.caller.call() == called


@pytest.mark.parametrize(
    ("answered", "told"),
    [
        (ReasonClass.INVALID_RECIPIENT, ReasonClass.OPTED_OUT),
        (ReasonClass.POLICY, ReasonClass.INVALID_RECIPIENT),
    ],
)
def test_a_refusal_and_news_that_differ_call_nothing(
    store: SqlStore, answered: ReasonClass, told: ReasonClass
) -> None:
    house = House(store, refuses(answered))
    house.send()
    house.told(EventType.FAILED, told)
    house.clock.at += SECOND_THOUGHTS
    assert house.caller.call() == 0


def test_what_is_in_doubt_calls_nothing(store: SqlStore) -> None:
    house = House(store, unclear)
    house.send()
    house.clock.at += WORTH_SAYING
    assert house.state(house.first.id) is S.IN_DOUBT
    assert house.caller.call() == 0


def test_a_doubt_that_news_calls_failed_lets_the_reserve_leave(store: SqlStore) -> None:
    house = House(store, unclear)
    house.send()
    house.told(EventType.FAILED, ReasonClass.INVALID_RECIPIENT)
    house.clock.at += SECOND_THOUGHTS
    assert house.caller.call() == 1


def test_a_failure_after_a_second_attempt_in_doubt_calls_nothing(store: SqlStore) -> None:
    house = House(store, unclear)
    house.send()
    with store.begin() as tx:
        assert tx.outbox.resolve(house.first.id, S.QUEUED, "nida: again", house.clock.now())
    house.by[FIRST].does = refuses(ReasonClass.INVALID_RECIPIENT)
    house.send()
    assert house.state(house.first.id) is S.FAILED
    house.clock.at += WORTH_SAYING
    assert house.caller.call() == 0


@pytest.mark.parametrize("when", ["before it is called", "before it is claimed", "when claimed"])
def test_a_first_message_that_arrived_after_all_keeps_the_reserve_back(
    store: SqlStore, when: str
) -> None:
    house = House(store)
    house.send()
    house.told(EventType.FAILED, ReasonClass.INVALID_RECIPIENT)
    house.clock.at += SECOND_THOUGHTS
    if when == "before it is called":
        house.told(EventType.DELIVERED)
        assert house.caller.call() == 0
        assert house.reserve is None
        assert house.finished()
        return
    house.caller.call()
    if when == "when claimed":

        def meanwhile(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
            house.told(EventType.DELIVERED)
            return accepts(m, leaving)

        house.by[SECOND].does = meanwhile
    else:
        house.told(EventType.DELIVERED)
    house.send(SECOND)
    assert house.by[SECOND].left == []
    assert house.reserve is S.SKIPPED
    with store.read() as tx:
        kept = tx.messages.get(RESERVE.id)
    assert kept is not None
    assert kept.reason == FIRST_ARRIVED


def test_who_opted_out_meanwhile_gets_no_reserve(store: SqlStore) -> None:
    house = House(store, refuses(ReasonClass.INVALID_RECIPIENT))
    house.send()
    house.caller.call()
    with store.begin() as tx:
        tx.consents.suppress(
            Suppression(
                channel=SECOND,
                address=RESERVE.address,
                reason=SuppressionReason.OPT_OUT,
                source="reply",
                evidence="STOP",
                at=NOON,
            )
        )
    house.send(SECOND)
    assert house.reserve is S.SUPPRESSED


@pytest.mark.parametrize("status", [CampaignStatus.CANCELLED, CampaignStatus.DRAFT])
def test_a_campaign_that_was_stopped_or_changed_calls_nothing(
    store: SqlStore, status: CampaignStatus
) -> None:
    house = House(store, refuses(ReasonClass.INVALID_RECIPIENT))
    house.send()
    house.move(CampaignStatus.SENDING, status)
    assert house.caller.call() == 0
    assert house.reserve is None


def test_a_campaign_that_was_rolled_back_calls_nothing(store: SqlStore) -> None:
    house = House(store, planted=replace(campaign(), rolled_back=True))
    house.send()
    house.told(EventType.FAILED, ReasonClass.INVALID_RECIPIENT)
    house.clock.at += SECOND_THOUGHTS
    assert house.caller.call() == 0


def test_a_late_bounce_opens_a_completed_campaign_for_the_reserve_alone(store: SqlStore) -> None:
    house = House(store)
    house.send()
    house.move(CampaignStatus.SENDING, CampaignStatus.COMPLETED)
    house.clock.forward(hours=20)
    house.told(EventType.FAILED, ReasonClass.INVALID_RECIPIENT)
    house.clock.at += SECOND_THOUGHTS
    assert house.caller.call() == 1
    assert house.campaign is CampaignStatus.SENDING
    house.send(SECOND)
    assert house.finished()


def test_what_was_worth_saying_days_ago_is_not_said_now(store: SqlStore) -> None:
    house = House(store)
    house.send()
    house.clock.at += WORTH_SAYING + timedelta(minutes=1)
    house.told(EventType.FAILED, ReasonClass.INVALID_RECIPIENT)
    house.clock.at += SECOND_THOUGHTS
    assert house.caller.call() == 0


def test_a_paused_campaign_keeps_its_reserve_queued(store: SqlStore) -> None:
    house = House(store, refuses(ReasonClass.INVALID_RECIPIENT))
    house.send()
    house.move(CampaignStatus.SENDING, CampaignStatus.PAUSED)
    assert house.caller.call() == 1
    house.send(SECOND)
    assert house.by[SECOND].left == []
    assert house.reserve is S.QUEUED


def test_a_channel_not_chosen_for_this_send_stands_in_for_none(store: SqlStore) -> None:
    chosen = replace(campaign(), channels=(FIRST,))
    house = House(store, refuses(ReasonClass.INVALID_RECIPIENT), chosen)
    house.send()
    assert house.caller.call() == 0
    with store.read() as tx:
        entries, _ = tx.audit.page("", 10)
    noted = [e for e in entries if e.action == "reserve.let_be"]
    assert [e.detail["reason"] for e in noted] == ["email was not chosen for this send"]
    assert noted[0].actor == SYSTEM.name


def test_a_hand_written_text_has_no_reserve(store: SqlStore) -> None:
    house = House(store, refuses(ReasonClass.INVALID_RECIPIENT))
    with store.begin() as tx:
        tx.messages.edit(replace(house.first, edited=True), [S.QUEUED])
    house.send()
    assert house.caller.call() == 0


def test_a_crash_between_failure_and_call_loses_and_doubles_nothing(store: SqlStore) -> None:
    house = House(store, refuses(ReasonClass.INVALID_RECIPIENT))
    house.send()
    # Another process: it knows what the database says.
    again = ReserveCaller(store, house.clock, house.by, house.lanes)
    assert [again.call(), house.caller.call()] == [1, 0]


def test_the_first_cannot_be_sent_again_once_its_reserve_is_on_its_way(store: SqlStore) -> None:
    house = House(store, refuses(ReasonClass.INVALID_RECIPIENT))
    house.send()
    house.caller.call()
    with store.begin() as tx, pytest.raises(WrongState, match="would say it twice"):
        keep_back(tx, ID, house.first.id)
    with store.begin() as tx:
        tx.outbox.cancel(ID, house.clock.now())
        keep_back(tx, ID, house.first.id)  # nobody got the reserve


def test_sending_the_first_again_by_hand_keeps_its_reserve_back(store: SqlStore) -> None:
    house = House(store, refuses(ReasonClass.INVALID_RECIPIENT))
    house.send()
    with store.begin() as tx:
        keep_back(tx, ID, house.first.id)
    assert house.caller.call() == 0


# --- a third channel -------------------------------------------------------------------------------

LAST = Channel.LINE


class Chain(House):
    """One customer: by WhatsApp, else by e-mail, else on LINE."""

    def __init__(self, store: SqlStore) -> None:
        last = replace(message(1, LAST), status=S.VERIFIED)
        second = replace(RESERVE, status=S.VERIFIED, reserve=last)
        super().__init__(store, refuses(ReasonClass.INVALID_RECIPIENT), reserve=second)
        self.by[SECOND].does = refuses(ReasonClass.CONTENT)
        self.by[LAST] = ToldCarrier(LAST)
        self.last_id = last.id
        with store.begin() as tx:
            follows = Consent(
                channel=LAST, address=last.address, source="follow", evidence="e", at=NOON
            )
            tx.consents.consent(follows)

    @property
    def last(self) -> S | None:
        return self.state(self.last_id)

    def fall(self) -> None:
        """Have the first fail and its reserve fail too."""
        for channel in (FIRST, SECOND):
            self.send(channel)
            assert self.caller.call() == 1


def test_when_the_second_channel_fails_too_the_third_carries_it_once(store: SqlStore) -> None:
    house = Chain(store)
    house.fall()
    assert house.lanes.opened == [SECOND, LAST]
    assert not house.finished()
    house.send(LAST)
    assert [m.id for m in house.by[LAST].left] == [house.last_id]
    assert (house.caller.call(), house.last) == (0, S.ACCEPTED)
    assert house.finished()


def test_a_second_channel_in_doubt_calls_no_third(store: SqlStore) -> None:
    house = Chain(store)
    house.by[SECOND].does = unclear
    house.send()
    house.caller.call()
    house.send(SECOND)
    house.clock.at += WORTH_SAYING
    assert (house.caller.call(), house.last) == (0, None)


@pytest.mark.parametrize("when", ["before it is claimed", "when claimed"])
def test_a_first_message_that_arrived_after_all_keeps_the_third_back(
    store: SqlStore, when: str
) -> None:
    house = Chain(store)
    house.fall()

    def meanwhile(m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        house.told(EventType.DELIVERED)
        return accepts(m, leaving)

    if when == "when claimed":
        house.by[LAST].does = meanwhile
    else:
        house.told(EventType.DELIVERED)
    house.send(LAST)
    house.send(LAST)
    assert house.by[LAST].left == []
    assert house.last is S.SKIPPED


def test_the_first_cannot_be_sent_again_once_the_third_is_on_its_way(store: SqlStore) -> None:
    house = Chain(store)
    house.fall()
    with store.begin() as tx, pytest.raises(WrongState, match="would say it twice"):
        keep_back(tx, ID, house.first.id)


def test_sending_the_first_again_keeps_the_third_back_as_well(store: SqlStore) -> None:
    house = Chain(store)
    house.send()
    house.caller.call()
    house.send(SECOND)
    with store.begin() as tx:
        keep_back(tx, ID, house.first.id)
    assert (house.caller.call(), house.last) == (0, None)
