"""What shows only when customers are compared: repeated names, shared addresses, mixed spellings."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from sys import intern

from campaigns.book.brands import group_words
from campaigns.book.diagnose import diagnostic
from campaigns.book.duplicates import suspected
from campaigns.book.many import Texts, repeated
from campaigns.model.customer import Address, Channel
from campaigns.model.fold import fold
from campaigns.model.ids import CustomerId
from campaigns.model.record import Diagnostic, DuplicateSuspicion, Glance, Record

Said = Mapping[CustomerId, Sequence[Diagnostic]]


def glance(record: Record) -> Glance:
    """Return a customer's record as far as adding up goes."""
    c = record.customer
    return Glance(
        id=c.id,
        name=c.name,
        line=c.line,
        brand_group=c.brand_group.value if c.brand_group else None,
        country=c.country.value if c.country else None,
        business_type=c.business_type,
        platform=c.platform,
        zone_count=c.zone_count,
        zones_named=len(c.zone_names),
        priced=c.price_per_zone is not None,
        contract_start=c.contract_start,
        contract_end=c.contract_end,
        people=sum(d.code == "contact-unreachable" for d in record.diagnostics),
        addresses=tuple(a for contact in c.contacts for a in contact.addresses),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What comparing needs of the customers, by their places in file order, and no more.

    Customers are many: each is held as an entry of these columns, not as a value of its own.
    """

    ids: Texts = field(default_factory=Texts)
    names: Texts = field(default_factory=Texts)
    lines: "array[int]" = field(default_factory=lambda: array("Q"))
    groups: list[str | None] = field(default_factory=list)
    addresses: "array[int]" = field(default_factory=lambda: array("q"))  # their hashes

    def take(self, c: Glance) -> None:
        """Add a customer."""
        self.addresses.extend(map(_key, c.addresses))
        self.ids.append(c.id)
        self.names.append(c.name)
        self.lines.append(c.line)
        self.groups.append(intern(c.brand_group) if c.brand_group else None)

    def at(self, place: int) -> tuple[int, str]:
        """Return a customer's line and name."""
        return self.lines[place], self.names[place]


Found = Iterator[tuple[int, Diagnostic]]  # each with the place of the customer it is about


def compare(
    customers: Callable[[], Iterable[Glance]],
) -> tuple[Said, tuple[DuplicateSuspicion, ...]]:
    """Compare customers with each other; `customers` gives them in file order, as often as asked.

    Returns what is to be said about each of them, and the suspected duplicates.
    """
    seen = _Seen()
    for customer in customers():
        seen.take(customer)
    said: dict[CustomerId, list[Diagnostic]] = defaultdict(list)
    for place, found in chain(_repeated(seen), _shared(seen, customers), _mixed(seen)):
        said[CustomerId(seen.ids[place])].append(found)
    suspicions = []
    for a, b, why in suspected(seen.names):
        ids = {place: CustomerId(seen.ids[place]) for place in (a, b)}
        suspicions.append(DuplicateSuspicion(first=ids[a], second=ids[b], why=why))
        for one, other in ((a, b), (b, a)):
            (line, name), (at, other_name) = seen.at(one), seen.at(other)
            words = {"other": other_name, "at": at, "why": why}
            said[ids[one]].append(diagnostic("suspected-duplicate", line, name, **words))
    return said, tuple(suspicions)


def _shared(seen: _Seen, customers: Callable[[], Iterable[Glance]]) -> Found:
    """Yield the addresses that an earlier customer has.

    Few are shared: the customers are gone through once more for these instead of holding all.
    """
    doubled = repeated(seen.addresses)
    owner: dict[tuple[Channel, str], int] = {}
    for place, customer in enumerate(customers() if doubled else ()):
        for address in customer.addresses:
            if _key(address) not in doubled:
                continue
            other = owner.setdefault((address.channel, address.value), place)
            if other != place:
                at, name = seen.at(other)
                words = {"other": name, "at": at}
                yield place, diagnostic("address-shared", address.line, address.written, **words)


def _key(address: Address) -> int:
    return hash((address.channel, address.value))


def _repeated(seen: _Seen) -> Found:
    doubled = repeated(hash(fold(name)) for name in seen.names)
    first: dict[str, int] = {}
    for place, name in enumerate(seen.names):
        if hash(folded := fold(name)) not in doubled:
            continue
        line = seen.lines[place]
        other = first.setdefault(folded, line)
        if other != line:
            yield place, diagnostic("name-repeated", line, name, other=other)


def _mixed(seen: _Seen) -> Found:
    """Yield the rarer spelling wherever one brand's word is written in more than one way."""
    spelled: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for _, key, word in _brand_words(seen):
        spelled[key][word] += 1
    for place, key, word in _brand_words(seen):
        usual = spelled[key].most_common(1)[0][0]
        if usual != word:
            words = {"here": word, "other": usual}
            line, name = seen.at(place)
            yield place, diagnostic("spelling-mixed", line, name, **words)


def _brand_words(seen: _Seen) -> Iterator[tuple[int, tuple[str, str], str]]:
    """Yield place, (group and folded word) and word, for brand words and dashes in branded names.

    Capitals are no other spelling: "HILTON" and "Hilton" are not told apart.
    """
    for place, (name, group) in enumerate(zip(seen.names, seen.groups, strict=True)):
        if group is None:
            continue
        for word in name.split():
            folded = fold(word)
            if folded == "-" or folded in group_words(group):
                yield place, (group, folded), word.lower()
