"""An approval of many messages is checked a few rows at a time, and comes to the same hash."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import pytest
from sqlalchemy import text
from tests.support.sending import campaign, message

from campaigns.flow.approve import content_hash
from campaigns.model.audience import Audience, Member
from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, CustomerId
from campaigns.model.message import Message, MessageStatus
from campaigns.orchestrator.seal import hash_now, hash_of
from campaigns.store import SqlStore
from campaigns.store.store import SqlTx

ID = CampaignId("c_1")
LONG = "x" * 20_000
MANY = 2_000
MB = 1024 * 1024


def long_messages() -> Iterator[Message]:
    return (replace(message(n), id=f"m_{n:06d}", text=LONG) for n in range(MANY))


def member(customer_id: str, unreachable: str | None = None) -> Member:
    return Member(
        customer_id=CustomerId(customer_id),
        name=customer_id,
        brand=None,
        brand_group=None,
        city=None,
        country=None,
        zones=None,
        contract_end=None,
        contacts=(),
        unreachable=unreachable,
    )


@pytest.fixture
def full(store: SqlStore) -> SqlStore:
    """Forty megabytes of texts in one campaign."""
    with store.begin() as tx:
        tx.campaigns.add(campaign(ID, CampaignStatus.APPROVED))
    written = long_messages()
    while some := [*islice(written, 200)]:
        with store.begin() as tx:
            tx.messages.add(some)
    return store


def test_the_check_of_an_approval_never_holds_all_texts(full: SqlStore) -> None:
    with full.read() as tx:
        expected = content_hash(long_messages(), [])
        tracemalloc.start()
        found = hash_now(tx, ID)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert found == expected
    assert peak < 20 * MB < MANY * len(LONG)


def test_rows_stay_with_the_database_until_they_are_asked_for(full: SqlStore) -> None:
    with full.read() as tx:
        reading = tx.messages.each(ID)
        assert next(reading).id == "m_000000"
        assert cursors(tx) == {"sqlite": 0, "postgresql": 1}[full.engine.dialect.name]
        assert sum(1 for _ in reading) == MANY - 1
        assert cursors(tx) == 0


def cursors(tx: SqlTx) -> int:
    """Count the server's open cursors; SQLite has no server, its every cursor reads row by row."""
    if tx.connection.dialect.name == "sqlite":
        return 0
    return int(tx.connection.scalar(text("SELECT count(*) FROM pg_cursors")) or 0)


def test_what_is_stored_has_the_hash_it_was_shown_with(store: SqlStore) -> None:
    """Customers of every alphabet: the database may sort by a language, the hash never does."""
    names = ["a-1", "B-2", "a_1", "é", "z", "ไทย", "ก", "10", "9", "-", "Z"]
    members = (*(member(n, "no address") for n in names), member("h_1"), member("quiet"))
    audience = Audience(customers=len(members), zones=0, members=members)
    first = replace(message(1), customer_id=CustomerId("h_1"), text="สวัสดี")
    test = replace(first, id="t_1", customer_id=CustomerId("quiet"), is_test=True)
    with store.begin() as tx:
        tx.campaigns.add(campaign(ID, CampaignStatus.APPROVED))
        tx.campaigns.freeze(ID, audience)
        tx.messages.add([first, test])
    with store.read() as tx:
        assert hash_now(tx, ID) == hash_of([first], audience)
        expected = [(n, "no address") for n in names] + [("quiet", None)]
        assert [*tx.campaigns.unwritten(ID)] == sorted(expected)


def test_fates_come_customer_by_customer_without_tests(store: SqlStore) -> None:
    two = replace(message(2), customer_id=CustomerId("a"), status=MessageStatus.SKIPPED, reason="x")
    one = replace(message(1), customer_id=CustomerId("b"))
    three = replace(message(3, Channel.LINE), customer_id=CustomerId("a"))
    with store.begin() as tx:
        tx.campaigns.add(campaign(ID, CampaignStatus.APPROVED))
        tx.messages.add([one, two, three, replace(one, id="t_1", is_test=True)])
    with store.read() as tx:
        found = [(f.customer_id, f.channel, f.status, f.reason) for f in tx.messages.fates(ID)]
    assert found == [
        ("a", Channel.EMAIL, MessageStatus.SKIPPED, "x"),
        ("a", Channel.LINE, three.status, None),
        ("b", Channel.EMAIL, one.status, None),
    ]
