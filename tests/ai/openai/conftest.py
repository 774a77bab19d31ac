"""A model behind a loopback server, with a purse that notes what it paid."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import pytest
from tests.support.model_server import KEY, Model, model_server

from campaigns.ai.openai import Engine, Server
from campaigns.bootstrap.system import SystemClock, SystemIds
from campaigns.model.errors import BudgetSpent
from campaigns.model.ids import CampaignId
from campaigns.model.spending import Job, Tokens
from campaigns.model.text import CohortText

CLOCK = SystemClock(ZoneInfo("Asia/Bangkok"))


@dataclass
class Paid:
    """One question as the purse saw it."""

    job: Job
    charge: CampaignId | None
    most: Tokens
    used: Tokens | None = None
    outcome: str | None = None


@dataclass
class NotingPurse:
    """`model.ports.Purse` that pays for everything until it is `empty`."""

    paid: list[Paid] = field(default_factory=list)
    empty: str | None = None

    def reserve(self, job: Job, charge: CampaignId | None, most: Tokens) -> str:
        if self.empty:
            raise BudgetSpent(self.empty)
        self.paid.append(Paid(job, charge, most))
        return str(len(self.paid) - 1)

    def settle(self, call: str, tokens: Tokens | None, outcome: str) -> None:
        self.paid[int(call)].used, self.paid[int(call)].outcome = tokens, outcome


@dataclass
class Kept:
    """`model.ports.Shelf` in memory."""

    texts: dict[str, CohortText] = field(default_factory=dict)

    def text(self, key: str) -> CohortText | None:
        return self.texts.get(key)

    def keep(self, key: str, text: CohortText) -> None:
        self.texts.setdefault(key, text)


@dataclass
class World:
    """The server, the purse and engines over them."""

    model: Model
    purse: NotingPurse
    opened: list[Engine] = field(default_factory=list)

    def engine(self, **changed: object) -> Engine:
        server = replace(
            Server(model="gpt-4o", key=KEY, base_url=self.model.url, timeout_s=20, resends=1),
            **changed,  # type: ignore[arg-type]
        )
        self.opened.append(Engine(server, self.purse, CLOCK, SystemIds()))
        return self.opened[-1]


@pytest.fixture
def world() -> Iterator[World]:
    with model_server() as model:
        made = World(model, NotingPurse())
        yield made
        for engine in made.opened:
            engine.close()


Answer = Callable[..., str]
