"""The book in figures a person acts on: who ends soon unreached, what is missing, what is wrong."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.book.across import glance
from campaigns.book.diagnose import codes
from campaigns.book.lists import rows
from campaigns.model.ids import CustomerId
from campaigns.model.record import (
    Book,
    Diagnostic,
    DuplicateSuspicion,
    Glance,
    RecordKind,
    Severity,
)

SOON = 90  # days: the glossary's "this quarter"
_EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Something that customers' entries lack.

    `words` name it, `meaning` says what follows from it, `command` fills it for the first of
    the customers in `examples`.
    """

    thing: str
    words: str
    meaning: str
    customers: int
    examples: tuple[str, ...]
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A customer whose contract ends soon and whom nobody can write to.

    `people` counts the contacts the book names without an address.
    """

    customer_id: CustomerId
    name: str
    line: int
    contract_end: date
    days: int
    zones: int | None
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """How often one code was said, and where first (a line of the book)."""

    code: str
    severity: Severity
    count: int
    first_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The whole picture.

    `ending` are the unreachable customers among the `ending_soon` whose contract ends within
    `days` of the day it was made, soonest first. `missing` leaves out what nobody lacks.
    """

    entries: int
    kinds: Mapping[RecordKind, int]
    customers: int
    reachable: int
    days: int
    ending_soon: int
    ending: Sequence[Ending]
    missing: Sequence[Missing]
    remarks: Sequence[Remarks]
    suspicions: Sequence[DuplicateSuspicion]

    def said(self, severity: Severity) -> int:
        """Return how many remarks have this severity."""
        return sum(r.count for r in self.remarks if r.severity is severity)


_LACKS: Mapping[str, Callable[[Glance], bool]] = {
    "address": lambda c: not c.addresses,
    "contract_end": lambda c: c.contract_end is None,
    "zone_count": lambda c: not c.zone_count,
    "zone_names": lambda c: not c.zones_named,
    "platform": lambda c: c.platform is None,
    "price": lambda c: not c.priced,
    "business_type": lambda c: c.business_type is None,
    "country": lambda c: c.country is None,
}


def everything_said(book: Book) -> list[Diagnostic]:
    """Return every diagnostic of a book, in and outside its entries."""
    return [*book.diagnostics, *(d for record in book.records for d in record.diagnostics)]


def of_book(book: Book, today: date, days: int = SOON) -> Summary:
    """Sum up a book that was read whole."""
    said: dict[str, tuple[int, int]] = {}
    for d in everything_said(book):
        count, line = said.get(d.code, (0, d.line))
        said[d.code] = (count + 1, min(line, d.line))
    customers = (glance(r) for r in book.records if r.kind is RecordKind.CUSTOMER)
    kinds = Counter(r.kind for r in book.records)
    return summary(customers, kinds, said, book.suspicions, today, days=days)


def summary(
    customers: Iterable[Glance],
    kinds: Mapping[RecordKind, int],
    said: Mapping[str, tuple[int, int]],
    suspicions: Sequence[DuplicateSuspicion],
    today: date,
    *,
    days: int = SOON,
) -> Summary:
    """Sum up a book: `said` gives, for each code, how often it was said and in which line first."""
    lacking: Counter[str] = Counter()
    examples: dict[str, list[str]] = {thing: [] for thing in _LACKS}
    total = reachable = ending_soon = 0
    ending = []
    for c in customers:
        total += 1
        reachable += bool(c.addresses)
        for thing, lacks in _LACKS.items():
            if lacks(c):
                lacking[thing] += 1
                if len(examples[thing]) < _EXAMPLES:
                    examples[thing].append(c.name)
        if c.contract_end and today <= c.contract_end <= today + timedelta(days=days):
            ending_soon += 1
            if not c.addresses:
                ending.append(_ending(c, c.contract_end, today))
    return Summary(
        entries=sum(kinds.values()),
        kinds=dict(kinds),
        customers=total,
        reachable=reachable,
        days=days,
        ending_soon=ending_soon,
        ending=sorted(ending, key=lambda e: (e.contract_end, -(e.zones or 0), e.name)),
        missing=tuple(_missing(lacking, examples)),
        remarks=_remarks(said),
        suspicions=suspicions,
    )


def _ending(c: Glance, end: date, today: date) -> Ending:
    return Ending(
        customer_id=c.id,
        name=c.name,
        line=c.line,
        contract_end=end,
        days=(end - today).days,
        zones=c.zone_count,
        people=c.people,
    )


def _missing(lacking: Counter[str], examples: Mapping[str, list[str]]) -> Iterable[Missing]:
    for row in rows("missing.csv"):
        thing = row["thing"]
        if lacking[thing]:
            yield Missing(
                thing=thing,
                words=row["words"],
                meaning=row["meaning"],
                customers=lacking[thing],
                examples=tuple(examples[thing]),
                command=row["command"].format(name=examples[thing][0].replace('"', '\\"')),
            )


def _remarks(said: Mapping[str, tuple[int, int]]) -> Sequence[Remarks]:
    """Return the codes said, worst and commonest first."""
    order = list(Severity)
    found = [
        Remarks(code=code, severity=codes()[code][0], count=count, first_line=line)
        for code, (count, line) in said.items()
    ]
    return sorted(found, key=lambda r: (order.index(r.severity), -r.count, r.code))
