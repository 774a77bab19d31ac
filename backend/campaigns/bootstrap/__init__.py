"""Wires ports to adapters; the only package that owns the clock, mints ids, picks adapters."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from campaigns.ai.embedded import house_offers, house_tones
from campaigns.bootstrap.adapters import carriers_for, template_api, webhooks_for
from campaigns.bootstrap.intelligence import Intelligence, intelligence
from campaigns.bootstrap.providers import looking_up, opinions, preparing
from campaigns.bootstrap.system import FrozenClock, SystemClock, SystemIds, kept_secret
from campaigns.bootstrap.watch import watching
from campaigns.channels import simulator
from campaigns.channels.email import unsubscribe
from campaigns.channels.whatsapp.carrier import WhatsAppCarrier
from campaigns.engine import Alone, Engine, Hooks, Presence
from campaigns.flow.dispatch import parse_window
from campaigns.model.consent import Consent
from campaigns.model.customer import Channel
from campaigns.model.errors import CampaignError, SettingInvalid
from campaigns.model.house import House
from campaigns.model.ports import Carrier, Clock, KeptAnswer, Tx
from campaigns.model.reply import ReplyContext
from campaigns.orchestrator.access import Access
from campaigns.orchestrator.answers import Answers
from campaigns.orchestrator.approvals import Approvals
from campaigns.orchestrator.automations import Automations
from campaigns.orchestrator.customers import CustomerBook, CustomerList
from campaigns.orchestrator.drafts import Drafts
from campaigns.orchestrator.editing import BookEditing
from campaigns.orchestrator.fitness import Fitness
from campaigns.orchestrator.insights import Insights
from campaigns.orchestrator.intake import Intake
from campaigns.orchestrator.people import Team
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.proposals import Proposals
from campaigns.orchestrator.repeats import Repeater
from campaigns.orchestrator.rewrites import Rewrites
from campaigns.orchestrator.sends import Sends
from campaigns.orchestrator.staleness import Staleness
from campaigns.orchestrator.templates import TemplateLibrary
from campaigns.orchestrator.test_mode import TestMode
from campaigns.orchestrator.upkeep import Upkeep
from campaigns.orchestrator.variants import Variants
from campaigns.orchestrator.writing import Style, Writing
from campaigns.sender import Rules, Sender
from campaigns.settings import Settings
from campaigns.store import SqlStore
from campaigns.store.database import open_engine
from campaigns.store.folder import FolderLock
from campaigns.store.presence import Presence as WorkerPresence

log = structlog.get_logger(__name__)
STOP_S = 5.0  # for a provider that is being asked just then


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
    customers: CustomerList
    drafts: Drafts
    rewrites: Rewrites
    approvals: Approvals
    sends: Sends
    tests: TestMode
    answers: Answers
    insights: Insights
    access: Access
    automations: Automations
    proposals: Proposals
    variants: Variants
    people: Team
    templates: TemplateLibrary
    intake: Intake
    upkeep: Upkeep
    carriers: Mapping[Channel, Carrier]
    engine: Engine
    minds: Intelligence
    secret: str
    stopping: threading.Event = field(default_factory=threading.Event)

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


def sample_book() -> Path:
    """Return the sample book that comes with the project."""
    package = Path(__file__).parent.parent
    return next(
        p for p in (package / "venue_data.md", package.parent / "venue_data.md") if p.exists()
    )


@contextmanager
def opened(
    settings: Settings, *, in_memory: bool = False, working: bool = False
) -> Iterator[Services]:
    """Open the house. `working` runs the engine until the end.

    On SQLite it takes the data folder, for one process; on PostgreSQL any number may work.
    Raises `FolderInUse` with the holder's pid, `BookError` naming file and line.
    """
    data = None if in_memory else _folder(settings.campaigns_data)
    alone = settings.campaigns_database_url is None
    with _taken(data) if data and working and alone else nullcontext():
        services = _wired(settings, data)
        services.book.refresh()
        services.editing.recover()
        try:
            with _at_work(services) if working else nullcontext():
                yield services
        finally:
            if not working:
                services.engine.discard()
            services.minds.close()
            services.store.engine.dispose()


@contextmanager
def _taken(data: Path) -> Iterator[None]:
    lock = FolderLock(data)
    lock.take()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _at_work(services: Services) -> Iterator[None]:
    """Send, listen, look after things and watch the book until the end."""
    upkeep = threading.Thread(
        target=services.upkeep.run, args=(services.stopping,), name="upkeep", daemon=True
    )
    services.engine.launch()
    upkeep.start()
    # Reading the first reply takes a second longer; better now than then.
    threading.Thread(target=services.warm_up, name="warm-up", daemon=True).start()
    try:
        with watching(services.book):
            yield
    finally:
        services.stopping.set()
        services.engine.stop()
        upkeep.join(timeout=STOP_S)


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingInvalid(
            f"CAMPAIGNS_DATA: {path} cannot be made a folder ({error.strerror}). "
            "Give another one with --data."
        ) from error
    return path


def _wired(settings: Settings, data: Path | None) -> Services:
    url = settings.campaigns_database_url
    store = SqlStore(open_engine(url.get_secret_value() if url else None, data))
    store.create()
    zone = ZoneInfo(settings.campaigns_timezone)
    clock = _clock(settings, zone, store)
    ids = SystemIds()
    presence = _presence(store, ids)
    house = _house(settings)
    own = settings.campaigns_secret_key
    secret = own.get_secret_value() if own else kept_secret(data)
    box = simulator.Box(data / simulator.FILE_NAME if data else None)
    api, missing = template_api(settings)
    templates = TemplateLibrary(store, clock, api, missing)
    carriers = carriers_for(settings, clock, box, secret, templates)
    whatsapp = carriers[Channel.WHATSAPP]
    limits = {Channel.WHATSAPP: whatsapp} if isinstance(whatsapp, WhatsAppCarrier) else {}
    intake = Intake(store, clock, webhooks_for(settings), templates, limits)
    sender = Sender(
        store,
        carriers,
        clock,
        _rules(settings, house),
        stale=lambda tx, messages: Staleness(writing)(tx, messages),  # noqa: PLW0108 - made below
        fit=Fitness(clock, templates, carriers),
        prepare=preparing(limits, templates),
        worker=presence.name,
    )
    # The engine calls back only once it is launched, when the steps it names are there.
    engine = Engine(
        database_url=store.engine.url.render_as_string(hide_password=False),
        connection_of=store.connection_of,
        store=store,
        courier=sender,
        hooks=Hooks(
            begin_due=lambda: sends.begin_due(),  # noqa: PLW0108 - named below
            settle=lambda: (sends.settle(), repeater.repeat()),
            heard=lambda event: answers.heard(event),  # noqa: PLW0108
            propose_due=lambda: proposals.run_due(),  # noqa: PLW0108
        ),
        news=[box, intake],
        clock=clock,
        ids=ids,
        presence=presence,
    )
    minds = intelligence(settings, store, clock, ids)
    ports = Ports(
        store=store,
        clock=clock,
        ids=ids,
        interpreter=minds.interpreter,
        writer=minds.writer,
        rewriter=minds.rewriter,
        reader=minds.reader,
        carriers=carriers,
        dispatcher=engine,
        house=house,
        links=unsubscribe.Links(secret, house.public_url),
        opinions=opinions(settings, carriers),
    )
    writing = Writing(ports, Style(tones=house_tones(), offers=house_offers()))
    book = CustomerBook(
        settings.campaigns_book or sample_book(),
        store,
        lambda tx: _look_up_followers(tx, carriers[Channel.LINE], clock),
    )
    sends = Sends(ports)
    repeater = Repeater(ports)
    answers = Answers(ports, writing)
    drafts = Drafts(ports, book, writing, minds.costs)
    automations = Automations(ports, drafts)
    proposals = Proposals(ports, drafts, automations)
    return Services(
        settings=settings,
        store=store,
        clock=clock,
        ids=ids,
        house=house,
        secret=secret,
        book=book,
        editing=BookEditing(ports, book),
        customers=CustomerList(store),
        drafts=drafts,
        rewrites=Rewrites(ports, writing),
        minds=minds,
        approvals=Approvals(ports),
        sends=sends,
        tests=TestMode(ports),
        answers=answers,
        insights=Insights(ports),
        access=Access(ports),
        automations=automations,
        proposals=proposals,
        variants=Variants(ports, drafts, [offer.key for offer in house_offers()]),
        people=Team(store, clock, ids),
        templates=templates,
        intake=intake,
        upkeep=Upkeep([templates.refresh, *looking_up(settings, ports, book)]),
        carriers=carriers,
        engine=engine,
    )


def _presence(store: SqlStore, ids: SystemIds) -> Presence:
    if store.engine.dialect.name == "sqlite":
        return Alone()
    # Never the name of a process before: what that one left is taken over like any other's.
    return WorkerPresence(store.engine, f"{socket.gethostname()[:64]}.{ids.new('w')}")


def _clock(settings: Settings, zone: ZoneInfo, store: SqlStore) -> Clock:
    if settings.campaigns_today is None:
        return SystemClock(zone)
    with store.read() as tx:
        return FrozenClock(settings.campaigns_today, zone, tx.latest_instant())


def _house(settings: Settings) -> House:
    own = {
        Channel.EMAIL: settings.campaigns_test_email,
        Channel.WHATSAPP: settings.campaigns_test_whatsapp,
        Channel.LINE: settings.campaigns_test_line,
    }
    return House(
        sender=settings.campaigns_sender,
        timezone=settings.campaigns_timezone,
        public_url=settings.campaigns_public_url,
        hold_s=settings.campaigns_hold_seconds,
        four_eyes=settings.campaigns_four_eyes,
        test_addresses={channel: address for channel, address in own.items() if address},
    )


def _rules(settings: Settings, house: House) -> Rules:
    return Rules(
        window=parse_window(settings.campaigns_send_window),
        default_zone=settings.campaigns_timezone,
        own=frozenset(house.test_addresses.items()),
    )


def _look_up_followers(tx: Tx, carrier: Carrier, clock: Clock) -> None:
    """Record the consent of LINE ids in the book whose owners follow the account.

    A carrier that cannot look up profiles leaves them to follow events.
    """
    if not isinstance(carrier, simulator.SimulatedCarrier):
        return
    ids = {(Channel.LINE, address) for address in tx.customers.addresses(Channel.LINE)}
    unknown = ids - tx.consents.consented(ids)
    for address in sorted(carrier.follows(address for _, address in unknown)):
        tx.consents.consent(
            Consent(
                channel=Channel.LINE,
                address=address,
                source="profile look-up",
                evidence="the simulator knows this id as a follower",
                at=clock.now(),
            )
        )
