"""Bring the tables up to date with the book file, reading only the entries that changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaigns import book as books
from campaigns.model.ids import CustomerId
from campaigns.model.ports import Tx
from campaigns.model.record import Mark, Read, RecordKind


@dataclass(frozen=True, slots=True)
class Reread:
    """How many entries were read, how many stayed as they were, how many are gone."""

    read: int
    kept: int
    gone: int


def reread(tx: Tx, reading: books.Reading, *, everything: bool) -> Reread:
    """Make the tables equal to the book that `reading` looked over.

    Entries whose text stands unchanged, wherever it stands, are not read again unless
    `everything` is asked for.
    """
    found = reading.outline
    old = tx.entries.known()
    new = books.Signs(ids=found.ids, names=found.names, fingerprints=found.fingerprints)
    kept = books.keep_ids(new, _signs(old))
    same: Mapping[int, RecordKind] = {}
    if not everything:
        affected = _affected(tx, reading)
        same = dict(_unchanged(found, old, kept.old, affected))
    _take_out(tx, old, kept.old)
    tx.entries.move(
        (CustomerId(kept.ids[at]), at, found.firsts[at])
        for at in same
        if (kept.old[at], old[kept.old[at]].line) != (at, found.firsts[at])
    )
    with books.uncollected():
        read = tx.entries.put(_read(reading, kept.ids, same))
        said, suspicions = books.compare(tx.entries.glances())
    tx.remarks.say(said, suspicions, found.diagnostics)
    return Reread(read, len(same), len(old) - len(kept.old))


def _signs(marks: Sequence[Mark]) -> books.Signs:
    return books.Signs(
        ids=[m.id for m in marks],
        names=[m.name for m in marks],
        fingerprints=[m.fingerprint for m in marks],
    )


def _take_out(tx: Tx, old: Sequence[Mark], kept: Mapping[int, int]) -> None:
    stays = set(kept.values())
    tx.entries.drop(m.id for at, m in enumerate(old) if at not in stays)


def _unchanged(
    found: books.Outline,
    old: Sequence[Mark],
    kept: Mapping[int, int],
    affected: frozenset[CustomerId],
) -> Iterator[tuple[int, RecordKind]]:
    """Yield position and kind of the entries that would read as they did before.

    An entry that is no customer is always read: the entries around it may have made it so.
    """
    for at, before in kept.items():
        mark = old[before]
        if (
            mark.text == found.texts[at]
            and mark.kind is RecordKind.CUSTOMER
            and at not in found.copies
            and not found.is_chain(at)
            and mark.id not in affected
        ):
            yield at, mark.kind


def _affected(tx: Tx, reading: books.Reading) -> frozenset[CustomerId]:
    """Return the customers about whom the book's own date says something else than before."""
    before, now = tx.customers.book_date(), reading.outline.updated
    if before == now or now is None:
        return frozenset()
    return tx.entries.starting_after(min(before or now, now))


def _read(
    reading: books.Reading, ids: Sequence[str], known: Mapping[int, RecordKind]
) -> Iterator[Read]:
    places = (at for at in range(len(ids)) if at not in known)
    for at, record in zip(places, reading.records(ids, known), strict=True):
        yield Read(record, at, reading.outline.texts[at])
