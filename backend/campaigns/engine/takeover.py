"""Taking over what a dead worker left: its claims in our rows, its links in DBOS."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Protocol

import structlog
from dbos import DBOS, WorkflowStatus

from campaigns.model.ports import Store

log = structlog.get_logger(__name__)

ONLY = "only"


class Presence(Protocol):
    """This process among the workers of a database."""

    @property
    def name(self) -> str: ...
    def leads(self) -> bool:
        """Return whether this worker looks after what is done once and not by everybody."""
        ...

    def instead_of(self, name: str) -> AbstractContextManager[bool]:
        """Yield True while the worker `name` is dead and nobody else stands in for it."""
        ...

    def leave(self) -> None: ...


class Alone:
    """The only process on a database, as on SQLite: it leads, and every other is dead."""

    name = ONLY

    def leads(self) -> bool:
        """Say yes."""
        return True

    @contextmanager
    def instead_of(self, name: str) -> Iterator[bool]:
        """Yield True: nobody else is alive."""
        yield True

    def leave(self) -> None:
        """Do nothing: there is nobody to tell."""


def take_over(store: Store, presence: Presence, now: datetime) -> None:
    """Free the claims of every dead worker and have its links run again."""
    with store.read() as tx:
        names = set(tx.outbox.workers())
    names |= {str(link.executor_id) for link in _running()}
    for name in sorted(names - {presence.name}):
        with presence.instead_of(name) as dead:
            if dead:
                free(store, name, now)
                _run_again(name)


def free(store: Store, worker: str, now: datetime) -> None:
    """Free what a dead worker had claimed; what had left is in doubt."""
    with store.begin() as tx:
        freed = tx.outbox.recover(now, worker=worker)
    if any(freed.values()):
        counts = {status.value: n for status, n in freed.items()}
        log.warning("worker_taken_over", worker=worker, **counts)


def _run_again(worker: str) -> None:
    by_queue: defaultdict[str | None, list[str]] = defaultdict(list)
    for link in _running(worker):
        by_queue[link.queue_name].append(link.workflow_id)
    for queue, links in by_queue.items():
        DBOS.resume_workflows(links, queue_name=queue)


def _running(worker: str | None = None) -> list[WorkflowStatus]:
    return DBOS.list_workflows(
        status="PENDING", executor_id=worker, load_input=False, load_output=False
    )
