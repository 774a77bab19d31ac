"""Options every command shares, and the house they open."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from campaigns.bootstrap import Services

Book = Annotated[
    Path | None, typer.Option("--book", help="The customer book (Markdown).", show_default=False)
]
Data = Annotated[Path | None, typer.Option("--data", help="The data folder.", show_default="data")]
Today = Annotated[
    str | None,
    typer.Option("--today", metavar="YYYY-MM-DD", help='Freeze "today", for demos and tests.'),
]
Simulate = Annotated[
    bool, typer.Option("--simulate", help="Every channel is its simulator: nothing leaves.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def given(
    book: Path | None, data: Path | None, today: str | None, simulate: bool = False
) -> dict[str, Any]:
    """Return the settings that options override, None where the environment decides."""
    try:
        day = date.fromisoformat(today) if today else None
    except ValueError as error:
        raise typer.BadParameter(f"{today} is no date: use YYYY-MM-DD") from error
    return {
        "campaigns_book": book,
        "campaigns_data": data,
        "campaigns_today": day,
        "campaigns_simulate": "all" if simulate else None,
    }


@contextmanager
def house(options: dict[str, Any], *, in_memory: bool = False) -> Iterator["Services"]:
    """Open the house for one command; `in_memory` stores nothing."""
    # Imported here: `campaigns --help` must not wait for the database library.
    from campaigns import bootstrap, logs, settings

    logs.set_up("warning")
    with bootstrap.opened(settings.read(**options), in_memory=in_memory) as services:
        yield services
