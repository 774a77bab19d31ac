"""Answering a reply: a person's words, sent once, by the way that message went or another.

The answer is a message in the lane of answers (`model.answer.ANSWERS`) and goes through the same
outbox as a campaign's: held for a moment, claimed, checked again, recorded. It is stored, and the
conversation closed, in one transaction, which lets one answer at a time into a conversation.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from campaigns.flow import guard
from campaigns.model.access import Actor
from campaigns.model.answer import ANSWERS
from campaigns.model.customer import Channel
from campaigns.model.errors import Fault, RequestInvalid, Unconfirmed, WrongState
from campaigns.model.ids import MessageId, ReplyId
from campaigns.model.message import Check, Message, MessageStatus
from campaigns.model.plan import CampaignType
from campaigns.model.ports import Tx
from campaigns.model.reply import Intent, Reply
from campaigns.orchestrator.answer_message import lane, nothing_known, written
from campaigns.orchestrator.conversation import facts_of, type_of
from campaigns.orchestrator.fitness import WINDOW_CLOSED, window_is_open
from campaigns.orchestrator.lookup import lane_in, reply_in
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.writing import Writing, contact_of

# Words that nothing is known about, and that state nothing by themselves: shown, not asked about.
SHOWN_ONLY = frozenset({"wording"})
DECIDED = {
    "was_sent": MessageStatus.ACCEPTED,
    "send_again": MessageStatus.QUEUED,
    "give_up": MessageStatus.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An answer somebody wants to give.

    `channel` None is the one the reply came by. `after` is the newest answer in the conversation
    that its writer has seen, None for none. `confirmed` are words without a source that the
    writer stands for, as the fact guard found them.
    """

    reply_id: ReplyId
    text: str
    channel: Channel | None = None
    after: MessageId | None = None
    confirmed: Collection[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way by which a reply may be answered; `closed` says why not now, None when it is open."""

    channel: Channel
    address: str
    closed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What was answered to a reply: every answer, oldest first, and the ways there are."""

    reply: Reply
    answers: Sequence[Message]
    ways: Sequence[Way]
    standing: Message | None

    @property
    def newest(self) -> Message | None:
        """The newest answer to this reply, whatever became of it."""
        return self.answers[-1] if self.answers else None


class Answering:
    """Giving an answer, taking it back while it waits, deciding about one that did not arrive."""

    def __init__(self, ports: Ports, writing: Writing) -> None:
        self._p = ports
        self._writing = writing

    # --- looking ---------------------------------------------------------------------------------

    def look(self, reply_id: ReplyId) -> Answered:
        """Return what was answered to a reply and how it may be; raises `NotFound`."""
        with self._p.store.read() as tx:
            return self._look(tx, reply_in(tx, reply_id))

    def check(self, reply_id: ReplyId, text: str) -> tuple[Check, ...]:
        """Return what the fact guard finds in words for a reply that the record does not hold.

        The draft itself is made of the record's facts, and nothing is found in it.
        """
        with self._p.store.read() as tx:
            return self._findings(tx, reply_in(tx, reply_id), text.strip())

    # --- giving ----------------------------------------------------------------------------------

    def give(self, wanted: Wanted, actor: Actor) -> Message:
        """Have an answer leave after the hold; return it, also when it was given before.

        Raises `WrongState` when somebody answered meanwhile or the way is closed, `Unconfirmed`
        for words without a source that nobody stands for, `RequestInvalid`, `NotFound`.
        """
        now = self._p.clock.now()
        words = wanted.text.strip()
        if not words:
            raise RequestInvalid([Fault("/text", "There is nothing to send: the answer is empty.")])
        with self._p.store.begin() as tx:
            reply = reply_in(tx, wanted.reply_id)
            tx.answers.lock(reply)
            way = self._way(tx, reply, wanted.channel or reply.channel)
            before = _in_the_way(tx, reply)
            if before is not None and _is_same(before, reply, way, words, actor):
                return before
            if before is not None and before.id != wanted.after:
                raise WrongState(_said_by(before))
            if way.closed is not None:
                raise WrongState(way.closed)
            confirmed = _confirmed(self._findings(tx, reply, words), wanted.confirmed)
            answer = written(
                reply,
                _answered_message(tx, reply),
                message_id=MessageId(self._p.ids.new("m")),
                to=(way.channel, way.address),
                words=words,
                by=actor.name,
                confirmed=confirmed,
                now=now,
                leaves_at=now + timedelta(seconds=self._p.house.hold_s),
            )
            problem = self._p.carriers[way.channel].problem(answer)
            if problem is not None:
                raise RequestInvalid([Fault("/text", problem)])
            tx.answers.open_lane(lane(now))
            tx.answers.add(answer, reply)
            if Intent.COMPLAINT not in reply.reading.intents:
                tx.inbox.finish(reply, now)
            self._start(tx, answer)
            detail: dict[str, object] = {
                "answer": answer.id,
                "channel": way.channel.value,
                "confirmed": list(confirmed),
                "as_drafted": words == (reply.suggestion.draft or "").strip(),
            }
            tx.audit.add(now, actor.name, "answer.given", f"reply:{reply.id}", detail)
            return answer

    def take_back(self, reply_id: ReplyId, actor: Actor) -> Message:
        """Take the newest answer to a reply back before it leaves; raises `WrongState` after."""
        now = self._p.clock.now()
        with self._p.store.begin() as tx:
            reply = reply_in(tx, reply_id)
            tx.answers.lock(reply)
            newest = _newest(tx, reply)
            if newest.status is MessageStatus.CANCELLED:
                return newest
            if not tx.answers.take_back(newest.id, now):
                raise WrongState(
                    f"The answer is {newest.status.value} and can no longer be taken back."
                )
            if reply.done_at is not None:
                tx.inbox.reopen(reply)
            detail: dict[str, object] = {"answer": newest.id}
            tx.audit.add(now, actor.name, "answer.taken_back", f"reply:{reply_id}", detail)
            return _newest(tx, reply)

    def decide(self, reply_id: ReplyId, decision: str, why: str, actor: Actor) -> Message:
        """Decide about the newest answer to a reply, failed or in doubt.

        `send_again` sends the same words once more, under every rule of a new answer. Raises
        `WrongState` when there is nothing to decide.
        """
        now, status = self._p.clock.now(), DECIDED[decision]
        with self._p.store.begin() as tx:
            reply = reply_in(tx, reply_id)
            tx.answers.lock(reply)
            newest = _newest(tx, reply)
            if status is MessageStatus.QUEUED:
                self._require_again(tx, reply, newest)
            if not tx.outbox.resolve(newest.id, status, f"{actor.name}: {why}", now):
                raise WrongState(
                    f"The answer is {newest.status.value}: only one that failed, is in doubt or "
                    "is held waits for a decision."
                )
            if status is MessageStatus.QUEUED:
                self._start(tx, replace(newest, not_before=now))
            detail: dict[str, object] = {
                "answer": newest.id,
                "from": newest.status.value,
                "to": status.value,
                "reason": why,
            }
            tx.audit.add(now, actor.name, "answer.decided", f"reply:{reply_id}", detail)
            return _newest(tx, reply)

    # --- how -------------------------------------------------------------------------------------

    def _look(self, tx: Tx, reply: Reply) -> Answered:
        found = [tx.messages.get(i) for i in tx.answers.to(reply.id)]
        return Answered(
            reply=reply,
            answers=[m for m in found if m is not None],
            ways=self._ways(tx, reply),
            standing=_in_the_way(tx, reply),
        )

    def _require_again(self, tx: Tx, reply: Reply, answer: Message) -> None:
        other = _in_the_way(tx, reply)
        if other is not None and other.id != answer.id:
            raise WrongState(_said_by(other))
        closed = self._way(tx, reply, answer.channel).closed
        if closed is not None:
            raise WrongState(closed)

    def _ways(self, tx: Tx, reply: Reply) -> list[Way]:
        """Return every way to the sender: where they wrote from first, then what the book has."""
        found = {reply.channel: reply.address}
        customer = tx.customers.get(reply.sender.customer_id) if reply.sender else None
        contact = contact_of(customer, reply.sender.contact_id) if reply.sender else None
        for channel in Channel:
            address = contact.address(channel) if contact else None
            if address is not None:
                found.setdefault(channel, address.value)
        return [
            Way(channel=c, address=a, closed=self._closed(tx, reply, c, a))
            for c, a in found.items()
        ]

    def _way(self, tx: Tx, reply: Reply, channel: Channel) -> Way:
        for way in self._ways(tx, reply):
            if way.channel is channel:
                return way
        raise WrongState(
            f"The book has no {channel.value} address of whoever wrote this. Answer by "
            f"{reply.channel.value}, where it came from."
        )

    def _closed(self, tx: Tx, reply: Reply, channel: Channel, address: str) -> str | None:
        key = (channel, address)
        blocked = tx.consents.blocked([key]).get(key)
        # Who wrote to us on a channel may be answered there; elsewhere consent is needed.
        if blocked is not None and (
            channel is not reply.channel or key in tx.consents.suppressed([key])
        ):
            return f"Nothing is sent to this address: {blocked}."
        if self._p.carriers[channel].ready is not None:
            return self._p.carriers[channel].ready
        if channel is Channel.WHATSAPP and not window_is_open(tx, address, self._p.clock.now()):
            return WINDOW_CLOSED
        return None

    def _findings(self, tx: Tx, reply: Reply, words: str) -> tuple[Check, ...]:
        if words == (reply.suggestion.draft or "").strip():
            return ()
        sender, message = reply.sender, _answered_message(tx, reply)
        customer = tx.customers.get(sender.customer_id) if sender else None
        verdicts = guard.check(
            words,
            facts_of(self._writing, customer, sender, message) or nothing_known(reply),
            type_=type_of(tx, message) or CampaignType.FOLLOW_UP,
            language="th" if _is_thai(words) else "en",
        )
        # What a campaign's message must say, an answer need not.
        return tuple(c for c in verdicts if not c.ok and c.found is not None)

    def _start(self, tx: Tx, answer: Message) -> None:
        at = answer.not_before or self._p.clock.now()
        self._p.dispatcher.start(tx, lane_in(tx, ANSWERS), (answer.channel,), at)


def _answered_message(tx: Tx, reply: Reply) -> Message | None:
    """Return the message of ours that a reply was to."""
    sender = reply.sender
    return tx.messages.get(sender.message_id) if sender and sender.message_id else None


def _newest(tx: Tx, reply: Reply) -> Message:
    ids = tx.answers.to(reply.id)
    found = tx.messages.get(ids[-1]) if ids else None
    if found is None:
        raise WrongState(f"Nobody has answered reply {reply.id}.")
    return found


def _in_the_way(tx: Tx, reply: Reply) -> Message | None:
    """Return the answer that a new one would come on top of: none once they wrote again."""
    found = tx.answers.standing(reply)
    if found is None or found.answer is None or found.answer.written_at < reply.received_at:
        return None
    return found


def _said_by(answer: Message) -> str:
    given = answer.answer
    if given is None:
        return f"Message {answer.id} stands in the way."
    return (
        f"{given.by} has answered this at {given.written_at:%Y-%m-%d %H:%M} UTC. Read it, and name "
        f"it ({answer.id}) if you want to say more."
    )


def _is_same(before: Message, reply: Reply, way: Way, words: str, actor: Actor) -> bool:
    """Whether an answer is the one just given: a second click, or a call repeated."""
    given = before.answer
    return (
        given is not None
        and (given.reply_id, given.by) == (reply.id, actor.name)
        and (before.channel, before.text) == (way.channel, words)
    )


def _confirmed(findings: Sequence[Check], by_person: Collection[str]) -> tuple[str, ...]:
    """Return the words without a source that are stood for; raise `Unconfirmed` for the others."""
    asked = [c for c in findings if c.check not in SHOWN_ONLY]
    missing = [c for c in asked if c.found not in by_person]
    if missing:
        raise Unconfirmed(
            [Fault("/confirmed", f"“{c.found}” ({c.check}) is not in the record") for c in missing]
        )
    return tuple(dict.fromkeys(c.found for c in asked if c.found is not None))


def _is_thai(words: str) -> bool:
    return any("\u0e00" <= c <= "\u0e7f" for c in words)
