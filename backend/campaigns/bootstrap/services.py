"""What the doors are given: every step of the house, wired."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from campaigns.bootstrap.intelligence import Intelligence
from campaigns.bootstrap.system import SystemIds
from campaigns.engine import Engine
from campaigns.model.customer import Channel
from campaigns.model.errors import CampaignError
from campaigns.model.house import House
from campaigns.model.ports import Carrier, Clock, KeptAnswer
from campaigns.model.reply import ReplyContext
from campaigns.orchestrator.access import Access
from campaigns.orchestrator.allowances import Allowances
from campaigns.orchestrator.answering import Answering
from campaigns.orchestrator.answers import Answers
from campaigns.orchestrator.approvals import Approvals
from campaigns.orchestrator.automations import Automations
from campaigns.orchestrator.bookkeeping import BookKeeping
from campaigns.orchestrator.calibration import Calibration
from campaigns.orchestrator.customers import CustomerBook, CustomerList
from campaigns.orchestrator.desk import Desk
from campaigns.orchestrator.drafts import Drafts
from campaigns.orchestrator.editing import BookEditing
from campaigns.orchestrator.edits import Edits
from campaigns.orchestrator.entrance import Entrance
from campaigns.orchestrator.hours import Hours
from campaigns.orchestrator.importing import BookImport
from campaigns.orchestrator.inbox import Inbox
from campaigns.orchestrator.individual import Individual
from campaigns.orchestrator.insights import Insights
from campaigns.orchestrator.intake import Intake
from campaigns.orchestrator.linking import Linking
from campaigns.orchestrator.mailroom import Mailroom
from campaigns.orchestrator.outlook import Outlook
from campaigns.orchestrator.people import Team
from campaigns.orchestrator.progress import Progress
from campaigns.orchestrator.proposals import Proposals
from campaigns.orchestrator.reaching import Reaching
from campaigns.orchestrator.recomposing import Recomposing
from campaigns.orchestrator.retention import Retention
from campaigns.orchestrator.retries import Retries
from campaigns.orchestrator.revisions import Revisions
from campaigns.orchestrator.rewrites import Rewrites
from campaigns.orchestrator.senders import Senders
from campaigns.orchestrator.sends import Sends
from campaigns.orchestrator.templates import TemplateLibrary
from campaigns.orchestrator.test_mode import TestMode
from campaigns.orchestrator.upkeep import Upkeep
from campaigns.orchestrator.uploads import Uploads
from campaigns.orchestrator.variants import Variants
from campaigns.orchestrator.warming import WarmUps
from campaigns.settings import Settings
from campaigns.store import SqlStore

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Services:
    """Everything a door needs; closed by `opened`."""

    settings: Settings
    store: SqlStore
    clock: Clock
    ids: SystemIds
    house: House
    book: CustomerBook
    editing: BookEditing
    linking: Linking
    reaching: Reaching
    imports: BookImport
    uploads: Uploads
    customers: CustomerList
    bookkeeping: BookKeeping
    drafts: Drafts
    edits: Edits
    recomposing: Recomposing
    retries: Retries
    rewrites: Rewrites
    revisions: Revisions
    approvals: Approvals
    sends: Sends
    hours: Hours
    tests: TestMode
    answers: Answers
    answering: Answering
    senders: Senders
    calibration: Calibration
    insights: Insights
    warm_ups: WarmUps
    outlook: Outlook
    months: Allowances
    access: Access
    automations: Automations
    proposals: Proposals
    variants: Variants
    individual: Individual
    people: Team
    entrance: Entrance | None
    desk: Desk
    progress: Progress
    inbox: Inbox
    templates: TemplateLibrary
    intake: Intake
    upkeep: Upkeep
    retention: Retention
    mailroom: Mailroom | None
    carriers: Mapping[Channel, Carrier]
    engine: Engine
    minds: Intelligence
    secret: str
    stopping: threading.Event = field(default_factory=threading.Event)

    def keep_house(self) -> list[threading.Thread]:
        """Start what runs beside the engine until `stopping`."""
        jobs: dict[str, Callable[[threading.Event], None]] = {"upkeep": self.upkeep.run}
        if self.mailroom is not None:
            jobs["mailroom"] = self.mailroom.run
        threads = [
            threading.Thread(target=job, args=(self.stopping,), name=name, daemon=True)
            for name, job in jobs.items()
        ]
        # Reading the first reply takes a second longer; better now than then.
        for thread in [
            *threads,
            threading.Thread(target=self.warm_up, name="warm-up", daemon=True),
        ]:
            thread.start()
        return threads

    def warm_up(self) -> None:
        """Load what the first reply would otherwise wait for; see whether the model answers."""
        if self.minds.engine and (trouble := self.minds.engine.probe()):
            log.warning("the model cannot be used", reason=trouble)
        self.answers.read("hello", ReplyContext(today=self.clock.today()))

    def not_ready(self) -> str | None:
        """Return what is missing for work: the book; None when all is there."""
        try:
            self.book.refresh()
        except CampaignError as error:
            return str(error)
        return self.book.trouble

    def begin_once(self, key: str, caller: str, request_hash: str) -> KeptAnswer | None:
        """Reserve an Idempotency-Key; return the earlier answer when it was used before."""
        with self.store.begin() as tx:
            return tx.idempotency.begin(key, caller, request_hash, self.clock.now())

    def finish_once(self, key: str, caller: str, status: int, body: str) -> None:
        """Keep the answer given under an Idempotency-Key."""
        with self.store.begin() as tx:
            tx.idempotency.finish(key, caller, status, body)

    def abandon_once(self, key: str, caller: str) -> None:
        """Free an Idempotency-Key whose call did nothing."""
        with self.store.begin() as tx:
            tx.idempotency.abandon(key, caller)
