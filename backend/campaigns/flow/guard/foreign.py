"""A message in a language the guard has no words of: what code can tell without them.

Facts stand where code put them, and nothing else that can be told by its form may stand beside
them: digits of any script, money, links, placeholders, months and weekdays, what looks like a
name. What the words say nobody here can judge, so a person reads every such text besides.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from campaigns.flow.guard import lexicon
from campaigns.flow.guard.amounts import strike_amounts
from campaigns.flow.guard.case import Case
from campaigns.flow.guard.claims import strike_claims, strike_idioms
from campaigns.flow.guard.dates import strike_dates
from campaigns.flow.guard.links import strike_intruders
from campaigns.flow.guard.literals import strike_literals
from campaigns.flow.guard.reading import Mark, Reading, fold
from campaigns.flow.guard.wording import strike_words
from campaigns.model.locales import days_and_months, name_of, script, scripts
from campaigns.model.message import Check
from campaigns.model.notation import CURRENCIES
from campaigns.model.plan import CampaignType
from campaigns.model.slots import slots_in
from campaigns.model.text import Rendered

# Slot -> the fact it states; a topic is the sender's own words, which are no fact.
_FACTS = {
    "customer": "customer",
    "greeting": "contact",
    "zones": "zones",
    "zone_list": "zones",
    "expiry": "contract_end",
    "expired": "contract_end",
    "price": "price_per_zone",
    "total": "total",
    "sender": "sender",
    "unsubscribe": "way_out",
}
_MARKS = {"customer": Mark.CUSTOMER, "zones": Mark.ZONE, "contact": Mark.CONTACT}
_RECORD = ("brand", "brand_group", "city", "country", "platform", "sender")
SCALE = "0–10"  # how every language of this kind says it
_KEYWORDS = {"YES": "cta", "CALL": "cta", "STOP": "way_out"}
_SAID_PLAINLY = frozenset({*_KEYWORDS, "LINE", "WhatsApp", "VIP", "OK"})
_KEYWORD = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(_KEYWORDS)})(?![A-Za-z])")
_SUM = re.compile(
    rf"(?<![A-Za-z])(?:{'|'.join(CURRENCIES)})(?![A-Za-z])|(?i:\b(?:euro|baht|dollar)s?\b)"
)
_DOTTED = re.compile(r"[^\W\d_]{2,}\.[^\W\d_]{2,}")
_NUMERALS = re.compile(r"[〇零一二三四五六七八九十百千万萬億兩两]{2,}")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f][\w'-]+")
_TWO_CAPITALS = re.compile(
    r"(?<![\w'-])([A-Z\u00c0-\u00de][\w'-]*) ([A-Z\u00c0-\u00de][\w'-]*)(?![\w'-])"
)
_OPENS = re.compile(r"(?:^|[.!?:;\n\"(*•–—¡¿\ue000-\ue00b-])\s*$")
# Polite words with a capital inside a sentence.
_POLITE = frozenset(
    [
        "Sie",
        "Ihr",
        "Ihre",
        "Ihrem",
        "Ihren",
        "Ihrer",
        "Ihres",
        "Ihnen",
        "Anda",
        "Bapak",
        "Ibu",
        "Lei",
        "Loro",
        "Vostra",
        "Vostro",
        "U",
        "Uw",
    ]
)
_ENGLISH = 0.6  # of the words; other languages share far fewer with English
_FEW = 4  # words too few to tell a language by


def verdicts(
    body: Case, headings: Sequence[Case], composed: Rendered, language: str
) -> Iterator[Check]:
    """Yield every verdict on a message in `language`, in the order of the text.

    `composed` is the message as code put it together: each of its values must stand in the text.
    """
    yield from _of_topic(body, composed.values.get("topic", ""))
    for case in (body, *headings):
        _read(case, composed, language)
        yield from sorted(case.reading.checks, key=lambda verdict: verdict.start)
    yield from _not_the_language(body, language)
    yield from _missing(body, composed)


def _read(case: Case, composed: Rendered, language: str) -> None:
    case.reading.report_hidden()
    _strike_values(case, composed)
    strike_intruders(case)
    _fault_all(case, "link", _DOTTED)
    _fault_numbers(case)
    _fault_all(case, "currency", _SUM)
    _fault_dates(case, language)
    _fault_names(case, language)


def _strike_values(case: Case, composed: Rendered) -> None:
    """Account for what code put in, and for other words of the record, the longest first."""
    known = {
        value: _FACTS[slot]
        for slot, value in reversed([*composed.values.items()])
        if slot in _FACTS
    }
    record = (getattr(case.facts, name) for name in _RECORD)
    known = {words: "record" for words in record if words} | known
    if case.type is CampaignType.SURVEY:
        known[SCALE] = "scale"
    for value in sorted(known, key=len, reverse=True):
        for start, end in case.reading.places(value):
            fact = known[value]
            case.found.add(fact)
            case.reading.accept(
                fact, start, end, _MARKS.get(fact, Mark.PLAIN), case.source(_source(fact))
            )

    for start, end in case.reading.places(composed.values.get("topic", "")):
        case.reading.strike(start, end, Mark.PLAIN)


def _of_topic(body: Case, topic: str) -> Iterator[Check]:
    """Yield what the sender's own words may not say: they are English or Thai, and judged as such."""
    part = Case(facts=body.facts, type=body.type, reading=Reading(topic, offset=False))
    own = part.reading.spots(topic)
    strike_literals(part)
    strike_intruders(part)
    strike_idioms(part)
    strike_dates(part)
    strike_amounts(part)
    strike_claims(part)
    strike_words(part, own)
    yield from (verdict for verdict in part.reading.checks if not verdict.ok)


def _source(fact: str) -> str:
    return {"contact": "greeting", "zones": "zone_names"}.get(fact, fact)


def _fault_numbers(case: Case) -> None:
    _fault_all(case, "number", _NUMERALS)
    for at, char in enumerate(case.reading.left):
        if unicodedata.category(char)[0] == "N":
            case.reading.fault("number", at, at + 1)
        elif unicodedata.category(char) == "Sc":
            case.reading.fault("currency", at, at + 1)
        elif char in "%‰٪":
            case.reading.fault("claim", at, at + 1)


def _fault_dates(case: Case, language: str) -> None:
    """Report months and weekdays: the record's day is struck out before."""
    spaced = not scripts(language) & {"CJK", "THAI", "LAO", "KHMER", "MYANMAR"}
    edge = r"(?<![^\W\d_])", r"(?![^\W\d_])"
    names = "|".join(sorted(map(re.escape, days_and_months(language)), key=len, reverse=True))
    pattern = f"{edge[0]}(?:{names}){edge[1]}" if spaced else f"(?:{names})"
    _fault_all(case, "date", re.compile(pattern, re.IGNORECASE))


def _fault_names(case: Case, language: str) -> None:
    """Report Latin words in another script, and two capitals side by side within a sentence."""
    if "LATIN" not in scripts(language):
        for m in [*_LATIN.finditer(case.reading.left)]:
            if m[0] not in _SAID_PLAINLY:
                case.reading.fault("name", m.start(), m.end())
        return
    for m in [*_TWO_CAPITALS.finditer(case.reading.left)]:
        opens = _OPENS.search(case.reading.left[: m.start()])
        if not (opens or {m[1], m[2]} & (_POLITE | _SAID_PLAINLY)):
            case.reading.fault("name", m.start(), m.end())


def _fault_all(case: Case, name: str, pattern: re.Pattern[str]) -> None:
    for m in [*pattern.finditer(case.reading.left)]:
        case.reading.fault(name, m.start(), m.end())


def _not_the_language(body: Case, language: str) -> Iterator[Check]:
    """Yield a verdict when the letters, or the words, are plainly those of another language."""
    letters = [script(c) for c in body.reading.left if c.isalpha() and c not in "".join(Mark)]
    wanted = scripts(language)
    own = sum(one in wanted for one in letters)
    kana = "HIRAGANA" in letters
    if own * 2 <= len(letters) or (language == "ja" and not kana) or (language == "zh" and kana):
        yield Check(check="language", ok=False, expected=name_of(language))
        return
    words = [m[0].lower() for m in _LATIN.finditer(body.reading.left)]
    english = sum(word in lexicon.words("words.en") for word in words)
    if len(words) > _FEW and english > len(words) * _ENGLISH:
        yield Check(check="language", ok=False, found="English", expected=name_of(language))


def _missing(body: Case, composed: Rendered) -> Iterator[Check]:
    """Yield a verdict for everything that stood in the message as composed, or must, and does not."""
    for slot in sorted(slots_in([composed.body]) & _FACTS.keys()):
        value = composed.values.get(slot, "")
        if fold(value) not in body.reading.text:
            yield Check(check=_FACTS[slot], ok=False, expected=value)
    said = set(_KEYWORD.findall(body.reading.text))
    for keyword in sorted(set(_KEYWORD.findall(composed.text)) - said):
        yield Check(check=_KEYWORDS[keyword], ok=False, expected=keyword)
    for fact in _needed(body):
        if fact not in body.found:
            yield Check(check=fact, ok=False, source=body.source(_source(fact)))


def _needed(body: Case) -> Iterator[str]:
    facts, renewal = body.facts, body.type is CampaignType.RENEWAL
    yield "customer"
    if "STOP" not in _KEYWORD.findall(body.reading.text):
        yield "way_out"
    if renewal and facts.contract_end:
        yield "contract_end"
    if renewal and facts.price_per_zone and "total" not in body.found:
        yield "price_per_zone"
    if body.type in {CampaignType.RENEWAL, CampaignType.SEASONAL} and (
        facts.zone_names or facts.zone_count
    ):
        yield "zones"
    if body.type is CampaignType.SURVEY:
        yield "scale"
