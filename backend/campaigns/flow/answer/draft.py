"""Drafts of answers: set sentences and the record's facts, in English or Thai, nothing else.

A draft never holds a word of the reply, never promises what only a person can, and states a
number or a date only when it stands in the facts.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum

from campaigns.model.facts import Facts
from campaigns.model.money import Money
from campaigns.model.wording import plural

_LONGEST_QUESTION = 160  # letters; a longer one asks more than a record holds
_BUDDHIST = 543
_WHOLE = Decimal(1)


class Topic(Enum):
    """What a question can be about that a record answers."""

    PRICE = "price"
    TOTAL = "total"
    EXPIRY = "expiry"
    ZONES = "zones"
    PLATFORM = "platform"


_TOPICS = {
    Topic.TOTAL: re.compile(r"\btotal\b|\baltogether\b|\ball (?:our |the )?zones together\b|รวมทั้งหมด|ทั้งหมดเท่า|รวมแล้วเท่า"),
    Topic.PRICE: re.compile(r"\bhow much\b|\bprice\b|\bcosts?\b|\brates?\b|\bpay per zone\b|ราคา|เท่าไหร่|เท่าไร|กี่บาท"),
    Topic.EXPIRY: re.compile(r"\bexpir\w+|\b(?:contract|agreement) (?:end|ends|finish|run out)\b|\bcovered until\b|\buntil when\b|หมดสัญญา|สัญญา\S{0,12}หมด|หมดอายุ|หมดเมื่อ"),
    Topic.ZONES: re.compile(r"\b(?:which|what|how many|list)\b[^?]{0,12}\b(?:zones|areas)\b|กี่โซน|โซนไหน|โซนอะไร|มีโซน|กี่ zone"),
    Topic.PLATFORM: re.compile(r"\bplatform\b|แพลตฟอร์ม|ระบบอะไร"),
}  # fmt: skip
# Words that make a question one the record does not answer, whatever else it names.
_BEYOND = re.compile(
    r"\b(?:vat|tax|includ\w*|discount\w*|licen[cs]\w*|copyright|install\w*|pay(?!\s+per)\w*|cancel\w*|"
    r"playlist\w*|songs?|samples?|trial|support|differen\w*|new|why|add\w*|extra|more|less|cheaper|"
    r"upgrad\w*|chang\w*|switch\w*|month\w*|year\w*|if|after|before|christmas|invoice\w*|next|old|last|"
    r"better|best|compar\w*|other|another|hotels?|increas\w*|free)\b"
    r"|ภาษี|แวต|ลิขสิทธิ์|ส่วนลด|ติดตั้ง|จ่าย|ชำระ|เพลง|รายเดือน|ต่อเดือน|ต่อปี|ปีละ|ทดลอง|อุปกรณ์|"
    r"เพิ่ม|ทำไม|ใหม่|ถ้า|ลด|เปลี่ยน|คริสต์มาส|ปีใหม่"
)

_THAI_MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

# What is said, by the key of what happened; {…} are filled from the facts alone.
_ENGLISH = {
    "dear": "Dear {greeting},",
    "hello": "Hello,",
    "accept": "Thank you, we are glad to hear that. We will prepare the papers and send them to you.",
    "change_request": "Thank you. We have noted the changes you would like, and a colleague will come back to you with an offer.",
    "ask_owner": "Thank you for your question. A colleague will answer it shortly.",
    "later": "Thank you for letting us know. We will get in touch again then.",
    "callback": "Thank you. A colleague will call you.",
    "complaint": "Thank you for telling us, and we are sorry for the trouble. A colleague is looking into it and will come back to you.",
    "decline": "Thank you for letting us know. If there is anything we could have done better, we would be glad to hear it.",
    "opt_out": "We have noted this: you will receive no more messages from us at this address.",
    "promoter": "Thank you very much for your answer.",
    "detractor": "Thank you for your frank answer. We would like to do better, and a colleague will get in touch with you.",
    "wrong_person": "Thank you for letting us know. We will correct our records. May we ask whom to write to instead?",
    "unknown": "Thank you for your message. May we ask which business you are writing from?",
    "price": "The price in our records is {price} per zone.",
    "total": "The total in our records is {total} for {zone_count}.",
    "expiry": "Your contract in our records runs to {expiry}.",
    "zones": "Our records show these zones: {zones}.",
    "some_zones": "Our records show {zone_count}, among them {zones}.",
    "zone_count": "Our records show {zone_count}.",
    "platform": "Your platform in our records is {platform}.",
    "and": " and ",
}  # fmt: skip
_THAI = {
    "dear": "เรียน คุณ{greeting}",
    "hello": "สวัสดีค่ะ",
    "accept": "ขอบคุณมากค่ะ ทางเราจะจัดเตรียมเอกสารและส่งให้นะคะ",
    "change_request": "ขอบคุณค่ะ ทางเรารับทราบสิ่งที่ต้องการปรับแล้ว เจ้าหน้าที่จะติดต่อกลับพร้อมข้อเสนอค่ะ",
    "ask_owner": "ขอบคุณสำหรับคำถามค่ะ เจ้าหน้าที่จะตอบกลับโดยเร็วค่ะ",
    "later": "ขอบคุณที่แจ้งให้ทราบค่ะ แล้วทางเราจะติดต่อไปอีกครั้งนะคะ",
    "callback": "ขอบคุณค่ะ เจ้าหน้าที่จะโทรหานะคะ",
    "complaint": "ขอบคุณที่แจ้งให้ทราบ และขออภัยในความไม่สะดวกค่ะ เจ้าหน้าที่กำลังตรวจสอบและจะติดต่อกลับค่ะ",
    "decline": "ขอบคุณที่แจ้งให้ทราบค่ะ หากมีสิ่งใดที่ทางเราควรปรับปรุง ยินดีรับฟังเสมอค่ะ",
    "opt_out": "รับทราบค่ะ ทางเราจะไม่ส่งข้อความมาที่นี่อีก",
    "promoter": "ขอบคุณมากสำหรับคำตอบค่ะ",
    "detractor": "ขอบคุณสำหรับความเห็นที่ตรงไปตรงมาค่ะ ทางเราอยากปรับปรุงให้ดีขึ้น เจ้าหน้าที่จะติดต่อกลับค่ะ",
    "wrong_person": "ขอบคุณที่แจ้งให้ทราบค่ะ ทางเราจะแก้ไขข้อมูล รบกวนแจ้งชื่อผู้ที่ควรติดต่อแทนได้ไหมคะ",
    "unknown": "ขอบคุณสำหรับข้อความค่ะ รบกวนแจ้งชื่อกิจการของท่านได้ไหมคะ",
    "price": "ราคาตามข้อมูลของเราคือ {price} ต่อโซนค่ะ",
    "total": "ยอดรวมตามข้อมูลของเราคือ {total} สำหรับ {zone_count}ค่ะ",
    "expiry": "สัญญาตามข้อมูลของเราถึงวันที่ {expiry} ค่ะ",
    "zones": "โซนตามข้อมูลของเราได้แก่ {zones} ค่ะ",
    "some_zones": "ตามข้อมูลของเรามี {zone_count} รวมถึง {zones} ค่ะ",
    "zone_count": "ตามข้อมูลของเรามี {zone_count}ค่ะ",
    "platform": "แพลตฟอร์มตามข้อมูลของเราคือ {platform} ค่ะ",
    "and": " และ ",
}  # fmt: skip


def draft(key: str, facts: Facts | None, language: str) -> str:
    """Return the draft for what happened, greeted and signed from the facts."""
    texts = _texts(language)
    return _letter(texts, (texts[key],), facts)


def answer(question: str, facts: Facts | None, language: str) -> str | None:
    """Return the answer to a question when the facts hold all of it, else None."""
    asked = _topics(question)
    if facts is None or not asked:
        return None
    thai = language == "th"
    sentences = [_fact_sentence(topic, facts, thai=thai) for topic in asked]
    if None in sentences:
        return None
    return _letter(_texts(language), tuple(s for s in sentences if s), facts)


def _texts(language: str) -> dict[str, str]:
    return _THAI if language == "th" else _ENGLISH


def _letter(texts: dict[str, str], body: tuple[str, ...], facts: Facts | None) -> str:
    greeting = facts.greeting if facts else None
    opening = texts["dear"].replace("{greeting}", greeting) if greeting else texts["hello"]
    lines = [opening, " ".join(body)]
    return "\n".join([*lines, facts.sender] if facts else lines)


def _topics(question: str) -> list[Topic]:
    """Return what a question is about, nothing when it asks for anything beyond the record."""
    text = question.casefold()
    if len(text) > _LONGEST_QUESTION or _BEYOND.search(text):
        return []
    found = [topic for topic, words in _TOPICS.items() if words.search(text)]
    if Topic.TOTAL in found and Topic.PRICE in found and "per zone" not in text:
        found.remove(Topic.PRICE)  # "how much in total" is one question
    return found if text.count("?") <= len(found) else []


def _fact_sentence(topic: Topic, facts: Facts, *, thai: bool) -> str | None:
    return _SENTENCES[topic](facts, thai)


def _price(facts: Facts, thai: bool) -> str | None:
    if facts.price_per_zone is None:
        return None
    return _filled("price", thai, price=_money(facts.price_per_zone, thai))


def _total(facts: Facts, thai: bool) -> str | None:
    if facts.total is None or not facts.zone_count:
        return None
    return _filled(
        "total", thai, total=_money(facts.total, thai), zone_count=_count(facts.zone_count, thai)
    )


def _expiry(facts: Facts, thai: bool) -> str | None:
    if facts.contract_end is None:
        return None
    return _filled("expiry", thai, expiry=_day(facts.contract_end, thai))


def _zones(facts: Facts, thai: bool) -> str | None:
    names = _listed(facts.zone_names, thai)
    if names and facts.zone_count in {None, len(facts.zone_names)}:
        return _filled("zones", thai, zones=names)
    if not facts.zone_count:
        return None
    count = _count(facts.zone_count, thai)
    if names:
        return _filled("some_zones", thai, zone_count=count, zones=names)
    return _filled("zone_count", thai, zone_count=count)


def _count(zones: int, thai: bool) -> str:
    return f"{zones} โซน" if thai else plural(zones, "zone")


def _platform(facts: Facts, thai: bool) -> str | None:
    return _filled("platform", thai, platform=facts.platform) if facts.platform else None


_SENTENCES: dict[Topic, Callable[[Facts, bool], str | None]] = {
    Topic.PRICE: _price,
    Topic.TOTAL: _total,
    Topic.EXPIRY: _expiry,
    Topic.ZONES: _zones,
    Topic.PLATFORM: _platform,
}


def _filled(key: str, thai: bool, **values: str) -> str:
    """Fill a sentence; values are put in as they are, braces in them mean nothing."""
    text = (_THAI if thai else _ENGLISH)[key]
    return re.sub(r"\{(\w+)\}", lambda slot: values[slot[1]], text)


def _listed(names: tuple[str, ...], thai: bool) -> str:
    if len(names) < 2:
        return "".join(names)
    joint = (_THAI if thai else _ENGLISH)["and"]
    return ", ".join(names[:-1]) + joint + names[-1]


def _money(money: Money, thai: bool) -> str:
    whole = money.amount == money.amount.quantize(_WHOLE)
    amount = f"{money.amount:,.0f}" if whole else f"{money.amount:,.2f}"
    return f"{amount} บาท" if thai and money.currency == "THB" else f"{money.currency} {amount}"


def _day(day: date, thai: bool) -> str:
    if thai:
        return f"{day.day} {_THAI_MONTHS[day.month - 1]} {day.year + _BUDDHIST}"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
