"""Kill -9 at any instant: nothing lost without a word, nothing sent twice.

A worker sends a campaign over all channels through simulated providers that misbehave, and is
killed again and again. In the end the providers' own memory is compared with what we say.
`CAMPAIGNS_CRASH_KILLS` (10) sets how often; the campaign grows with it.
"""

import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep

import pytest
from tests.crash.worker import CAMPAIGN, messages
from tests.support.sending import sqlite_store

from campaigns.channels.simulator import FILE_NAME, Box
from campaigns.model.audit import first_break
from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.message import Message, MessageStatus
from campaigns.store import SqlStore

KILLS = int(os.environ.get("CAMPAIGNS_CRASH_KILLS", "10"))
PER_CHANNEL = 25 * KILLS
LONGEST_LIFE_S = 0.9
LAST_LIFE_S = 120 + 5 * KILLS

SAYS_SENT = {
    MessageStatus.ACCEPTED,
    MessageStatus.SENT,
    MessageStatus.DELIVERED,
    MessageStatus.READ,
}


def spawn(folder: Path) -> "subprocess.Popen[bytes]":
    (folder / "working").unlink(missing_ok=True)
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-m", "tests.crash.worker", str(folder), str(PER_CHANNEL)],
            stdout=log,
            stderr=log,
        )


def start(folder: Path) -> "subprocess.Popen[bytes]":
    """Start a worker and return when it works."""
    worker = spawn(folder)
    while not (folder / "working").exists():
        if worker.poll() is not None:
            raise AssertionError((folder / "worker.log").read_text(encoding="utf-8")[-2000:])
        sleep(0.01)
    return worker


def end(worker: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Let a worker finish the campaign."""
    try:
        assert worker.wait(timeout=LAST_LIFE_S) == 0
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
        raise AssertionError((folder / "worker.log").read_text(encoding="utf-8")[-2000:]) from None


@dataclass
class Tally:
    """What came of one channel's messages."""

    once: int = 0
    doubled: int = 0
    lost: int = 0
    refused: int = 0
    in_doubt_sent: int = 0
    in_doubt_unsent: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, m: Message, taken: int) -> None:
        if taken > 1:
            self.doubled += 1
            self.notes.append(f"{m.id} was taken {taken} times")
        elif m.status is MessageStatus.IN_DOUBT:
            self.in_doubt_sent += taken
            self.in_doubt_unsent += 1 - taken
        elif taken:
            self.once += 1
            if m.status not in SAYS_SENT | {MessageStatus.FAILED}:
                self.notes.append(f"{m.id} was taken and is called {m.status}")
        elif m.status is MessageStatus.FAILED and m.reason:
            self.refused += 1
        else:
            self.lost += 1
            self.notes.append(f"{m.id} was not taken and is called {m.status}: {m.reason}")


def tallied(store: SqlStore, box: Box) -> dict[Channel, Tally]:
    taken = Counter(t.message_id for t in box.taken())
    tallies = {channel: Tally() for channel in Channel}
    with store.read() as tx:
        for m in tx.messages.all(CAMPAIGN):
            tallies[m.channel].add(m, taken[m.id])
    return tallies


def table(tallies: dict[Channel, Tally], kills: int) -> str:
    head = f"{kills} kills, {3 * PER_CHANNEL} messages\n"
    head += "channel    sent once  doubled  lost  refused  in doubt (sent / not sent)\n"
    return head + "\n".join(
        f"{channel:<10} {t.once:>9}  {t.doubled:>7}  {t.lost:>4}  {t.refused:>7}"
        f"  {t.in_doubt_sent + t.in_doubt_unsent:>8} ({t.in_doubt_sent} / {t.in_doubt_unsent})"
        for channel, t in tallies.items()
    )


@pytest.mark.slow
def test_killed_at_any_instant_it_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    instants = random.Random(20250915)  # noqa: S311 - instants, not secrets
    kills = 0
    while kills < KILLS:
        # One in five dies while it starts: importing, recovering, launching.
        worker = spawn(tmp_path) if kills % 5 == 4 else start(tmp_path)
        sleep(instants.uniform(0, LONGEST_LIFE_S))
        worker.kill()
        if worker.wait() == 0:
            break  # it was done before
        kills += 1
    end(start(tmp_path), tmp_path)

    store, box = sqlite_store(tmp_path / "campaigns.db"), Box(tmp_path / FILE_NAME)
    tallies = tallied(store, box)
    print("\n" + table(tallies, kills))

    assert kills >= KILLS // 2, "the campaign was over before it could be killed often enough"
    assert [note for t in tallies.values() for note in t.notes] == []
    assert all(t.doubled == 0 and t.lost == 0 for t in tallies.values())
    for t in tallies.values():
        assert t.once > PER_CHANNEL // 2
        seen = t.once + t.refused + t.in_doubt_sent + t.in_doubt_unsent
        assert seen == PER_CHANNEL
    _check_what_was_heard(store)
    box.close()
    store.engine.dispose()


def _check_what_was_heard(store: SqlStore) -> None:
    """Every answer was taken in once, the trail is whole, and the campaign waits for doubts."""
    with store.read() as tx:
        trail = list(tx.audit.from_start())
        campaign = tx.campaigns.get(CAMPAIGN)
        in_doubt = sum(
            n for (_, s), n in tx.messages.counts(CAMPAIGN).items() if s is MessageStatus.IN_DOUBT
        )
    heard = Counter(e.subject for e in trail if e.action == "reply.heard")
    assert heard
    assert set(heard.values()) == {1}
    assert first_break(trail) is None
    assert campaign is not None
    expected = CampaignStatus.SENDING if in_doubt else CampaignStatus.COMPLETED
    assert campaign.status is expected


def test_the_campaign_of_this_suite_covers_every_channel() -> None:
    assert {m.channel for m in messages(1)} == set(Channel)
