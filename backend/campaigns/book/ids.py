"""Stable, readable customer ids."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import overload

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


class Ids(Sequence[CustomerId]):
    """An id for each of some names, in their order; the second of two equal ones ends in "-2".

    Made when asked for: of a large book most are never, and all of them take as much as the names.

    >>> list(Ids(["Heron House", "Heron-House"]))
    ['heron-house', 'heron-house-2']
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._names)

    @overload
    def __getitem__(self, at: int) -> CustomerId: ...
    @overload
    def __getitem__(self, at: slice) -> list[CustomerId]: ...
    def __getitem__(self, at: int | slice) -> CustomerId | list[CustomerId]:
        """Return the id of one name, or a list of some."""
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        return CustomerId(self._numbered.get(at) or slug(self._names[at]))

    @cached_property
    def _numbered(self) -> Mapping[int, str]:
        """The ids that end in a number because another has theirs, by their places."""
        slugs = Texts(map(slug, self._names))
        doubled = repeated(map(hash, slugs))
        shared = {made for made in slugs if hash(made) in doubled} if doubled else set()
        # A number may only make an id that is nobody's own.
        taken = {made for made in slugs if made.rpartition("-")[0] in shared} if shared else set()
        seen: dict[str, int] = {}
        numbered: dict[int, str] = {}
        for at, made in enumerate(slugs if shared else ()):
            if made in shared:
                seen[made] = seen.get(made, 0) + 1
                if seen[made] > 1:
                    numbered[at] = _free(made, seen, taken)
        return numbered


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
