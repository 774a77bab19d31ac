"""From a structured request, or a person's change of a plan, to a plan; and back to JSON."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from campaigns.flow.plan import wording
from campaigns.flow.plan.fields import NOBODY, Fields, escape, kind, nearest
from campaigns.model.customer import Channel
from campaigns.model.errors import RequestInvalid
from campaigns.model.ids import CustomerId
from campaigns.model.plan import (
    Attribute,
    CampaignType,
    DateRange,
    Filters,
    IntRange,
    Plan,
    Question,
    Tone,
    Understood,
)
from campaigns.model.vocabulary import Vocabulary

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

LONGEST_CONTEXT = 2_000
_KEYS = (
    "type",
    "filters",
    "exclude",
    "everyone",
    "context",
    "occasion",
    "channels",
    "language",
    "tone",
    "send_at",
)
_DROPPED = "not_understood"
_AUDIENCE = ("filters", "exclude", "everyone")
_BOTH = "“everyone” is all customers; with filters it is only those. Leave one of the two out"


def structured(
    body: Mapping[str, object],
    vocabulary: Vocabulary,
    today: date,
    occasions: Collection[str] = (),
    ids: Mapping[CustomerId, str] = NOBODY,
) -> Plan:
    """Return the plan of `{"type", "filters", "exclude", "context", …}`.

    `everyone: true` (or `"filters": {"everyone": true}`) means all customers; without it and
    without filters the plan asks. `occasions` are the keys the text library knows, `ids` the names
    of those of `customer_ids(body)` that are customers. Raises RequestInvalid with a pointer for
    every unknown key and value.
    """
    reader = _Reader(Fields(vocabulary, today, ids), occasions)
    plan = reader.read(body, Plan(type=None, engine="structured"), _KEYS)
    if plan.type is None and "type" not in body:
        reader.fault("/type", f"must be one of {', '.join(CampaignType)}")
    reader.settle()
    return _asked(_told(plan))


def amend(
    plan: Plan,
    patch: Mapping[str, object],
    vocabulary: Vocabulary,
    today: date,
    occasions: Collection[str] = (),
    ids: Mapping[CustomerId, str] = NOBODY,
) -> Plan:
    """Return `plan` with a person's changes: each key given replaces what was there.

    A person who sets filters, exclusions or "everyone" has said who gets it, so nothing stays not
    understood; `"not_understood": []` (or a shorter list of the same words) drops words. A key
    set to null is cleared. Raises RequestInvalid as `structured` does.
    """
    reader = _Reader(Fields(vocabulary, today, ids), occasions)
    changed = reader.read(patch, plan, (*_KEYS, _DROPPED))
    if _DROPPED in patch:
        changed = replace(changed, not_understood=reader.kept(patch[_DROPPED], plan))
    reader.settle()
    if any(key in patch for key in _AUDIENCE):
        changed = _told(replace(changed, not_understood=()))
    return _asked(changed)


class _Reader:
    """Reads the keys of a body onto a plan; what is broken collects in the fields' faults."""

    def __init__(self, fields: Fields, occasions: Collection[str]) -> None:
        self._fields = fields
        self._occasions = occasions
        self.fault = self._fields.fault

    def settle(self) -> None:
        """Raise RequestInvalid when anything is broken."""
        if self._fields.faults:
            raise RequestInvalid(self._fields.faults)

    def read(self, body: Mapping[str, object], plan: Plan, known: Collection[str]) -> Plan:
        """Return `plan` with every key of `body` read onto it."""
        for key in body:
            if key not in known:
                shown = ", ".join(known)
                hint = nearest(str(key), known)
                self.fault(f"/{escape(str(key))}", f"there is no such key{hint} (known: {shown})")
        steps: dict[str, Callable[[Plan, object], Plan]] = {
            "type": lambda p, v: replace(p, type=self._one_of(CampaignType, v, "/type")),
            "filters": self._filters,
            "exclude": lambda p, v: replace(
                p, exclude=self._fields.filters({} if v is None else v, "/exclude")
            ),
            "everyone": lambda p, v: replace(p, everyone=self._flag(v, "/everyone")),
            "context": self._context,
            "occasion": lambda p, v: replace(p, occasion=self._occasion(v, "/occasion")),
            "channels": lambda p, v: replace(p, channels=self._channels(v)),
            "language": lambda p, v: replace(p, language=self._language(v, "/language")),
            "tone": lambda p, v: replace(p, tone=self._one_of(Tone, v, "/tone")),
            "send_at": lambda p, v: replace(p, send_at=self._moment(v, "/send_at")),
        }
        for key, step in steps.items():
            if key in body:
                plan = step(plan, body[key])
        if plan.everyone and plan.filters:
            plan = self._one_audience(plan, body)
        return plan

    def _one_audience(self, plan: Plan, body: Mapping[str, object]) -> Plan:
        """Let what was said now outrank what stood before; both said now is a contradiction."""
        if "filters" in body and "everyone" in body:
            self.fault("/everyone", _BOTH)
            return plan
        return (
            replace(plan, everyone=False) if "filters" in body else replace(plan, filters=Filters())
        )

    # --- one key each ----------------------------------------------------------------------------

    def _filters(self, plan: Plan, value: object) -> Plan:
        if isinstance(value, Mapping) and "everyone" in value:
            everyone = self._flag(value["everyone"], "/filters/everyone")
            rest = {k: v for k, v in value.items() if k != "everyone"}
            if everyone and rest:
                self.fault("/filters/everyone", _BOTH)
            return replace(plan, everyone=everyone, filters=self._fields.filters(rest, "/filters"))
        return replace(
            plan, filters=self._fields.filters({} if value is None else value, "/filters")
        )

    def _context(self, plan: Plan, value: object) -> Plan:
        """Read the topic: a text, or an object with topic, occasion, language and tone."""
        if not isinstance(value, Mapping):
            return replace(plan, context=self._text(value, "/context"))
        known = ("topic", "occasion", "language", "tone")
        for key in value.keys() - set(known):
            hint = nearest(str(key), known)
            self.fault(f"/context/{escape(str(key))}", f"there is no such key{hint}")
        if "topic" in value:
            plan = replace(plan, context=self._text(value["topic"], "/context/topic"))
        if "occasion" in value:
            occasion = self._occasion(value["occasion"], "/context/occasion")
            plan = replace(plan, occasion=occasion)
        if "language" in value:
            plan = replace(plan, language=self._language(value["language"], "/context/language"))
        if "tone" in value:
            plan = replace(plan, tone=self._one_of(Tone, value["tone"], "/context/tone"))
        return plan

    def _text(self, value: object, at: str) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > LONGEST_CONTEXT:
            self.fault(at, f"must be a text of at most {LONGEST_CONTEXT:,} characters")
            return None
        return value.strip() or None

    def _flag(self, value: object, at: str) -> bool:
        if not isinstance(value, bool | None):
            self.fault(at, f"must be true or false, not {kind(value)}")
        return value is True

    def _one_of(self, values: type[E], value: object, at: str) -> E | None:
        if value is None:
            return None
        if isinstance(value, str) and value in tuple(values):
            return values(value)
        hint = nearest(value, tuple(values)) if isinstance(value, str) else ""
        self.fault(at, f"must be one of {', '.join(values)}{hint}")
        return None

    def _occasion(self, value: object, at: str) -> str | None:
        if value is None or (isinstance(value, str) and value in self._occasions):
            return value if isinstance(value, str) else None
        shown = ", ".join(sorted(self._occasions)) or "none"
        self.fault(at, f"must be an occasion there are texts for: {shown}")
        return None

    def _channels(self, value: object) -> tuple[Channel, ...]:
        if value is None:
            return ()
        many = value if isinstance(value, list) else [value]
        at = [
            f"/channels/{n}" if isinstance(value, list) else "/channels" for n in range(len(many))
        ]
        found = {
            self._one_of(Channel, one, p) if one is not None else self.fault(p, "must not be null")
            for one, p in zip(many, at, strict=True)
        }
        return tuple(channel for channel in Channel if channel in found)

    def _language(self, value: object, at: str) -> str | None:
        if value is None:
            return None
        if isinstance(value, str) and len(value) == 2 and value.isascii() and value.islower():
            return value
        self.fault(at, 'must be a two-letter language code, such as "th" or "en"')
        return None

    def _moment(self, value: object, at: str) -> datetime | None:
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            moment = datetime.min  # noqa: DTZ901 - naive like any time without an offset
        if moment.tzinfo is None:
            self.fault(at, "must be a time with its offset, as 2025-10-01T09:00:00+07:00")
            return None
        return moment

    def kept(self, value: object, plan: Plan) -> tuple[str, ...]:
        """Read which of the words that were not understood stay so."""
        known = plan.not_understood
        if isinstance(value, list) and all(word in known for word in value):
            return tuple(word for word in known if word in value)
        self.fault("/not_understood", "must be a list of words from the plan's own list, or []")
        return known


def _told(plan: Plan) -> Plan:
    """Return the plan with its rules in words, as they now stand."""
    lines = [
        *((f"filters.{key}", meaning) for key, meaning in _meanings(plan.filters)),
        *((f"exclude.{key}", f"Leave out: {meaning}") for key, meaning in _meanings(plan.exclude)),
    ]
    if plan.everyone:
        lines.append(("everyone", "All customers"))
    any_expiry = not (plan.filters.contract_end or plan.exclude.contract_end)
    return replace(
        plan,
        understood=tuple(Understood(words, meaning) for words, meaning in lines),
        assumptions=(wording.ANY_EXPIRY,) if any_expiry else (),
    )


def _meanings(filters: Filters) -> Iterator[tuple[str, str]]:
    for attribute in Attribute:
        values = getattr(filters, attribute.value)
        if values:
            yield attribute.value, wording.rule(attribute, values)


def _asked(plan: Plan) -> Plan:
    """Return the plan with the questions that its gaps and unread words raise, and no others."""
    open_texts = []
    if plan.type is None:
        open_texts.append(wording.ASK_TYPE)
    if not plan.filters and not plan.everyone:
        open_texts.append(wording.ASK_WHO)
    before = {q.text: q for q in plan.questions}
    gaps = [before.get(text, Question(text)) for text in open_texts]
    known = (wording.ASK_TYPE, wording.ASK_WHO)
    words = [q for q in plan.questions if q.text not in known] if plan.not_understood else []
    return replace(plan, questions=(*words, *gaps))


# --- to JSON -----------------------------------------------------------------------------------------


def plan_json(plan: Plan) -> dict[str, object]:
    """Return the API's `plan` object."""
    return {
        "type": plan.type,
        "filters": filters_json(plan.filters),
        "exclude": filters_json(plan.exclude),
        "everyone": plan.everyone,
        "context": plan.context,
        "occasion": plan.occasion,
        "channels": list(plan.channels),
        "language": plan.language,
        "tone": plan.tone,
        "send_at": plan.send_at and plan.send_at.isoformat(),
        "understood": [{"words": u.words, "meaning": u.meaning} for u in plan.understood],
        "assumptions": list(plan.assumptions),
        "not_understood": list(plan.not_understood),
        "questions": [_question_json(q) for q in plan.questions],
        "engine": plan.engine,
        "fallback": plan.fallback,
    }


def _question_json(question: Question) -> dict[str, object]:
    choices = [{"label": c.label, "request": c.request} for c in question.choices]
    return {"text": question.text, "choices": choices}


def filters_json(filters: Filters) -> dict[str, object]:
    """Return filters as `structured` reads them; a rule that is not set has no key."""
    return {
        f.name: [_value_json(v) for v in values]
        for f in fields(filters)
        if (values := getattr(filters, f.name))
    }


def _value_json(value: object) -> object:
    if isinstance(value, DateRange):
        return {
            "from": value.first and value.first.isoformat(),
            "to": value.last and value.last.isoformat(),
        }
    return {"min": value.min, "max": value.max} if isinstance(value, IntRange) else value
