"""Cursor pages: ask for one row more than shown; the last one shown is the next cursor."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Row


def next_cursor(rows: Sequence[Row[Any]], limit: int, key: Callable[[Row[Any]], str]) -> str | None:
    """Return the cursor of the next page, or None when `rows` (limit + 1 asked for) end here."""
    return key(rows[limit - 1]) if len(rows) > limit else None
