"""One text to many in one request, where the provider recognises a repeated one (LINE multicast).

    ready messages -> grouped by equal words -> `leave` commits SENDING and who is in the batch
      -> one request under the batch's key -> settled alike

Who is in a batch is settled by the transaction that has it leave, so what may not leave any more
is not in it, and a crash finds either no batch or all of it in doubt. It is repeated whole, by
`repeat`, or never. What was turned down for good is dissolved and sent one by one.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from campaigns.flow import dispatch, track
from campaigns.model.customer import Channel
from campaigns.model.delivery import Lane, Reason, ReasonClass, Refused, SendOutcome, Unknown
from campaigns.model.ids import BatchId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.ports import Carrier, Clock, Multicaster, Store, Tx

log = structlog.get_logger(__name__)

STOPPED = Reason(kind=ReasonClass.UNKNOWN, detail="the program stopped meanwhile")

# Says, inside a transaction, whether each of these messages may leave now.
Verdicts = Callable[[Tx, Carrier, Sequence[Message]], Sequence[dispatch.Verdict]]
Goes = Callable[[Tx, Carrier, Message], bool]
Settle = Callable[[Message, SendOutcome], MessageStatus | None]


class _NotAll(Exception):
    """Some of a batch may not leave now: the transaction is undone."""

    def __init__(self, until: datetime | None) -> None:
        super().__init__()
        self.until = until


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Sends batches for a `Sender`.

    `verdicts` asks its rules, `goes` whether a claim still holds, `settle` records an outcome.
    """

    store: Store
    clock: Clock
    verdicts: Verdicts
    goes: Goes
    settle: Settle
    worker: str = ""

    def groups(
        self, carrier: Multicaster, messages: Sequence[Message]
    ) -> tuple[list[list[Message]], list[Message]]:
        """Return what goes together, in groups of two or more, and what goes one by one.

        Tests and answers go one by one, and so does what was in a batch before: it was turned down,
        or a person had it sent again.
        """
        with self.store.read() as tx:
            before = tx.batches.batched([m.id for m in messages])
        alike: Mapping[str, dict[str, Message]] = defaultdict(dict)
        for m in messages:
            if not m.is_test and m.answer is None and m.id not in before:
                # By address, for one request names nobody twice.
                alike[carrier.alike(m)].setdefault(m.address, m)
        groups = [
            sorted(found.values(), key=lambda m: m.id) for found in alike.values() if len(found) > 1
        ]
        grouped = {m.id for group in groups for m in group}
        return groups, [m for m in messages if m.id not in grouped]

    async def carry(self, carrier: Multicaster, messages: Sequence[Message]) -> int:
        """Send claimed, alike messages in one request; return how many left for good."""
        batch_id = BatchId(f"{messages[0].id}.{messages[0].attempt}")
        now = self.clock.now()
        with self.store.begin() as tx:
            still = [m for m in messages if self.goes(tx, carrier, m)]
            left = tx.batches.leave(batch_id, still, now)
            for m in messages:
                if m.id not in left:
                    tx.outbox.hold(m.id, m.attempt, now, None, now)
        batch = [m for m in messages if m.id in left]
        if not batch:
            return 0
        outcome = await self._handed_in(carrier, batch_id, batch)
        if isinstance(outcome, Refused):
            # Nothing was taken. What a wait mends may go together again; what it does not is
            # sent one by one, so that each is judged by itself.
            if outcome.retry_after_s is not None or outcome.halts_channel:
                with self.store.begin() as tx:
                    tx.batches.dissolve(batch_id)
            else:
                outcome = _of_all(outcome, len(batch))
        return self._settled(batch, outcome)

    async def repeat(self, carrier: Multicaster, lane: Lane) -> int:
        """Repeat the lane's batches in doubt that may be; return how many messages are settled."""
        settled = 0
        now = self.clock.now()
        with self.store.read() as tx:
            due = [*tx.batches.due(lane.channel, now - dispatch.KEY_LIFE, now, lane.campaign_id)]
        for batch_id in due:
            batch = self._taken_again(carrier, lane.channel, batch_id)
            if batch:
                outcome = await self._handed_in(carrier, batch_id, batch)
                settled += self._settled(batch, self._still_in_doubt(lane.channel, outcome))
        return settled

    # --- one batch -----------------------------------------------------------------------------

    def _taken_again(
        self, carrier: Multicaster, channel: Channel, batch_id: BatchId
    ) -> Sequence[Message]:
        """Have a batch leave once more, in one transaction; empty when some of it must not."""
        now = self.clock.now()
        try:
            with self.store.begin() as tx:
                if batch_id not in tx.batches.due(channel, now - dispatch.KEY_LIFE, now):
                    return ()  # another worker was faster
                batch = tx.batches.take(batch_id, self.worker, now)
                if len(batch) < tx.batches.size(batch_id):
                    soon = now + timedelta(seconds=dispatch.HALT_RECHECK_S)
                    raise _NotAll(soon)  # noqa: TRY301 - the transaction is undone by it
                self._leave_again(tx, carrier, batch, now)
                return batch
        except _NotAll as why:
            with self.store.begin() as tx:
                tx.batches.rest(batch_id, why.until, now)
            return ()

    def _leave_again(
        self, tx: Tx, carrier: Multicaster, batch: Sequence[Message], now: datetime
    ) -> None:
        """Have all of a batch leave; raises `_NotAll` when one may not."""
        for verdict in self.verdicts(tx, carrier, batch):
            if not isinstance(verdict, dispatch.Go):
                raise _NotAll(verdict.until if isinstance(verdict, dispatch.Wait) else None)
        if not tx.batches.leave_again(batch, now):
            raise _NotAll(now + timedelta(seconds=dispatch.HALT_RECHECK_S))

    async def _handed_in(
        self, carrier: Multicaster, batch_id: BatchId, batch: Sequence[Message]
    ) -> SendOutcome:
        try:
            outcome = await carrier.send_together(batch_id, batch)
        except asyncio.CancelledError:
            self._settled(batch, Unknown(reason=STOPPED))
            raise
        except Exception as error:
            log.exception("carrier_raised", channel=carrier.channel, batch=batch_id)
            detail = f"{type(error).__name__} in the carrier"
            outcome = Unknown(reason=Reason(kind=ReasonClass.UNKNOWN, detail=detail))
        log.info(
            "batch_handed_in", batch=batch_id, messages=len(batch), outcome=type(outcome).__name__
        )
        return outcome

    def _still_in_doubt(self, channel: Channel, outcome: SendOutcome) -> SendOutcome:
        """Judge a repeated request: a no to it says nothing about the first one."""
        if not isinstance(outcome, Refused):
            return outcome
        if outcome.halts_channel:
            with self.store.begin() as tx:
                tx.outbox.halt(channel, str(outcome.reason))
        return Unknown(reason=outcome.reason)

    def _settled(self, batch: Sequence[Message], outcome: SendOutcome) -> int:
        states = [self.settle(m, outcome) for m in batch]
        return sum(s is not None and s not in track.UNSETTLED for s in states)


def _of_all(refused: Refused, people: int) -> Refused:
    """Return what a no to a whole request says of each: try alone, and it is nobody's fault yet."""
    said = f"turned down in one request with {people - 1} others ({refused.reason})"
    reason = Reason(kind=ReasonClass.TRANSIENT, code=refused.reason.code, detail=said)
    return Refused(reason=reason, retry_after_s=0.0)
