"""Who is alive among the workers of a PostgreSQL database, and who takes over."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text
from tests.support.databases import postgres_store, postgres_url
from tests.support.sending import NOON, message, plant

from campaigns.model.customer import Channel
from campaigns.model.delivery import Lane, Quota
from campaigns.model.ids import CampaignId
from campaigns.model.message import MessageStatus as S
from campaigns.store import SqlStore
from campaigns.store.presence import Presence

LANE = Lane(campaign_id=CampaignId("c_1"), channel=Channel.EMAIL, epoch=1)
QUOTA = Quota(limit=100, window_s=3600)


@dataclass
class Workers:
    """Presences over one database, each with its session."""

    store: SqlStore

    def __post_init__(self) -> None:
        self.all: list[Presence] = []

    def new(self, name: str) -> Presence:
        self.all.append(Presence(self.store.engine, name))
        return self.all[-1]

    def cut(self) -> None:
        """Break every session, as a restart of the server does."""
        with self.store.engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )


@pytest.fixture
def workers(worker_id: str) -> Iterator[Workers]:
    with postgres_store(postgres_url(), f"presence_{worker_id}") as store:
        made = Workers(store)
        yield made
        for presence in made.all:
            presence.leave()


def test_one_worker_leads_and_another_follows_it(workers: Workers) -> None:
    first, second = workers.new("first"), workers.new("second")
    assert first.leads()
    assert not second.leads()
    first.leave()
    assert second.leads()


def test_nobody_stands_in_for_the_living_and_only_one_for_the_dead(workers: Workers) -> None:
    first, second, third = (workers.new(name) for name in ("first", "second", "third"))
    for presence in workers.all:
        presence.leads()
    with second.instead_of("first") as dead:
        assert not dead
    first.leave()
    with second.instead_of("first") as dead, third.instead_of("first") as also:
        assert dead
        assert not also
    with third.instead_of("first") as dead:
        assert dead


def test_a_worker_whose_session_broke_comes_back_by_itself(workers: Workers) -> None:
    first, second = workers.new("first"), workers.new("second")
    assert first.leads()
    workers.cut()
    assert not first.leads()  # it has to find out
    assert first.leads()
    with second.instead_of("first") as dead:
        assert not dead


def test_only_the_claims_of_a_dead_worker_are_freed(workers: Workers) -> None:
    store = workers.store
    plant(store, [message(n) for n in range(3)])
    with store.begin() as tx:
        [gone] = tx.outbox.claim(LANE, QUOTA, NOON, 1, "gone").messages
        [left] = tx.outbox.claim(LANE, QUOTA, NOON, 1, "gone").messages
        [alive] = tx.outbox.claim(LANE, QUOTA, NOON, 1, "alive").messages
        tx.outbox.leaving(left.id, left.attempt, NOON)
    with store.begin() as tx:
        assert set(tx.outbox.workers()) == {"gone", "alive"}
        assert tx.outbox.recover(NOON, worker="gone") == {S.QUEUED: 1, S.IN_DOUBT: 1}
        states = {m.id: m.status for m in tx.messages.all(LANE.campaign_id)}
    assert states == {gone.id: S.QUEUED, left.id: S.IN_DOUBT, alive.id: S.CLAIMED}
