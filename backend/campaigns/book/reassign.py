"""Keep customer ids when the book changes: through renamed headings, moves and duplicates."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from rapidfuzz import fuzz

from campaigns.book.ids import slug
from campaigns.book.many import Hashed, Texts
from campaigns.model.customer import Customer
from campaigns.model.fold import fold
from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.record import Book, DuplicateSuspicion, Record

Previous = Sequence[tuple[CustomerId, str, str]]

# How alike (0-100) an old and a new name must be to be one when only their place in the book
# speaks for it. "Hilton Krabi" and "Hilton Krabi Ao Nang" are; two other hotels are not.
_ALIKE = 60


Key = tuple[str, str, str]  # the folded name, and the fingerprint's two parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the entries of a book are known again by, in file order; `fingerprints` as in `Mark`."""

    ids: Sequence[str]
    names: Sequence[str]
    fingerprints: Sequence[str]

    def keys(self, start: int, end: int) -> list[Key]:
        """Return the keys of some entries."""
        some = zip(self.names[start:end], self.fingerprints[start:end], strict=True)
        return [(fold(name), *_parts(fingerprint)) for name, fingerprint in some]


@dataclass(frozen=True, slots=True)
class Kept:
    """The ids of a book's entries, in file order, and the old entry each one continues.

    `old` holds for each its position among the entries there were before, -1 for a new one.
    """

    ids: Sequence[str]
    old: Sequence[int]


def reassign(book: Book, previous: Previous) -> Book:
    """Return `book` with the ids its entries had before; `keep_ids` tells how."""
    now = [(r.customer.id, r.customer.name, r.fingerprint) for r in book.records]
    new = _signs(now)
    kept = map(CustomerId, keep_ids(new, _signs(previous)).ids)
    ids = dict(zip(new.ids, kept, strict=True))
    return replace(
        book,
        records=tuple(_with_id(r, ids[r.customer.id]) for r in book.records),
        suspicions=tuple(
            DuplicateSuspicion(first=ids[s.first], second=ids[s.second], why=s.why)
            for s in book.suspicions
        ),
    )


def _signs(entries: Previous) -> Signs:
    ids, names, fingerprints = ([entry[column] for entry in entries] for column in range(3))
    return Signs(ids=ids, names=names, fingerprints=fingerprints)


def keep_ids(new: Signs, previous: Signs) -> Kept:
    """Give the entries of a book the ids they had before.

    Both tell every entry in the order of the book, then and now; the ids of `new` are the ones
    their names give. An entry keeps its id when its text is unchanged, else when its name is,
    else when what stands below the name is and nothing else has it, else when it stands between
    the same neighbours as a vanished entry of a similar name. A new entry gets a new id, never
    one that was another's.
    """
    if not previous.ids:
        return Kept(new.ids, array("q", [-1]) * len(new.ids))
    matched = _matches(new, previous)
    taken = _Taken(previous.ids)
    ids = Texts()
    for at, old in enumerate(matched):
        ids.append(taken.fresh(new.ids[at], new.names[at]) if old < 0 else previous.ids[old])
    return Kept(ids, matched)


def _matches(new: Signs, previous: Signs) -> "array[int]":
    """Return the position in `previous` for each position in `new`, -1 where there is none."""
    size, before = len(new.ids), len(previous.ids)
    start, end = _untouched(new.fingerprints, previous.fingerprints)
    now, then = size - end, before - end
    changed = _changed(new.keys(start, now), previous.keys(start, then))
    matched = array("q", range(start))
    matched.extend(start + changed[at] if at in changed else -1 for at in range(now - start))
    matched.extend(range(then, before))
    return matched


def _untouched(new: Sequence[str], previous: Sequence[str]) -> tuple[int, int]:
    """Return how many entries are the same at the beginning of both and at the end of both."""
    most = min(len(new), len(previous))
    start = next((at for at in range(most) if new[at] != previous[at]), most)
    rest = most - start
    end = next((at for at in range(rest) if new[-1 - at] != previous[-1 - at]), rest)
    return start, end


def _changed(now: list[Key], then: list[Key]) -> dict[int, int]:
    matched: dict[int, int] = {}
    _pair(now, then, matched, lambda key: key, unique=False)
    _pair(now, then, matched, lambda key: key[0], unique=False)
    _pair(now, then, matched, lambda key: key[2], unique=True)
    alone = list(_between(matched, len(now), len(then)))
    return matched | {at: b for at, b in alone if fuzz.ratio(now[at][0], then[b][0]) >= _ALIKE}


def _parts(fingerprint: str) -> tuple[str, str]:
    name, _, body = fingerprint.partition("-")
    return name, body


def _pair(
    new: list[Key],
    old: list[Key],
    matched: dict[int, int],
    of: Callable[[Key], Hashable],
    *,
    unique: bool,
) -> None:
    """Match entries with the same key in their order; with `unique` only where it is the only one."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    used = set(matched.values())
    for before, key in enumerate(old):
        if before not in used:
            waiting[of(key)].append(before)
    wanted = Counter(of(key) for at, key in enumerate(new) if at not in matched)
    for at, key in enumerate(new):
        candidates = waiting.get(of(key), [])
        if at in matched or not candidates:
            continue
        if not unique or (len(candidates) == 1 and wanted[of(key)] == 1):
            matched[at] = candidates.pop(0)


def _between(matched: dict[int, int], new: int, old: int) -> Iterator[tuple[int, int]]:
    """Yield (new, old) positions that stand alone between the same two matched neighbours."""
    edges = [(-1, -1), *sorted(matched.items()), (new, old)]
    used = set(matched.values())  # entries that moved past each other leave no gap between them
    for (at, before), (next_at, next_before) in pairwise(edges):
        if next_at - at == 2 and next_before - before == 2 and before + 1 not in used:
            yield at + 1, before + 1


class _Taken:
    """Ids that are somebody's, before or now."""

    def __init__(self, before: Sequence[str]) -> None:
        self._before = before
        self._now: set[str] = set()

    @cached_property
    def _hashed(self) -> Hashed:
        return Hashed(self._before)

    def _has(self, made: str) -> bool:
        return made in self._now or made in self._hashed

    def fresh(self, own: str, name: str) -> str:
        """Take an entry's own id, or a numbered one where that belonged to another."""
        found, number = own, 2
        while self._has(found):
            found = f"{slug(name)}-{number}"
            number += 1
        self._now.add(found)
        return found


def _with_id(record: Record, customer_id: CustomerId) -> Record:
    customer = record.customer
    if customer.id == customer_id:
        return record
    return replace(record, customer=_renamed(customer, customer_id))


def _renamed(customer: Customer, customer_id: CustomerId) -> Customer:
    contacts = tuple(
        replace(c, id=ContactId(customer_id + c.id.removeprefix(customer.id)))
        for c in customer.contacts
    )
    return replace(customer, id=customer_id, contacts=contacts)
