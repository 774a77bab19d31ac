"""A campaign under way moves from SQLite to PostgreSQL and back; nothing is lost or doubled."""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.crash.house import House
from tests.crash.operator import Operator, People, created
from tests.crash.verdict import judge, until_settled
from tests.crash.world import FEW, Providers, book, consented, providers
from tests.support.databases import postgres_store, postgres_url
from tests.support.sending import sqlite_store
from tests.support.server import until

from campaigns.channels.simulator.http import herald
from campaigns.model.ids import CampaignId

CUSTOMERS = 90  # of whom half get three messages each; with them a few of one name
SETTLES_S = 240


def copied(folder: Path, setting: dict[str, str], *options: str) -> str:
    command = [sys.executable, "-m", "campaigns", "db", "copy", "--data", str(folder / "data")]
    done = subprocess.run(  # noqa: S603 - our own program
        [*command, *options],
        env={**os.environ, **setting},
        capture_output=True,
        text=True,
        check=False,
    )
    return " ".join((done.stdout + done.stderr).split())


def sent(world: Providers) -> int:
    return sum(counted.total() for counted in world.taken().values())


@pytest.mark.slow
def test_a_campaign_killed_under_way_goes_on_elsewhere_and_comes_back(
    tmp_path: Path, worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(herald, "MOST_TRIES", 1_000_000)
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "campaigns.db"
    about = book(CUSTOMERS, tmp_path / "book.md", FEW)
    with ExitStack() as stack:
        server = stack.enter_context(postgres_store(postgres_url(), f"moving_{worker_id}"))
        url = server.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        there = {"CAMPAIGNS_DATABASE_URL": url}
        first = sqlite_store(file)
        consented(first, CUSTOMERS + FEW)
        first.engine.dispose()
        world = stack.enter_context(providers(CUSTOMERS, FEW))

        with House(tmp_path, about, world.settings) as here:
            operator, people = started(here, world), People(world)
            until(lambda: sent(world) > CUSTOMERS // 2)
            people.write()
            assert "is in use by another campaigns process" in copied(tmp_path, there)
        assert "counted on both sides" in copied(tmp_path, there)
        assert "copied to" in copied_is_refused(here)

        with House(tmp_path, about, world.settings | there, ("serve", "worker1")) as elsewhere:
            world.call(elsewhere.url)
            elsewhere.start()
            elsewhere.wait_until_ready()
            until(lambda: sent(world) > CUSTOMERS)
            people.write()
            assert "Somebody works on" in copied(tmp_path, there, "--back")
        file.rename(tmp_path / "data" / "before.db")
        assert "counted on both sides" in copied(tmp_path, there, "--back")

        with House(tmp_path, about, world.settings) as back:
            world.call(back.url)
            back.start()
            back.wait_until_ready()
            last = sqlite_store(file)
            stack.callback(last.engine.dispose)
            until_settled(last, world, back, SETTLES_S)
            back.stop()
            judge(last, world, people, [CampaignId(i) for i in operator.done])


def started(house: House, world: Providers) -> Operator:
    """Have every message approved and leaving."""
    world.call(house.url)
    house.start()
    house.wait_until_ready()
    with house.client() as client:
        operator = Operator(house, created(client, CUSTOMERS, 2, 2))
    operator.finish()
    return operator


def copied_is_refused(house: House) -> str:
    """Start a house whose database was copied away; return what it says."""
    house.start()
    house.running["serve"].wait(timeout=60)
    return " ".join(house.trouble().split())
