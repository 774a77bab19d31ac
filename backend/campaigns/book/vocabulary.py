"""The values a request may name: from the book, and from the word lists around it."""

from collections import Counter
from collections.abc import Iterable, Iterator

from campaigns.book.brands import BrandRow, Doubt, listed_brands
from campaigns.book.gazetteer import countries, listed_places
from campaigns.book.lists import rows, split
from campaigns.book.terms import business_types, platforms
from campaigns.model.customer import Customer, Known
from campaigns.model.fold import fold
from campaigns.model.plan import Attribute
from campaigns.model.record import Book
from campaigns.model.vocabulary import Term, Vocabulary


def vocabulary(book: Book) -> Vocabulary:
    """Return every term a request can use, most used first within an attribute.

    A group's bare word and the name of its default flag ("Hilton", "Hilton Hotels & Resorts")
    mean the group. The default flag alone is a term of its own whose `words` leave its name out:
    it is reached as "plain Hilton" or "Hilton flag". Areas of a city are no terms: the book knows
    customers by city, and taking "Patong" as Phuket would widen a request.
    """
    found = book.customers
    terms = [
        *_brands(found),
        *_regions(found),
        *_countries(found),
        *_cities(found),
        *_types(found),
        *_platforms(found),
        *_names(found),
    ]
    order = {attribute: at for at, attribute in enumerate(Attribute)}
    return Vocabulary(tuple(sorted(terms, key=lambda t: (order[t.attribute], -t.customers))))


def _counted(values: Iterable[Known[str] | None]) -> Counter[str]:
    return Counter(known.value for known in values if known is not None)


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


def _brands(customers: Iterable[Customer]) -> Iterator[Term]:
    by_group = _counted(c.brand_group for c in customers)
    by_flag = _counted(c.brand for c in customers)
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
        yield _term(Attribute.BRAND, group, (group, *spelled), by_group[group])
    for (group, flag), spelled in flagged.items():
        if flag != group:
            yield _term(Attribute.BRAND, flag, (flag, *spelled), by_flag[flag], group)
    yield from _default_flags(by_flag)


def _request_words(row: BrandRow) -> tuple[str, ...]:
    """Leave out single words that are also common words: "even", "element", "w"."""
    return () if row.flag.doubt is Doubt.START else row.words


def _default_flags(by_flag: Counter[str]) -> Iterator[Term]:
    for row in listed_brands():
        flag = row.flag
        if flag.default and flag.name and flag.name != flag.group:
            words = (f"plain {flag.group}", f"{flag.group} flag", f"{flag.name} only")
            yield _term(Attribute.BRAND, flag.name, words, by_flag[flag.name], flag.group)


# --- places ------------------------------------------------------------------------------------


def _regions(customers: Iterable[Customer]) -> Iterator[Term]:
    counts = _counted(c.region for c in customers)
    for row in rows("regions.csv"):
        name = row["region"]
        yield _term(Attribute.REGION, name, (name, *split(row["words"])), counts[name])


def _countries(customers: Iterable[Customer]) -> Iterator[Term]:
    counts = _counted(c.country for c in customers)
    demonyms = {row["code"]: split(row["words"]) for row in rows("demonyms.csv")}
    for country in countries().values():
        firm = (word for word in country.words if not word.startswith("~"))
        words = (country.name, *firm, *demonyms.get(country.code, ()))
        name = country.name
        yield _term(Attribute.COUNTRY, name, words, counts[name], country.region)
    listed = {country.name for country in countries().values()}
    for name in counts.keys() - listed:
        yield _term(Attribute.COUNTRY, name, (name,), counts[name])


def _cities(customers: Iterable[Customer]) -> Iterator[Term]:
    counts = Counter(
        (c.city.value, c.country.value if c.country else None) for c in customers if c.city
    )
    words: dict[tuple[str, str | None], list[str]] = {key: [key[0]] for key in counts}
    for row in listed_places():
        key = (row.place.city or "", countries()[row.place.country].name)
        if row.place.area is not None or not row.place.city:
            continue
        # "Nice" and "Bath" are taken for cities only when a customer is there.
        spelled = (*row.words, *row.doubtful) if counts[key] else row.words
        if spelled:
            words.setdefault(key, []).extend(spelled)
    for (city, country), known in words.items():
        yield _term(Attribute.CITY, city, known, counts[city, country], country)


# --- what the customer is ----------------------------------------------------------------------


def _types(customers: Iterable[Customer]) -> Iterator[Term]:
    counts = Counter(c.business_type for c in customers if c.business_type)
    listed = {t.name: t.words for t in business_types()}
    for name, words in (listed | {n: (n,) for n in counts if n not in listed}).items():
        yield _term(Attribute.BUSINESS_TYPE, name, words, counts[name])


def _platforms(customers: Iterable[Customer]) -> Iterator[Term]:
    counts = Counter(c.platform for c in customers if c.platform)
    listed = {p.name: (*p.words, *p.told) for p in platforms()}
    for name, words in (listed | {n: (n,) for n in counts if n not in listed}).items():
        yield _term(Attribute.PLATFORM, name, words, counts[name])


def _names(customers: Iterable[Customer]) -> Iterator[Term]:
    for name, count in Counter(c.name for c in customers).items():
        yield _term(Attribute.CUSTOMER, name, (name,), count)
