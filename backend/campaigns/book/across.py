"""What shows only when customers are compared: repeated names, shared addresses, mixed spellings."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from campaigns.book.brands import group_words
from campaigns.book.diagnose import diagnostic
from campaigns.book.duplicates import suspected
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


def compare(customers: Iterable[Glance]) -> tuple[Said, tuple[DuplicateSuspicion, ...]]:
    """Compare customers, given in file order, with each other.

    Returns what is to be said about each of them, and the suspected duplicates.
    """
    seen = list(customers)
    said: dict[CustomerId, list[Diagnostic]] = defaultdict(list)
    for customer, found in (*_repeated(seen), *_shared(seen), *_mixed(seen)):
        said[customer.id].append(found)
    suspicions = []
    for a, b, why in suspected(seen):
        suspicions.append(DuplicateSuspicion(first=a.id, second=b.id, why=why))
        for one, other in ((a, b), (b, a)):
            words = {"other": other.name, "at": other.line, "why": why}
            said[one.id].append(diagnostic("suspected-duplicate", one.line, one.name, **words))
    return said, tuple(suspicions)


def _repeated(customers: list[Glance]) -> Iterator[tuple[Glance, Diagnostic]]:
    first: dict[str, int] = {}
    for c in customers:
        other = first.setdefault(fold(c.name), c.line)
        if other != c.line:
            yield c, diagnostic("name-repeated", c.line, c.name, other=other)


def _shared(customers: list[Glance]) -> Iterator[tuple[Glance, Diagnostic]]:
    owner: dict[tuple[str, str], Glance] = {}
    for c in customers:
        for address in c.addresses:
            other = owner.setdefault((address.channel.value, address.value), c)
            if other is not c:
                words = {"other": other.name, "at": other.line}
                yield c, diagnostic("address-shared", address.line, address.written, **words)


def _mixed(customers: list[Glance]) -> Iterator[tuple[Glance, Diagnostic]]:
    """Yield the rarer spelling wherever one brand's word is written in more than one way."""
    spelled: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for c in customers:
        for key, word in _brand_words(c):
            spelled[key][word] += 1
    for c in customers:
        for key, word in _brand_words(c):
            usual = spelled[key].most_common(1)[0][0]
            if usual != word:
                words = {"here": word, "other": usual}
                yield c, diagnostic("spelling-mixed", c.line, c.name, **words)


def _brand_words(c: Glance) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield (group and folded word, word) for each brand word and dash of a branded name.

    Capitals are no other spelling: "HILTON" and "Hilton" are not told apart.
    """
    if c.brand_group is None:
        return
    for word in c.name.split():
        folded = fold(word)
        if folded == "-" or folded in group_words(c.brand_group):
            yield (c.brand_group, folded), word.lower()
