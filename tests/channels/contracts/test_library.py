"""Templates, fitness, repeats, followers: what holds a message back, and what lets it go."""

import asyncio
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.book.books import HEAD, contact, entry
from tests.support.providers import BODY, RENEWAL, Switchboard, meta
from tests.support.sending import (
    NOON,
    ROOMY,
    HandClock,
    ToldCarrier,
    accepts,
    address_of,
    message,
    plant,
    sqlite_store,
)

from campaigns.channels.simulator.http import WhatsAppSimulator
from campaigns.channels.whatsapp.management import GraphTemplates, Management
from campaigns.flow import dispatch
from campaigns.model.access import SYSTEM
from campaigns.model.consent import Consent
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType, Lane, Reason, ReasonClass, Unknown
from campaigns.model.errors import NotFound, ProviderRefused, WrongState
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message, MessageStatus, Template
from campaigns.model.template import TemplateCategory, TemplateStatus
from campaigns.orchestrator.customers import CustomerBook
from campaigns.orchestrator.fitness import Fitness
from campaigns.orchestrator.followers import Followers
from campaigns.orchestrator.releases import Releaser
from campaigns.orchestrator.repeats import Repeater
from campaigns.orchestrator.templates import TemplateLibrary
from campaigns.orchestrator.upkeep import Upkeep
from campaigns.sender import Rules, Sender
from campaigns.store import SqlStore

WA, LINE = Channel.WHATSAPP, Channel.LINE
OTHER = Template(
    name="renewal_formal_a_99999999", language="en", parameters={}, body="Reply YES to renew."
)
BROKE = Unknown(reason=Reason(kind=ReasonClass.UNKNOWN, detail="the connection broke"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = sqlite_store(tmp_path / "c.db")
    yield made
    made.engine.dispose()


@pytest.fixture
def peer(board: Switchboard, clock: HandClock) -> WhatsAppSimulator:
    simulator = meta(clock)
    simulator.templates.clear()
    board.app = simulator.app
    return simulator


@pytest.fixture
def library(
    store: SqlStore, board: Switchboard, peer: WhatsAppSimulator, clock: HandClock
) -> TemplateLibrary:
    own = Management(
        base_url=f"{board.url}/v23.0",
        token="simulated-token",
        business_account_id="102290129340398",
    )
    return TemplateLibrary(store, clock, GraphTemplates(own))


def on_whatsapp(number: int, template: Template | None = RENEWAL, **changes: object) -> Message:
    return replace(message(number, WA), template=template, **changes)


# --- the library -----------------------------------------------------------------------------------


def test_what_messages_want_is_listed_submitted_and_approved(
    store: SqlStore, library: TemplateLibrary, peer: WhatsAppSimulator
) -> None:
    plant(store, [on_whatsapp(1), on_whatsapp(2), on_whatsapp(3, OTHER)])
    listed = {one.template.name: one for one in library.all()}
    assert {name: one.messages for name, one in listed.items()} == {RENEWAL.name: 2, OTHER.name: 1}
    assert all(one.template.status is TemplateStatus.MISSING for one in listed.values())

    done = library.submit(SYSTEM)
    assert [(d.name, d.status, d.refused) for d in done] == [
        (RENEWAL.name, TemplateStatus.APPROVED, ()),
        (OTHER.name, TemplateStatus.APPROVED, ()),
    ]
    assert peer.templates[RENEWAL.name, "en"].body == BODY
    assert library.submit(SYSTEM) == []  # nothing is missing any more
    with store.read() as tx:
        assert library.trouble(tx, RENEWAL) is None


def test_a_template_that_breaks_a_rule_is_not_submitted(
    store: SqlStore, library: TemplateLibrary, peer: WhatsAppSimulator
) -> None:
    bad = replace(OTHER, name="bad_00000000", body="{{greeting}}, reply YES to renew your service.")
    plant(store, [on_whatsapp(1, bad)])
    [done] = library.submit(SYSTEM)
    assert "2388299" in done.refused[0]
    assert peer.templates == {}


def test_the_same_text_under_another_name_is_not_submitted_again(
    store: SqlStore, library: TemplateLibrary, peer: WhatsAppSimulator
) -> None:
    twin = replace(OTHER, name="twin_00000000")
    plant(store, [on_whatsapp(1, OTHER), on_whatsapp(2, twin)])
    library.submit(SYSTEM, [OTHER.name])
    [done] = library.submit(SYSTEM, [twin.name])
    assert OTHER.name in done.refused[0]
    assert (twin.name, "en") not in peer.templates


def test_metas_objection_to_one_does_not_keep_the_others(
    store: SqlStore, library: TemplateLibrary, peer: WhatsAppSimulator
) -> None:
    peer.register(RENEWAL.name, "en", "Another text.")  # there already, and we do not know
    plant(store, [on_whatsapp(1), on_whatsapp(2, OTHER)])
    refused, made = library.submit(SYSTEM)
    assert "Already Exists" in refused.refused[0]
    assert made.status is TemplateStatus.APPROVED


def test_a_name_nobody_wants_is_named(store: SqlStore, library: TemplateLibrary) -> None:
    with pytest.raises(NotFound, match="nonsense"):
        library.submit(SYSTEM, ["nonsense"])


def test_a_sync_takes_over_whatever_meta_says_and_notes_what_is_gone(
    store: SqlStore, library: TemplateLibrary, peer: WhatsAppSimulator, clock: HandClock
) -> None:
    peer.register(RENEWAL.name, "en", BODY)
    peer.register(OTHER.name, "en", OTHER.body).status = "PAUSED"
    assert library.sync(SYSTEM) == 2
    assert library.sync(SYSTEM) == 0
    clock.forward(minutes=1)
    peer.templates[OTHER.name, "en"].status = "APPROVED"
    del peer.templates[RENEWAL.name, "en"]
    assert library.sync(SYSTEM) == 2
    status = {one.template.name: one.template.status for one in library.all()}
    assert status == {RENEWAL.name: TemplateStatus.DELETED, OTHER.name: TemplateStatus.APPROVED}


def test_a_recategorised_template_is_found_by_a_sync_and_released_by_a_person(
    store: SqlStore, library: TemplateLibrary, peer: WhatsAppSimulator, clock: HandClock
) -> None:
    plant(store, [on_whatsapp(1)])
    library.submit(SYSTEM)
    peer.templates[RENEWAL.name, "en"].category = "UTILITY"
    clock.forward(minutes=1)
    library.sync(SYSTEM)
    with store.read() as tx:
        assert "utility" in str(library.trouble(tx, RENEWAL))
    released = library.release(RENEWAL.name, "en", SYSTEM)
    assert released.submitted_as is TemplateCategory.UTILITY
    with pytest.raises(WrongState, match="neither stopped nor recategorised"):
        library.release(RENEWAL.name, "en", SYSTEM)


@pytest.mark.parametrize("ours", [False, True])
def test_a_template_meta_refused_is_held_until_approved_or_released(
    store: SqlStore,
    library: TemplateLibrary,
    peer: WhatsAppSimulator,
    clock: HandClock,
    *,
    ours: bool,
) -> None:
    plant(store, [on_whatsapp(1)])
    library.submit(SYSTEM)
    reason = Reason(kind=ReasonClass.TEMPLATE, code="132000", detail="wrong parameters")
    library.template_refused(RENEWAL, reason, ours=ours)
    with store.read() as tx:
        assert "132000" in str(library.trouble(tx, RENEWAL))
    clock.forward(minutes=1)
    library.sync(SYSTEM)  # Meta says approved
    with store.read() as tx:
        assert (library.trouble(tx, RENEWAL) is None) is not ours
    if ours:
        library.release(RENEWAL.name, "en", SYSTEM)
        with store.read() as tx:
            assert library.trouble(tx, RENEWAL) is None


def test_a_refresh_asks_now_and_then_and_bears_a_meta_that_is_away(
    store: SqlStore, library: TemplateLibrary, peer: WhatsAppSimulator, clock: HandClock
) -> None:
    library.refresh()
    peer.register(RENEWAL.name, "en", BODY)
    library.refresh()
    assert library.all() == []
    clock.forward(minutes=11)
    library.refresh()
    assert len(library.all()) == 1
    clock.forward(minutes=11)
    peer.own.token = "another"
    library.refresh()
    assert library.all()[0].template.status is TemplateStatus.APPROVED
    with pytest.raises(ProviderRefused):
        library.sync(SYSTEM)


def test_without_an_account_the_library_says_what_it_needs(store: SqlStore) -> None:
    library = TemplateLibrary(store, HandClock(), None, "set WHATSAPP_ACCESS_TOKEN")
    library.refresh()
    for call in (library.sync, library.submit):
        with pytest.raises(WrongState, match="WHATSAPP_ACCESS_TOKEN"):
            call(SYSTEM)


# --- fitness ---------------------------------------------------------------------------------------


def fitness(
    store: SqlStore, library: TemplateLibrary, clock: HandClock, *messages: Message
) -> list[dispatch.Wait | dispatch.End | None]:
    carriers = {c: ToldCarrier(c) for c in Channel}
    with store.begin() as tx:
        found = Fitness(clock, library, carriers)(tx, messages)
    return [found.get(m.id) for m in messages]


def heard(store: SqlStore, number: int, ago: timedelta) -> None:
    reply = DeliveryEvent(
        channel=WA,
        type=EventType.REPLIED,
        dedupe_key=f"in{number}",
        occurred_at=NOON - ago,
        address=address_of(WA, number),
    )
    with store.begin() as tx:
        tx.outbox.record(reply, NOON)


def test_a_message_waits_for_its_template_with_the_reason(
    store: SqlStore, library: TemplateLibrary, clock: HandClock, peer: WhatsAppSimulator
) -> None:
    m = on_whatsapp(1)
    plant(store, [m])
    [missing] = fitness(store, library, clock, m)
    assert isinstance(missing, dispatch.Wait)
    assert missing.until == NOON + timedelta(minutes=5)
    assert "campaigns templates submit" in missing.reason
    library.submit(SYSTEM)
    assert fitness(store, library, clock, m) == [None]
    peer.templates[RENEWAL.name, "en"].status = "PAUSED"
    clock.forward(minutes=1)
    library.sync(SYSTEM)
    [paused] = fitness(store, library, clock, m)
    assert "is paused at Meta" in paused.reason


def test_a_message_leaves_as_soon_as_its_template_may_be_sent(
    store: SqlStore, library: TemplateLibrary, clock: HandClock, peer: WhatsAppSimulator
) -> None:
    m, started = on_whatsapp(1), Started()
    plant(store, [m])
    carriers = {WA: ToldCarrier(WA)}
    fit = Fitness(clock, library, carriers)
    rules = Rules(window=None, default_zone="UTC")
    sender = Sender(store, carriers, clock, rules, fit=fit)
    lane = Lane(campaign_id=CampaignId("c_1"), channel=WA, epoch=1)
    releaser = Releaser(SimpleNamespace(store=store, clock=clock, dispatcher=started))
    asyncio.run(sender.send(lane))
    assert str(status(store).reason).startswith("held: template")
    assert releaser.release() == 0
    peer.approves = False
    library.submit(SYSTEM)
    assert releaser.release() == 0
    peer.templates[RENEWAL.name, "en"].status = "APPROVED"
    clock.forward(seconds=10)
    library.sync(SYSTEM)
    assert releaser.release() == 1
    assert releaser.release() == 0
    assert started.lanes == [("c_1", False), ("c_1", True)]
    asyncio.run(sender.send(lane))
    assert status(store).status is MessageStatus.ACCEPTED


def test_inside_the_window_no_template_is_needed(
    store: SqlStore, library: TemplateLibrary, clock: HandClock
) -> None:
    early, late = on_whatsapp(1), on_whatsapp(2)
    plant(store, [early, late])
    heard(store, 1, timedelta(hours=23, minutes=50))
    heard(store, 2, timedelta(hours=24))
    first, second = fitness(store, library, clock, early, late)
    assert first is None
    assert isinstance(second, dispatch.Wait)


def test_words_without_a_template_are_skipped_outside_the_window(
    store: SqlStore, library: TemplateLibrary, clock: HandClock
) -> None:
    m = on_whatsapp(1, None)
    plant(store, [m])
    [verdict] = fitness(store, library, clock, m)
    assert isinstance(verdict, dispatch.End)
    assert verdict.status is MessageStatus.SKIPPED


def test_simulated_channels_and_mail_are_always_fit(
    store: SqlStore, library: TemplateLibrary, clock: HandClock
) -> None:
    carriers = {c: ToldCarrier(c, simulated=True) for c in Channel}
    messages = [on_whatsapp(1), message(2, LINE), message(3, Channel.EMAIL)]
    plant(store, messages)
    with store.begin() as tx:
        assert Fitness(clock, library, carriers)(tx, messages) == {}


# --- repeats ---------------------------------------------------------------------------------------


@dataclass
class Started:
    """A dispatcher that remembers."""

    lanes: list[tuple[str, bool]] = field(default_factory=list)

    def start(
        self, tx: object, campaign: object, channels: object, at: object, **more: bool
    ) -> None:
        self.lanes.append((campaign.id, more.get("tests", False)))


def send(store: SqlStore, library: TemplateLibrary, clock: HandClock, carrier: ToldCarrier) -> None:
    carriers = {LINE: carrier}
    sender = Sender(
        store,
        carriers,
        clock,
        Rules(window=None, default_zone="UTC"),
        fit=Fitness(clock, library, carriers),
    )
    with store.begin() as tx:
        tx.consents.consent(consent(1))
    asyncio.run(sender.send(Lane(campaign_id=CampaignId("c_1"), channel=LINE, epoch=1)))


def consent(number: int) -> object:
    return Consent(
        channel=LINE, address=address_of(LINE, number), source="t", evidence="t", at=NOON
    )


def status(store: SqlStore) -> Message:
    with store.read() as tx:
        [found] = tx.messages.all(CampaignId("c_1"))
    return found


def breaks(m: Message, leaving: object) -> Unknown | None:
    return BROKE if leaving() else None


def test_a_push_without_an_answer_is_repeated_until_there_is_one(
    store: SqlStore, library: TemplateLibrary, clock: HandClock
) -> None:
    plant(store, [message(1, LINE)])
    carrier, started = ToldCarrier(LINE, ROOMY, breaks), Started()
    ports = SimpleNamespace(store=store, clock=clock, carriers={LINE: carrier}, dispatcher=started)
    for _ in range(3):
        send(store, library, clock, carrier)
        assert status(store).status is MessageStatus.IN_DOUBT
        clock.forward(minutes=30)
        assert Repeater(ports).repeat() == 1
    carrier.does = accepts
    send(store, library, clock, carrier)
    assert status(store).status is MessageStatus.ACCEPTED
    assert started.lanes == [("c_1", False), ("c_1", True)] * 3
    assert Repeater(ports).repeat() == 0


def test_after_23_hours_nothing_is_repeated_and_a_person_decides(
    store: SqlStore, library: TemplateLibrary, clock: HandClock
) -> None:
    plant(store, [message(1, LINE)])
    carrier = ToldCarrier(LINE, ROOMY, breaks)
    ports = SimpleNamespace(
        store=store, clock=clock, carriers={LINE: carrier}, dispatcher=Started()
    )
    send(store, library, clock, carrier)
    clock.forward(hours=22, minutes=59)
    assert Repeater(ports).repeat() == 1  # queued in time, and then the machine slept
    clock.forward(minutes=2)
    send(store, library, clock, carrier)
    assert len(carrier.left) == 1
    assert status(store).status is MessageStatus.IN_DOUBT
    assert "a person decides" in str(status(store).reason)
    clock.forward(hours=1)
    assert Repeater(ports).repeat() == 0
    with store.begin() as tx:
        tx.outbox.resolve(status(store).id, MessageStatus.QUEUED, "nida: send it", clock.now())
    carrier.does = accepts
    send(store, library, clock, carrier)
    assert status(store).status is MessageStatus.ACCEPTED


def test_a_simulated_line_repeats_nothing(store: SqlStore, clock: HandClock) -> None:
    carrier = ToldCarrier(LINE, simulated=True)
    ports = SimpleNamespace(store=store, clock=clock, carriers={LINE: carrier}, dispatcher=None)
    assert Repeater(ports).repeat() == 0


# --- followers and upkeep --------------------------------------------------------------------------


def book_with(store: SqlStore, path: Path, *ids: str) -> CustomerBook:
    """Return a book with a customer for each LINE id."""
    entries = [entry(f"House {n}", contact(line=i)) for n, i in enumerate(ids)]
    path.write_text(HEAD + "\n---\n\n".join(f"### {e}" for e in entries), encoding="utf-8")
    return CustomerBook(path, store, HandClock())


def test_line_ids_of_the_book_are_looked_up_once_a_day_and_only_followers_count(
    store: SqlStore, clock: HandClock, tmp_path: Path
) -> None:
    one, two, three = (address_of(LINE, n) for n in (1, 2, 3))
    asked: list[list[str]] = []

    def look_up(ids: Collection[str]) -> list[str]:
        asked.append(sorted(ids))
        return [i for i in ids if i == one]

    with store.begin() as tx:
        tx.consents.consent(consent(3))
    book = book_with(store, tmp_path / "book.md", one, two, three)
    followers = Followers(store, clock, book, look_up)
    assert followers.verify() == 1
    assert followers.verify() == 0
    clock.forward(hours=25)
    assert followers.verify() == 0
    assert asked == [[one, two], [two]]
    with store.read() as tx:
        keys = [(LINE, i) for i in (one, two, three)]
        assert tx.consents.consented(keys) == {(LINE, one), (LINE, three)}


def test_one_job_that_goes_wrong_does_not_keep_the_others() -> None:
    stopping, done = threading.Event(), []

    def fails() -> None:
        raise RuntimeError("the network is away")

    def works() -> None:
        done.append(1)
        stopping.set()

    Upkeep([fails, works]).run(stopping)
    assert done == [1]
