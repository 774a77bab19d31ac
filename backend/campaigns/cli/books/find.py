"""Which book file, and which of its entries, a command is about."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from campaigns.model.errors import NotFound
from campaigns.model.record import Book, Record

if TYPE_CHECKING:
    from campaigns.settings import Settings

Name = Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's name or id.")]


def path_of(settings: "Settings") -> Path:
    """Return the book file these settings name, the sample book without one.

    From here on the lists of the data folder count, as they do for the house.
    """
    from campaigns.book import lists
    from campaigns.bootstrap import sample_book

    lists.use(settings.campaigns_data / lists.FOLDER)
    return settings.campaigns_book or sample_book()


def today_of(settings: "Settings") -> date:
    """Return the day `--today` says, or today where the house is."""
    from zoneinfo import ZoneInfo

    from campaigns.bootstrap.system import SystemClock

    return settings.campaigns_today or SystemClock(ZoneInfo(settings.campaigns_timezone)).today()


def record_of(book: Book, wanted: str) -> Record:
    """Return the entry with this id or, folded, this name; raise `NotFound` when not one has it."""
    from campaigns.model.fold import fold

    found = [
        r for r in book.records if wanted == r.customer.id or fold(wanted) == fold(r.customer.name)
    ]
    if len(found) > 1:
        ids = ", ".join(f"{r.customer.id} (line {r.first_line})" for r in found)
        raise NotFound(f"{wanted!r} names {len(found)} entries; use an id: {ids}")
    if not found:
        raise NotFound(f"There is no customer {wanted!r} in the book. Names are matched whole.")
    return found[0]
