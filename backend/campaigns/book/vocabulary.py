"""The values a request may name: from the book, and from the word lists around it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from campaigns.book.brands import BrandRow, Doubt, listed_brands
from campaigns.book.gazetteer import countries, listed_places
from campaigns.book.lists import rows, split
from campaigns.book.terms import business_types, platforms
from campaigns.model.customer import Known
from campaigns.model.fold import fold
from campaigns.model.plan import Attribute
from campaigns.model.record import Book
from campaigns.model.vocabulary import Tally, Term, Vocabulary

Counts = Mapping[str, int]


def vocabulary(book: Book) -> Vocabulary:
    """Return every term a request can use, most used first within an attribute."""
    return vocabulary_of(tally(book))


def tally(book: Book) -> Tally:
    """Count the values of a book's customers."""
    found = book.customers
    cities = ((c.city.value, c.country.value if c.country else None) for c in found if c.city)
    return Tally(
        brand_groups=_counted(c.brand_group for c in found),
        brands=_counted(c.brand for c in found),
        regions=_counted(c.region for c in found),
        countries=_counted(c.country for c in found),
        cities=Counter(cities),
        business_types=Counter(c.business_type for c in found if c.business_type),
        platforms=Counter(c.platform for c in found if c.platform),
        names=Counter(c.name for c in found),
    )


def _counted(values: Iterable[Known[str] | None]) -> Counter[str]:
    return Counter(known.value for known in values if known is not None)


def vocabulary_of(counted: Tally) -> Vocabulary:
    """Return the terms for customers counted elsewhere.

    A group's bare word and the name of its default flag ("Hilton", "Hilton Hotels & Resorts")
    mean the group. The default flag alone is a term of its own whose `words` leave its name out:
    it is reached as "plain Hilton" or "Hilton flag". Areas of a city are no terms: the book knows
    customers by city, and taking "Patong" as Phuket would widen a request.
    """
    terms = [
        *_brands(counted.brand_groups, counted.brands),
        *_regions(counted.regions),
        *_countries(counted.countries),
        *_cities(counted.cities),
        *_types(counted.business_types),
        *_platforms(counted.platforms),
        *(_term(Attribute.CUSTOMER, name, (name,), n) for name, n in counted.names.items()),
    ]
    order = {attribute: at for at, attribute in enumerate(Attribute)}
    return Vocabulary(tuple(sorted(terms, key=lambda t: (order[t.attribute], -t.customers))))


def _term(
    attribute: Attribute,
    value: str,
    words: Iterable[str],
    customers: int,
    parent: str | None = None,
) -> Term:
    unique: dict[str, str] = {}
    for word in filter(None, words):
        unique.setdefault(fold(word), word)
    return Term(
        attribute=attribute,
        value=value,
        words=tuple(unique.values()),
        customers=customers,
        parent=parent,
    )


# --- brands ------------------------------------------------------------------------------------


def _brands(by_group: Counts, by_flag: Counts) -> Iterator[Term]:
    known: dict[str, list[str]] = {row.flag.group: [] for row in listed_brands()}
    known |= {group: [] for group in by_group if group not in known}
    flagged: dict[tuple[str, str], list[str]] = {}
    for row in listed_brands():
        words = _request_words(row)
        if row.flag.name is None or row.flag.default:
            known[row.flag.group].extend([row.flag.name or "", *words])
        else:
            flagged.setdefault((row.flag.group, row.flag.name), []).extend(words)
    for group, spelled in known.items():
        yield _term(Attribute.BRAND, group, (group, *spelled), by_group.get(group, 0))
    for (group, flag), spelled in flagged.items():
        if flag != group:
            yield _term(Attribute.BRAND, flag, (flag, *spelled), by_flag.get(flag, 0), group)
    yield from _default_flags(by_flag)


def _request_words(row: BrandRow) -> tuple[str, ...]:
    """Leave out single words that are also common words: "even", "element", "w"."""
    return () if row.flag.doubt is Doubt.START else row.words


def _default_flags(by_flag: Counts) -> Iterator[Term]:
    for row in listed_brands():
        flag = row.flag
        if flag.default and flag.name and flag.name != flag.group:
            words = (f"plain {flag.group}", f"{flag.group} flag", f"{flag.name} only")
            yield _term(Attribute.BRAND, flag.name, words, by_flag.get(flag.name, 0), flag.group)


# --- places ------------------------------------------------------------------------------------


def _regions(counts: Counts) -> Iterator[Term]:
    for row in rows("regions.csv"):
        name = row["region"]
        yield _term(Attribute.REGION, name, (name, *split(row["words"])), counts.get(name, 0))


def _countries(counts: Counts) -> Iterator[Term]:
    demonyms = {row["code"]: split(row["words"]) for row in rows("demonyms.csv")}
    for country in countries().values():
        firm = (word for word in country.words if not word.startswith("~"))
        words = (country.name, *firm, *demonyms.get(country.code, ()))
        name = country.name
        yield _term(Attribute.COUNTRY, name, words, counts.get(name, 0), country.region)
    listed = {country.name for country in countries().values()}
    for name in counts.keys() - listed:
        yield _term(Attribute.COUNTRY, name, (name,), counts[name])


def _cities(counts: Mapping[tuple[str, str | None], int]) -> Iterator[Term]:
    words: dict[tuple[str, str | None], list[str]] = {key: [key[0]] for key in counts}
    for row in listed_places():
        key = (row.place.city or "", countries()[row.place.country].name)
        if row.place.area is not None or not row.place.city:
            continue
        # "Nice" and "Bath" are taken for cities only when a customer is there.
        spelled = (*row.words, *row.doubtful) if counts.get(key) else row.words
        if spelled:
            words.setdefault(key, []).extend(spelled)
    for (city, country), known in words.items():
        yield _term(Attribute.CITY, city, known, counts.get((city, country), 0), country)


# --- what the customer is ----------------------------------------------------------------------


def _types(counts: Counts) -> Iterator[Term]:
    listed = {t.name: t.words for t in business_types()}
    for name, words in (listed | {n: (n,) for n in counts if n not in listed}).items():
        yield _term(Attribute.BUSINESS_TYPE, name, words, counts.get(name, 0))


def _platforms(counts: Counts) -> Iterator[Term]:
    listed = {p.name: (*p.words, *p.told) for p in platforms()}
    for name, words in (listed | {n: (n,) for n in counts if n not in listed}).items():
        yield _term(Attribute.PLATFORM, name, words, counts.get(name, 0))
