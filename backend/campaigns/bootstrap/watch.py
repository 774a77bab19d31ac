"""Look at the customer book while the house is open, so that edits by hand are seen."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from campaigns.orchestrator.customers import CustomerBook

EVERY_S = 0.5  # an edit by hand is seen within two seconds, the reading included

log = structlog.get_logger()


@contextmanager
def watching(book: CustomerBook) -> Iterator[None]:
    """Look at the book twice a second, in a thread of its own, until the end of the block."""
    done = threading.Event()
    thread = threading.Thread(target=_look, args=(book, done), name="book", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _look(book: CustomerBook, done: threading.Event) -> None:
    while not done.wait(EVERY_S):
        try:
            book.refresh()
        except Exception:
            # A database that is away for a moment must not end the looking.
            log.exception("book.not_refreshed")
