"""What an approval covers is read back from every database as it was written, at any size."""

import tracemalloc
from dataclasses import replace

from sqlalchemy import text
from tests.support.sending import campaign, message, plant

from campaigns.flow.approve import content_hash
from campaigns.model.audience import Audience, Member
from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, CustomerId, MessageId
from campaigns.model.message import Message, MessageStatus
from campaigns.orchestrator.seal import hash_now, hash_of
from campaigns.store import SqlStore
from campaigns.store.store import SqlTx

ID = CampaignId("c_1")
LONG = "Your music, as your guests hear it. " * 100
MANY = 3_000


def written(number: int) -> Message:
    return replace(message(number), text=f"{number}: {LONG}")


def test_the_hash_is_read_back_in_the_order_of_code_points(store: SqlStore) -> None:
    # Some languages sort aa after z and ch after h: a database may be set up for one.
    endings = ("aa", "az", "ch", "ci", "hz")
    known = [replace(message(n), id=MessageId(f"m_{end}")) for n, end in enumerate(endings)]
    plant(store, known)
    with store.read() as tx:
        assert [m.id for m in tx.messages.each(known[0].campaign_id)] == [m.id for m in known]
        assert hash_now(tx, known[0].campaign_id) == content_hash(known, [])


def test_thousands_of_texts_are_never_in_memory_together(store: SqlStore) -> None:
    plant(store, [written(n) for n in range(MANY)])
    with store.read() as tx:
        hash_now(tx, written(0).campaign_id)  # loads what is loaded once
        tracemalloc.start()
        hash_now(tx, written(0).campaign_id)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < MANY * len(LONG) / 2


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


def test_rows_stay_with_the_database_until_they_are_asked_for(store: SqlStore) -> None:
    plant(store, [message(n) for n in range(500)])
    with store.read() as tx:
        reading = tx.messages.each(ID)
        assert next(reading).id == message(0).id
        assert cursors(tx) == {"sqlite": 0, "postgresql": 1}[store.engine.dialect.name]
        assert sum(1 for _ in reading) == 499
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
        assert sorted(tx.campaigns.unwritten(ID), key=str) == sorted(expected, key=str)


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
