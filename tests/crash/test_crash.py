"""Kill -9 at any instant: nothing lost without a word, nothing sent twice.

The product itself runs (`campaigns serve`; on PostgreSQL also two of `campaigns worker`) against
providers over real HTTP and SMTP that misbehave, and is killed again and again, one process after
the other while the others go on: while it sends, while somebody approves, while webhooks come in,
while it starts. In the end what the providers took is compared with what we say.
`CAMPAIGNS_CRASH_KILLS` (12) sets how often; `make crash` does it 200 times.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Select, and_, func, or_, select
from tests.crash.house import House
from tests.crash.killer import Killer
from tests.crash.operator import Operator, People, created
from tests.crash.tally import table, tallied
from tests.crash.world import Providers, book, line_id, providers
from tests.support.databases import postgres_store, postgres_url
from tests.support.sending import NOON, sqlite_store
from tests.support.server import until

from campaigns.channels.simulator.http import Trouble, herald
from campaigns.model.audit import first_break
from campaigns.model.campaign import CampaignStatus
from campaigns.model.consent import Consent
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message, MessageStatus
from campaigns.store import SqlStore
from campaigns.store import tables as t

KILLS = int(os.environ.get("CAMPAIGNS_CRASH_KILLS", "12"))
CUSTOMERS = max(60, 9 * KILLS)  # three messages each
LARGE = max(3, KILLS // 10)  # campaigns to a part of all customers; as many to one as kills
KILLING_S = 60 + 15 * KILLS  # a busy machine starts slowly
LAST_LIFE_S = 120 + KILLS
ROLES = {"sqlite": ("serve",), "postgresql": ("serve", "worker1", "worker2")}
UNSETTLED = frozenset({MessageStatus.QUEUED, MessageStatus.CLAIMED, MessageStatus.SENDING})


@contextmanager
def database(kind: str, folder: Path, name: str) -> Iterator[tuple[SqlStore, dict[str, str]]]:
    """Yield our view of the database, and the setting that leads the product to it."""
    if kind == "sqlite":
        (folder / "data").mkdir()
        store = sqlite_store(folder / "data" / "campaigns.db")
        yield store, {}
        store.engine.dispose()
        return
    with postgres_store(postgres_url(), name) as store:
        url = store.engine.url.set(drivername="postgresql")
        yield store, {"CAMPAIGNS_DATABASE_URL": url.render_as_string(hide_password=False)}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_at_any_instant_it_loses_nothing_and_doubles_nothing(
    kind: str, tmp_path: Path, worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A provider tells again for days; here for as long as the test lasts.
    monkeypatch.setattr(herald, "MOST_TRIES", 1_000_000)
    with database(kind, tmp_path, f"crash_{worker_id}") as (store, setting):
        _consented(store)
        with ExitStack() as stack:
            world = stack.enter_context(providers(CUSTOMERS))
            about = book(CUSTOMERS, tmp_path / "book.md")
            house = stack.enter_context(
                House(tmp_path, about, world.settings | setting, ROLES[kind])
            )
            world.call(house.url)
            operator, people = _prepared(house), People(world)
            misbehave(world)
            killer = Killer(house, operator, people)
            operator.start()
            began = monotonic()
            killer.kill(KILLS, KILLING_S)
            lasted_s = monotonic() - began
            operator.stop()
            house.wait_until_ready()
            operator.finish()
            campaigns = [CampaignId(i) for i in operator.done]
            _settled(store, world, campaigns, house)
            house.stop()
            print(f"\n{kind}: {_told(killer, world)}, {lasted_s:.0f} s of killing")
            _judge(store, world, people, campaigns)
            assert killer.kills.total() >= KILLS, "the machine was too busy to kill often enough"


def misbehave(world: Providers) -> None:
    """Have the providers' bad day begin."""
    shares = {
        Trouble.BUSY: 0.01,
        Trouble.BROKEN: 0.01,
        Trouble.BROKEN_LATE: 0.01,
        Trouble.DROPPED: 0.01,
        Trouble.UNANSWERED: 0.01,
    }
    world.meta.faults.share(shares)
    world.line.faults.share(shares)


def _consented(store: SqlStore) -> None:
    with store.begin() as tx:
        for n in range(CUSTOMERS):
            consent = Consent(
                channel=Channel.LINE, address=line_id(n), source="test", evidence="", at=NOON
            )
            tx.consents.consent(consent)


def _prepared(house: House) -> Operator:
    """Have every campaign written and submitted; the large one is the first to be approved."""
    house.start()
    house.wait_until_ready()
    with house.client() as client:
        return Operator(house, created(client, CUSTOMERS, LARGE, KILLS))


def _told(killer: Killer, world: Providers) -> str:
    """Say who was killed, and in the middle of what."""
    by_role = ", ".join(f"{role} {n}" for role, n in killer.kills.items())
    return (
        f"{killer.kills.total()} kills ({by_role}; {killer.starting} of them while starting; "
        f"{killer.operator.cut_off} approvals and sends and {world.cut_off()} webhooks cut off)"
    )


def _messages(store: SqlStore, campaigns: list[CampaignId]) -> list[Message]:
    with store.read() as tx:
        return [m for campaign_id in campaigns for m in tx.messages.all(campaign_id)]


def _settled(store: SqlStore, world: Providers, campaigns: list[CampaignId], house: House) -> None:
    """Wait until nothing more will happen by itself."""

    def still() -> bool:
        with store.read() as tx:
            return (
                world.quiet()
                and tx.webhooks.waiting() == 0
                and tx.connection.scalar(_how_many_open()) == 0
            )

    def completed() -> bool:
        """Whether every campaign with nothing in doubt has ended: its keeper looks every second."""
        with store.read() as tx:
            return tx.connection.scalar(_how_many_unfinished()) == 0

    try:
        until(still, LAST_LIFE_S)
        until(completed, LAST_LIFE_S)
    except AssertionError:
        open_ = [
            (m.id, m.campaign_id, m.status.value, m.attempt, m.not_before, m.reason)
            for m in _messages(store, campaigns)
            if m.status in UNSETTLED or _doubtful(m)
        ]
        with store.read() as tx:
            unread = tx.webhooks.waiting()
        raise AssertionError(
            f"webhooks unread {unread}, untold {not world.quiet()}, open {open_}\n{house.trouble()}"
        ) from None


def _how_many_open() -> Select[tuple[int]]:
    """Count what goes on by itself; LINE is asked again about what is in doubt."""
    in_doubt = t.messages.c.status == MessageStatus.IN_DOUBT.value
    return select(func.count()).where(
        or_(
            t.messages.c.status.in_([status.value for status in UNSETTLED]),
            and_(in_doubt, t.messages.c.channel == Channel.LINE.value),
        )
    )


def _how_many_unfinished() -> Select[tuple[int]]:
    """Count the campaigns that nothing holds open and that have not ended all the same."""
    in_doubt = t.messages.c.status == MessageStatus.IN_DOUBT.value
    return select(func.count()).where(
        t.campaigns.c.status != CampaignStatus.COMPLETED.value,
        t.campaigns.c.id.not_in(select(t.messages.c.campaign_id).where(in_doubt)),
    )


def _judge(store: SqlStore, world: Providers, people: People, campaigns: list[CampaignId]) -> None:
    messages = _messages(store, campaigns)
    tallies = tallied(messages, world.taken())
    print(table(tallies))
    assert [note for t in tallies.values() for note in t.notes] == []
    assert all(t.doubled == 0 and t.lost == 0 for t in tallies.values())
    assert sum(t.once for t in tallies.values()) > len(messages) // 2
    # A repeated request is recognised by LINE, and Meta tells of every message it took.
    assert tallies[Channel.LINE].in_doubt == 0
    assert world.line.changed_requests == []
    assert tallies[Channel.WHATSAPP].in_doubt_sent == 0
    _judge_decisions(store, campaigns, {m.campaign_id for m in messages if _doubtful(m)})
    _judge_replies(store, people)


def _doubtful(m: Message) -> bool:
    return m.status is MessageStatus.IN_DOUBT


def _judge_decisions(
    store: SqlStore, campaigns: list[CampaignId], in_doubt: set[CampaignId]
) -> None:
    """Everything was approved once and sent once; what is in doubt keeps its campaign open."""
    with store.read() as tx:
        trail = list(tx.audit.from_start())
        states = {c: tx.campaigns.get(c) for c in campaigns}
    assert first_break(trail) is None
    for verb in ("campaign.approve", "campaign.send"):
        done = Counter(e.subject for e in trail if e.action == verb)
        assert done == Counter({f"campaign:{c}": 1 for c in campaigns}), verb
    for campaign_id, found in states.items():
        assert found is not None
        expected = CampaignStatus.SENDING if campaign_id in in_doubt else CampaignStatus.COMPLETED
        assert found.status is expected, campaign_id


def _judge_replies(store: SqlStore, people: People) -> None:
    """What people wrote was heard, each once."""
    heard: Counter[str] = Counter()
    cursor: str | None = ""
    while cursor is not None:
        with store.read() as tx:
            page, cursor = tx.replies.page(cursor, 500)
        heard.update(reply.text for reply in page)
    assert heard == Counter(people.said)
