"""Every rule of sending at once: nothing leaves that must not, and what may leave does in the end.

A machine plays events in any order against a whole house (`whole_house.py`): sends, answers of
providers, news, refusals, changes of the book, replies, people who pause, resume, cancel, stop
and decide, crashes, and hours passing over changes of clocks. Any of them may also happen between
a claim and its leaving. What leaves is judged by a book of its own, not by the product.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conformance import whole_house
from tests.conformance.whole_house import (
    EVES,
    FIRST,
    ID,
    NIDA,
    SECOND,
    WINDOWS,
    ZONES,
    House,
    customer,
)
from tests.support.sending import address_of

from campaigns.flow import track
from campaigns.model.campaign import CampaignStatus
from campaigns.model.consent import Consent, Suppression, SuppressionReason
from campaigns.model.customer import Channel
from campaigns.model.delivery import (
    Accepted,
    DeliveryEvent,
    EventType,
    Reason,
    ReasonClass,
    Refused,
    SendOutcome,
    Unknown,
)
from campaigns.model.errors import WrongState
from campaigns.model.ids import ContactId, ReplyId
from campaigns.model.message import Message
from campaigns.model.message import MessageStatus as S
from campaigns.model.reply import ActionKind, Intent, Reading, Reply, Sentiment, Suggestion
from campaigns.model.reply import Sender as Writer
from campaigns.orchestrator.ports import Ports
from campaigns.store.messages import UNTIL_RELEASED

PEOPLE = len(ZONES)
DEAD = Reason(kind=ReasonClass.INVALID_RECIPIENT)
NOBODY_KNOWS = Reason(kind=ReasonClass.UNKNOWN)
OUTCOMES: list[SendOutcome] = [
    Accepted(provider_id=""),
    Accepted(provider_id=""),
    Refused(reason=Reason(kind=ReasonClass.CONTENT)),
    Refused(reason=DEAD),
    Refused(reason=NOBODY_KNOWS, retry_after_s=60),
    Unknown(reason=NOBODY_KNOWS),
]
NEWS = [EventType.SENT, EventType.DELIVERED, EventType.READ, EventType.FAILED, EventType.BOUNCED]
ARRIVED = (S.DELIVERED, S.READ)

# How often each thing happens, against the others.
HAPPENS = {
    "send": 8,
    "wait": 6,
    "tell": 4,
    "call_reserves": 3,
    "repeat": 1,
    "crash": 1,
    "suppress": 1,
    "unfollow": 1,
    "follow": 2,
    "change_the_book": 1,
    "restore_the_book": 3,
    "answer": 1,
    "pause": 1,
    "resume": 3,
    "stop": 1,
    "reopen": 3,
    "decide": 2,
    "settle": 1,
    "cancel": 1,
}
EVENTS = st.sampled_from([name for name, often in HAPPENS.items() for _ in range(often)])
STEPS = st.tuples(EVENTS, st.integers(0, 9999))
# What may happen while a message is with its carrier.
MEANWHILE = sorted(set(HAPPENS) - {"send", "decide"})


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with whole_house.ports(tmp_path_factory.mktemp("house")) as ports:
        yield ports


class Machine:
    """Plays one event after the other; each takes a number that decides its details."""

    def __init__(self, base: Ports, start: int, window: int) -> None:
        self.house = House(base, EVES[start], WINDOWS[window])
        self.truth, self.clock = self.house.truth, self.house.clock
        self.house.does = self._does
        self.drawn = 0
        self.replies = 0

    # --- workers and providers -------------------------------------------------------------------

    def send(self, number: int) -> None:
        self.drawn = number
        self.house.send((FIRST, SECOND)[number % 2])

    def _does(self, m: Message, leaving: Callable[[], bool]) -> SendOutcome | None:
        """Let something happen first, now and then; then send, and answer by the number drawn."""
        self.drawn = number = self.drawn * 7 + 3
        if number % 3 == 0:
            self.clock.forward(seconds=number % 4000 + 1)
            getattr(self, MEANWHILE[number % len(MEANWHILE)])(number // 5)
        if not leaving():
            return None
        outcome = OUTCOMES[number // 11 % len(OUTCOMES)]
        if isinstance(outcome, Refused):
            if outcome.retry_after_s is not None:
                self.truth.again.add(m.id)
            if outcome.reason is DEAD:
                self.truth.suppressed.add((m.channel, m.address))
        return outcome

    def wait(self, number: int) -> None:
        self.clock.forward(minutes=(number % 40) ** 2 + 1)

    def tell(self, number: int) -> None:
        """Tell news of a message that left, some of it twice."""
        if not self.truth.left:
            return
        message_id, channel, _ = self.truth.left[number % len(self.truth.left)]
        kind = NEWS[number // 7 % len(NEWS)]
        failed = kind in (EventType.FAILED, EventType.BOUNCED)
        event = DeliveryEvent(
            channel=channel,
            type=kind,
            dedupe_key=f"{message_id}:{kind}:{number % 3}",
            occurred_at=self.clock.now(),
            message_id=message_id,
            reason=Reason(kind=ReasonClass.FREQUENCY_CAP) if failed else None,
        )
        self.house.sender.record([event])
        if not failed and kind is not EventType.SENT:
            self.truth.arrived.add(message_id)

    def call_reserves(self, number: int) -> None:
        self.house.caller.call()
        self._look()

    def repeat(self, number: int) -> None:
        """Have LINE asked again about what is in doubt: it recognises a repeated request."""
        in_doubt = {m.id for m in self.house.messages() if m.status is S.IN_DOUBT}
        self.house.repeater.repeat()
        queued = {m.id for m in self.house.messages() if m.status is S.QUEUED}
        self.truth.again |= in_doubt & queued

    def crash(self, number: int) -> None:
        with self.house.store.begin() as tx:
            tx.outbox.recover(self.clock.now())

    # --- people at the customers, and the book ---------------------------------------------------

    def suppress(self, number: int) -> None:
        channel, address = self._address(number)
        with self.house.store.begin() as tx:
            tx.consents.suppress(
                Suppression(
                    channel=channel,
                    address=address,
                    reason=SuppressionReason.OPT_OUT,
                    source="reply",
                    evidence="STOP",
                    at=self.clock.now(),
                )
            )
        self.truth.suppressed.add((channel, address))

    def unfollow(self, number: int) -> None:
        address = address_of(FIRST, number % PEOPLE)
        with self.house.store.begin() as tx:
            tx.consents.withdraw(FIRST, address)
        self.truth.unfollowed.add(address)

    def follow(self, number: int) -> None:
        address = address_of(FIRST, number % PEOPLE)
        consent = Consent(
            channel=FIRST, address=address, source="webhook", evidence="", at=self.clock.now()
        )
        with self.house.store.begin() as tx:
            tx.consents.consent(consent)
        self.truth.unfollowed.discard(address)

    def change_the_book(self, number: int) -> None:
        """Renew, rename, take the contact out, or take the customer out."""
        one = customer(number % PEOPLE)
        changed = [
            replace(one, contract_end=date(2031, 10, 31)),
            replace(one, name="Another House"),
            replace(one, contacts=()),
            one,
        ]
        which = number // 13 % len(changed)
        self.house.record(changed[which], gone=changed[which] is one)
        self.truth.changed.add(one.id)

    def restore_the_book(self, number: int) -> None:
        one = customer(number % PEOPLE)
        self.house.record(one)
        self.truth.changed.discard(one.id)

    def answer(self, number: int) -> None:
        one = customer(number % PEOPLE)
        self.replies += 1
        reply = Reply(
            id=ReplyId(f"r_{self.replies}"),
            channel=SECOND,
            address=address_of(SECOND, number % PEOPLE),
            text="Yes",
            received_at=self.clock.now(),
            sender=Writer(
                customer_id=one.id,
                customer=one.name,
                contact_id=ContactId("x"),
                contact=None,
                campaign_id=ID,
            ),
            reading=Reading(
                intents=(Intent.ACCEPT,),
                confidence=1.0,
                sentiment=Sentiment.POSITIVE,
                language="en",
                why="",
            ),
            suggestion=Suggestion(action=ActionKind.PREPARE_RENEWAL, words="", escalate=False),
        )
        with self.house.store.begin() as tx:
            tx.replies.add(reply)
        self.truth.answered.add(one.id)

    # --- people in the house ---------------------------------------------------------------------

    def pause(self, number: int) -> None:
        self._asked(lambda: self.house.sends.pause(ID, NIDA))

    def resume(self, number: int) -> None:
        self._asked(lambda: self.house.sends.resume(ID, NIDA))

    def stop(self, number: int) -> None:
        """Stop one channel, or pull the kill switch."""
        channels = (FIRST, SECOND)[number % 3 :] or (FIRST,)
        self.house.sends.stop(channels, "wait", NIDA)
        self.truth.halted.update(channels)

    def reopen(self, number: int) -> None:
        channel = (FIRST, SECOND)[number % 2]
        self._asked(lambda: self.house.sends.reopen(channel, NIDA))
        self.truth.halted.discard(channel)

    def decide(self, number: int) -> None:
        """Decide about a message that is in doubt, failed or held."""
        messages = self.house.messages()
        m = messages[number % len(messages)]
        status = (S.QUEUED, S.QUEUED, S.ACCEPTED, S.FAILED, S.CANCELLED)[number // 17 % 5]

        def decided() -> None:
            self.house.sends.resolve(ID, m.id, status, "I asked them", NIDA)
            if status is S.QUEUED:
                self.truth.again.add(m.id)

        self._asked(decided)

    def settle(self, number: int) -> None:
        self.house.sends.settle()
        self._look()

    def cancel(self, number: int) -> None:
        """End the campaign, seldom; after it nothing waits."""
        if number % 4:
            return
        self._asked(lambda: self.house.sends.cancel(ID, NIDA))
        if self.truth.status is CampaignStatus.CANCELLED:
            with self.house.store.read() as tx:
                assert not tx.messages.waiting(ID)

    def _asked(self, ask: Callable[[], object]) -> None:
        # A wish that does not fit the state changes nothing.
        with contextlib.suppress(WrongState):
            ask()
        self._look()

    def _look(self) -> None:
        with self.house.store.read() as tx:
            found = tx.campaigns.get(ID)
        assert found is not None
        self.truth.status = found.status

    def _address(self, number: int) -> tuple[Channel, str]:
        channel = (FIRST, SECOND)[number // PEOPLE % 2]
        return channel, address_of(channel, number % PEOPLE)

    # --- what must hold --------------------------------------------------------------------------

    def check(self) -> None:
        # Kept until here, for a carrier that raises is no end of a batch.
        assert self.truth.wrongs == []
        messages = {m.id: m for m in self.house.messages()}
        assert all(messages[m].status in ARRIVED for m in self.truth.arrived)
        if self.truth.status in (CampaignStatus.COMPLETED, CampaignStatus.CANCELLED):
            open_ = (S.QUEUED, S.CLAIMED)
            assert not [m for m in messages.values() if m.status in open_ and m.reserve_of is None]

    def see_through(self) -> None:
        """Let everything go on: what is left then waits for a person and says for what."""
        self.house.does = lambda m, leaving: Accepted(provider_id="") if leaving() else None
        for channel in (FIRST, SECOND):
            if channel in self.truth.halted:
                self.reopen((FIRST, SECOND).index(channel))
        self.resume(0)
        self.crash(0)
        for _ in range(30):
            rests = [self.house.send(channel) for channel in (FIRST, SECOND)]
            self.clock.forward(hours=3)
            self.call_reserves(0)
            if not any(rest.until for rest in rests) and not self._due():
                break  # what rests is held
        self.settle(0)
        self.check()
        waiting = [m for m in self.house.messages() if m.status in track.UNSETTLED]
        for m in waiting:
            held = m.status is S.QUEUED and m.not_before == UNTIL_RELEASED and m.reason
            assert held or m.status is S.IN_DOUBT, f"{m.id} is {m.status}: {m.reason}"
        if not waiting:
            assert self.truth.status in (CampaignStatus.COMPLETED, CampaignStatus.CANCELLED)

    def _due(self) -> bool:
        """Whether something waits for its hour alone, as what was just called from reserve may."""
        waits = (m for m in self.house.messages() if m.status is S.QUEUED)
        return any(m.not_before != UNTIL_RELEASED for m in waits)


@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(STEPS, min_size=40, max_size=60),
    start=st.integers(0, len(EVES) - 1),
    window=st.integers(0, len(WINDOWS) - 1),
)
def test_no_order_of_events_lets_leave_what_must_not(
    base: Ports, steps: list[tuple[str, int]], start: int, window: int
) -> None:
    machine = Machine(base, start, window)
    for taken, (name, number) in enumerate(steps):
        getattr(machine, name)(number)
        if taken % 5 == 0:
            machine.check()
    machine.see_through()
    machine.house.store.engine.dispose()
