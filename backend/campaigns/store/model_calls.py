"""Calls to a model and what they cost: set aside before, settled after, never lost between.

A call is written before it is made, with the most it can cost; one whose end never came back
(a crash, a timeout) stays written with all of that. So what the table says is never too little.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, case, func, insert, select, update

from campaigns.model.ids import CampaignId
from campaigns.model.spending import Job, ModelCall, Spending, Tokens
from campaigns.store import meta
from campaigns.store import model_tables as m
from campaigns.store import tables as t

RESERVED, DONE, UNKNOWN = "reserved", "done", "unknown"
_LOCK = "model_calls"  # the row of `meta` that lets one reservation at a time through
_NANO = Decimal(10**9)  # a token costs fractions of a cent, so costs are kept in nano-dollars


class ModelCallRows:
    """`model.ports.ModelCalls` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def reserve(self, call: ModelCall, most: Tokens, cost: Decimal) -> None:
        """Note a call that is about to be made, with the most it can cost."""
        self._c.execute(
            insert(m.model_calls).values(
                id=call.id,
                at=call.at,
                job=call.job.value,
                model=call.model,
                campaign_id=call.campaign_id,
                state=RESERVED,
                input_tokens=most.input,
                output_tokens=most.output,
                cost_nano=_nano(cost),
                outcome="",
            )
        )

    def settle(self, call_id: str, tokens: Tokens, cost: Decimal, outcome: str) -> None:
        """Put what a call used in place of what was set aside."""
        self._end(
            call_id,
            state=DONE,
            input_tokens=tokens.input,
            output_tokens=tokens.output,
            cost_nano=_nano(cost),
            outcome=outcome,
        )

    def leave(self, call_id: str, outcome: str) -> None:
        """End a call whose cost nobody knows: all that was set aside stays spent."""
        self._end(call_id, state=UNKNOWN, outcome=outcome)

    def _end(self, call_id: str, **values: Any) -> None:
        self._c.execute(
            update(m.model_calls)
            .where(m.model_calls.c.id == call_id, m.model_calls.c.state == RESERVED)
            .values(**values)
        )

    def lock(self) -> None:
        """Let nobody else reserve until this transaction ends, on either database."""
        taken = update(t.meta).where(t.meta.c.key == _LOCK).values(value="")
        if self._c.execute(taken).rowcount == 0:
            meta.note_first(self._c, _LOCK, "")
            self._c.execute(taken)

    def spending(
        self, since: datetime | None = None, campaign_id: CampaignId | None = None
    ) -> Spending:
        """Return what was spent, calls under way in full; exact after `lock`."""
        c = m.model_calls.c
        unsettled = func.sum(case((c.state != DONE, 1), else_=0)).label("unknown")
        query = select(
            c.job,
            func.count().label("calls"),
            func.sum(c.input_tokens).label("input"),
            func.sum(c.output_tokens).label("output"),
            func.sum(c.cost_nano).label("cost"),
            unsettled,
        ).group_by(c.job)
        if since is not None:
            query = query.where(c.at >= since)
        if campaign_id is not None:
            query = query.where(c.campaign_id == campaign_id)
        return _added(list(self._c.execute(query)))


def _added(rows: list[Row[Any]]) -> Spending:
    return Spending(
        calls=sum(row.calls for row in rows),
        tokens=Tokens(sum(int(r.input) for r in rows), sum(int(r.output) for r in rows)),
        cost=sum((Decimal(int(r.cost)) for r in rows), Decimal(0)) / _NANO,
        unknown=sum(int(r.unknown) for r in rows),
        by_job={Job(row.job): row.calls for row in rows},
    )


def _nano(cost: Decimal) -> int:
    return int((cost * _NANO).to_integral_value())
