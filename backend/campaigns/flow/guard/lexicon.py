"""The guard's word lists: part of the package, read once."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

_HERE = "campaigns.flow.guard"
_IDIOMS = "idioms"


# How each language marks where a word begins; Thai does not.
_BEGIN = {"en": r"\b", "th": ""}


@cache
def claims() -> Mapping[str, re.Pattern[str]]:
    """Return, by language, what claims no record can be the source of; groups name the kind.

    Patterns are for folded text in small letters.
    """
    kinds = {name: b for name, b in _tables().items() if name != _IDIOMS and "offer" not in b}
    return {
        language: _pattern(
            language, (f"(?P<{name}>{_any(block[language])})" for name, block in kinds.items())
        )
        for language in _BEGIN
    }


@cache
def offers() -> Mapping[str, Mapping[str, re.Pattern[str]]]:
    """Return how each house offer is said: key of the offer -> language -> pattern."""
    return {
        block["offer"]: {lang: _pattern(lang, block[lang]) for lang in _BEGIN}
        for block in _tables().values()
        if "offer" in block
    }


@cache
def idioms() -> Mapping[str, re.Pattern[str]]:
    """Return each language's phrases that only look like a claim or a negation."""
    return {language: _pattern(language, _tables()[_IDIOMS][language]) for language in _BEGIN}


@cache
def words(name: str) -> frozenset[str]:
    """Return a list of words from `data/<name>.txt`; "#" begins a comment."""
    lines = (line.partition("#")[0] for line in _read(f"{name}.txt").splitlines())
    return frozenset(word for line in lines for word in line.split())


@cache
def table(name: str) -> Mapping[str, Mapping[str, Any]]:
    """Return `data/<name>.toml`; its own first lines say how it is laid out."""
    return tomllib.loads(_read(f"{name}.toml"))


def _tables() -> Mapping[str, Mapping[str, Any]]:
    return table("claims")


def _pattern(language: str, said: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"{_BEGIN[language]}{_any(said)}")


def _any(said: Iterable[str]) -> str:
    return f"(?:{'|'.join(said)})"


def _read(name: str) -> str:
    return (resources.files(_HERE) / "data" / name).read_text(encoding="utf-8")
