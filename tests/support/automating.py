"""What tests of automations share: a house over a book of one's own, by a clock that is told."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from campaigns import settings
from campaigns.bootstrap import Services, opened
from campaigns.model.access import Actor, Scope
from campaigns.model.automation import Run
from campaigns.model.ids import AutomationId
from campaigns.orchestrator.approvals import Approvals
from campaigns.orchestrator.automations import Automations, Seen
from campaigns.orchestrator.drafts import Drafts
from campaigns.orchestrator.proposals import Proposals
from campaigns.orchestrator.writing import Writing

BANGKOK = ZoneInfo("Asia/Bangkok")
NIDA = Actor(name="nida", scopes=frozenset({Scope.COMPOSE}))
WITHIN_60_DAYS = "Prepare renewal reminders for contracts that end within 60 days"
FIRST_OF_MONTH = {"every": "month", "day": 1, "at": "09:00"}


def at(*when: int) -> datetime:
    """Return an instant by the house's wall clock."""
    return datetime(*when, tzinfo=BANGKOK).astimezone(UTC)  # type: ignore[misc,arg-type]


@dataclass
class HouseClock:
    """A clock in the house's zone that moves when told."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant

    def local_now(self) -> datetime:
        return self.instant.astimezone(BANGKOK)

    def today(self) -> date:
        return self.local_now().date()


def write_book(path: Path, ends: Mapping[str, str]) -> Path:
    """Write a book of hotels by name and Contract End; "?" in a name leaves out its contact."""
    entries = "\n---\n\n".join(
        f"### {name.strip('?')} Bangkok\n"
        "- **Business Type**: Hotel\n- **Zone Count**: 2\n- **Zone Names**: Lobby, Pool\n"
        "- **Annual Price per Zone**: THB 9,000\n- **Currency**: THB\n"
        f"- **Contract End**: {end}\n"
        + (
            ""
            if name.endswith("?")
            else "\n#### Contacts\n- **General Manager**: Anna Example\n"
            f"  - Email: gm@{name.lower().replace(' ', '-')}.example\n"
        )
        for name, end in ends.items()
    )
    path.write_text(f"# Book\n\n## Venue Information\n\n{entries}", encoding="utf-8")
    return path


@dataclass
class Desk:
    """A house without an engine, its clock, and the steps automations need."""

    services: Services
    clock: HouseClock
    book: Path
    drafts: Drafts
    approvals: Approvals
    automations: Automations
    proposals: Proposals

    def add(self, request: str = WITHIN_60_DAYS, **more: object) -> AutomationId:
        """Set an automation up."""
        body = {"name": "Renewals", "rhythm": FIRST_OF_MONTH, "human_request": request} | more
        return self.automations.create(body, NIDA).automation.id

    def seen(self, automation_id: AutomationId) -> Seen:
        return self.automations.get(automation_id)

    def run_due(self, *when: int) -> list[Run]:
        """Move the clock and let everything due run."""
        self.clock.instant = at(*when)
        return self.proposals.run_due()

    def runs(self, automation_id: AutomationId) -> list[Run]:
        return list(self.automations.runs(automation_id, "", 500)[0])

    def rewrite(self, ends: Mapping[str, str]) -> None:
        """Change the book."""
        write_book(self.book, ends)
        self.services.book.refresh()


@contextmanager
def desk(book: Path, data: Path, url: str | None, now: datetime) -> Iterator[Desk]:
    """Open a house at `now`; `url` names a PostgreSQL, else SQLite in `data`."""
    chosen = settings.read(
        campaigns_book=book,
        campaigns_data=data,
        campaigns_database_url=url,
        campaigns_simulate="all",
    )
    with opened(chosen) as services:
        clock = HouseClock(now)
        ports = replace(services.drafts._p, clock=clock)
        writing = Writing(ports, services.drafts._writing._style)
        drafts = Drafts(ports, services.book, writing)
        automations = Automations(ports, drafts)
        yield Desk(
            services=services,
            clock=clock,
            book=book,
            drafts=drafts,
            approvals=Approvals(ports, services.approvals._hours),
            automations=automations,
            proposals=Proposals(ports, drafts, automations),
        )
