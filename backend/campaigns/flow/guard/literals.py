"""The customer's own words, struck out first: "16 Haussmann" is a zone, not a number."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from campaigns.flow.guard.case import Case
from campaigns.flow.guard.reading import Mark, fold
from campaigns.flow.guard.translit import spells
from campaigns.model.facts import Facts
from campaigns.model.notation import CURRENCY_WORD, MONTH_WORD, NUMBER_WORD

_FIRST_FEW = 4  # names a shortened list of zones shows
_ADDRESSED = re.compile(r"(?:คุณ|(?:เรียน|ถึง|ค่ะ|ครับ)\s*(?:คุณ)?)\s*([ก-๎]{2,})")
_THAI = re.compile("[ก-๎]")
_ENDS_NAME = re.compile(r"[^ก-๎]|$|ค่ะ|คะ|ครับ|นะ")
# "คุณ" opening the message, or before a word that is also a nickname, names a person.
_NICKNAMED = re.compile(
    r"\A\s*(?:(?:กราบ)?เรียน|สวัสดี|ถึง)?(?:ค่ะ|ครับ)?\s*คุณ\s?(?!ลูกค้า|ค่ะ|ครับ)[ก-๎]+"
    r"|คุณ(?:ฟ้า|ฝน|ดาว|น้ำ|แก้ว|ใหม่|พร|น้อง|พี่|มด|หนู|แดง|ใหญ่|ส้ม|นก|ต้น|เดือน|ขวัญ|ใจดี|มั่นใจ|สุข|ชื่น|เพลง|ลูก)"
    r"(?=จะ|ได้|เป็น|โทร|บอก|แจ้ง|มา|ค่ะ|คะ|ครับ|[\s,.]|$)"
)
# Words that mean one and the same platform.
_PLATFORMS = (frozenset({"syb", "syb (multi)", "soundtrack your brand", "soundtrack"}),)


@dataclass(frozen=True, slots=True)
class _Literal:
    """Words of the record: `zones` are the zones they name, when they name any."""

    words: str
    fact: str
    mark: Mark
    zones: tuple[str, ...] = ()


def strike_literals(case: Case) -> None:
    """Strike out every word that is the record's own, longest first."""
    literals = sorted(_literals(case.facts), key=lambda lit: -len(lit.words))
    for literal in literals:
        told = False
        for start, end in _places(case, literal.words):
            if told:
                case.reading.strike(start, end, literal.mark)
            else:
                told = True
                source = case.source("greeting" if literal.fact == "contact" else literal.fact)
                case.reading.accept(literal.fact, start, end, literal.mark, source)
        if told:
            case.found.add(literal.fact)
            case.zones.update(literal.zones)
    if "contact" not in case.found:
        _strike_spelt_names(case)


def _literals(facts: Facts) -> Iterator[_Literal]:
    customer = literal(facts.customer)
    yield _Literal(customer, "customer", Mark.CUSTOMER, _alike(facts.zone_names, customer))
    yield from _zone_literals(facts.zone_names)
    for name in _contact_names(facts):
        yield _Literal(name, "contact", Mark.CONTACT)
    record = ("brand", "brand_group", "city", "country", "business_type")
    for fact in record:
        if (words := literal(getattr(facts, fact) or "")) and not _risky(words):
            yield _Literal(words, fact, Mark.RECORD)
    for name in _sender_names(facts.sender):
        yield _Literal(name, "sender", Mark.RECORD)
    for name in _platform_names(facts.platform):
        yield _Literal(name, "platform", Mark.RECORD)
    if facts.unsubscribe_url:
        yield _Literal(literal(facts.unsubscribe_url), "unsubscribe_url", Mark.LINK)


def literal(value: str) -> str:
    """Return a record's value as it stands in a folded, lower-cased message."""
    visible = "".join(c for c in value if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(fold(visible).split()).lower()


def _alike(names: Sequence[str], words: str) -> tuple[str, ...]:
    return tuple(name for name in names if literal(name) == words)


def _zone_literals(names: Sequence[str]) -> Iterator[_Literal]:
    folded = [words for name in names if (words := literal(name))]
    for few in (folded, folded[:_FIRST_FEW]):
        for form in _lists(few):
            yield _Literal(form, "zones", Mark.ZONE, tuple(few))
    for words in folded:
        if not _risky(words):
            yield _Literal(words, "zones", Mark.ZONE, (words,))


def _lists(names: list[str]) -> Iterator[str]:
    """Yield the ways a whole list of zones is written; a single odd name only as "the 1 zone"."""
    if len(names) == 1:
        yield from (form.format(names[0]) for form in ("the {} zone", "zone {}", "โซน {}"))
    elif names:
        yield ", ".join(names)
        yield from (
            ", ".join(names[:-1]) + joint + names[-1] for joint in (" and ", " และ ", " & ")
        )


def _risky(words: str) -> bool:
    """Whether a name reads as a number, a month or money: it is no excuse to state one."""
    bare = words.strip(".,")
    return (
        len(bare) < 2
        or bare.replace(".", "").replace(",", "").isnumeric()
        or any(p.fullmatch(form) for p in _READS for form in (bare, bare.title(), bare.upper()))
    )


_READS = (NUMBER_WORD, MONTH_WORD, CURRENCY_WORD)


def _contact_names(facts: Facts) -> set[str]:
    whole = [literal(name) for name in (facts.contact, facts.greeting) if name]
    parts = {part.strip("().,\"'") for name in whole for part in name.split()}
    spoken = {name.removeprefix("คุณ").strip() for name in (*whole, *parts)}
    return {name for name in (*whole, *parts, *spoken) if len(name) > 1 and not _risky(name)}


def _sender_names(sender: str) -> Iterator[str]:
    """Yield the house's name whole and shortened: "BMA Social Team", "BMA Social", "BMA"."""
    words = literal(sender).split()
    yield from (" ".join(words[:n]) for n in range(len(words), 0, -1))


def _platform_names(platform: str | None) -> frozenset[str]:
    if not platform:
        return frozenset()
    name = literal(platform)
    return next((group for group in _PLATFORMS if name in group), frozenset({name}))


def _places(case: Case, words: str) -> Iterator[tuple[int, int]]:
    """Yield where `words` stand whole and not yet accounted for."""
    lower, at = case.reading.lower, -1
    while words and (at := lower.find(words, at + 1)) >= 0:
        end = at + len(words)
        free = case.reading.left[at:end] == case.reading.text[at:end]
        begins = _is_edge(words[0], lower[max(at - 2, 0) : at][::-1])
        if free and begins and _is_edge(words[-1], lower[end : end + 2]):
            yield at, end
            at = end - 1


def _is_edge(inside: str, outside: str) -> bool:
    """Whether the two characters beyond an edge, nearest first, cannot belong to its word."""
    if not outside or not inside.isalnum() or _THAI.match(inside):
        return True
    if inside.isdigit() and outside[0] in ".,":
        return not outside[1:].isdigit()
    return not outside[0].isalnum() or bool(_THAI.match(outside[0]))


def _strike_spelt_names(case: Case) -> None:
    """Account for whom a Thai text addresses: the contact's name in Thai letters, or a stranger.

    "Khun" before a name-like word is somebody's name even when the word is an ordinary one.
    """
    latin = [name for name in _contact_names(case.facts) if name.isascii() and name.isalpha()]
    for m in _ADDRESSED.finditer(case.reading.left):
        for end in range(m.end(1), m.start(1) + 1, -1):
            if _ENDS_NAME.match(case.reading.text, end) and any(
                spells(case.reading.text[m.start(1) : end], name) for name in latin
            ):
                source = case.source("greeting") or case.source("contact")
                case.reading.accept("contact", m.start(1), end, Mark.CONTACT, source)
                case.found.add("contact")
                break
    for m in list(_NICKNAMED.finditer(case.reading.left)):
        case.reading.fault("name", m.start(), m.end(), case.facts.contact)
