"""How facts are worded: dates, money and zones as each language and tone writes them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from campaigns.model.locales import OWN, amount_in, date_in, listed_in
from campaigns.model.money import Money
from campaigns.model.notation import BUDDHIST_YEARS_AHEAD, MONTHS
from campaigns.model.plan import Tone
from campaigns.model.text import ZoneWords

# One unambiguous way a language and tone: the month is always a word.
_DATES = {
    ("en", Tone.FORMAL): "{month} {day}, {year}",
    ("en", Tone.WARM): "{day} {month} {year}",
    ("en", Tone.CASUAL): "{day} {month} {year}",
    ("th", Tone.FORMAL): "วันที่ {day} {month} {year}",
    ("th", Tone.WARM): "วันที่ {day} {month} {year}",
    ("th", Tone.CASUAL): "{day} {month} {year}",
}
_AND = {"en": " and ", "th": " และ "}


_ZONES = {
    "en": ZoneWords(
        many="all {count} zones",
        unnamed="your zone",
        single="the {name} zone",
        among=" (among them {names})",
        names="{names}",
        noun="zone",
    ),
    "th": ZoneWords(
        many="ทั้ง {count} โซน",
        unnamed="โซนของท่าน",
        single="โซน {name}",
        among=" (เช่น {names})",
        names="โซน {names}",
        noun="โซน",
    ),
}
# A list longer than this is told by its count, with a few names: messages have limits.
LONGEST_LIST = 320  # characters
_SOME = 4  # names shown of a list that is too long


def worded_date(day: date, language: str, tone: Tone) -> str:
    """Return a date in words: "October 31, 2025", "31 October 2025", "วันที่ 31 ตุลาคม 2568"."""
    if language not in OWN:
        return date_in(day, language)
    year = day.year + (BUDDHIST_YEARS_AHEAD if language == "th" else 0)
    month = MONTHS[language][day.month - 1]
    return _DATES[language, tone].format(day=day.day, month=month, year=year)


def worded_money(money: Money, language: str) -> str:
    """Return an amount: "THB 12,000", "THB 12,000.50"; in Thai, baht as "12,000 บาท"."""
    if language not in OWN:
        return amount_in(money, language)
    whole = money.amount == money.amount.to_integral_value()
    amount = f"{money.amount:,.0f}" if whole else f"{money.amount.quantize(Decimal('0.01')):,}"
    if language == "th" and money.currency == "THB":
        return f"{amount} บาท"
    return f"{money.currency} {amount}"


def listed(names: Sequence[str], language: str) -> str:
    """Return names as a list in prose: "A, B and C", "A, B และ C"."""
    if len(names) == 1:
        return names[0]
    if language not in OWN:
        return listed_in(names, language)
    return ", ".join(names[:-1]) + _AND[language] + names[-1]


def worded_zones(
    names: Sequence[str], count: int | None, language: str, own: ZoneWords | None = None
) -> str | None:
    """Return the zones as a sentence needs them, never pretending to name them all.

    "all 4 zones (A, B, C, D)"; "all 6 zones (among them A and B)" when names are missing or too
    many to print; "all 6 zones" without names; "the A zone" and "your zone" for a single one;
    "A and B" without a count. None when the record knows neither names nor count. `own` are the
    words of a text in a language that the house has none for.
    """
    words = own or _ZONES[language]
    if not count and len(names) != 1:
        return words.names.format(names=listed(names, language)) if names else None
    if not count or count == 1:
        return _single(names[0], words) if names else words.unnamed
    whole = words.many.format(count=count)
    if not names:
        return whole
    plain = ", ".join(names) if language in OWN else listed(names, language)
    if len(names) == count and len(plain) <= LONGEST_LIST:
        return f"{whole} ({plain})"
    shown = listed(names[:_SOME], language)
    return whole + (words.among.format(names=shown) if len(shown) <= LONGEST_LIST else "")


def _single(name: str, words: ZoneWords) -> str:
    return name if words.noun and words.noun in name.casefold() else words.single.format(name=name)
