"""Durable work on DBOS; our own message rows stay the truth.

A lane (one campaign over one channel) is a chain of short workflows, each of one step that
sends one batch and each enqueuing the next, at once or, when a quota or a send window says so,
with a delay. Nobody sleeps in a slot. The first link is enqueued in the transaction that
queues the messages; should the chain ever break, the rows say so and it is started again.

Every worker sends. One of them, the leader, also does what is done once and not by everybody: it
fetches news from providers, starts scheduled campaigns, completes finished ones, takes over what
a dead worker left and frees what has been under way for too long. When it dies, another leads.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as NotInTime
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any, TypeVar

import structlog
from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions
from sqlalchemy import Connection, inspect

from campaigns.engine.parts import Courier, Hooks, Pace
from campaigns.engine.takeover import Alone, Presence, free, take_over
from campaigns.flow import track
from campaigns.model.campaign import Campaign
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, Lane, Rest
from campaigns.model.ids import CampaignId
from campaigns.model.ports import Clock, Ids, News, Store, Tx

__all__ = ["Alone", "Courier", "Engine", "Hooks", "Pace", "Presence"]

log = structlog.get_logger(__name__)
T = TypeVar("T")

# DBOS would hash the code into the version and strand queued work at every upgrade.
APPLICATION_VERSION = "1"
WORKFLOW = "send_batch"
UNDER_WAY = ("ENQUEUED", "PENDING", "DELAYED")
ENDED = ("SUCCESS", "ERROR", "CANCELLED")
MOST_FORGOTTEN = 1000
NEWS_AT_ONCE = 50  # one transaction, one wait for the disk

# Longer than a mail server may take over the final dot (600 s, RFC 5321 4.5.3.2.6).
LEASE = timedelta(minutes=15)
AFTER_STOP = timedelta(seconds=1)


class Engine:
    """`model.ports.Dispatcher` on DBOS, which is one per process: launch, start, stop.

    `database_url` is SQLAlchemy's, password included; `connection_of` finds the connection of
    a store transaction. `presence` names this worker and says who else is alive.
    """

    def __init__(  # noqa: PLR0913 - everything durable work needs, wired once in bootstrap
        self,
        *,
        database_url: str,
        connection_of: Callable[[Tx], Connection],
        store: Store,
        courier: Courier,
        hooks: Hooks,
        news: Sequence[News],
        clock: Clock,
        ids: Ids,
        presence: Presence | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._url = database_url
        self._connection_of = connection_of
        self._store = store
        self._courier = courier
        self._hooks = hooks
        self._news = news
        self._clock = clock
        self._ids = ids
        self._presence = presence or Alone()
        self._leading = False
        self._pace = pace or Pace()
        self._loop = asyncio.new_event_loop()
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()
        self._under_way: set[Future[Rest]] = set()
        self._client: DBOSClient | None = None

    @property
    def leading(self) -> bool:
        """Whether this worker does what is done once and not by everybody."""
        return self._leading

    # --- life ----------------------------------------------------------------------------------

    def launch(self) -> None:
        """Recover what a crash left, then start working. The store's tables must exist."""
        self._leading = self._presence.leads()
        free(self._store, self._presence.name, self._clock.now())
        self._spawn("engine-loop", self._loop.run_forever)
        self._launch_dbos()
        self._watch()
        if self._leading:
            self._repair()
        self._every(self._pace.watch_s, "engine-watch", self._watch)
        for seconds, name, work in (
            (self._pace.news_s, "engine-news", self._fetch_news),
            (self._pace.timer_s, "engine-timer", self._tick),
            # A thread of its own: writing for thousands takes seconds, which no tick may wait for.
            (self._pace.propose_s, "engine-proposals", self._hooks.propose_due),
            (self._pace.repair_s, "engine-repair", self._look_after),
        ):
            self._every(seconds, name, self._as_leader(work))

    def stop(self) -> None:
        """Take nothing more, see what is under way through (within `stop_s`), and end."""
        self._stopping.set()
        self._courier.stop()
        self._drain()
        self._on_loop(self._courier.close()).result(timeout=self._pace.stop_s)
        DBOS.destroy(destroy_registry=True)
        self._let_go()
        self._loop.call_soon_threadsafe(self._loop.stop)
        for thread in self._threads:
            thread.join()
        self._loop.close()
        # Last, when nothing of ours is left that another worker could take over.
        self._presence.leave()

    def discard(self) -> None:
        """Let go of an engine that was never launched."""
        self._let_go()
        self._loop.close()

    def _let_go(self) -> None:
        if self._client is not None:
            self._client.destroy()
            self._client = None

    def _launch_dbos(self) -> None:
        # With a handler of ours in place DBOS adds none of its own to the console.
        logging.getLogger("dbos").addHandler(logging.NullHandler())
        config: DBOSConfig = {
            "name": "campaigns",
            "system_database_url": self._url,
            "executor_id": self._presence.name,
            "application_version": APPLICATION_VERSION,
            "max_executor_threads": len(Channel) * self._pace.lanes_at_once + 8,
            "log_level": "WARNING",
        }
        DBOS(config=config)
        # Recovery may try for ever: a batch that ends badly changes rows, which count tries.
        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)(self._make_link())
        DBOS.launch()
        for channel in Channel:
            DBOS.register_queue(
                _queue(channel),
                worker_concurrency=self._pace.lanes_at_once,
                polling_interval_sec=self._pace.queue_s,
                on_conflict="always_update",
            )

    def _drain(self) -> None:
        """Wait for what is under way, then cancel: what has left is recorded as in doubt."""
        end = monotonic() + self._pace.stop_s
        for batch in list(self._under_way):
            try:
                batch.exception(timeout=max(0.0, end - monotonic()))
            except NotInTime:
                batch.cancel()
        # DBOS writes a link's end after the link has returned: it must still be there for that.
        while self._links_run() and monotonic() < end + 0.5:
            sleep(0.02)

    def _links_run(self) -> bool:
        return bool(
            DBOS.list_workflows(
                status="PENDING",
                executor_id=self._presence.name,
                limit=1,
                load_input=False,
                load_output=False,
            )
        )

    # --- lanes ---------------------------------------------------------------------------------

    def start(
        self,
        tx: Tx,
        campaign: Campaign,
        channels: Sequence[Channel],
        at: datetime,
        *,
        tests: bool = False,
    ) -> None:
        """Have the campaign's queued messages sent from `at` on, enqueued in this transaction."""
        for channel in channels:
            lane = Lane(campaign_id=campaign.id, channel=channel, epoch=campaign.epoch, tests=tests)
            self._enqueue_first(tx, lane, at)

    def _enqueue_first(self, tx: Tx, lane: Lane, at: datetime) -> None:
        # Unique: a lane may be opened again (another test, a message released by a person).
        chain = f"{lane.key}@{self._ids.new('chain')}"
        options = _options(lane, chain, 0, at - self._clock.now())
        connection = self._connection_of(tx)
        if not self._threads and not _has_queues(connection):
            return  # nobody has ever worked here: whoever does first starts lanes from the rows
        self._enqueuer().enqueue_in_transaction(connection, options, *_arguments(lane), chain, 0)

    def _enqueuer(self) -> DBOSClient:
        """Return what enqueues; a process that never launched leaves the work to one that did."""
        if self._stopping.is_set():
            raise RuntimeError("the engine has stopped")
        if self._client is None:
            self._client = DBOSClient(
                system_database_url=self._url, application_name="campaigns", lazy=True
            )
        return self._client

    def _make_link(self) -> Callable[[str, str, int, bool, str, int], None]:
        """Return the workflow: send a batch, then enqueue the next link of the chain, if any."""

        def link(campaign: str, channel: str, epoch: int, tests: bool, chain: str, n: int) -> None:
            lane = Lane(
                campaign_id=CampaignId(campaign), channel=Channel(channel), epoch=epoch, tests=tests
            )
            until = DBOS.run_step({"name": "send"}, self._send, lane)
            if until is not None:
                wait = datetime.fromisoformat(until) - self._clock.now()
                options = _options(lane, chain, n + 1, wait)
                DBOS.enqueue_workflow_with_options(options, *_arguments(lane), chain, n + 1)

        return link

    def _send(self, lane: Lane) -> str | None:
        """Send one batch; return when to go on as an ISO time, None when the lane has run dry."""
        if self._stopping.is_set():
            return (self._clock.now() + AFTER_STOP).isoformat()
        batch = self._on_loop(self._courier.send(lane))
        self._under_way.add(batch)
        try:
            rest = batch.result()
        except CancelledError:
            return (self._clock.now() + AFTER_STOP).isoformat()
        except Exception:
            # The worker's loop: the rows are intact, so the lane goes on when the cause is gone.
            log.exception("batch_raised", lane=lane.key)
            return (self._clock.now() + timedelta(seconds=self._pace.error_s)).isoformat()
        finally:
            self._under_way.discard(batch)
        log.info("batch", lane=lane.key, sent=rest.sent, until=rest.until, reason=rest.reason)
        return rest.until.isoformat() if rest.until is not None else None

    def _repair(self) -> None:
        """Start every lane that has queued messages and no workflow under way."""
        with self._store.read() as tx:
            lanes = tx.outbox.lanes()
        for lane in lanes:
            alive = DBOS.list_workflows(
                workflow_id_prefix=f"{lane.key}@",
                status=list(UNDER_WAY),
                limit=1,
                load_input=False,
                load_output=False,
            )
            if not alive:
                log.warning("lane_restarted", lane=lane.key)
                with self._store.begin() as tx:
                    self._enqueue_first(tx, lane, self._clock.now())

    # --- loops ---------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Say that we are alive; as the leader, take over what dead workers left."""
        self._leading = self._presence.leads()
        if self._leading:
            take_over(self._store, self._presence, self._clock.now())

    def _tick(self) -> None:
        self._hooks.begin_due()
        self._hooks.settle()

    def _look_after(self) -> None:
        """Free what has been under way for too long, mend broken chains, forget ended links."""
        now = self._clock.now()
        with self._store.begin() as tx:
            freed = tx.outbox.recover(now, before=now - LEASE)
        if any(freed.values()):
            log.warning("leases_ran_out", **{s.value: n for s, n in freed.items()})
        self._repair()
        ended = DBOS.list_workflows(
            completed_before=(now - timedelta(seconds=self._pace.keep_s)).isoformat(),
            status=list(ENDED),
            limit=MOST_FORGOTTEN,
            load_input=False,
            load_output=False,
        )
        if ended:
            DBOS.delete_workflows([link.workflow_id for link in ended])

    def _fetch_news(self) -> None:
        for source in self._news:
            news = source.fetch(self._clock.now())
            about_messages = [e for e in news if e.type not in track.CONCERNS_PEOPLE]
            for first in range(0, len(about_messages), NEWS_AT_ONCE):
                some = about_messages[first : first + NEWS_AT_ONCE]
                source.acknowledge(self._taken_in(some, self._courier.record))
            for event in news:
                if event.type in track.CONCERNS_PEOPLE and not self._stopping.is_set():
                    source.acknowledge(self._taken_in([event], self._tell))

    def _tell(self, events: Sequence[DeliveryEvent]) -> None:
        for event in events:
            self._hooks.heard(event)

    def _taken_in(
        self, events: Sequence[DeliveryEvent], take: Callable[[Sequence[DeliveryEvent]], object]
    ) -> Sequence[DeliveryEvent]:
        """Take events in durably; return those that were, the others will be fetched again."""
        try:
            take(events)
        except Exception:
            # The worker's loop: one event that cannot be taken in must not stop the others.
            if len(events) > 1:
                return [e for event in events for e in self._taken_in([event], take)]
            log.exception("news_raised", channel=events[0].channel, type=events[0].type)
            return []
        return events

    # --- threads -------------------------------------------------------------------------------

    def _spawn(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _every(self, seconds: float, name: str, work: Callable[[], object]) -> None:
        def loop() -> None:
            while not self._stopping.wait(seconds):
                try:
                    work()
                except Exception:
                    # The worker's loop: it goes on with the next round.
                    log.exception("round_raised", loop=name)

        self._spawn(name, loop)

    def _as_leader(self, work: Callable[[], object]) -> Callable[[], None]:
        def while_leading() -> None:
            if self._leading:
                work()

        return while_leading

    def _on_loop(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)


def _queue(channel: Channel) -> str:
    return f"send-{channel.value}"


def _arguments(lane: Lane) -> tuple[str, str, int, bool]:
    return (str(lane.campaign_id), lane.channel.value, lane.epoch, lane.tests)


def _options(lane: Lane, chain: str, link: int, wait: timedelta) -> EnqueueOptions:
    options: EnqueueOptions = {
        "workflow_name": WORKFLOW,
        "queue_name": _queue(lane.channel),
        "workflow_id": f"{chain}:{link}",
    }
    if wait > timedelta(0):
        options["delay_seconds"] = wait.total_seconds()
    return options


def _has_queues(connection: Connection) -> bool:
    """Whether the tables of the durable work exist: a worker makes them when it first starts."""
    schema = "dbos" if connection.dialect.name == "postgresql" else None
    return inspect(connection).has_table("workflow_status", schema=schema)
