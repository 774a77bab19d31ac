"""Open the word lists beside the code. They are data: TOML, or CSV with a header row."""

import csv
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable


@cache
def _folder() -> Traversable:
    return resources.files("campaigns.book").joinpath("data")


def read_list(name: str) -> str:
    """Return the text of the list `name` in `book/data`."""
    return _folder().joinpath(name).read_text(encoding="utf-8")


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV list by column name; lines that begin with "#" are comments."""
    lines = (line for line in read_list(name).splitlines() if line and not line.startswith("#"))
    cells = csv.reader(lines)
    header = next(cells)
    for row in cells:
        yield dict(zip(header, row, strict=True))


def split(cell: str) -> tuple[str, ...]:
    """Return the words of a cell, which are separated by "|"."""
    return tuple(word.strip() for word in cell.split("|") if word.strip())
