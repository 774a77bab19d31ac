"""Wires ports to adapters; the only package that owns the clock, mints ids, picks adapters."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from campaigns.bootstrap.services import Services
from campaigns.bootstrap.watch import watching
from campaigns.bootstrap.wiring import wired
from campaigns.model.errors import SettingInvalid
from campaigns.settings import Settings
from campaigns.store.database import stands
from campaigns.store.folder import FolderLock

__all__ = ["Services", "is_kept", "opened", "sample_book"]

STOP_S = 5.0  # for a provider that is being asked just then


def sample_book() -> Path:
    """Return the sample book that comes with the project."""
    package = Path(__file__).parent.parent
    return next(
        p for p in (package / "venue_data.md", package.parent / "venue_data.md") if p.exists()
    )


def is_kept(settings: Settings) -> bool:
    """Tell whether there is a house already: its opt-outs, follows and earlier campaigns."""
    url = settings.campaigns_database_url
    return stands(url.get_secret_value() if url else None, settings.campaigns_data)


@contextmanager
def opened(
    settings: Settings, *, in_memory: bool = False, working: bool = False
) -> Iterator[Services]:
    """Open the house. `working` runs the engine until the end.

    On SQLite it takes the data folder, for one process; on PostgreSQL any number may work.
    Raises `FolderInUse` with the holder's pid and book, `BookError` naming file and line.
    """
    data = None if in_memory else _folder(settings.campaigns_data)
    book = settings.campaigns_book or sample_book()
    shared = settings.campaigns_database_url is not None
    with _taken(data, book, working=working) if data and not shared else nullcontext():
        services = wired(settings, data, book)
        services.book.refresh()
        services.editing.recover()
        try:
            with _at_work(services) if working else nullcontext():
                yield services
        finally:
            services.stopping.set()
            if not working:
                services.engine.discard()
            services.minds.close()
            services.store.engine.dispose()


@contextmanager
def _taken(data: Path, book: Path, *, working: bool) -> Iterator[None]:
    """Take the folder to work in it; a single command only must not bring in another book."""
    lock = FolderLock(data)
    if working:
        lock.take(book)
    else:
        lock.agree(book)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _at_work(services: Services) -> Iterator[None]:
    """Send, listen, look after things and watch the book until the end."""
    services.engine.launch()
    beside = services.keep_house()
    try:
        with watching(services.book):
            yield
    finally:
        services.stopping.set()
        services.engine.stop()
        for thread in beside:
            thread.join(timeout=STOP_S)


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingInvalid(
            f"CAMPAIGNS_DATA: {path} cannot be made a folder ({error.strerror}). "
            "Give another one with --data."
        ) from error
    return path
