"""A cohort's text with one contact's facts in its slots."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from campaigns.flow.compose.neutral import neutralise
from campaigns.flow.compose.wording import listed, worded_date, worded_money, worded_zones
from campaigns.model.facts import Facts
from campaigns.model.text import CohortText, Rendered

ALTERNATIVES = " || "
PHRASES = frozenset({"hello", "cta", "sign", "way_out"})
OFFER = "offer_"  # the prefix of phrases that state a house offer

_SLOT = re.compile(r"\{([a-z_]+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class _Fill:
    """How a slot is filled.

    `word` gives its value, None when there is none; `lacks` the fields of `Facts` the record
    leaves open; `applies` is False when the slot has nothing to say about this customer though
    nothing is missing: the day a running contract ended, a total of a single zone.
    """

    word: Callable[[Facts, CohortText], str | None]
    lacks: Callable[[Facts], tuple[str, ...]]
    applies: Callable[[Facts], bool] = lambda facts: True


def _own(field_name: str) -> _Fill:
    """Return the fill for a field that is the customer's or the house's own words."""

    def word(facts: Facts, text: CohortText) -> str | None:
        return neutralise(getattr(facts, field_name) or "", text.cohort.channel) or None

    return _Fill(word, _blank(field_name))


def _blank(*names: str) -> Callable[[Facts], tuple[str, ...]]:
    return lambda facts: tuple(name for name in names if not getattr(facts, name))


def _greeting(facts: Facts, text: CohortText) -> str | None:
    name = neutralise(facts.greeting or "", text.cohort.channel)
    if not name or text.cohort.language != "th" or name.startswith("คุณ"):
        return name or None
    return "คุณ" + ("" if "ก" <= name[0] <= "๛" else " ") + name


def _names(facts: Facts, text: CohortText) -> list[str]:
    return [n for name in facts.zone_names if (n := neutralise(name, text.cohort.channel))]


def _zones(facts: Facts, text: CohortText) -> str | None:
    names, language = _names(facts, text), text.cohort.language
    return worded_zones(names, facts.zone_count, language, text.zone_words)


def _zones_lacking(facts: Facts) -> tuple[str, ...]:
    few = len(facts.zone_names) < (facts.zone_count or 1)
    return (*_blank("zone_count")(facts), *(("zone_names",) if few else ()))


def _zone_list(facts: Facts, text: CohortText) -> str | None:
    names = _names(facts, text)
    return listed(names, text.cohort.language) if names and not _zones_lacking(facts) else None


def _end(facts: Facts, text: CohortText) -> str | None:
    day = facts.contract_end
    return worded_date(day, text.cohort.language, text.cohort.tone) if day else None


def _money(field_name: str) -> Callable[[Facts, CohortText], str | None]:
    def word(facts: Facts, text: CohortText) -> str | None:
        money = getattr(facts, field_name)
        return worded_money(money, text.cohort.language) if money else None

    return word


_FILL: Mapping[str, _Fill] = {
    "greeting": _Fill(_greeting, _blank("greeting")),
    "customer": _own("customer"),
    "zones": _Fill(_zones, _zones_lacking),
    "zone_list": _Fill(_zone_list, _zones_lacking),
    "expiry": _Fill(_end, _blank("contract_end"), lambda f: not f.lapsed),
    "expired": _Fill(_end, _blank("contract_end"), lambda f: f.lapsed),
    "price": _Fill(_money("price_per_zone"), _blank("price_per_zone")),
    "total": _Fill(
        _money("total"), _blank("price_per_zone", "zone_count"), lambda f: f.zone_count != 1
    ),
    "sender": _own("sender"),
    "unsubscribe": _Fill(lambda f, _: f.unsubscribe_url, _blank("unsubscribe_url")),
}
SLOTS = frozenset(_FILL) | {"topic"}


def render(text: CohortText, facts: Facts) -> Rendered:
    """Return `text` for the contact whose facts these are.

    Values are put in once and never read again, so braces in a customer's name stay braces.
    Raises KeyError for a slot that does not exist: `prose_faults` finds those beforehand.
    """
    filling = _Filling(text, facts)
    paragraphs = (filling.paragraph(sentences) for sentences in text.paragraphs)
    body = "\n\n".join(p for p in paragraphs if p)
    subject, preheader = filling.sentence(text.subject), filling.sentence(text.preheader)
    used = set(_SLOT.findall(body + subject + preheader))
    return Rendered(
        text=filling.filled(body),
        body=body,
        subject=filling.filled(subject),
        preheader=filling.filled(preheader),
        values={slot: value for slot, value in filling.values.items() if slot in used and value},
        gaps=tuple(filling.gaps),
    )


@dataclass(slots=True)
class _Filling:
    """The state of one rendering: values worked out so far and gaps met, in order."""

    text: CohortText
    facts: Facts
    values: dict[str, str | None] = field(default_factory=dict)
    gaps: dict[str, None] = field(default_factory=dict)

    def paragraph(self, sentences: tuple[str, ...]) -> str:
        kept = (self.sentence(sentence) for sentence in sentences)
        return " ".join(sentence for sentence in kept if sentence)

    def sentence(self, sentence: str) -> str:
        """Return the first alternative whose slots are all known, slots still open, or ""."""
        for alternative in self._spelt_out(sentence).split(ALTERNATIVES):
            shown = _OPTIONAL.sub(lambda m: m[1] if self._known(m[1]) else "", alternative)
            if self._known(shown):
                return shown
        return ""

    def filled(self, body: str) -> str:
        """Return `body` with every slot replaced by its value, in one pass."""
        return _SLOT.sub(lambda m: self.values[m[1]] or "", body)

    def _spelt_out(self, sentence: str) -> str:
        """Return the sentence with the house's phrases in place of their slots.

        An offer that is not among the facts stays a slot, which is then unknown.
        """

        def phrase(m: re.Match[str]) -> str:
            name = m[1]
            if name.startswith(OFFER) and name.removeprefix(OFFER) not in self.facts.offers:
                return m[0]
            return self._spelt_out(self.text.phrases[name]) if name in self.text.phrases else m[0]

        return _SLOT.sub(phrase, sentence)

    def _known(self, part: str) -> bool:
        """Whether every slot of `part` has a value; what the record lacks becomes a gap."""
        values = [self._value(slot) for slot in _SLOT.findall(part)]  # each, to know every gap
        return all(values)

    def _value(self, slot: str) -> str | None:
        if slot not in self.values:
            self.values[slot] = self._worked_out(slot)
        return self.values[slot]

    def _worked_out(self, slot: str) -> str | None:
        if slot.startswith(OFFER):
            return None
        if slot == "topic":
            return neutralise((self.text.topic or "").strip(" .!?"), self.text.cohort.channel)
        fill = _FILL[slot]
        if not fill.applies(self.facts):
            return None
        self.gaps.update(dict.fromkeys(fill.lacks(self.facts)))
        return fill.word(self.facts, self.text)
