"""Bring the tables up to date with the book file, reading only the entries that changed."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from campaigns import book as books
from campaigns.model.ids import CustomerId
from campaigns.model.ports import Tx
from campaigns.model.record import Read, RecordKind
from campaigns.orchestrator.opt_outs import carry, refusals


@dataclass(frozen=True, slots=True)
class Reread:
    """How many entries were read, how many stayed as they were, how many are gone."""

    read: int
    kept: int
    gone: int


@dataclass(frozen=True, slots=True)
class _Old:
    """The entries as last read, in the book's order; as columns, for they are many."""

    ids: books.Texts = field(default_factory=books.Texts)
    names: books.Texts = field(default_factory=books.Texts)
    fingerprints: books.Hexes = field(default_factory=books.fingerprints)
    texts: books.Hexes = field(default_factory=books.text_hashes)
    lines: "array[int]" = field(default_factory=lambda: array("Q"))
    are_customers: bytearray = field(default_factory=bytearray)

    @classmethod
    def of(cls, tx: Tx) -> "_Old":
        """Take the entries as the tables have them."""
        old = cls()
        for mark in tx.entries.each():
            old.ids.append(mark.id)
            old.names.append(mark.name)
            old.fingerprints.append(mark.fingerprint)
            old.texts.append(mark.text)
            old.lines.append(mark.line)
            old.are_customers.append(mark.kind is RecordKind.CUSTOMER)
        return old


def reread(tx: Tx, reading: books.Reading, now: datetime, *, everything: bool) -> Reread:
    """Make the tables equal to the book that `reading` looked over.

    Entries whose text stands unchanged, wherever it stands, are not read again unless
    `everything` is asked for. `now` is when the addresses are blocked that people got who opted out.
    """
    done = _bring_in(tx, reading, now, everything=everything)
    said, suspicions = books.compare(tx.entries.glances)
    tx.remarks.say(said, suspicions, reading.outline.diagnostics)
    return done


def _bring_in(tx: Tx, reading: books.Reading, now: datetime, *, everything: bool) -> Reread:
    """Make the entries those of the book. What is held for it is let go at the end."""
    found = reading.outline
    old = _Old.of(tx)
    kept = books.keep_ids(
        books.Signs(ids=found.ids, names=found.names, fingerprints=found.fingerprints),
        books.Signs(ids=old.ids, names=old.names, fingerprints=old.fingerprints),
    )
    same = bytearray(len(found.names))
    if not everything:
        same = _unchanged(found, old, kept.old, _affected(tx, reading))
    refused = refusals(tx)
    gone = _gone(old, kept.old)
    tx.entries.drop(CustomerId(old.ids[at]) for at in gone)
    tx.entries.move(
        (CustomerId(kept.ids[at]), at, found.firsts[at])
        for at, before in enumerate(kept.old)
        if same[at] and (before, old.lines[before]) != (at, found.firsts[at])
    )
    read = tx.entries.put(_read(reading, kept.ids, same))
    carry(tx, refused, now)
    return Reread(read, sum(same), len(gone))


def _gone(old: _Old, kept: Sequence[int]) -> Sequence[int]:
    stays = bytearray(len(old.ids))
    for before in kept:
        if before >= 0:
            stays[before] = True
    return [at for at, stay in enumerate(stays) if not stay]


def _unchanged(
    found: books.Outline, old: _Old, kept: Sequence[int], affected: frozenset[CustomerId]
) -> bytearray:
    """Return by position whether an entry is a customer that would read as it did before.

    An entry that is no customer is always read: the entries around it may have made it so.
    """
    return bytearray(
        before >= 0
        and bool(old.are_customers[before])
        and old.texts[before] == found.texts[at]
        and at not in found.copies
        and not found.is_chain(at)
        and not (affected and old.ids[before] in affected)
        for at, before in enumerate(kept)
    )


def _affected(tx: Tx, reading: books.Reading) -> frozenset[CustomerId]:
    """Return the customers about whom the book's own date says something else than before."""
    before, now = tx.customers.book_date(), reading.outline.updated
    if before == now or now is None:
        return frozenset()
    return tx.entries.starting_after(min(before or now, now))


def _read(reading: books.Reading, ids: Sequence[str], known: Sequence[int]) -> Iterator[Read]:
    places = (at for at in range(len(ids)) if not known[at])
    for at, record in zip(places, reading.records(ids, known), strict=True):
        yield Read(record, at, reading.outline.texts[at])
