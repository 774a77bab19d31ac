"""Keep customer ids when the book changes: through renamed headings, moves and duplicates."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rapidfuzz import fuzz

from campaigns.book.ids import slug
from campaigns.model.customer import Customer
from campaigns.model.fold import fold
from campaigns.model.ids import ContactId, CustomerId
from campaigns.model.record import Book, DuplicateSuspicion, Record

Previous = Sequence[tuple[CustomerId, str, str]]

# How alike (0-100) an old and a new name must be to be one when only their place in the book
# speaks for it. "Hilton Krabi" and "Hilton Krabi Ao Nang" are; two other hotels are not.
_ALIKE = 60


def reassign(book: Book, previous: Previous) -> Book:
    """Return `book` with the ids its entries had before.

    `previous` holds (id, name, fingerprint) of every entry stored, in the order of the book then.
    An entry keeps its id when its text is unchanged, else when its name is, else when what stands
    below the name is and nothing else has it, else when it stands between the same neighbours as
    a vanished entry of a similar name. A new entry gets a new id, never one that was another's.
    """
    records = book.records
    matched = _matches(records, previous)
    taken = {customer_id for customer_id, _, _ in previous}
    ids: dict[CustomerId, CustomerId] = {}
    for at, record in enumerate(records):
        old = previous[matched[at]][0] if at in matched else _fresh(record, taken)
        taken.add(old)
        ids[record.customer.id] = old
    return replace(
        book,
        records=tuple(_with_id(r, ids[r.customer.id]) for r in records),
        suspicions=tuple(
            DuplicateSuspicion(
                first=ids[CustomerId(s.first)], second=ids[CustomerId(s.second)], why=s.why
            )
            for s in book.suspicions
        ),
    )


def _matches(records: Sequence[Record], previous: Previous) -> dict[int, int]:
    """Return the position in `previous` for each position in `records` that has one."""
    new = [(fold(r.customer.name), *_parts(r.fingerprint)) for r in records]
    old = [(fold(name), *_parts(fingerprint)) for _, name, fingerprint in previous]
    matched: dict[int, int] = {}
    _pair(new, old, matched, lambda key: key, unique=False)
    _pair(new, old, matched, lambda key: key[0], unique=False)
    _pair(new, old, matched, lambda key: key[2], unique=True)
    alone = list(_between(matched, len(new), len(old)))
    return matched | {at: b for at, b in alone if fuzz.ratio(new[at][0], old[b][0]) >= _ALIKE}


Key = tuple[str, str, str]


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


def _fresh(record: Record, taken: set[CustomerId]) -> CustomerId:
    """Return the entry's own id, or a numbered one where that belonged to another."""
    if record.customer.id not in taken:
        return record.customer.id
    made, number = slug(record.customer.name), 2
    while f"{made}-{number}" in taken:
        number += 1
    return CustomerId(f"{made}-{number}")


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
