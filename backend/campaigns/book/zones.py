"""Zone names: split on commas only, remarks and codes told apart from names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from campaigns.book.clean import cleaned
from campaigns.book.words import is_blank, word_list
from campaigns.model.fold import fold, words

# "RGS-0417|RGS-0418": site codes pasted from a device list. "Lobby | Bar" is one zone's name.
_CODE = re.compile(r"(?:(?:^|\s*\|\s*)[a-z]{0,5}[-_ ]?\d+(?:[-_]\w+)*)+")
_SHORT_NUMBER = re.compile(r"(?:[a-z]{1,5} ?)?\d{1,2}")


@dataclass(frozen=True, slots=True)
class ZoneRead:
    """One zone as written and why it is not shown (a code of diagnostics.toml), or None."""

    name: str
    problem: str | None


def read_zones(written: str, customer: str) -> Iterator[ZoneRead]:
    """Yield every zone of a Zone Names value; only those without a problem are names to show."""
    seen: set[str] = set()
    own = words(customer)
    for part in written.split(","):
        name = cleaned(part)
        if not name:
            continue
        folded = fold(name)
        problem = _problem(name)
        if words(name) == own and problem != "zone-questioned":
            problem = "zone-is-customer"
        if problem is None and folded in seen:
            problem = "zone-repeated"
        seen.add(folded)
        yield ZoneRead(name, problem)


@lru_cache(maxsize=1_024)
def _problem(name: str) -> str | None:
    if is_blank(name):
        return "zone-placeholder"
    folded = fold(name)
    named = words(name)
    if "?" in folded:
        return "zone-questioned"
    if _is_remark(named):
        return "zone-placeholder"
    if _CODE.fullmatch(folded) and not _SHORT_NUMBER.fullmatch(folded):
        return "zone-code"
    if any(word in word_list("zone_misspelt") for word in (*named, folded)):
        return "zone-misspelt"
    return None


def _is_remark(named: tuple[str, ...]) -> bool:
    core, other = word_list("zone_remark_core"), word_list("zone_remark")
    return all(w in other for w in named) and any(w in core for w in named)
