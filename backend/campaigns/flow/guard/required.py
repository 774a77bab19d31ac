"""What a message must say: who it is about, what its type needs, what to do and the way out."""

import re
from collections.abc import Iterator

from campaigns.flow.guard.case import Case
from campaigns.flow.guard.reading import Mark
from campaigns.flow.guard.record import literal
from campaigns.model.facts import Facts
from campaigns.model.message import Check
from campaigns.model.plan import CampaignType
from campaigns.model.wording import plural

_STOP = (
    r"(?:\b(?:please\s+)?(?i:reply|send|text|type|answer|or|just reply)\s+(?i:with\s+)?)?[\"']?\bSTOP\b[\"']?"
    r"(?:\s+(?i:to|and)\s+(?i:opt[- ]out|unsubscribe|stop|end|cancel|leave|(?:hear|receive) no more)"
    r"(?:\s+(?i:of|from|receiving|these|our|all|any|the|this|future|messages?|updates?|e-?mails?|list))*"
    r"|\s*(?:=|:)\s*(?i:no more (?:messages|texts|e-?mails))|\s+(?i:if you (?:no longer want|(?:do not|don't) want|would rather not (?:get|receive)) (?:to (?:get|receive) )?(?:these|our|any more|such|any) ?(?:messages|e-?mails|texts|updates)?)"
    r"|(?!\s+(?i:to|and|for)\b))"
)
_STOP_TH = (
    r"(?:(?:หรือ)?(?:กรุณา)?(?:ตอบ|พิมพ์|ส่ง)(?:กลับ)?(?:ว่า|คำว่า)?\s*)?[\"']?\bSTOP\b[\"']?\s*(?:เพื่อ|หาก|ถ้า)?(?:ต้องการ)?"
    r"(?:หยุด|ยกเลิก|เลิก)(?:การ)?(?:รับ)?(?:ข้อความ|ข่าวสาร|อีเมล)?(?:นี้|อีก)*"
)
_WAY_OUT = re.compile(f"{_STOP_TH}|{_STOP}")
_NEGATED = re.compile(r"(?:\bnot|n't|never|ไม่ต้อง|อย่า|ห้าม)\s*$", re.IGNORECASE)
_WRONG_KEYWORD = re.compile(
    r"\bYES\b(?:(?!STOP|ตอบ|/)[^.\n]){0,30}?(?:\b(?:opt|unsubscribe|stop|cancel|decline|leave(?! (?:the rest|it|everything|that|this) ))|ยกเลิก|หยุดรับ|เลิกรับ)"
    r"|\bSTOP\b\s*(?:to|and|for|เพื่อ)[^.\n]{0,20}",
)
_ACTION = re.compile(
    r"(?<!your )(?<!our )\b(?:reply|answer|write back)\b|\b(?:call|ring) (?:us|me|back)\b|"
    r"\blet (?:me|us) know\b|\btell (?:me|us)\b|\bget in touch\b|\bgive us a (?:call|ring)\b|\bsay yes\b|"
    r"\byes\b|(?-i:\bCALL\b)|(?<!คำ)ตอบ|แจ้งเรา|แจ้งได้|บอกเรา|บอกได้|ติดต่อเรา|โทรหาเรา|ทักมา",
    re.IGNORECASE,
)
_ZONE_RUN = re.compile(f"{Mark.ZONE.value}+")
_ONLY_ZONE = re.compile(r"\byour zone\b|โซนของท่าน", re.IGNORECASE)
_INCLUDING = re.compile(
    r"(?:\b(?:among them|including|such as|among others|for example|e\.g\.)|เช่น|รวมถึง|อาทิ|รวมทั้ง)[\s,:]*$",
    re.IGNORECASE,
)


def strike_way_out(case: Case) -> None:
    """Account for the words of the way out, so that nothing else can hide in them."""
    reading = case.reading
    for m in list(_WRONG_KEYWORD.finditer(reading.left)):
        if not _WAY_OUT.fullmatch(m[0].rstrip(" )]\"'/|")):
            reading.fault("keyword", m.start(), m.end(), "YES agrees, STOP ends")
    for m in list(_WAY_OUT.finditer(reading.left)):
        if _NEGATED.search(reading.left[: m.start()]):
            reading.fault("negation", m.start(), m.end())
        else:
            _accept_once(case, "way_out", m.start(), m.end())
    if Mark.LINK in reading.left:
        case.found.add("way_out")


def strike_action(case: Case) -> None:
    """Note whether the message says what to do; its words are read on."""
    if m := _ACTION.search(case.reading.left):
        case.found.add("cta")
        first, last = case.reading.origin[m.start()], case.reading.origin[m.end() - 1] + 1
        found = case.reading.written[first:last]
        case.reading.checks.append(
            Check(check="cta", ok=True, found=found, source="house", start=first, end=last)
        )


def _accept_once(case: Case, name: str, start: int, end: int) -> None:
    if name in case.found:
        case.reading.strike(start, end, Mark.PLAIN)
    else:
        case.reading.accept(name, start, end, Mark.PLAIN, "house")
        case.found.add(name)


def missing(case: Case) -> Iterator[Check]:
    """Yield a verdict for everything the message must say and does not."""
    facts = case.facts
    needed = {"customer": facts.customer, "cta": "what to do", "way_out": "Reply STOP to opt out."}
    if case.type is CampaignType.RENEWAL and facts.contract_end:
        needed["contract_end"] = facts.contract_end.isoformat()
    if case.type is CampaignType.SURVEY:
        needed["scale"] = "0 to 10"
    for fact, expected in needed.items():
        if fact not in case.found:
            yield Check(check=fact, ok=False, expected=expected, source=case.source(fact))
    yield from _missing_price(case)
    yield from _missing_zones(case)


def _missing_price(case: Case) -> Iterator[Check]:
    price = case.facts.price_per_zone
    if case.type is not CampaignType.RENEWAL or price is None:
        return
    if not case.found & {"price_per_zone", "total"}:
        expected = f"{price.currency} {price.amount:,} per zone"
        yield Check(
            check="price_per_zone",
            ok=False,
            expected=expected,
            source=case.source("price_per_zone"),
        )


def _missing_zones(case: Case) -> Iterator[Check]:
    """Judge that zones are told whole: all names, or the count, and never a list that pretends."""
    facts = case.facts
    names = {literal(name) for name in facts.zone_names}
    unnamed = names - {literal(zone) for zone in case.zones}
    counted = "zone_count" in case.found or _says_the_only_one(case)
    needed = case.type in {CampaignType.RENEWAL, CampaignType.SEASONAL} and _knows_zones(facts)
    if "zones" not in case.found:
        pretends, untold = False, needed and not counted
    else:
        partial = bool(unnamed) or (len(names) < (facts.zone_count or 0) and not counted)
        pretends, untold = (
            partial and not _says_including(case),
            needed and bool(unnamed) and not counted,
        )
    if pretends or untold:
        yield Check(
            check="zones",
            ok=False,
            expected=_zones_expected(facts),
            source=case.source("zone_names") or case.source("zone_count"),
        )


def _says_the_only_one(case: Case) -> bool:
    """Whether "your zone" tells the whole of a customer who has one, whose name nobody noted."""
    facts = case.facts
    alone = facts.zone_count == 1 and not facts.zone_names
    return alone and _ONLY_ZONE.search(case.reading.text) is not None


def _knows_zones(facts: Facts) -> bool:
    return bool(facts.zone_names or facts.zone_count)


def _says_including(case: Case) -> bool:
    left = case.reading.left
    return any(_INCLUDING.search(left[: m.start()]) for m in _ZONE_RUN.finditer(left))


def _zones_expected(facts: Facts) -> str:
    count = plural(facts.zone_count, "zone") if facts.zone_count else ""
    return ": ".join(filter(None, (count, ", ".join(facts.zone_names))))
