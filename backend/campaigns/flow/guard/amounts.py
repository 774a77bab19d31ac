"""Numbers: money bound to its role, counts of zones, the survey's scale, and all the rest."""

import re
from collections.abc import Mapping

from campaigns.flow.guard.case import Case
from campaigns.flow.guard.numerals import Number, numbers
from campaigns.flow.guard.reading import Mark
from campaigns.model.notation import CURRENCIES
from campaigns.model.plan import CampaignType
from campaigns.model.wording import plural

_SIGNS: Mapping[str, frozenset[str]] = {
    sign.lower(): frozenset(code for code, signs in CURRENCIES.items() if sign in (code, *signs))
    for code_signs in ((c, *s) for c, s in CURRENCIES.items())
    for sign in code_signs
}
_LONGEST_FIRST = sorted(_SIGNS, key=len, reverse=True)
_WORDS = "|".join(re.escape(s) for s in _LONGEST_FIRST if s[0].isascii() and s[0].isalpha())
_OTHERS = "|".join(re.escape(s) for s in _LONGEST_FIRST if not (s[0].isascii() and s[0].isalpha()))
_SIGN = rf"(?<![A-Za-z])(?:{_WORDS})(?<![A-Za-z](?=[A-Za-z]))|{_OTHERS}"
_BEFORE = re.compile(rf"(?:{_SIGN})\s*$", re.IGNORECASE)
_AFTER = re.compile(rf"\s*(?:{_SIGN})", re.IGNORECASE)
_CURRENCY = re.compile(_SIGN, re.IGNORECASE)
_EACH_AFTER = re.compile(
    r"[\s\ue00b]*\(?(?:only\s+)?(?:(?:a|per)\s+year\s*|yearly\s*|annually\s*|ต่อปี\s*)?,?\s*"
    r"(?:(?:/|per|a|for\s+each|for\s+every|for\s+(?:one|a)|each|every|ต่อ|สำหรับแต่ละ)\s*(?:1\s*)?(?:music\s+)?"
    r"(?:zone|area|โซน|พื้นที่)(?![A-Za-z])|(?:each|a\s?piece)(?![A-Za-z]))",
    re.IGNORECASE,
)
_EACH_BEFORE = re.compile(
    r"(?:\b(?:per|each|every|a)[\s-]+zone\b|\bzone\s+(?:price|rate)\b|\beach\s+of\s+(?:the|your)\s+\ue007|โซนละ|ต่อโซน|แต่ละโซน|ต่อ\s1\sโซน)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.!?;\n\ue006]")
# "4 x THB 12,000", "12,000 x 4 zones": one amount taken as often as there are zones.
_TIMES_BEFORE = re.compile(r"[x×*]\s*$", re.IGNORECASE)
_TIMES_AFTER = re.compile(r"\s*[x×*]\s*(\d{1,4})(?!\d|[.,]\d)(?:\s*(?:zones?|โซน))?", re.IGNORECASE)
_TIMES_AMOUNT = re.compile(rf"\s*[x×*]\s*(?:{_SIGN})?\s*\d", re.IGNORECASE)
# Ways to write money that are brought to one: "12,000.-", "12 000 THB", "Bt 12,000", "7,500 บ.".
_NO_SATANG = re.compile(r"(?<=\d)\.-(?!\d)")
_SPACED = re.compile(
    rf"(?<![\d.,])\d{{1,3}}(?: \d{{3}})+(?=\s*(?:{_SIGN}))|(?:(?<=฿)|(?<=[€£$¥])|(?<=[A-Z]{{3}} ))\d{{1,3}}(?: \d{{3}})+(?![\d])",
    re.IGNORECASE,
)
_SHORT_BAHT = re.compile(r"(?<![A-Za-z])Bt\.(?=\s?\d)|(?<=\d)บ\.|(?<=\d )บ\.")
_SHORTER_BAHT = re.compile(r"(?<![A-Za-z])Bt(?=\s?\d)")
_LOOSE = re.compile(
    r"(?:\b(?:about|around|approximately|approx\.?|roughly|nearly|almost|(?<!add )(?<!adds )up\s+to|over|under|below|"
    r"above|less\s+than|more\s+than|at\s+least|at\s+most|starting\s+at|from|plus|extra|another|or)"
    r"|[+~<>±]|ราว|ประมาณ|เกือบ|กว่า|ไม่เกิน|ไม่ถึง|เริ่มต้น(?:ที่)?|มากกว่า|น้อยกว่า|เพิ่ม|อีก)\s*$|-$",
    re.IGNORECASE,
)
# "THB 12,000 per zone, or THB 48,000 in total": the same said again.
_AGAIN = re.compile(rf"{Mark.MONEY}[{Mark.COUNT}\s]*,?\s*or\s*$", re.IGNORECASE)
_ZONES_AFTER = re.compile(
    r"(?:\s+(?:of\s+(?:your|the|our|these)|music|sound|audio|different|lovely|your))*[\s-]*"
    r"(?:zones?|areas?|spaces?|โซน|พื้นที่|จุด)(?![A-Za-z])",
    re.IGNORECASE,
)
_ALL_BEFORE = re.compile(
    r"(?:\b(?:all|the|all\s+of\s+the|your|these|for)|ทั้ง|รวม|ครบ)\s*$", re.IGNORECASE
)
_ALONE_AFTER = re.compile(
    r"\s*(?:$|[.,;:!?)\n]|of\s+them|together|at\b|in\b|\ue000)", re.IGNORECASE
)
_SCALE = re.compile(
    r"(?<![\d.,])0\s*(?:to|-|/|through|and|ถึง|จนถึง|และ)\s*10(?![\d.,]\d|\d)", re.IGNORECASE
)
_BOTH = re.compile(r"\bboth\b|\bthe pair\b|ทั้งคู่", re.IGNORECASE)
_PERCENT = re.compile(r"\s*(?:%|per\s?cent|เปอร์เซ็นต์)", re.IGNORECASE)
_NOT_A_NUMBER = re.compile(r"\bone\b", re.IGNORECASE)
_ONE_OF = re.compile(
    r"\s*(?:-|of\s+)?(?:\w+\s+)?(?:zones?|areas?|months?|weeks?|years?|days?|hours?|percent|time)\b",
    re.IGNORECASE,
)
_PHONE_DIGITS = 7
_NEAR = 40  # characters


def strike_amounts(case: Case) -> None:
    """Judge every number that is left, and currencies that stand without one."""
    case.reading.left = _one_notation(case.reading.left)
    if case.type is CampaignType.SURVEY:
        _strike_scale(case)
    for number in list(numbers(case.reading.left)):
        if not case.reading.is_struck(number.start, number.end):
            _judge(case, number)
    for m in list(_BOTH.finditer(case.reading.left)):
        _judge_count(case, m.start(), m.end(), 2)
    for m in list(_CURRENCY.finditer(case.reading.left)):
        _judge_currency(case, m)


def _one_notation(left: str) -> str:
    """Return `left`, character for character, with money written the commonest way."""
    left = _SPACED.sub(lambda m: m[0].replace(" ", ","), _NO_SATANG.sub("  ", left))
    return _SHORTER_BAHT.sub("฿ ", _SHORT_BAHT.sub(lambda m: "฿".ljust(len(m[0])), left))


def _strike_scale(case: Case) -> None:
    for m in list(_SCALE.finditer(case.reading.left)):
        case.reading.accept("scale", m.start(), m.end(), Mark.SCALE, "survey scale")
        case.found.add("scale")
    if "scale" in case.found:
        for number in list(numbers(case.reading.left)):
            if number.value in (0, 10) and not number.in_words:
                case.reading.strike(number.start, number.end, Mark.SCALE)


def _judge(case: Case, number: Number) -> None:
    left, right = _just_before(case, number.start), case.reading.left[number.end :]
    before, after = _BEFORE.search(left), _AFTER.match(right)
    word = case.reading.text[number.start : number.end]
    if percent := _PERCENT.match(right):
        case.reading.fault("claim", number.start, number.end + percent.end())
    elif before or after:
        _judge_money(case, number, before, after)
    elif _counts_zones(left, right):
        _judge_count(case, number.start, number.end, int(number.value), whole=number.value % 1 == 0)
    elif _NOT_A_NUMBER.fullmatch(word) and not _ONE_OF.match(right):
        return  # "this one", "one word from you"
    elif _is_bare_money(case, number):
        _judge_money(case, number, None, None)
    else:
        phone = sum(c.isdigit() for c in word + right[:12]) >= _PHONE_DIGITS
        case.reading.fault("phone" if phone else "number", number.start, number.end)


def _counts_zones(left: str, right: str) -> bool:
    """Whether the words around a number make it a count of zones."""
    if _ZONES_AFTER.match(right) or _TIMES_AMOUNT.match(right):
        return True
    return bool(_ALL_BEFORE.search(left) and _ALONE_AFTER.match(right))


def _just_before(case: Case, at: int) -> str:
    """Return the few characters before a place: what is anchored there needs no more."""
    return case.reading.left[max(at - _NEAR, 0) : at]


def _is_bare_money(case: Case, number: Number) -> bool:
    amounts = {m.amount for m in (case.facts.price_per_zone, case.facts.total) if m}
    return number.value in amounts


def _judge_money(
    case: Case, number: Number, sign: re.Match[str] | None, after: re.Match[str] | None
) -> None:
    """Bind an amount to its role: the price of a zone says so, the total never does."""
    start = number.start - len(sign[0]) if sign else number.start
    end = number.end + (after.end() if after else 0)
    signs = [case.reading.left[start : number.start]] if sign else []
    signs += [case.reading.left[number.end : end]] if after else []
    each = _each(case, start, end)
    fact = _role(case, number, each=each)
    true = getattr(case.facts, fact) if fact else None
    before = _just_before(case, start)
    loose = _LOOSE.search(before) and not (fact == "total" and _AGAIN.search(before))
    if fact is None or true is None or loose or not _means(signs, true.currency):
        case.reading.fault("money", start, end, _expected(case, each=each))
        return
    case.reading.accept(fact, start, end, Mark.MONEY, case.source(fact))
    case.found.add(fact)


def _each(case: Case, start: int, end: int) -> bool:
    """Whether the words around an amount say that it is for one zone; they are used up."""
    if after := _EACH_AFTER.match(case.reading.left, end):
        case.reading.strike(after.start(), after.end(), Mark.COUNT)
        return True
    times = _TIMES_AFTER.match(case.reading.left, end)
    if times and int(times[1]) == case.facts.zone_count:
        case.reading.strike(times.start(), times.end(), Mark.COUNT)
        return True
    if factor := _TIMES_BEFORE.search(case.reading.left[:start]):
        case.reading.strike(factor.start(), factor.end(), Mark.COUNT)
        return True
    clause = _CLAUSE.split(case.reading.left[:start])[-1]
    return _EACH_BEFORE.search(clause) is not None


def _role(case: Case, number: Number, *, each: bool) -> str | None:
    price, total = case.facts.price_per_zone, case.facts.total
    if price and number.value == price.amount and (each or case.facts.zone_count == 1):
        return "price_per_zone"
    if total and number.value == total.amount and not each:
        return "total"
    return None


def _expected(case: Case, *, each: bool) -> str:
    price, total = case.facts.price_per_zone, case.facts.total
    if price is None:
        return "no price in the record"
    whole = f", {total.currency} {total.amount:,} in total" if total and not each else ""
    return f"{price.currency} {price.amount:,} per zone{whole}"


def _means(signs: list[str], currency: str) -> bool:
    return all(currency in _SIGNS.get(sign.strip().lower(), ()) for sign in signs)


def _judge_count(case: Case, start: int, end: int, count: int, *, whole: bool = True) -> None:
    true = case.facts.zone_count
    loose = _LOOSE.search(_just_before(case, start))
    if true is None or count != true or loose or not whole:
        expected = plural(true, "zone") if true else "no zone count in the record"
        case.reading.fault("zone_count", start, end, expected)
        return
    case.reading.accept("zone_count", start, end, Mark.COUNT, case.source("zone_count"))
    case.found.add("zone_count")


def _judge_currency(case: Case, m: re.Match[str]) -> None:
    price = case.facts.price_per_zone
    if price is None or not _means([m[0]], price.currency):
        case.reading.fault("currency", m.start(), m.end(), price.currency if price else None)
    else:
        case.reading.strike(m.start(), m.end(), Mark.MONEY)
