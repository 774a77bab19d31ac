"""Several workers on one PostgreSQL: one dies, another takes over."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest
from tests.support.databases import postgres_store, postgres_url
from tests.support.sending import NOON, campaign, message, plant
from tests.support.server import book_of, until

from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.delivery import Lane, Quota
from campaigns.model.ids import CampaignId
from campaigns.model.message import MessageStatus
from campaigns.store import SqlStore

TAKEOVER_S = 5.0


@contextmanager
def worker(store: SqlStore, folder: Path, book: Path) -> "Iterator[subprocess.Popen[str]]":
    url = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    environment = {**os.environ, "CAMPAIGNS_DATABASE_URL": url, "CAMPAIGNS_LOG": "error"}
    command = [sys.executable, "-m", "campaigns", "worker", "--simulate"]
    command += ["--data", str(folder), "--book", str(book)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Working.")
        yield process
    finally:
        process.kill()
        process.communicate()


def claimed_by_the_dead(store: SqlStore, name: str) -> CampaignId:
    """Plant a paused campaign of which a worker had claimed a message before it died."""
    campaign_id = CampaignId(f"c_{name}")
    plant(store, [message(0, campaign_id=campaign_id)], campaign(campaign_id))
    lane = Lane(campaign_id=campaign_id, channel=Channel.EMAIL, epoch=1)
    with store.begin() as tx:
        claim = tx.outbox.claim(lane, Quota(limit=9, window_s=1), NOON, 1, f"dead.{name}")
        assert claim.messages
        tx.campaigns.move(campaign_id, [CampaignStatus.SENDING], CampaignStatus.PAUSED, NOON)
    return campaign_id


def freed_after_s(store: SqlStore, campaign_id: CampaignId) -> float:
    def freed() -> bool:
        with store.read() as tx:
            return tx.messages.all(campaign_id)[0].status is MessageStatus.QUEUED

    began = monotonic()
    until(freed)
    return monotonic() - began


@pytest.mark.slow
def test_a_dead_workers_claims_are_taken_over_even_when_it_was_the_leader(
    tmp_path: Path, worker_id: str
) -> None:
    book = book_of(2, tmp_path / "book.md")
    with (
        postgres_store(postgres_url(), f"workers_{worker_id}") as store,
        worker(store, tmp_path, book) as leader,
        worker(store, tmp_path, book),
    ):
        assert freed_after_s(store, claimed_by_the_dead(store, "first")) < TAKEOVER_S
        second = claimed_by_the_dead(store, "second")
        leader.kill()
        assert freed_after_s(store, second) < TAKEOVER_S
