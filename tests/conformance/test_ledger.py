"""The quota is exact: with two processes at once, and across restarts."""

import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from tests.conformance.conftest import address_for_processes
from tests.support.sending import NOON, message, plant

from campaigns.model.customer import Channel
from campaigns.model.delivery import Accepted, DeliveryEvent, EventType, Lane, Quota
from campaigns.model.ids import CampaignId
from campaigns.store import SqlStore
from campaigns.store import tables as t

LIMIT, WINDOW_S, MESSAGES = 20, 2, 70
QUOTA = Quota(limit=LIMIT, window_s=WINDOW_S)
LANE = Lane(campaign_id=CampaignId("c_1"), channel=Channel.EMAIL, epoch=1)


def start(store: SqlStore, *also: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.conformance.greedy", address_for_processes(store)]
    numbers = [str(n) for n in (LIMIT, WINDOW_S, *also)]
    return subprocess.Popen([*command, *numbers])  # noqa: S603 - our own script


def most_in_a_window(times: list[datetime]) -> int:
    """Return the most sends in any rolling window (half-open, as the quota counts)."""
    window = timedelta(seconds=WINDOW_S)
    return max(sum(start <= at < start + window for at in times) for start in times)


def left_at(store: SqlStore) -> list[datetime]:
    with store.engine.connect() as connection:
        return [row.at for row in connection.execute(select(t.ledger.c.at))]


def test_two_processes_together_never_exceed_the_quota(store: SqlStore) -> None:
    plant(store, [message(n) for n in range(MESSAGES)])
    both = [start(store), start(store)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    times = left_at(store)
    assert len(times) == MESSAGES
    assert most_in_a_window(times) <= LIMIT
    # The test would prove little if the processes had been too slow to reach the quota.
    assert most_in_a_window(times) == LIMIT


def test_a_restart_does_not_forget_what_left(store: SqlStore) -> None:
    plant(store, [message(n) for n in range(MESSAGES)])
    first = start(store)
    with pytest.raises(subprocess.TimeoutExpired):
        first.wait(timeout=1.5)
    first.kill()
    first.wait()
    with store.begin() as tx:
        tx.outbox.recover(NOON)
    assert start(store).wait(timeout=60) == 0
    times = left_at(store)
    assert len(times) >= MESSAGES - 1  # one may be in doubt: it was leaving when it was killed
    assert most_in_a_window(times) <= LIMIT


def test_two_processes_and_a_restart_keep_a_second_quota_too(store: SqlStore) -> None:
    """As while a sender warms up: so many in any 24 hours, beside the channel's own limit."""
    plant(store, [message(n) for n in range(MESSAGES)])
    for _ in range(2):  # the second pair finds the day used up
        both = [start(store, 33), start(store, 33)]
        assert [process.wait(timeout=60) for process in both] == [0, 0]
        times = left_at(store)
        assert len(times) == 33
        assert most_in_a_window(times) <= LIMIT
    warming = Quota(limit=33, window_s=86_400, name="warm-up, day 1")
    with store.begin() as tx:
        claim = tx.outbox.claim(LANE, QUOTA, max(times) + timedelta(hours=1), 5, also=[warming])
    assert claim.messages == ()
    assert claim.reason == "the limit of 33 per 24 hours (warm-up, day 1) is used up"
    assert claim.retry_at is not None
    with store.begin() as tx:
        tomorrow = max(times) + timedelta(days=1)
        assert len(tx.outbox.claim(LANE, QUOTA, tomorrow, 5, also=[warming]).messages) == 5


def test_every_statement_of_a_send_goes_by_an_index(store: SqlStore) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by statistics; small tables are scanned")
    plant(store, [message(n) for n in range(50)])
    plans: dict[str, str] = {}

    @event.listens_for(store.engine, "before_cursor_execute")
    def _explain(_c: object, cursor: Any, statement: str, parameters: Any, *_rest: object) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans[statement] = " ".join(row[3] for row in cursor.fetchall())

    with store.begin() as tx:
        [m] = tx.outbox.claim(LANE, QUOTA, NOON, 1).messages
        assert tx.outbox.leaving(m.id, m.attempt, NOON)
        tx.outbox.settle(m.id, m.attempt, Accepted(provider_id="p"), NOON)
        tx.outbox.record(told_delivered(), NOON)
        dry = Lane(campaign_id=CampaignId("c_1"), channel=Channel.LINE, epoch=1)
        assert tx.outbox.claim(dry, QUOTA, NOON, 1).retry_at is None
        tx.outbox.use(Channel.EMAIL, QUOTA, NOON)
        tx.outbox.recover(NOON, before=NOON)
        tx.outbox.recover(NOON)
        tx.outbox.finished(NOON - timedelta(days=365))
    assert len(plans) > 10
    # Recovery reads the whole of the small index of what is under way; a sum of two counts has
    # no table of its own.
    allowed = ("SCAN messages USING INDEX messages_under_way", "SCAN CONSTANT ROW")
    seen = dict(plans)
    for scan in allowed:
        seen = {sql: plan.replace(scan, "") for sql, plan in seen.items()}
    by_scan = {sql: plan for sql, plan in seen.items() if "SCAN" in plan or "B-TREE" in plan}
    assert by_scan == {}
    used = " ".join(plans.values())
    assert "messages_queued (campaign_id=? AND channel=? AND is_test=?)" in used
    assert "messages_due (campaign_id=? AND channel=? AND is_test=? AND not_before<?)" in used
    assert "ledger_channel (channel=? AND at>?)" in used
    assert "ledger_channel (channel=? AND at=?)" in used


def told_delivered() -> DeliveryEvent:
    return DeliveryEvent(
        channel=Channel.EMAIL,
        type=EventType.DELIVERED,
        dedupe_key="d",
        occurred_at=NOON,
        provider_id="p",
    )
