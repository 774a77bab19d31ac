"""The quota is exact: with two processes at once, and across restarts."""

import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from tests.conformance.conftest import address_for_processes
from tests.support.sending import NOON, message, plant

from campaigns.model.customer import Channel
from campaigns.model.delivery import Lane, Quota
from campaigns.model.ids import CampaignId
from campaigns.store import SqlStore, claims, ledger
from campaigns.store import tables as t

LIMIT, WINDOW_S, MESSAGES = 40, 1, 150
QUOTA = Quota(limit=LIMIT, window_s=WINDOW_S)
LANE = Lane(campaign_id=CampaignId("c_1"), channel=Channel.EMAIL, epoch=1)


def start(store: SqlStore) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.conformance.greedy", address_for_processes(store)]
    return subprocess.Popen([*command, str(LIMIT), str(WINDOW_S)])  # noqa: S603 - our own script


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


def test_claims_and_counts_go_by_their_indexes(store: SqlStore) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by statistics; small tables are scanned")
    plant(store, [message(n) for n in range(50)])
    plans = []
    with store.engine.connect() as connection:
        for query in (
            select(t.messages.c.id).where(claims.queued_in(LANE)),
            select(t.ledger.c.at).where(ledger.left_within(Channel.EMAIL, QUOTA, NOON)),
            select(t.ledger.c.at).where(ledger.not_left(Channel.EMAIL)),
        ):
            sql = query.compile(store.engine, compile_kwargs={"literal_binds": True})
            rows = connection.execute(text(f"EXPLAIN QUERY PLAN {sql}")).all()
            plans.append(" ".join(row.detail for row in rows))
    assert "messages_queued" in plans[0]
    assert "ledger_channel (channel=? AND at>?)" in plans[1]
    assert "ledger_channel (channel=? AND at=?)" in plans[2]
