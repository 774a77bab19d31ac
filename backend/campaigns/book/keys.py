"""The keys of the book and the spellings they are known by."""

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from campaigns.book.lists import rows, split
from campaigns.model.fold import fold


@cache
def _keys(place: str) -> dict[str, str]:
    return {
        fold(word): row["field"]
        for row in rows("keys.csv")
        if row["place"] == place
        for word in (row["key"], *split(row["words"]))
    }


@cache
def ordered_keys() -> tuple[tuple[str, str], ...]:
    """Return (field, key as the book writes it) of an entry, in the order the book keeps."""
    return tuple((r["field"], r["key"]) for r in rows("keys.csv") if r["place"] == "entry")


@cache
def contact_names() -> Mapping[str, str]:
    """Return what stands under a contact, as the book writes it, by field and in its order."""
    return MappingProxyType(
        {r["field"]: r["key"] for r in rows("keys.csv") if r["place"] == "contact"}
    )


@lru_cache(maxsize=1_024)
def entry_key(key: str) -> str | None:
    """Return the field that a key of an entry gives, or None for a key the book does not know."""
    return _keys("entry").get(fold(key))


@lru_cache(maxsize=1_024)
def contact_key(key: str) -> str | None:
    """Return what a key under a contact gives ("email", "phone"), or None."""
    return _keys("contact").get(fold(key))
