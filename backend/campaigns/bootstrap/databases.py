"""What is done to whole databases, none of which is opened for work meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from campaigns.bootstrap.admission import KEY, signing_key
from campaigns.bootstrap.system import SystemClock
from campaigns.model.access import Actor
from campaigns.model.errors import DatabaseRefused, SettingInvalid, WrongState
from campaigns.settings import Settings
from campaigns.store import SqlStore, standing
from campaigns.store.copying import Copied, copy
from campaigns.store.database import name_of, open_engine
from campaigns.store.folder import FolderLock
from campaigns.store.presence import somebody_works

__all__ = ["Copied", "copied", "key_adopted", "reinstated"]


def copied(settings: Settings, *, back: bool, each: Callable[[Copied], None]) -> str:
    """Copy the data folder's SQLite to CAMPAIGNS_DATABASE_URL, or `back`; return the source.

    Raises `DatabaseRefused` when somebody works on either, the target has rows, or the source is
    of another version; `FolderInUse` when the folder is served.
    """
    folder = settings.campaigns_data
    with _both(settings) as (file, server):
        source, target = (server, file) if back else (file, server)
        lock = FolderLock(folder)
        lock.take()
        try:
            if somebody_works(server):
                raise DatabaseRefused(
                    f"Somebody works on {name_of(server)}. Stop every `campaigns serve` and "
                    "`campaigns worker` on it first."
                )
            copy(source, target, name_of(target), each)
        finally:
            lock.release()
        return name_of(source)


def reinstated(settings: Settings, actor: Actor) -> None:
    """Let a database be worked on again that was copied to another one."""
    with _store(settings) as store, store.begin() as tx:
        if not standing.reinstate(tx.connection):
            raise WrongState("This database was not copied away: nothing keeps it from working.")
        now = _clock(settings).now()
        tx.audit.add(now, actor.name, "database.reinstated", "database", {})


def key_adopted(settings: Settings, actor: Actor) -> None:
    """Have links signed with this process's key, whatever signed them before."""
    with _store(settings) as store, store.begin() as tx:
        standing.sign_with(tx.connection, signing_key(settings, settings.campaigns_data))
        now = _clock(settings).now()
        tx.audit.add(now, actor.name, "key.adopted", KEY, {})


@contextmanager
def _both(settings: Settings) -> Iterator[tuple[Engine, Engine]]:
    url = settings.campaigns_database_url
    if url is None:
        raise SettingInvalid(
            "CAMPAIGNS_DATABASE_URL names no database: give the PostgreSQL to copy to, or from."
        )
    settings.campaigns_data.mkdir(parents=True, exist_ok=True)
    file = open_engine(None, settings.campaigns_data)
    server = open_engine(url.get_secret_value(), None)
    try:
        yield file, server
    finally:
        file.dispose()
        server.dispose()


@contextmanager
def _store(settings: Settings) -> Iterator[SqlStore]:
    url = settings.campaigns_database_url
    engine = open_engine(url.get_secret_value() if url else None, settings.campaigns_data)
    try:
        store = SqlStore(engine)
        store.create()
        yield store
    finally:
        engine.dispose()


def _clock(settings: Settings) -> SystemClock:
    return SystemClock(ZoneInfo(settings.campaigns_timezone))
