"""Kill -9 while people answer: no answer lost without a word, none sent twice.

Customers write by WhatsApp, LINE and e-mail; somebody answers one after the other over the API and
repeats each call that the dying server did not answer. Processes are killed while these calls are
made and while the answers leave, over providers on a bad day. In the end what the providers took
is compared with what we say. A third of `CAMPAIGNS_CRASH_KILLS` (12) are killed here.
"""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from tests.crash.house import House
from tests.crash.tally import SAYS_SENT, Tally, table, tallied
from tests.crash.test_crash import ROLES, database
from tests.crash.verdict import UNSETTLED
from tests.crash.world import Providers, book, line_id, mailbox, phone, providers
from tests.support.server import until

from campaigns.channels.simulator.http import herald
from campaigns.model.answer import ANSWERS
from campaigns.model.audit import first_break
from campaigns.model.customer import Channel
from campaigns.model.lists import InboxFilter, InboxQuery
from campaigns.model.message import Message, MessageStatus
from campaigns.model.reply import Reply
from campaigns.store import SqlStore

KILLS = max(1, int(os.environ.get("CAMPAIGNS_CRASH_KILLS", "12")) // 3)
EACH = 2 * KILLS  # customers who write on each channel
SETTLED_S = 180.0  # on a machine with a lot else to do
LONGEST_LIFE_S = 0.4


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_while_answers_leave_it_loses_none_and_doubles_none(
    kind: str, tmp_path: Path, worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A provider tells again for days; here for as long as the test lasts.
    monkeypatch.setattr(herald, "MOST_TRIES", 1_000_000)
    with (
        database(kind, tmp_path, f"answers_{worker_id}") as (store, setting),
        providers(EACH) as world,
        House(
            tmp_path, book(EACH, tmp_path / "book.md"), world.settings | setting, ROLES[kind]
        ) as house,
    ):
        house.start()
        house.wait_until_ready()
        world.call(house.url)
        replies = _written_by_all(store, world, house)
        world.misbehave()
        cut_off = _answered_under_fire(house, replies)
        until(lambda: not _open(store) and world.quiet(), SETTLED_S)
        house.stop()
        messages = _answers(store)
        tallies = tallied(messages, world.taken())
        print(f"\n{kind}: {KILLS} kills, {cut_off} calls cut off\n{table(tallies)}")
        assert Counter(m.answer.reply_id for m in messages if m.answer) == Counter(
            {r.id: 1 for r in replies}
        )
        _judge(tallies)
        _judge_what_people_see(store, messages)


def _judge(tallies: dict[Channel, Tally]) -> None:
    """Nothing lost, nothing doubled, and what is in doubt is so for a reason."""
    assert [note for one in tallies.values() for note in one.notes] == []
    assert all(one.doubled == 0 and one.lost == 0 for one in tallies.values())
    assert sum(one.once for one in tallies.values()) > len(Channel) * EACH // 2
    # A repeated request is recognised by LINE, and Meta tells of every message it took.
    assert tallies[Channel.LINE].in_doubt == 0
    assert tallies[Channel.WHATSAPP].in_doubt_sent == 0


def _judge_what_people_see(store: SqlStore, messages: Sequence[Message]) -> None:
    """Whoever waits for an answer that did not surely arrive needs a reply, and nobody else."""
    with store.read() as tx:
        waiting = tx.inbox.conversations(InboxQuery(filter=InboxFilter.NEEDS_REPLY), 0, 10 * EACH)
        trail = list(tx.audit.from_start())
    unsure = {m.answer.reply_id for m in messages if m.answer and m.status not in SAYS_SENT}
    assert {r.id for r in waiting} == unsure
    assert first_break(trail) is None
    given = Counter(e.subject for e in trail if e.action == "answer.given")
    assert given == Counter({f"reply:{m.answer.reply_id}": 1 for m in messages if m.answer})


def _written_by_all(store: SqlStore, world: Providers, house: House) -> list[Reply]:
    """Have every customer write on every channel; return what was heard, in mixed order."""
    with house.client() as client:
        for n in range(EACH):
            words = f"Please call me, number {n}"
            world.meta.says(phone(n), words)
            world.line.says(line_id(n), words)
            mail = {"identifier": mailbox(n), "message": words, "channel": "email"}
            assert client.post("/api/campaigns/response", json=mail).status_code == 200

    def heard() -> list[Reply]:
        with store.read() as tx:
            return list(tx.replies.page("", 10 * EACH)[0])

    until(lambda: len(heard()) == len(Channel) * EACH, SETTLED_S)
    replies = sorted(heard(), key=lambda r: r.id)
    random.Random(20250929).shuffle(replies)  # noqa: S311 - an order, not a secret
    return replies


def _answered_under_fire(house: House, replies: Sequence[Reply]) -> int:
    """Answer every reply, killing a process in the middle of each part; return the calls cut off."""
    instants = random.Random(20250930)  # noqa: S311 - instants, not secrets
    parts = [replies[n::KILLS] for n in range(KILLS)]
    cut_off = 0
    with ThreadPoolExecutor(1) as somebody:
        for kill, part in enumerate(parts):
            begun, back = threading.Event(), threading.Event()
            answering = somebody.submit(_answer_all, house, part, begun, back)
            assert begun.wait(SETTLED_S)
            time.sleep(instants.uniform(0, LONGEST_LIFE_S))
            house.kill(house.roles[kill % len(house.roles)])
            house.start()
            house.wait_until_ready()
            back.set()
            cut_off += answering.result(SETTLED_S)
    return cut_off


def _answer_all(
    house: House, replies: Sequence[Reply], begun: threading.Event, back: threading.Event
) -> int:
    """Answer these, asking again once the server is back; return how many calls got no answer."""
    cut_off = 0
    with house.client() as client:
        begun.set()
        for reply in replies:
            while not _answer(client, reply):
                cut_off += 1
                assert back.wait(SETTLED_S)
    return cut_off


def _answer(client: httpx2.Client, reply: Reply) -> bool:
    """Answer a reply as drafted; False when nobody was there to say that it is."""
    words = {"text": reply.suggestion.draft}
    try:
        answer = client.post(f"/api/replies/{reply.id}/answer", json=words)
    except httpx2.TransportError:
        return False
    assert answer.status_code == 202, answer.text
    return True


def _answers(store: SqlStore) -> list[Message]:
    with store.read() as tx:
        return list(tx.messages.all(ANSWERS))


def _open(store: SqlStore) -> list[Message]:
    """Return the answers that go on by themselves; LINE is asked again about its doubts."""
    return [
        m
        for m in _answers(store)
        if m.status in UNSETTLED
        or (m.status is MessageStatus.IN_DOUBT and m.channel is Channel.LINE)
    ]
