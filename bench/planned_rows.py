"""Plan, pause, resume and cancel a campaign of many rows: seconds, and memory that does not grow.

    python bench/planned_rows.py [--rows 1000000] [--url postgresql://...]

SQLite without `--url`, else an empty PostgreSQL. The database makes the rows, approved and all of
them e-mails; then each step is timed as the console does it. "check" reads every text, to see
whether it is what was approved; "plan" queues them and enqueues the lane. Nothing is sent: a first
message is held for a day.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.support.sending import campaign, message
from tests.support.server import book_of

from campaigns import logs, settings
from campaigns.bootstrap import Services, opened
from campaigns.model.access import Actor, Scope
from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId
from campaigns.model.message import MessageStatus
from campaigns.orchestrator.seal import hash_now
from campaigns.store.codec import dump

ID = CampaignId("c_many")
ME = Actor(name="bench", scopes=frozenset(Scope))
NUMBERS = {
    "sqlite": "WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < :rows)",
    "postgresql": "WITH many AS (SELECT generate_series(1, :rows) AS n)",
}
RECORDS = {
    "sqlite": "json_set(:record, '$.id', 'm_' || n)",
    "postgresql": "jsonb_set(CAST(:record AS jsonb), '{id}', to_jsonb('m_' || n))",
}
ROWS = """
INSERT INTO messages (id, campaign_id, customer_id, contact_id, channel, address, is_test, status,
                      attempt, updated_at, record)
{numbers}
SELECT 'm_' || n, :campaign, 'h_' || n, 'k_' || n, 'email', 'gm' || n || '@hotel.example', :no,
       'approved', 0, :at, {record}
FROM many
"""


def rows_made(services: Services, rows: int) -> None:
    """Have the database make the rows."""
    now = services.clock.now()
    kind = services.store.engine.dialect.name
    made = text(ROWS.format(numbers=NUMBERS[kind], record=RECORDS[kind]))
    with services.store.begin() as tx:
        tx.campaigns.add(campaign(ID, CampaignStatus.APPROVED))
        values = {"rows": rows, "campaign": ID, "no": False, "record": json.dumps(dump(message(0)))}
        values["at"] = now if kind == "postgresql" else now.isoformat(timespec="microseconds")
        tx.connection.execute(made, values)


def checked(services: Services) -> None:
    """Hash what is there, as before every send."""
    with services.store.read() as tx:
        assert hash_now(tx, ID)


def planned(services: Services) -> None:
    """Queue every approved message and enqueue the lane, in one transaction."""
    now = services.clock.now()
    with services.store.begin() as tx:
        found = tx.campaigns.get(ID)
        assert found is not None
        going = replace(found, status=CampaignStatus.SENDING, epoch=found.epoch + 1)
        assert tx.campaigns.save(going, found.revision)
        queued = tx.messages.queue(ID, None, now + timedelta(days=1), now)
        services.engine.start(tx, going, list(queued), now + timedelta(days=1))
        assert set(queued) == {Channel.EMAIL}


def timed(name: str, step: Callable[[], object]) -> None:
    began = time.perf_counter()
    step()
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:8} {took:8.2f} s   peak memory {peak:6.0f} MB", flush=True)


def measured(services: Services, rows: int) -> None:
    timed("start", lambda: None)
    timed("rows", lambda: rows_made(services, rows))
    timed("check", lambda: checked(services))
    timed("plan", lambda: planned(services))
    timed("pause", lambda: services.sends.pause(ID, ME))
    timed("resume", lambda: services.sends.resume(ID, ME))
    timed("cancel", lambda: services.sends.cancel(ID, ME))
    with services.store.read() as tx:
        assert tx.messages.counts(ID) == {(Channel.EMAIL, MessageStatus.CANCELLED): rows}


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--rows", type=int, default=1_000_000)
    ask.add_argument("--url", help="an empty PostgreSQL")
    given = ask.parse_args()
    logs.set_up("error")
    kind = "PostgreSQL" if given.url else "SQLite"
    print(f"{given.rows} rows on {kind}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        chosen = settings.read(
            campaigns_book=book_of(1, Path(folder) / "book.md"),
            campaigns_data=Path(folder) / "data",
            campaigns_database_url=given.url,
            campaigns_simulate="all",
            campaigns_log="error",
        )
        with opened(chosen, working=True) as services:
            measured(services, given.rows)


if __name__ == "__main__":
    main()
