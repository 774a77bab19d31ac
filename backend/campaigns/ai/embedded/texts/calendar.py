"""The next occasion of a country: what a seasonal text is about when the request names none."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

from campaigns.ai.embedded.texts.tables import table

SOONEST, LATEST = timedelta(days=5), timedelta(days=75)  # from today to an occasion worth a letter
_LAST = "national_day"  # proposed only where nothing else is near


def next_occasion(country: str | None, today: date) -> str | None:
    """Return the key of the next occasion in `country`, None where none is near or known.

    `country` is an English name as the customer book uses it. Dates, lunar ones included, come
    from the `holidays` package.
    """
    if country is None:
        return None
    near = [
        (key == _LAST, day, key)
        for year in (today.year, today.year + 1)
        for key, day in _occasions(country, year)
        if today + SOONEST <= day <= today + LATEST
    ]
    return min(near)[2] if near else None


@cache
def _occasions(country: str, year: int) -> tuple[tuple[str, date], ...]:
    return (*_days(country, year), *_kept(country, year))


def _days(country: str, year: int) -> Iterator[tuple[str, date]]:
    """Yield the occasions among a country's public holidays, each on its first day."""
    first: dict[str, date] = {}
    data = table("calendar")
    names = data["names"] | data["here"].get(country, {})
    for day, name in _holidays(country, year):
        for key, said in names.items():
            if any(words in name for words in said):
                first.setdefault(key, day)
    for key, rule in data["before"].items():
        if rule["of"] in first:
            first[key] = first[rule["of"]] - timedelta(days=rule["days"])
    yield from first.items()


def _kept(country: str, year: int) -> Iterator[tuple[str, date]]:
    for key, rule in table("calendar")["kept"].items():
        if country in rule["in"]:
            month, day = rule["on"]
            yield key, date(year, month, day)


def _holidays(country: str, year: int) -> list[tuple[date, str]]:
    """Return a country's holidays in order; none where the package does not know it."""
    kind = _kind(country)
    if kind is None:
        return []
    english = "en_US" if "en_US" in kind.supported_languages else None
    found = kind(years=year, categories=kind.supported_categories, language=english)
    return sorted(found.items())


@cache
def public_holidays(country: str, year: int) -> frozenset[date] | None:
    """Return the days off of a whole country, None where the country is not known.

    Holidays of a part of a country (a state, a canton) are not among them.
    """
    kind = _kind(country)
    return None if kind is None else frozenset(kind(years=year))


def _kind(country: str) -> Any:
    """Return the package's class of a country, None where it does not know the country."""
    # A third of a second: only who needs a calendar pays for it.
    import holidays

    known = country in _countries()
    return getattr(holidays, country.replace(" ", ""), None) if known else None


@cache
def _countries() -> frozenset[str]:
    """Return the names of countries that the package knows as classes ("Hong Kong")."""
    from holidays.registry import COUNTRIES

    classes = [entry[0] for entry in COUNTRIES.values()]
    return frozenset(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name) for name in classes)
