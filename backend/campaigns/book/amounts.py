"""Read money: one amount and its currency, or nothing."""

import re
from decimal import Decimal
from functools import cache

from campaigns.book.lists import rows, split
from campaigns.model.fold import fold

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?")
# Words that may follow an amount without changing it: it is per zone and year by its key.
_TAIL = re.compile(
    r"(?:[ /]*(?:per|a|an|each|/|ต่อ)? *(?:zone|year|annum|yr|p\.?a|net|only|โซน|ปี)\.?)*[ .]*$"
)


@cache
def _currencies() -> dict[str, str]:
    codes = {fold(r["currency"]): r["currency"] for r in rows("countries.csv")}
    signs = {fold(w): r["code"] for r in rows("currencies.csv") for w in split(r["words"])}
    return codes | signs


@cache
def _currency_at_edge() -> re.Pattern[str]:
    words = "|".join(re.escape(w) for w in sorted(_currencies(), key=len, reverse=True))
    return re.compile(rf"(?P<before>{words})\.? *(?=\d)|(?<=\d) *(?P<after>{words})(?![a-z])")


def currency_code(written: str) -> str | None:
    """Return the ISO 4217 code for "THB", "baht" or "฿"; None for unknown and shared signs."""
    return _currencies().get(fold(written)) or None


def read_amount(written: str) -> tuple[Decimal | None, str | None]:
    """Return (amount, currency code) of "THB 12,000", "12,000", "฿12,000.50 per zone".

    The amount is None when the text is not one positive amount; the currency is None when the
    text has none, or only a sign that several currencies share.
    """
    text, code = fold(written), None
    match = _currency_at_edge().search(text)
    if match:
        code = _currencies()[match["before"] or match["after"]] or None
        text = (text[: match.start()] + text[match.end() :]).strip()
    number = _NUMBER.match(text)
    if number is None or not _TAIL.match(text, number.end()):
        return None, code
    amount = Decimal(number[0].replace(",", ""))
    return (amount, code) if amount > 0 else (None, code)
