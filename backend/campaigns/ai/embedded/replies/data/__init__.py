"""The word lists and the learnt weights of the reply reader, each with its source."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """Return the TOML table `name` of this folder, read once."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


def phrases(value: object) -> tuple[str, ...]:
    """Check that `value` is a list of phrases and return it.

    Raises TypeError when the data file holds something else.
    """
    if not isinstance(value, list) or not all(isinstance(p, str) for p in value):
        raise TypeError(f"a list of phrases was expected, not {value!r:.80}")
    return tuple(value)
