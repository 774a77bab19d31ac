"""Reading requests with a model, re-read by code: what the two do not agree on is asked.

The rules read the request first. The model then chooses from a menu, and its choice is held
against the words: it may explain words that the rules do not know, never drop, add, turn round
or widen what they say. A disagreement is a question with both readings as its choices.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from campaigns.ai.openai.engine import Engine
from campaigns.ai.openai.menu import Menu, menu
from campaigns.ai.openai.prompts import fenced, prompt
from campaigns.ai.openai.question import Question, Refused, Unavailable
from campaigns.flow.plan import phrase, wording
from campaigns.model.customer import Channel
from campaigns.model.fold import fold
from campaigns.model.ids import CampaignId
from campaigns.model.plan import (
    Attribute,
    CampaignType,
    Choice,
    Filters,
    Plan,
    Revision,
    Tone,
    Understood,
)
from campaigns.model.plan import Question as Asked
from campaigns.model.spending import Job
from campaigns.model.vocabulary import Vocabulary

LONGEST_ANSWER = 900  # tokens
LONGEST_REQUEST = 2_000  # characters; the rules answer longer ones by themselves
_MOST_CHOICES = 3
_MOST_WORDS = 6  # of an explanation: longer ones explain everything away
DIFFER = "The request can be read in two ways. Which one is meant?"


class Rules(Protocol):
    """The reader that needs no model."""

    def interpret(
        self,
        request: str,
        vocabulary: Vocabulary,
        now: datetime,
        charge: CampaignId | None = None,
    ) -> Plan: ...
    def verify(self, request: str, plan: Plan, vocabulary: Vocabulary, now: datetime) -> Plan: ...
    def revise(
        self, plan: Plan, request: str, words: str, vocabulary: Vocabulary, now: datetime
    ) -> Revision: ...


class ModelInterpreter:
    """`model.ports.Interpreter` over a model and the rules."""

    def __init__(self, engine: Engine, rules: Rules, occasions: tuple[str, ...]) -> None:
        self._engine = engine
        self._rules = rules
        self._occasions = occasions

    @property
    def name(self) -> str:
        """The name plans carry as their `engine`."""
        return self._engine.name

    def interpret(
        self,
        request: str,
        vocabulary: Vocabulary,
        now: datetime,
        charge: CampaignId | None = None,
    ) -> Plan:
        """Read `request` with both; by the rules alone, labelled, when the model cannot."""
        read = self._rules.interpret(request, vocabulary, now)
        if len(request) > LONGEST_REQUEST or not request.strip():
            return read
        offered = menu(request, read, vocabulary, now.date(), self._occasions)
        try:
            answer = self._engine.ask(self._question(request, offered, now), charge)
        except Unavailable as reason:
            return replace(read, fallback=str(reason))
        drawn = replace(_merged(read, answer, offered), engine=self.name)
        explained = _bound(read, drawn, answer, offered)
        look = _Look(self._rules, vocabulary, now)
        return _judged(request, read, drawn, (explained, answer.not_understood), look)

    def revise(
        self, plan: Plan, request: str, words: str, vocabulary: Vocabulary, now: datetime
    ) -> Revision:
        """Read a follow-up by the rules: an edit says in few words what it does."""
        return self._rules.revise(plan, request, words, vocabulary, now)

    def _question(self, request: str, offered: Menu, now: datetime) -> Question[Any]:
        shape = offered.shape()
        return Question(
            job=Job.INTERPRET,
            instructions=prompt("interpret").format(today=f"{now:%A %Y-%m-%d}"),
            prompt=fenced(request, self._engine.ids.new("x")),
            shape=shape,
            accept=lambda answer: _verbatim(answer, request),
            schema=str(shape.model_json_schema()),
            longest=LONGEST_ANSWER,
        )


@dataclass(frozen=True, slots=True)
class _Look:
    """The rules with what they look a request up in."""

    rules: Rules
    vocabulary: Vocabulary
    now: datetime

    def verify(self, request: str, plan: Plan) -> Plan:
        return self.rules.verify(request, plan, self.vocabulary, self.now)

    def says(self, request: str, plan: Plan) -> bool:
        """Whether the rules read `request` as `plan`."""
        back = self.rules.interpret(request, self.vocabulary, self.now)
        return back.is_clear and _rules_of(back) == _rules_of(plan)


def _judged(
    request: str,
    read: Plan,
    drawn: Plan,
    said: tuple[tuple[Understood, ...], list[str]],
    look: _Look,
) -> Plan:
    """Return the model's plan with all that the words do not bear out put to a person.

    `said` is what the model says it explained, and what it did not understand.
    """
    explained, not_understood = said
    assumed = tuple(f"“{u.words}” read as {u.meaning}" for u in explained)
    plan = replace(
        drawn,
        understood=(*read.understood, *explained),
        assumptions=(*read.assumptions, *assumed),
    )
    checked = look.verify(request, plan)
    unread = [w for w in not_understood if w not in checked.not_understood]
    unbound = [*_unbound(read, drawn, explained)]
    if checked.is_clear and not unread and not unbound:
        return checked
    if not read.is_clear:
        return _asked(checked, unread, unbound)
    return _two_readings(read, plan, checked, unread, look)


def _rules_of(plan: Plan) -> tuple[object, ...]:
    sides = [
        frozenset((a, v) for a in Attribute for v in getattr(side, a.value))
        for side in (plan.filters, plan.exclude)
    ]
    return (plan.type, plan.everyone, frozenset(plan.channels), *sides)


def _verbatim(answer: Any, request: str) -> Any:
    """Return the answer when the words it quotes stand in the request."""
    words = fold(request)
    quotes = [*(e.words for e in answer.explained), *answer.not_understood]
    invented = [q for q in quotes if not fold(q) or fold(q) not in words]
    if invented:
        raise Refused(f"These words do not stand in the request: {invented[:3]}. Quote verbatim.")
    return answer


def _merged(read: Plan, answer: Any, offered: Menu) -> Plan:
    """Return the model's choices as a plan; time, topic and what is assumed stay code's."""
    filters, exclude = offered.filters(answer.include), offered.filters(answer.exclude)
    return replace(
        read,
        type=CampaignType(answer.type) if answer.type else None,
        filters=filters,
        exclude=exclude,
        everyone=answer.everyone and not filters,
        occasion=answer.occasion or read.occasion,
        channels=tuple(c for c in Channel if c.value in answer.channels),
        language=answer.language or read.language,
        tone=Tone(answer.tone) if answer.tone else read.tone,
        not_understood=(),
        questions=(),
    )


def _values(filters: Filters) -> Iterator[tuple[Attribute, object]]:
    for attribute in Attribute:
        yield from ((attribute, value) for value in getattr(filters, attribute.value))


def _added(read: Plan, drawn: Plan) -> list[tuple[Attribute, object, bool]]:
    """Return the values only the model found, each with whether it is left out."""
    added = []
    for out, mine, its in (
        (False, read.filters, drawn.filters),
        (True, read.exclude, drawn.exclude),
    ):
        known = set(_values(mine))
        added += [(a, v, out) for a, v in _values(its) if (a, v) not in known]
    return added


def _bound(read: Plan, drawn: Plan, answer: Any, offered: Menu) -> tuple[Understood, ...]:
    """Return the explanations that lead to something only the model found.

    One that leads to what the rules found in other words explains nothing: it would explain
    words away.
    """
    added = {(attribute, value) for attribute, value, _ in _added(read, drawn)}
    meanings = {
        label: wording.rule(attribute, [value])
        for attribute, labels in offered.values.items()
        for label, value in labels.items()
        if (attribute, value) in added
    }
    if read.type is None and drawn.type is not None:
        meanings[drawn.type.value] = wording.TYPE_NAMES[drawn.type]
    return tuple(
        Understood(e.words, meanings[e.label])
        for e in answer.explained
        if e.label in meanings and len(e.words.split()) <= _MOST_WORDS
    )


def _unbound(read: Plan, drawn: Plan, explained: tuple[Understood, ...]) -> Iterator[str]:
    """Yield what only the model found and no words were given for."""
    told = {u.meaning for u in explained}
    for attribute, value, out in _added(read, drawn):
        rule = wording.rule(attribute, [value])
        if rule not in told:
            yield f"Leave out: {rule}" if out else rule
    if read.type is None and drawn.type is not None:
        name = wording.TYPE_NAMES[drawn.type]
        if name not in told:
            yield name


def _asked(checked: Plan, unread: list[str], unbound: list[str]) -> Plan:
    """Return a plan that stays unclear, with what else there is to ask."""
    questions = [
        *checked.questions,
        *(Asked(f"{rule}: no words of the request say so. Is it meant?") for rule in unbound),
    ]
    texts = {q.text: q for q in reversed(questions)}
    return replace(
        checked,
        not_understood=tuple(dict.fromkeys((*checked.not_understood, *unread))),
        questions=tuple([*texts.values()][::-1][:_MOST_CHOICES]),
    )


def _two_readings(read: Plan, drawn: Plan, checked: Plan, unread: list[str], look: _Look) -> Plan:
    """Return the question which of two readings is meant, each said in clear words.

    Both are read back first: a choice that would not do what it says is not offered.
    """
    choices: list[Choice] = []
    for plan in (read, drawn):
        if plan.type is None or not (plan.filters or plan.everyone):
            continue
        said = phrase(replace(plan, context=read.context))
        if look.says(said, plan) and said not in [c.request for c in choices]:
            choices.append(Choice(_summary(plan), said))
    asked = Asked(DIFFER, tuple(choices))
    limits = [Asked(f"“{words}”: does it limit who gets it?") for words in unread]
    questions = (asked, *limits) if choices else (*checked.questions, *limits)
    return replace(
        checked,
        not_understood=tuple(dict.fromkeys((*checked.not_understood, *unread))),
        questions=questions[:_MOST_CHOICES] or (Asked(DIFFER),),
    )


def _summary(plan: Plan) -> str:
    kind = wording.TYPE_NAMES[plan.type] if plan.type else "Campaign"
    who = "; ".join(wording.rules(plan.filters)) or ("all customers" if plan.everyone else "nobody")
    out = "; ".join(wording.rules(plan.exclude))
    how = f"; by {', '.join(plan.channels)}" if plan.channels else ""
    return f"{kind}: {who}{how}" + (f"; without {out}" if out else "")
