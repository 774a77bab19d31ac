"""What an approval covers is read back from every database as it was written, at any size."""

import tracemalloc
from dataclasses import replace

from tests.support.sending import message, plant

from campaigns.flow.approve import content_hash
from campaigns.model.ids import MessageId
from campaigns.model.message import Message
from campaigns.orchestrator.sends import hash_now
from campaigns.store import SqlStore

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
