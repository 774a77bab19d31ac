"""Kill -9 at any instant: nothing lost without a word, nothing sent twice.

The product itself runs (`campaigns serve`; on PostgreSQL also two of `campaigns worker`) against
providers over real HTTP and SMTP that misbehave, and is killed again and again, one process after
the other while the others go on: while it sends, while somebody approves, while webhooks come in,
while it starts. In the end what the providers took is compared with what we say.
`CAMPAIGNS_CRASH_KILLS` (12) sets how often; `make crash` does it 200 times.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic

import pytest
from tests.crash.house import House
from tests.crash.killer import Killer
from tests.crash.operator import Operator, People, created
from tests.crash.verdict import judge, until_settled
from tests.crash.world import FEW, Providers, book, consented, providers
from tests.support.databases import postgres_store, postgres_url
from tests.support.sending import sqlite_store

from campaigns.channels.simulator.http import herald
from campaigns.model.ids import CampaignId
from campaigns.store import SqlStore

KILLS = int(os.environ.get("CAMPAIGNS_CRASH_KILLS", "12"))
CUSTOMERS = max(60, 14 * KILLS)  # three messages to each second one, one with a reserve to the rest
LARGE = max(3, KILLS // 10)  # campaigns to a part of all customers; as many to one as kills
NAMESAKES = KILLS // 2 * FEW  # told the same on LINE, a few at once
KILLING_S = 60 + 15 * KILLS  # a busy machine starts slowly
LAST_LIFE_S = 120 + KILLS
ROLES = {"sqlite": ("serve",), "postgresql": ("serve", "worker1", "worker2")}


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
        consented(store, CUSTOMERS + NAMESAKES)
        with ExitStack() as stack:
            world = stack.enter_context(providers(CUSTOMERS, NAMESAKES))
            about = book(CUSTOMERS, tmp_path / "book.md", NAMESAKES)
            house = stack.enter_context(
                House(tmp_path, about, world.settings | setting, ROLES[kind])
            )
            world.call(house.url)
            operator, people = _prepared(house), People(world)
            world.misbehave()
            killer = Killer(house, operator, people)
            operator.start()
            began = monotonic()
            killer.kill(KILLS, KILLING_S)
            lasted_s = monotonic() - began
            operator.stop()
            house.wait_until_ready()
            operator.finish()
            campaigns = [CampaignId(i) for i in operator.done]
            until_settled(store, world, house, LAST_LIFE_S)
            house.stop()
            print(f"\n{kind}: {_told(killer, world)}, {lasted_s:.0f} s of killing")
            judge(store, world, people, campaigns)
            assert killer.kills.total() >= KILLS, "the machine was too busy to kill often enough"


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
