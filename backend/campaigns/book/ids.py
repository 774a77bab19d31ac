"""Stable, readable customer ids."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache

from campaigns.book.lists import rows
from campaigns.book.many import Texts, repeated
from campaigns.model.fold import fold
from campaigns.model.ids import CustomerId

_LONGEST = 60
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_LEADING_VOWEL = re.compile("([เแโใไ])([ก-ฮ])")


def slug(name: str) -> str:
    """Return the readable id of a name: ASCII words joined by "-"; Thai letters are transcribed.

    A name of another script alone becomes "customer-" and eight digits of its hash.

    >>> slug("Meliá Chiang Mai")
    'melia-chiang-mai'
    >>> slug("ร้านลาบ ๕ ดาว")
    'ranlap-5-dao'
    """
    folded = fold(name).replace("'", "")
    letters = _latin(folded) if not folded.isascii() else folded
    made = _NOT_SLUG.sub("-", letters).strip("-")
    if not any(c.isalpha() for c in made):
        digest = hashlib.sha256(folded.encode()).hexdigest()[:8]
        made = "-".join(filter(None, ("customer", made, digest)))
    return made[:_LONGEST].rstrip("-")


def ids_of(names: Iterable[str]) -> Iterator[CustomerId]:
    """Yield an id for each name in order; the second of two equal ones ends in "-2"."""
    slugs = Texts(slug(name) for name in names)
    doubled = repeated(map(hash, slugs))
    shared = {made for made in slugs if hash(made) in doubled}
    # A number may only make an id that is nobody's own.
    taken = {made for made in slugs if made.rpartition("-")[0] in shared}
    seen: dict[str, int] = {}
    for made in slugs:
        if made in shared:
            seen[made] = seen.get(made, 0) + 1
        yield CustomerId(made if seen.get(made, 1) == 1 else _free(made, seen, taken))


def _free(made: str, seen: dict[str, int], taken: set[str]) -> str:
    while (numbered := f"{made}-{seen[made]}") in taken:
        seen[made] += 1
    taken.add(numbered)
    return numbered


@cache
def _thai() -> dict[int, str]:
    return str.maketrans({row["letter"]: row["latin"] for row in rows("thai_letters.csv")})


def _latin(folded: str) -> str:
    # เ แ โ ใ ไ are written before the consonant they are spoken after.
    return _LEADING_VOWEL.sub(r"\2\1", folded).translate(_thai())
