"""Countries, cities and their areas, from the lists `countries.csv` and `places.csv`."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from campaigns.book.lists import rows, split
from campaigns.book.phrases import Phrases
from campaigns.model.fold import fold

REGIONS = ("Asia Pacific", "Europe", "Americas", "Middle East", "Africa")


@dataclass(frozen=True, slots=True)
class Country:
    """A country: `timezone` None where it spans several, `language` None where several are usual."""

    code: str
    name: str
    region: str
    timezone: str | None
    language: str | None
    currency: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """What a place word stands for. `city` is None for a country or a state.

    `area` is the part of the city the word names, None for the city itself. `doubtful` words are
    also something else ("Bath", "Nice") and count only with the support of another word.
    """

    country: str
    city: str | None = None
    area: str | None = None
    timezone: str | None = None
    doubtful: bool = False


@cache
def countries() -> dict[str, Country]:
    """Return the countries by ISO 3166 code."""
    return {
        r["code"]: Country(
            code=r["code"],
            name=r["name"],
            region=r["region"],
            timezone=r["timezone"] or None,
            language=r["language"] or None,
            currency=r["currency"],
            words=split(r["words"]),
        )
        for r in rows("countries.csv")
    }


@cache
def country_codes() -> dict[str, str]:
    """Return the code for every folded name of a country; doubtful words are left out."""
    return {
        fold(word): c.code
        for c in countries().values()
        for word in (c.name, *c.words)
        if not word.startswith("~")
    }


@dataclass(frozen=True, slots=True)
class CityWords:
    """A city or an area of one, with every word for it; `doubtful` ones need support."""

    place: Place
    words: tuple[str, ...]
    doubtful: tuple[str, ...]


@cache
def listed_places() -> tuple[CityWords, ...]:
    """Return the rows of `places.csv`."""
    return tuple(_row(r) for r in rows("places.csv"))


def _row(row: dict[str, str]) -> CityWords:
    mark = "~" if row["doubtful"] else ""
    words = (mark + (row["area"] or row["city"]), *split(row["words"]))
    return CityWords(
        Place(
            country=row["country"],
            city=row["city"] or None,
            area=row["area"] or None,
            timezone=row["timezone"] or None,
        ),
        words=tuple(w for w in words if not w.startswith("~")),
        doubtful=tuple(w[1:] for w in words if w.startswith("~")),
    )


@cache
def place_phrases() -> Phrases[Place]:
    """Return every word for a country or a place, ready to be searched for."""
    return Phrases([*_country_words(), *_place_words()])


def _country_words() -> Iterator[tuple[str, Place]]:
    for country in countries().values():
        doubtful = {w[1:] for w in country.words if w.startswith("~")}
        for word in (country.name, *country.words):
            # In Thai a country's name is also its kitchen: "ร้านอาหารญี่ปุ่น" is anywhere.
            if "\u0e00" <= word[0] <= "\u0e7f" and not word.startswith("ประเทศ"):
                continue
            bare = word.removeprefix("~")
            yield bare, Place(country.code, doubtful=bare in doubtful)


def _place_words() -> Iterator[tuple[str, Place]]:
    for row in listed_places():
        for word in row.words:
            yield word, row.place
        for word in row.doubtful:
            yield word, replace(row.place, doubtful=True)


@cache
def cities() -> dict[str, tuple[Place, ...]]:
    """Return, for every folded word of a city itself, the cities it can be."""
    found: dict[str, tuple[Place, ...]] = {}
    for row in listed_places():
        if row.place.city and row.place.area is None:
            for word in (*row.words, *row.doubtful):
                found[fold(word)] = (*found.get(fold(word), ()), row.place)
    return found


def timezone_of(country: str, city: str | None) -> str | None:
    """Return the IANA zone of a city, or of its country where that has only one."""
    for place in cities().get(fold(city or ""), ()):
        if place.country == country and place.timezone:
            return place.timezone
    return countries()[country].timezone
