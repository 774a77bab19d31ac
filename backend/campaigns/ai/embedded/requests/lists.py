"""The word lists beside this package, read once."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

_INNERMOST = re.compile(r"\([^()\[\]]*\)|\[[^()\[\]]*\]")


@cache
def table(name: str) -> dict[str, Any]:
    """Return the TOML list `name` ("calendar.toml")."""
    return tomllib.loads(_read(name))


@cache
def lines(name: str) -> frozenset[str]:
    """Return the words of the plain list `name`; "#" begins a comment."""
    return frozenset(
        word
        for line in _read(name).splitlines()
        if not line.startswith("#")
        for word in line.split()
    )


def _read(name: str) -> str:
    return (files(__package__) / "data" / name).read_text(encoding="utf-8")


def phrases(patterns: str) -> Iterator[str]:
    """Yield the phrases of a block of patterns, parted by " | " or by a new line."""
    for line in patterns.splitlines():
        for pattern in line.split(" | "):
            yield from expand(pattern)


def expand(pattern: str) -> Iterator[str]:
    """Yield the phrases a pattern stands for: "(a|b)" is one of them, "[a]" may be left out.

    >>> sorted(expand("follow(s|ed) up[ with]"))
    ['followed up', 'followed up with', 'follows up', 'follows up with']
    """
    for phrase in _expand(pattern):
        yield " ".join(phrase.split())


def _expand(pattern: str) -> list[str]:
    inner = _INNERMOST.search(pattern)
    if inner is None:
        return [pattern]
    options = inner[0][1:-1].split("|")
    if inner[0][0] == "[":
        options.append("")
    head, tail = pattern[: inner.start()], pattern[inner.end() :]
    return [phrase for option in options for phrase in _expand(f"{head}{option}{tail}")]
