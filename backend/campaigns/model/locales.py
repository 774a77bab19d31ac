"""How languages other than English and Thai write dates, amounts and lists: Babel's tables (CLDR).

English and Thai have their own, fuller rules in `notation` and in the steps. Babel is loaded with
the first use of another language: most houses never need it.
"""

import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from campaigns.model.money import Money

if TYPE_CHECKING:
    from babel import Locale

OWN = ("en", "th")  # the languages that people of the house wrote texts and checks in


def is_known(language: str) -> bool:
    """Whether there are tables for a language (an ISO 639-1 code such as "de")."""
    from babel import UnknownLocaleError

    try:
        return len(language) == 2 and bool(_locale(language))
    except (UnknownLocaleError, ValueError):
        return False


def name_of(language: str) -> str:
    """Return the English name of a language: "German"; an unknown code stands for itself."""
    return str(_locale(language).english_name) if is_known(language) else language


def direction(language: str) -> str:
    """Return "rtl" for a language written from right to left, else "ltr"."""
    if language in OWN or not is_known(language):
        return "ltr"
    return "rtl" if _locale(language).text_direction == "rtl" else "ltr"


def date_in(day: date, language: str) -> str:
    """Return a date with its month in words: "31. Oktober 2030", "2030年10月31日"."""
    from babel.dates import format_date

    return _visible(format_date(day, "long", locale=_locale(language)))


def amount_in(money: Money, language: str) -> str:
    """Return an amount with its ISO 4217 code, where the language puts it: "12.000 THB"."""
    from babel.numbers import format_decimal

    whole = money.amount == money.amount.to_integral_value()
    shown = money.amount if whole else money.amount.quantize(Decimal("0.01"))
    locale = _locale(language)
    amount = _visible(format_decimal(shown, "#,##0" if whole else "#,##0.00", locale=locale))
    pattern = _visible(locale.currency_formats["standard"].pattern)
    return f"{money.currency} {amount}" if pattern.startswith("¤") else f"{amount} {money.currency}"


def listed_in(names: Sequence[str], language: str) -> str:
    """Return names as a list in prose: "A, B und C", "A、B、C"."""
    from babel.lists import format_list

    return _visible(format_list([*names], locale=_locale(language)))


@cache
def days_and_months(language: str) -> frozenset[str]:
    """Return the names of months and weekdays in small letters, as dates use them and alone."""
    locale = _locale(language)
    tables = (
        table[form]["wide"]
        for table in (locale.months, locale.days)
        for form in ("format", "stand-alone")
    )
    names = (_visible(str(name)).lower() for table in tables for name in table.values())
    return frozenset(name for name in names if not any(c.isdigit() for c in name))


@cache
def scripts(language: str) -> frozenset[str]:
    """Return the scripts a language is written in, by their names in Unicode: "CYRILLIC"."""
    found = {script(c) for name in days_and_months(language) for c in name if c.isalpha()}
    return frozenset(found | ({"HIRAGANA", "KATAKANA", "CJK"} if language == "ja" else set()))


def script(letter: str) -> str:
    """Return the script of a letter, by the first word of its name in Unicode."""
    return unicodedata.name(letter, "").split(" ")[0].partition("-")[0]


@cache
def _locale(language: str) -> "Locale":
    from babel import Locale

    return Locale.parse(language)


def _visible(text: str) -> str:
    """Return `text` without marks of direction, which nobody sees, and with plain spaces."""
    plain = (" " if unicodedata.category(c) == "Zs" else c for c in text)
    return "".join(c for c in plain if unicodedata.category(c) != "Cf")
