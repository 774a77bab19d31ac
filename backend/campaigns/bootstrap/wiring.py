"""Every step with what it needs: which adapter stands behind which port is decided here."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from campaigns.ai.embedded import house_offers, next_occasion, public_holidays
from campaigns.book import lists
from campaigns.bootstrap.adapters import carriers_for, template_api, webhooks_for
from campaigns.bootstrap.admission import admitted_key
from campaigns.bootstrap.entrance import entrance_for
from campaigns.bootstrap.house import house_of
from campaigns.bootstrap.intelligence import intelligence, tongues_of
from campaigns.bootstrap.providers import (
    account_name,
    allowances,
    looking_up,
    mailroom_for,
    opinions,
    preparing,
)
from campaigns.bootstrap.services import Services
from campaigns.bootstrap.system import FrozenClock, SystemClock, SystemIds
from campaigns.bootstrap.voices import voices_in
from campaigns.channels import simulator
from campaigns.channels.email import unsubscribe
from campaigns.channels.whatsapp.carrier import WhatsAppCarrier
from campaigns.engine import Alone, Engine, Hooks, Presence
from campaigns.flow.dispatch import DaysOff, Window, parse_window
from campaigns.model.consent import Consent
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent
from campaigns.model.house import House
from campaigns.model.locales import OWN
from campaigns.model.ports import Carrier, Clock, Tx
from campaigns.model.retention import Keeping
from campaigns.orchestrator import prices
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
from campaigns.orchestrator.fitness import Fitness
from campaigns.orchestrator.hours import Hours
from campaigns.orchestrator.importing import BookImport
from campaigns.orchestrator.inbox import Inbox
from campaigns.orchestrator.individual import Individual
from campaigns.orchestrator.insights import Insights
from campaigns.orchestrator.intake import Intake
from campaigns.orchestrator.linking import Linking
from campaigns.orchestrator.outlook import Outlook
from campaigns.orchestrator.people import Team
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.progress import Progress
from campaigns.orchestrator.proposals import Proposals
from campaigns.orchestrator.reaching import Reaching
from campaigns.orchestrator.recomposing import Recomposing
from campaigns.orchestrator.releases import Releaser
from campaigns.orchestrator.repeats import Repeater
from campaigns.orchestrator.reserves import ReserveCaller, needless
from campaigns.orchestrator.restraint import Restraint, together
from campaigns.orchestrator.retention import Retention
from campaigns.orchestrator.retries import Retries
from campaigns.orchestrator.revisions import Revisions
from campaigns.orchestrator.rewrites import Rewrites
from campaigns.orchestrator.senders import Senders
from campaigns.orchestrator.sends import Sends
from campaigns.orchestrator.staleness import Staleness
from campaigns.orchestrator.templates import TemplateLibrary
from campaigns.orchestrator.test_mode import TestMode
from campaigns.orchestrator.upkeep import Upkeep
from campaigns.orchestrator.uploads import Uploads
from campaigns.orchestrator.variants import Variants
from campaigns.orchestrator.warming import WarmUps
from campaigns.orchestrator.writing import Style, Writing
from campaigns.sender import Rules, Sender, zone_named
from campaigns.settings import Settings
from campaigns.store import SqlStore
from campaigns.store.database import open_engine
from campaigns.store.presence import Presence as WorkerPresence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """The channels, and what belongs to them alone."""

    box: simulator.Box
    templates: TemplateLibrary
    carriers: Mapping[Channel, Carrier]
    limits: Mapping[Channel, WhatsAppCarrier]
    intake: Intake


def _post(
    settings: Settings, store: SqlStore, clock: Clock, secret: str, data: Path | None
) -> _Post:
    box = simulator.Box(data / simulator.FILE_NAME if data else None)
    api, missing = template_api(settings)
    templates = TemplateLibrary(store, clock, api, missing)
    carriers = carriers_for(settings, clock, box, secret, templates)
    whatsapp = carriers[Channel.WHATSAPP]
    limits = {Channel.WHATSAPP: whatsapp} if isinstance(whatsapp, WhatsAppCarrier) else {}
    return _Post(
        box=box,
        templates=templates,
        carriers=carriers,
        limits=limits,
        intake=Intake(store, clock, webhooks_for(settings, secret), templates, limits),
    )


def wired(settings: Settings, data: Path | None, book_file: Path) -> Services:
    """Return every step of the house, wired; nothing works yet."""
    store = _store(settings, data)
    _own_lists(settings)
    clock = _clock(settings, ZoneInfo(settings.campaigns_timezone), store)
    ids = SystemIds()
    presence = _presence(store, ids)
    house = house_of(settings)
    secret = admitted_key(store, settings, data, clock.now())
    post = _post(settings, store, clock, secret, data)
    templates, carriers = post.templates, post.carriers
    months = Allowances(clock, allowances(settings, carriers))
    sender = Sender(
        store,
        carriers,
        clock,
        _rules(settings, house),
        stale=lambda tx, messages: Staleness(writing)(tx, messages),  # noqa: PLW0108 - made below
        fit=together(
            Fitness(clock, templates, carriers),
            Restraint(clock, settings.campaigns_most_per_week, settings.campaigns_days_between),
            needless,
        ),
        room=months,
        prepare=preparing(post.limits, templates, months),
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
            settle=lambda: keepers.settle(),  # noqa: PLW0108
            heard=lambda event: _hear(event, linking, answers),
            propose_due=lambda: proposals.run_due(),  # noqa: PLW0108
        ),
        news=[post.box, post.intake],
        clock=clock,
        ids=ids,
        presence=presence,
    )
    voices = voices_in(data)
    minds = intelligence(settings, store, clock, ids, voices, tongues_of(house))
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
        links=unsubscribe.Links(secret, house.public_url, settings.former_keys),
        opinions=opinions(settings, carriers),
        account_writer=minds.account_writer,
    )
    writing = Writing(
        ports,
        Style(
            tones=voices.tones,
            offers=house_offers(),
            calendar=next_occasion,
            reserves=settings.campaigns_reserve,
            languages=(*OWN, *sorted(settings.campaigns_languages - {*OWN})),
        ),
    )
    book = CustomerBook(
        book_file,
        store,
        clock,
        lambda tx: _look_up_followers(tx, carriers[Channel.LINE], clock),
    )
    editing = BookEditing(ports, book)
    hours = _hours(settings)
    sends = Sends(ports, hours)
    keepers = _keepers(ports, settings, sends)
    answers = Answers(ports, writing)
    warm_ups = WarmUps(store, clock, settings.campaigns_warm_up)
    linking = Linking(ports, secret, editing, account_name(settings, carriers))
    drafts = Drafts(ports, book, writing, minds.costs)
    automations = Automations(ports, drafts)
    proposals = Proposals(ports, drafts, automations)
    people, uploads = Team(store, clock, ids), Uploads(data)
    return Services(
        settings=settings,
        store=store,
        clock=clock,
        ids=ids,
        house=house,
        secret=secret,
        book=book,
        editing=editing,
        linking=linking,
        imports=BookImport(ports, book, editing, data),
        uploads=uploads,
        reaching=Reaching(ports, book),
        customers=CustomerList(store),
        bookkeeping=BookKeeping(ports, book, editing, uploads),
        drafts=drafts,
        edits=Edits(ports, writing),
        revisions=Revisions(ports, book, drafts),
        recomposing=Recomposing(ports, book, writing),
        retries=Retries(ports),
        rewrites=Rewrites(ports, writing),
        minds=minds,
        approvals=Approvals(ports, hours),
        sends=sends,
        hours=hours,
        tests=TestMode(ports),
        answers=answers,
        answering=Answering(ports, writing),
        senders=Senders(ports, writing, editing),
        calibration=Calibration(store, clock, minds.gauge),
        insights=Insights(ports, months, warm_ups),
        warm_ups=warm_ups,
        outlook=Outlook(ports, hours, prices.read(settings.campaigns_prices), months),
        months=months,
        access=Access(ports),
        automations=automations,
        proposals=proposals,
        individual=Individual(ports, drafts),
        variants=Variants(ports, drafts, [offer.key for offer in house_offers()]),
        people=people,
        entrance=entrance_for(settings, people, store, clock, ids),
        desk=Desk(ports),
        progress=Progress(ports),
        inbox=Inbox(ports),
        templates=templates,
        intake=post.intake,
        upkeep=Upkeep([templates.refresh, months.refresh, *looking_up(settings, ports, book)]),
        retention=keepers.retention,
        mailroom=mailroom_for(settings, store, clock, secret, engine, sender),
        carriers=carriers,
        engine=engine,
    )


def _store(settings: Settings, data: Path | None) -> SqlStore:
    url = settings.campaigns_database_url
    store = SqlStore(open_engine(url.get_secret_value() if url else None, data))
    store.create()
    return store


def _presence(store: SqlStore, ids: SystemIds) -> Presence:
    if store.engine.dialect.name == "sqlite":
        return Alone()
    # Never the name of a process before: what that one left is taken over like any other's.
    return WorkerPresence(store.engine, f"{socket.gethostname()[:64]}.{ids.new('w')}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keepers:
    """What the leader looks after, round by round."""

    reserves: ReserveCaller
    sends: Sends
    repeater: Repeater
    releaser: Releaser
    retention: Retention

    def settle(self) -> None:
        # Reserves first: a campaign is complete only when none of them is left to call.
        self.reserves.call()
        self.sends.settle()
        self.repeater.repeat()
        self.releaser.release()
        self.retention.prune_some()


def _keepers(ports: Ports, settings: Settings, sends: Sends) -> _Keepers:
    keeping = Keeping(
        webhooks=settings.campaigns_keep_webhooks,
        texts=settings.campaigns_keep_texts,
        cache=settings.campaigns_keep_model_texts,
    )
    return _Keepers(
        reserves=ReserveCaller(ports.store, ports.clock, ports.carriers, ports.dispatcher),
        sends=sends,
        repeater=Repeater(ports),
        releaser=Releaser(ports),
        retention=Retention(ports.store, ports.clock, keeping),
    )


def _hear(event: DeliveryEvent, linking: Linking, answers: Answers) -> None:
    """Act on news about people; a code that links somebody is no answer."""
    if not linking.heard(event):
        answers.heard(event)


def _own_lists(settings: Settings) -> None:
    """Have the house's own rows of the lists count."""
    lists.use(settings.campaigns_data / lists.FOLDER)


def _clock(settings: Settings, zone: ZoneInfo, store: SqlStore) -> Clock:
    if settings.campaigns_today is None:
        return SystemClock(zone)
    with store.read() as tx:
        return FrozenClock(settings.campaigns_today, zone, tx.latest_instant())


def _hours(settings: Settings) -> Hours:
    return Hours(
        window=_window(settings),
        default_zone=settings.campaigns_timezone,
        zone_named=zone_named,
        days_off=_days_off(settings),
        warm_up=settings.campaigns_warm_up,
    )


def _days_off(settings: Settings) -> DaysOff | None:
    """Return what knows public holidays; a demo on a frozen day does not depend on them."""
    asked = settings.campaigns_public_holidays
    frozen = settings.campaigns_today is not None
    return public_holidays if asked or (asked is None and not frozen) else None


def _window(settings: Settings) -> Window | None:
    window = parse_window(settings.campaigns_send_window)
    return replace(window, holidays=settings.campaigns_holidays) if window else None


def _rules(settings: Settings, house: House) -> Rules:
    return Rules(
        window=_window(settings),
        default_zone=settings.campaigns_timezone,
        own=frozenset(house.test_addresses.items()),
        days_off=_days_off(settings),
        warm_up=settings.campaigns_warm_up,
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
