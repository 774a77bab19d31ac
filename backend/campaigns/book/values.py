"""Type the values of an entry; what cannot be read is None and said in a diagnostic."""

import re
from dataclasses import dataclass
from datetime import date

from campaigns.book.amounts import currency_code, read_amount
from campaigns.book.clean import cleaned
from campaigns.book.dates import read_date
from campaigns.book.entry import Entry, Line
from campaigns.book.terms import read_business_type, read_platform
from campaigns.book.words import is_blank, word_list, yes_or_no
from campaigns.book.zones import read_zones
from campaigns.model.customer import Issue, Private
from campaigns.model.fold import fold
from campaigns.model.money import Money

_COUNT = re.compile(r"(\d{1,4})(?:\.0+)?(?: ?(?:zones?|โซน))?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """The typed lines of an entry; field names are those of `Customer`."""

    business_type: str | None
    zone_count: int | None
    zone_names: tuple[str, ...]
    platform: str | None
    price_per_zone: Money | None
    currency: str | None
    contract_start: date | None
    contract_end: date | None
    key_account: bool | None
    lines: tuple[tuple[str, int], ...]


def read_values(entry: Entry, updated: date | None) -> Values:
    """Type the values of an entry; `updated` is the book's own date, for what lies ahead of it."""
    count = _zone_count(entry)
    currency, price = _money(entry)
    start, end = _contract(entry, updated)
    return Values(
        business_type=_business_type(entry),
        zone_count=count,
        zone_names=_zone_names(entry, count),
        platform=_platform(entry),
        price_per_zone=price,
        currency=currency,
        contract_start=start,
        contract_end=end,
        key_account=_key_account(entry),
        lines=tuple((field, line.number) for field, line in entry.values.items()),
    )


def read_private(entry: Entry, contact_notes: tuple[str, ...]) -> Private:
    """Return what only a person with the `notes` scope may see."""
    hardware, account = _given(entry, "hardware"), _given(entry, "account_id")
    return Private(
        special_notes=tuple(note.value for note in entry.notes),
        hardware=hardware.value if hardware else None,
        account_id=account.value if account else None,
        contact_notes=contact_notes,
    )


def read_issues(entry: Entry) -> tuple[Issue, ...]:
    """Return the dated and undated lines of the Issue History that say anything."""
    found = []
    for line in entry.issues:
        on = read_date(line.key).date if line.key else None
        text = line.value if on or not line.key else f"{line.key}: {line.value}"
        if not is_blank(text):
            found.append(Issue(on=on, text=text, line=line.number))
    return tuple(found)


def _given(entry: Entry, field: str) -> Line | None:
    line = entry.values.get(field)
    return None if line is None or is_blank(line.value) else line


def _business_type(entry: Entry) -> str | None:
    line = _given(entry, "business_type")
    if line is None:
        return None
    value, problem = read_business_type(cleaned(line.value))
    if problem:
        entry.say(f"business-type-{problem}", line.number, line.value, value=value or line.value)
    return value


def _platform(entry: Entry) -> str | None:
    line = entry.values.get("platform")
    if line is None or fold(line.value) in word_list("blank_platform"):
        return None
    value, problem = read_platform(cleaned(line.value))
    if problem:
        entry.say(f"platform-{problem}", line.number, line.value, value=value)
    return value


def _key_account(entry: Entry) -> bool | None:
    line = entry.values.get("key_account")
    said = yes_or_no(line.value) if line else None
    if line and said is None and not is_blank(line.value):
        entry.say("key-account-unreadable", line.number, line.value, value=line.value)
    return said


# --- zones -------------------------------------------------------------------------------------


def _zone_count(entry: Entry) -> int | None:
    line = _given(entry, "zone_count")
    if line is None:
        return None
    match = _COUNT.match(fold(line.value))
    if match is None:
        entry.say("zone-count-unreadable", line.number, line.value)
        return None
    return int(match[1])


def _zone_names(entry: Entry, count: int | None) -> tuple[str, ...]:
    line = _given(entry, "zone_names")
    if line is None:
        return ()
    zones = list(read_zones(line.value, entry.name))
    for zone in zones:
        if zone.problem:
            entry.say(zone.problem, line.number, line.value, zone=zone.name)
        elif "/" in zone.name or "|" in zone.name:
            entry.say("zone-slash", line.number, line.value, zone=zone.name)
    named = len(zones)
    if count and named != count:
        code = "zone-names-missing" if named < count else "zone-names-exceed"
        entry.say(code, line.number, line.value, count=count, named=named)
    return tuple(zone.name for zone in zones if zone.problem is None)


# --- dates and money ---------------------------------------------------------------------------


def _contract(entry: Entry, updated: date | None) -> tuple[date | None, date | None]:
    start, end = _date(entry, "contract_start"), _date(entry, "contract_end")
    line = entry.values.get("contract_start")
    if line and start and end and start >= end:
        code = "contract-reversed" if start > end else "contract-one-day"
        entry.say(code, line.number, line.value, start=start, end=end)
    if line and start and updated and start > updated:
        entry.say("contract-starts-later", line.number, line.value, updated=updated)
    return start, end


def _date(entry: Entry, field: str) -> date | None:
    line = _given(entry, field)
    if line is None:
        return None
    read = read_date(line.value)
    if read.problem:
        entry.say(f"date-{read.problem}", line.number, line.value, value=line.value)
    elif not read.iso:
        entry.say("date-not-iso", line.number, line.value, date=read.date)
    return read.date


def _money(entry: Entry) -> tuple[str | None, Money | None]:
    """Return (currency, price): a price without one certain currency is no price."""
    stated = _currency(entry)
    line = _given(entry, "price_per_zone")
    if line is None:
        return stated, None
    amount, currency = read_amount(cleaned(line.value))
    if amount is None:
        entry.say("price-unreadable", line.number, line.value, value=line.value)
    elif currency and stated and currency != stated:
        entry.say("currency-mismatch", line.number, line.value, price=currency, currency=stated)
    elif code := currency or stated:
        return code, Money(amount, code)
    else:
        entry.say("price-without-currency", line.number, line.value)
    return stated or currency, None


def _currency(entry: Entry) -> str | None:
    line = _given(entry, "currency")
    if line is None:
        return None
    code = currency_code(cleaned(line.value))
    if code is None:
        entry.say("currency-unknown", line.number, line.value, value=line.value)
    return code
