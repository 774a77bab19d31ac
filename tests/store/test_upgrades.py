"""Work in flight survives an upgrade: rows of an older version go on in this one."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, insert, inspect, text
from tests.support.databases import postgres_store, postgres_url
from tests.support.sending import NOON, campaign, message, sqlite_store

from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.delivery import Lane, Quota
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message, MessageStatus
from campaigns.store import SqlStore, migrations
from campaigns.store import tables as t
from campaigns.store.codec import dump
from campaigns.store.database import sqlite_engine, writing

LANE = Lane(campaign_id=CampaignId("c_1"), channel=Channel.EMAIL, epoch=1)
ROOMY = Quota(limit=100, window_s=3600)
# What a message of the first version said less, and said more.
NOT_YET = ("variant", "fallback", "engine")
NO_LONGER = {"campaign_name": "October renewals"}


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[Engine]:
    """A database without any table."""
    if request.param == "sqlite":
        made = sqlite_engine(tmp_path / "old.db")
        yield made
        made.dispose()
        return
    with postgres_store(postgres_url(), f"upgrades_{worker_id}") as store:
        with store.engine.begin() as c:
            c.execute(text("DROP SCHEMA public CASCADE"))
            c.execute(text("CREATE SCHEMA public"))
        yield store.engine


def at_revision(engine: Engine, revision: str) -> None:
    with writing(engine) as connection:
        migrations.grow(connection, revision)


def put(c: Connection, table: Table, row: dict[str, Any]) -> None:
    """Insert a row with the columns the table has at this revision."""
    known = {column["name"] for column in inspect(c).get_columns(table.name)}
    c.execute(insert(table).values({name: v for name, v in row.items() if name in known}))


def plant(engine: Engine) -> None:
    """Write a campaign under way as an older version left it."""
    going = campaign()
    states = (MessageStatus.QUEUED, MessageStatus.CLAIMED, MessageStatus.SENDING)
    with writing(engine) as c:
        record = {"name": going.name, "request": going.request, "author": going.author}
        record |= {"plan": dump(going.plan), "id": going.id}
        put(
            c,
            t.campaigns,
            {
                "id": going.id,
                "status": CampaignStatus.SENDING.value,
                "revision": 1,
                "created_at": NOON,
                "updated_at": NOON,
                "epoch": 1,
                "record": dump(going) | record,
            },
        )
        for n, status in enumerate(states):
            put(c, t.messages, old_row(message(n, status=status)))


def old_row(m: Message) -> dict[str, Any]:
    under_way = m.status is not MessageStatus.QUEUED
    record = {key: value for key, value in dump(m).items() if key not in NOT_YET} | NO_LONGER
    return {
        "id": m.id,
        "campaign_id": m.campaign_id,
        "customer_id": m.customer_id,
        "contact_id": m.contact_id,
        "channel": m.channel.value,
        "address": m.address,
        "is_test": False,
        "status": m.status.value,
        "attempt": int(under_way),
        "left_at": NOON if m.status is MessageStatus.SENDING else None,
        "updated_at": NOON,
        "record": record,
    }


@pytest.mark.parametrize("revision", ["0001", "0003", "0005", "0008"])
def test_messages_under_way_at_an_upgrade_are_sent_by_the_new_version(
    revision: str, engine: Engine
) -> None:
    at_revision(engine, revision)
    plant(engine)
    store = SqlStore(engine)
    assert store.create() is True
    later = NOON + timedelta(minutes=1)
    with store.begin() as tx:
        # Claims of a version that wrote no worker down are nobody's.
        assert "" in tx.outbox.workers()
        freed = tx.outbox.recover(later, worker="")
        assert freed == {MessageStatus.QUEUED: 1, MessageStatus.IN_DOUBT: 1}
        assert LANE in tx.outbox.lanes()
        claimed = tx.outbox.claim(LANE, ROOMY, later, 9, "new").messages
    assert [(m.id, m.text, m.address) for m in claimed] == [
        (m.id, m.text, m.address) for m in (message(0), message(1))
    ]
    with store.read() as tx:
        assert len(tx.messages.in_doubt(9)) == 1


def test_an_upgrade_ends_with_the_tables_of_a_new_database(engine: Engine) -> None:
    at_revision(engine, "0001")
    plant(engine)
    SqlStore(engine).create()
    new = sqlite_store(None)
    found = {name: columns(engine, name) for name in t.metadata.tables}
    assert found == {name: columns(new.engine, name) for name in t.metadata.tables}
    new.engine.dispose()


def columns(engine: Engine, table: str) -> set[str]:
    return {column["name"] for column in inspect(engine).get_columns(table)}
