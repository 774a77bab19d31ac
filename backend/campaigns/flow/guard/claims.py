"""Claims made of ordinary words: offers, promises, pressure, other periods, negations, tense."""

import re

from campaigns.flow.guard import lexicon
from campaigns.flow.guard.asides import denied_places
from campaigns.flow.guard.case import Case
from campaigns.flow.guard.reading import Mark

_ENDED = re.compile(
    r"\b(?:expired|lapsed|has ended|have ended|ended on|ran out|has run out|(?:was|were) (?:due|valid|covered|up|to end))\b"
    r"|(?:สิ้นสุด|หมดอายุ|หมดสัญญา)(?:ลง|ไป)?(?:แล้ว|เมื่อ)|ได้(?:สิ้นสุด|หมดอายุ)",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:expires?|will expire|will end|ends on|runs? (?:until|till)|is (?:valid|covered) until)\b"
    r"|จะ(?:สิ้นสุด|หมดอายุ|ครบกำหนด)|ใช้ได้ถึง",
    re.IGNORECASE,
)
# Where the clause about an offer begins, and what it must be about.
_CLAUSE = re.compile(r"[.!?;\n]|\b(?:and|but|while)\b")
_PRICE = re.compile(f"price|rate|ราคา|อัตรา|ค่าบริการ|{Mark.MONEY.value}|\\b(?:it|lock)")


def strike_claims(case: Case) -> None:
    """Report every claim without a source; a house offer the customer has is a source."""
    for language in case.reading.languages():
        for offer, patterns in lexicon.offers().items():
            for m in _said(case, patterns[language]):
                _judge_offer(case, offer, m)
        found = _said(case, lexicon.claims()[language])
        denies = language == "en" and any(_check_name(m) == "negation" for m in found)
        open_ = denied_places(case) if denies else frozenset()
        for m in found:
            if _check_name(m) == "negation" and m.start() in open_:
                case.reading.strike(m.start(), m.end(), Mark.PLAIN)
            else:
                case.reading.fault(_check_name(m), m.start(), m.end())
    _strike_wrong_tense(case)


def strike_idioms(case: Case) -> None:
    """Take harmless phrases out that only look like a claim, a negation or a date."""
    for language in case.reading.languages():
        for m in _said(case, lexicon.idioms()[language]):
            case.reading.strike(m.start(), m.end(), Mark.PLAIN)


def _said(case: Case, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    return list(pattern.finditer(case.reading.left_lower()))


def _judge_offer(case: Case, offer: str, m: re.Match[str]) -> None:
    if offer in case.facts.offers and _is_of_price(case.reading.left_lower(), m):
        source = case.source(f"offers.{offer}")
        case.reading.accept("offer", m.start(), m.end(), Mark.OFFER, source)
    else:
        case.reading.fault("claim", m.start(), m.end())


def _is_of_price(lower: str, m: re.Match[str]) -> bool:
    """Whether a price is what the clause of `m` says it of: "the contract is the same" is not."""
    clauses = [*_CLAUSE.split(lower[: m.start()])]
    own = clauses[-1] if clauses[-1].strip() or len(clauses) == 1 else clauses[-2]
    return bool(_PRICE.search(own + m[0]))


def _check_name(m: re.Match[str]) -> str:
    """Return the check a claim belongs to: periods and negations have their own."""
    return m.lastgroup if m.lastgroup in {"period", "negation"} else "claim"


def _strike_wrong_tense(case: Case) -> None:
    """Report a contract spoken of as over while it runs, and as running when it is over."""
    if case.facts.contract_end is None:
        return
    wrong = _ENDS if case.facts.lapsed else _ENDED
    day = case.facts.contract_end.isoformat()
    for m in list(wrong.finditer(case.reading.left)):
        case.reading.fault("tense", m.start(), m.end(), day)
