"""Infer brand, place, time zone and language: each value with its source, rule and confidence.

What the book states in its optional keys (Brand, City, Country, Region, Language, Timezone) wins;
the name tells the rest. Two readings that contradict each other give nothing.
"""

import re
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from campaigns.book.brands import (
    BrandRead,
    brand_matches,
    flags,
    groups,
    read_brand,
)
from campaigns.book.clean import cleaned
from campaigns.book.entry import Entry
from campaigns.book.gazetteer import (
    REGIONS,
    cities,
    countries,
    country_codes,
    timezone_of,
)
from campaigns.book.lists import rows, split
from campaigns.book.phrases import Name
from campaigns.book.places import PlaceRead, Setting, place_matches, read_place
from campaigns.book.terms import kind_of
from campaigns.book.words import is_blank, name_words, word_list
from campaigns.model.customer import Known, Source
from campaigns.model.fold import fold

_THAI = re.compile("[\u0e00-\u0e7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inferred:
    """What is known of a customer beyond its own lines; `code` is the country's ISO 3166 code."""

    brand_group: Known[str] | None = None
    brand: Known[str] | None = None
    city: Known[str] | None = None
    country: Known[str] | None = None
    region: Known[str] | None = None
    timezone: Known[str] | None = None
    language: Known[str] | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class NameRead:
    """What a customer's name says by itself."""

    brand: BrandRead | None
    place: PlaceRead | None


def infer(entry: Entry, business_type: str | None) -> Inferred:
    """Return what an entry's optional keys and its name tell; doubts go into its diagnostics."""
    read = read_name(entry.name, kind_of(business_type))
    _say_doubts(entry, read)
    group, flag = _brand(entry, read.brand)
    code, city, country = _place(entry, read.place)
    return Inferred(
        brand_group=group,
        brand=flag,
        city=city,
        country=country,
        region=_region(entry, code, country),
        timezone=_timezone(entry, code, city, country),
        language=_language(entry, code, country),
        code=code,
    )


def read_name(text: str, kind: str | None) -> NameRead:
    """Read brand and place from a name; `kind` is the kind of its business type, if known."""
    name = Name.of(_without_former(text))
    brands = brand_matches(name)
    places = place_matches(name)
    lodging = _lodging(name, kind)
    starts = frozenset(m.start for m in places)
    brand = read_brand(name, brands, starts, lodging=lodging is not False)
    certain = brand is not None
    named = [m for m in brands if any(f and (certain or not f.doubt) for f in m.values)]
    setting = Setting(
        taken=frozenset(i for m in named for i in range(m.start, m.end)),
        brand_ends=frozenset(m.end for m in named),
        lodging=bool(lodging) or certain or _named_after_place(name),
    )
    return NameRead(brand, read_place(name, places, setting))


def _lodging(name: Name, kind: str | None) -> bool | None:
    """Whether the customer is a lodging; None when neither type nor name tells."""
    if kind is not None:
        return kind == "lodging"
    if any(word in name_words("lodging") for word in name.words):
        return True
    return False if any(word in name_words("food") for word in name.words) else None


def _named_after_place(name: Name) -> bool:
    return any(word in name_words("civic") for word in name.words)


def _without_former(text: str) -> str:
    """Leave out what "formerly" and the like bracket or lead: it names another time."""
    return _former().sub(" ", text)


@cache
def _former() -> re.Pattern[str]:
    marks = sorted(map(re.escape, word_list("former_inside")), key=len, reverse=True)
    # Without brackets only the long words: "Bar Ex Machina" was never called Machina.
    long = "|".join(mark for mark in marks if len(mark) > 5)
    bracketed = rf"[(\[]\s*(?:{'|'.join(marks)})\b[^()\[\]]*[)\]]"
    return re.compile(rf"{bracketed}|(?<=\s)(?:{long})\s.*$", re.IGNORECASE)


def _say_doubts(entry: Entry, read: NameRead) -> None:
    if read.brand and read.brand.undecided and not entry.value("brand"):
        entry.say(
            "brand-ambiguous", entry.number, entry.name, groups=", ".join(read.brand.undecided)
        )
    if read.place and read.place.undecided and not entry.value("country"):
        entry.say(
            "place-ambiguous", entry.number, entry.name, countries=", ".join(read.place.undecided)
        )


# --- brand -------------------------------------------------------------------------------------


def _brand(entry: Entry, read: BrandRead | None) -> tuple[Known[str] | None, Known[str] | None]:
    """Return (group, flag)."""
    line = entry.value("brand")
    group, flag = _named_brand(entry, read)
    if line is None or is_blank(line.value):
        return group, flag
    stated_group, stated_flag = _stated_brand(cleaned(line.value), line.number)
    if stated_flag is None and group and group.value == stated_group.value:
        return stated_group, flag
    return stated_group, stated_flag


def _named_brand(
    entry: Entry, read: BrandRead | None
) -> tuple[Known[str] | None, Known[str] | None]:
    if read is None or read.group is None:
        return None, None
    rule = f'brand word "{read.words}" in the name'
    group = _ruled(read.group, rule, read.confidence, entry.number)
    flag = _ruled(read.flag, rule, read.confidence, entry.number) if read.flag else None
    return group, flag


def _stated_brand(written: str, line: int) -> tuple[Known[str], Known[str] | None]:
    stated = Known(value=written, source=Source.FILE, line=line)
    folded = fold(written)
    if flag := flags().get(folded):
        name = Known(value=flag.name or written, source=Source.FILE, line=line)
        return _ruled(flag.group, f"group of {flag.name}", 1.0, line), name
    if group := groups().get(folded):
        return Known(value=group, source=Source.FILE, line=line), None
    read = read_brand(Name.of(written), brand_matches(Name.of(written)), frozenset(), lodging=True)
    if read and read.group and read.flag:
        name = Known(value=read.flag, source=Source.FILE, line=line)
        return _ruled(read.group, f"group of {read.flag}", 1.0, line), name
    return stated, stated


# --- place -------------------------------------------------------------------------------------


def _place(
    entry: Entry, read: PlaceRead | None
) -> tuple[str | None, Known[str] | None, Known[str] | None]:
    """Return (country code, city, country); a stated one overrules what the name says."""
    city = _stated(entry, "city")
    code, country = _stated_country(entry)
    ruled = read if read and read.country else None
    if country is None and city is not None:
        code, country = _country_of_city(city)
    if country is None and city is None and ruled and ruled.country:
        code = ruled.country
        rule = f'place "{ruled.words}" in the name'
        country = _ruled(countries()[code].name, rule, ruled.confidence, entry.number)
    if city is None and ruled and ruled.city and ruled.country == code:
        rule = f'place "{ruled.words}" in the name'
        city = _ruled(ruled.city, rule, ruled.confidence, entry.number)
    return code, city, country


def _stated(entry: Entry, field: str) -> Known[str] | None:
    line = entry.value(field)
    if line is None or is_blank(line.value):
        return None
    return Known(value=cleaned(line.value), source=Source.FILE, line=line.number)


def _stated_country(entry: Entry) -> tuple[str | None, Known[str] | None]:
    stated = _stated(entry, "country")
    if stated is None:
        return None, None
    code = country_codes().get(fold(stated.value))
    if code is None and stated.value.upper() in countries():
        code = stated.value.upper()
    if code is None:
        return None, stated
    return code, Known(value=countries()[code].name, source=Source.FILE, line=stated.line)


def _country_of_city(city: Known[str]) -> tuple[str | None, Known[str] | None]:
    codes = {place.country for place in cities().get(fold(city.value), ())}
    if len(codes) != 1:
        return None, None
    code = codes.pop()
    return code, _ruled(countries()[code].name, f"country of {city.value}", 0.95, city.line)


def _region(entry: Entry, code: str | None, country: Known[str] | None) -> Known[str] | None:
    stated = _stated(entry, "region")
    if stated is not None:
        region = region_names().get(fold(stated.value))
        if region:
            return Known(value=region, source=Source.FILE, line=stated.line)
        hint = "Write one of: " + ", ".join(REGIONS) + "."
        entry.say(
            "setting-unreadable",
            stated.line,
            stated.value,
            value=stated.value,
            field="region",
            hint=hint,
        )
    if code is None or country is None:
        return None
    place = countries()[code]
    return _ruled(place.region, f"region of {place.name}", country.confidence, country.line)


@cache
def region_names() -> dict[str, str]:
    """Return the region for every folded word that names one or a part of one."""
    return {
        fold(word): row["region"]
        for row in rows("regions.csv")
        for word in (row["region"], *split(row["words"]), *split(row["parts"]))
    }


# --- time zone and language --------------------------------------------------------------------


def _timezone(
    entry: Entry, code: str | None, city: Known[str] | None, country: Known[str] | None
) -> Known[str] | None:
    stated = _stated(entry, "timezone")
    if stated is not None:
        if _is_zone(stated.value):
            return stated
        entry.say(
            "setting-unreadable",
            stated.line,
            stated.value,
            value=stated.value,
            field="time zone",
            hint="Write an IANA name such as Asia/Bangkok.",
        )
    if code is None or country is None:
        return None
    zone = timezone_of(code, city.value if city else None)
    if zone is None:
        return None
    where = city.value if city else country.value
    return _ruled(zone, f"time zone of {where}", country.confidence, country.line)


@cache
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return "/" in name or name == "UTC"


@cache
def _languages() -> dict[str, str]:
    table = {fold(w): r["code"] for r in rows("languages.csv") for w in split(r["words"])}
    return table | {r["code"]: r["code"] for r in rows("languages.csv")}


@cache
def language_name(code: str) -> str:
    """Return the English name of an ISO 639-1 language, or the code where the list has none."""
    names = {row["code"]: split(row["words"])[0] for row in rows("languages.csv")}
    return names.get(code, code)


def _language(entry: Entry, code: str | None, country: Known[str] | None) -> Known[str] | None:
    """Return the ISO 639-1 code; a country's usual language is only a weak sign of a reader's."""
    stated = _stated(entry, "language")
    if stated is not None:
        known = _languages().get(fold(stated.value))
        if known:
            return Known(value=known, source=Source.FILE, line=stated.line)
        entry.say(
            "setting-unreadable",
            stated.line,
            stated.value,
            value=stated.value,
            field="language",
            hint="Write a language such as English or Thai.",
        )
    if _THAI.search(entry.name):
        return _ruled("th", "the name is written in Thai", 0.8, entry.number)
    if code is None or country is None:
        return None
    usual = countries()[code].language
    if usual is None:
        return None
    return _ruled(usual, f"usual language of {country.value}", 0.5, country.line)


def _ruled(value: str, rule: str, confidence: float, line: int) -> Known[str]:
    return Known(value=value, source=Source.RULE, rule=rule, confidence=confidence, line=line)
