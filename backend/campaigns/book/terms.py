"""Business types and platforms: the words of the book folded to one name each."""

from dataclasses import dataclass
from functools import cache, lru_cache

from campaigns.book.lists import rows, split
from campaigns.book.words import word_list
from campaigns.model.fold import fold


@dataclass(frozen=True, slots=True)
class BusinessType:
    """One canonical business type, its kind (lodging, food, trade) and every word for it."""

    name: str
    kind: str
    words: tuple[str, ...]


@cache
def business_types() -> tuple[BusinessType, ...]:
    """Return the business types in the order of their list."""
    return tuple(
        BusinessType(row["type"], row["kind"], (row["type"], *split(row["words"])))
        for row in rows("business_types.csv")
    )


@cache
def _type_words() -> dict[str, str]:
    table = {fold(w): t.name for t in reversed(business_types()) for w in t.words}
    table |= {
        fold(w): row["type"] for row in rows("business_types.csv") for w in split(row["misspelt"])
    }
    return table | {fold(t.name): t.name for t in business_types()}


@cache
def kind_of(business_type: str | None) -> str | None:
    """Return "lodging", "food" or "trade" for a business type; None when it is not known."""
    return {t.name: t.kind for t in business_types()}.get(business_type or "")


@lru_cache(maxsize=1_024)
def read_business_type(written: str) -> tuple[str | None, str | None]:
    """Return (canonical type, or the text as written when the lists do not know it; problem).

    The problem is "device", "questioned" (both make the type None), "folded", "unknown" or None.
    """
    folded = fold(written)
    if "?" in folded:
        return None, "questioned"
    if folded in word_list("device"):
        return None, "device"
    known = _type_words().get(folded)
    if known is not None:
        return known, None if known == written else "folded"
    parts = {_type_words().get(part.strip()) for part in folded.split("/")}
    if len(parts) == 1 and (only := parts.pop()):
        return only, "folded"
    return written, "unknown"


@dataclass(frozen=True, slots=True)
class Platform:
    """One music platform; `unmapped` ones keep their own name until the owner maps them.

    `told` are the spellings whose reading is worth a diagnostic.
    """

    name: str
    unmapped: bool
    words: tuple[str, ...]
    told: tuple[str, ...]


@cache
def platforms() -> tuple[Platform, ...]:
    """Return the platforms in the order of their list."""
    return tuple(
        Platform(
            name=row["platform"],
            unmapped=bool(row["unmapped"]),
            words=(row["platform"], *split(row["words"])),
            told=split(row["told"]),
        )
        for row in rows("platforms.csv")
    )


@cache
def _platform_words() -> dict[str, Platform]:
    return {fold(word): p for p in platforms() for word in (*p.words, *p.told)}


@lru_cache(maxsize=1_024)
def read_platform(written: str) -> tuple[str, str | None]:
    """Return (canonical platform, or the text as written; problem: "folded", "unmapped", None)."""
    known = _platform_words().get(fold(written))
    if known is None or known.unmapped:
        return (known.name if known else written), "unmapped"
    told = fold(written) in {fold(word) for word in known.told}
    return known.name, "folded" if told else None
