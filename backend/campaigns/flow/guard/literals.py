"""The customer's own words, struck out first: "16 Haussmann" is a zone, not a number."""

import re
from collections.abc import Iterator, Mapping

from campaigns.flow.guard import thai
from campaigns.flow.guard.case import Case
from campaigns.flow.guard.reading import Mark
from campaigns.flow.guard.record import Literal, contact_names, literals
from campaigns.flow.guard.thai import Kind
from campaigns.flow.guard.translit import spells

_SHORT = 6  # characters
_ADDRESSED = re.compile(r"(?:คุณ|(?:เรียน|ถึง|ค่ะ|ครับ)\s*(?:คุณ)?)\s*([ก-๎]{2,})")
_THAI = re.compile("[ก-๎]")
_ENDS_NAME = re.compile(r"[^ก-๎]|$|ค่ะ|คะ|ครับ|นะ")
# Vowels and tones that lean on the letter before them, and vowels that need the letter after them:
# no word ends before one of the first, none begins after one of the second.
_LEANS_BACK = re.compile("[\u0e30-\u0e3a\u0e45-\u0e4e]")
_LEANS_ON = re.compile("[\u0e31\u0e37\u0e40-\u0e44\u0e47]")
# "คุณ" opening the message, or before a word that is also a nickname, names a person.
_OPENING = re.compile(r"\A\s*(?:(?:กราบ)?เรียน|สวัสดี|ถึง)?(?:ค่ะ|ครับ)?\s*คุณ\s?(?!ลูกค้า|ค่ะ|ครับ)[ก-๎]+")
_NICKNAME = re.compile(
    r"คุณ(?:ฟ้า|ฝน|ดาว|น้ำ|แก้ว|ใหม่|พร|น้อง|พี่|มด|หนู|แดง|ใหญ่|ส้ม|นก|ต้น|เดือน|ขวัญ|ใจดี|มั่นใจ|สุข|ชื่น|เพลง|ลูก)"
    r"(?=จะ|ได้|เป็น|โทร|บอก|แจ้ง|มา|ค่ะ|คะ|ครับ|[\s,.]|$)"
)


# The month of "May 1, 2019" and "1 May 2019", also where a customer is called May.
_DAY_BEHIND = re.compile(r" \d{1,2}, \d{4}\b")
_DAY_BEFORE, _YEAR_BEHIND = re.compile(r"\b\d{1,2} $"), re.compile(r" \d{4}\b")


def strike_literals(case: Case) -> None:
    """Strike out every word that is the record's own, longest first."""
    longest_first = sorted(literals(case.facts), key=lambda lit: -len(lit.words))
    short = {lit.words: lit for lit in reversed(longest_first) if _is_short_thai(lit.words)}
    for literal in longest_first:
        if literal.words not in short:
            for start, end in _places(case, literal):
                _accept(case, literal, start, end)
    if short:
        _strike_short_thai(case, short)
    if "contact" not in case.found:
        _strike_spelt_names(case)
    for m in list(_NICKNAME.finditer(case.reading.left)):
        case.reading.fault("name", m.start(), m.end(), case.facts.contact)


def _accept(case: Case, literal: Literal, start: int, end: int) -> None:
    """Strike the literal out; its verdict is recorded where it stands first."""
    if (literal.fact, literal.words) in case.told:
        case.reading.strike(start, end, literal.mark)
        return
    case.told.add((literal.fact, literal.words))
    case.found.add(literal.fact)
    case.zones.update(literal.zones)
    source = case.source("greeting" if literal.fact == "contact" else literal.fact)
    case.reading.accept(literal.fact, start, end, literal.mark, source)


def _is_short_thai(words: str) -> bool:
    """Whether a name is short Thai, that other words may hold by chance."""
    return len(words) <= _SHORT and thai.RUN.fullmatch(words) is not None


def _strike_short_thai(case: Case, short: Mapping[str, Literal]) -> None:
    for m in list(thai.RUN.finditer(case.reading.left)):
        for piece in thai.split(m[0], frozenset(short)):
            if piece.kind is Kind.NAME:
                start, end = m.start() + piece.start, m.start() + piece.end
                _accept(case, short[case.reading.text[start:end]], start, end)


def _places(case: Case, literal: Literal) -> Iterator[tuple[int, int]]:
    """Yield where the words of `literal` stand whole and not yet accounted for."""
    words, lower, at = literal.words, case.reading.lower, -1
    while words and (at := lower.find(words, at + 1)) >= 0:
        end = at + len(words)
        here = case.reading.text[at:end]
        free = case.reading.left[at:end] == here and (not literal.exact or here == literal.exact)
        begins = _is_edge(words[0], lower[max(at - 2, 0) : at][::-1], _LEANS_ON)
        whole = begins and _is_edge(words[-1], lower[end : end + 2], _LEANS_BACK)
        if free and whole and not _is_month(lower, at, end):
            yield at, end
            at = end - 1


def _is_month(lower: str, at: int, end: int) -> bool:
    """Whether the one word `at`..`end` stands where a written date has its month."""
    if not lower[at:end].isalpha():
        return False
    day = _DAY_BEFORE.search(lower[max(at - 3, 0) : at])
    return bool(_DAY_BEHIND.match(lower, end) or (day and _YEAR_BEHIND.match(lower, end)))


def _is_edge(inside: str, outside: str, leans: re.Pattern[str]) -> bool:
    """Whether the two characters beyond an edge, nearest first, cannot belong to its word.

    `leans` are the Thai signs that do belong to a word on the other side of them.
    """
    if not outside or not inside.isalnum():
        return True
    if _THAI.match(inside):
        return not leans.match(outside)
    if inside.isdigit() and outside[0] in ".,":
        return not outside[1:].isdigit()
    return not outside[0].isalnum() or bool(_THAI.match(outside[0]))


def _strike_spelt_names(case: Case) -> None:
    """Account for whom a Thai text addresses: the contact's name in Thai letters, or a stranger.

    "Khun" before a name-like word is somebody's name even when the word is an ordinary one.
    """
    names = [name.lower() for name in contact_names(case.facts)]
    latin = [name for name in names if name.isascii() and name.isalpha()]
    for m in _ADDRESSED.finditer(case.reading.left):
        for end in range(m.end(1), m.start(1) + 1, -1):
            if _ENDS_NAME.match(case.reading.text, end) and any(
                spells(case.reading.text[m.start(1) : end], name) for name in latin
            ):
                source = case.source("greeting") or case.source("contact")
                case.reading.accept("contact", m.start(1), end, Mark.CONTACT, source)
                case.found.add("contact")
                break
    for m in list(_OPENING.finditer(case.reading.left)):
        case.reading.fault("name", m.start(), m.end(), case.facts.contact)
