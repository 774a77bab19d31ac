"""Open the word lists beside the code. They are data: TOML, or CSV with a header row."""

import csv
from collections.abc import Iterator
from importlib import resources


def read_list(name: str) -> str:
    """Return the text of the list `name` in `book/data`."""
    return resources.files("campaigns.book").joinpath("data", name).read_text(encoding="utf-8")


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV list by column name; lines that begin with "#" are comments."""
    lines = (line for line in read_list(name).splitlines() if line and not line.startswith("#"))
    yield from csv.DictReader(lines)


def split(cell: str) -> tuple[str, ...]:
    """Return the words of a cell, which are separated by "|"."""
    return tuple(word.strip() for word in cell.split("|") if word.strip())
