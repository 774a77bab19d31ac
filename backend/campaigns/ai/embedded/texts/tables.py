"""The library's data files, each read once."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """Return the data file `name` ("renewal.en"); its own first lines say how it is laid out."""
    file = resources.files("campaigns.ai.embedded.texts") / "data" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
