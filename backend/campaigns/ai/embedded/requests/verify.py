"""A plan checked against its request by rules alone, whoever drew it.

A model may understand words that the rules do not know. It may not drop, turn round or widen what
the rules do read: each value, exclusion, date and number of the request must stand in the plan,
on its side, and each rule of the plan must come from words of the request.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from campaigns.ai.embedded.requests.answer import understood
from campaigns.ai.embedded.requests.index import Index
from campaigns.ai.embedded.requests.questions import questions, unread
from campaigns.ai.embedded.requests.reader import Reading
from campaigns.ai.embedded.requests.row import Block
from campaigns.ai.embedded.requests.senses import Unknown
from campaigns.flow.plan import wording
from campaigns.model.fold import fold
from campaigns.model.plan import Attribute, Filters, Plan, Question


def check(reading: Reading, plan: Plan, index: Index) -> Plan:
    """Return `plan` with everything added that it drops, widens or cannot explain."""
    blocks = [b for b in reading.blocks if not _is_explained(reading, b, plan)]
    explained = len(blocks) < len(reading.blocks)
    conflicts = [*_conflicts(reading, plan, explained=explained)]
    words = (*plan.not_understood, *unread(reading, blocks), *(w for w, _ in conflicts if w))
    asked: dict[str, Question] = {}
    for question in (
        *plan.questions,
        *questions(reading, blocks, plan, index),
        *(Question(text) for _, text in conflicts),
    ):
        asked.setdefault(question.text, question)
    return replace(
        plan,
        not_understood=tuple(dict.fromkeys(words)),
        questions=tuple(asked.values()),
    )


def _is_explained(reading: Reading, block: Block, plan: Plan) -> bool:
    """Whether words the rules do not know are among those the plan says it understood.

    Only unknown words can be explained: a number, a denial or words that can be read two ways
    stay with a person.
    """
    row = reading.row
    known = any(not isinstance(row.sense(i), Unknown) for i in range(block.first, block.last))
    if block.why or known:
        return False
    words = fold(row.words(block.first, block.last))
    request = fold(row.request)
    # Whole words: "e-mail" explains no "Mai". Thai has no spaces to tell words by.
    whole = re.escape(words) if not words.isascii() else rf"(?<!\w){re.escape(words)}(?!\w)"
    ours = {*understood(reading)}  # what the rules read in other words explains nothing
    explained = (fold(u.words) for u in plan.understood if u not in ours)
    return any(re.search(whole, one) and one in request for one in explained)


def _conflicts(reading: Reading, plan: Plan, *, explained: bool) -> Iterator[tuple[str, str]]:
    """Yield (words of the request, what to ask) for each difference that matters."""
    yield from _side(reading, plan.filters, explained=explained, excluded=False)
    yield from _side(reading, plan.exclude, explained=explained, excluded=True)
    if plan.everyone and not (reading.everyone and not reading.filters):
        yield "", "Nobody said all customers. Who should get it?"
    if reading.everyone and not reading.filters and not (plan.everyone or plan.filters):
        yield "", "The request says all customers; the plan does not. Who should get it?"
    aim = reading.aim
    if aim.type is not None and plan.type is not aim.type:
        other = wording.TYPE_NAMES[plan.type] if plan.type else "no type"
        yield "", f"{wording.TYPE_NAMES[aim.type]} or {other}?"
    if aim.channels and set(plan.channels) != set(aim.channels):
        yield "", f"Should it go only by {', '.join(aim.channels)}?"
    if reading.times.send_at is not None and plan.send_at != reading.times.send_at:
        yield "", f"Should it be sent at {reading.times.send_at:%Y-%m-%d %H:%M}?"


def _side(
    reading: Reading, planned: Filters, *, explained: bool, excluded: bool
) -> Iterator[tuple[str, str]]:
    """Compare one side of the plan with what the rules read there."""
    read = reading.exclude if excluded else reading.filters
    for attribute in Attribute:
        said = set(getattr(read, attribute.value))
        drawn = set(getattr(planned, attribute.value))
        side = "left out" if excluded else "asked for"
        if missing := said - drawn:
            rule = wording.rule(attribute, sorted(missing, key=str))
            words = _words_of(reading, attribute, excluded=excluded)
            yield words, f"{rule} is {side} in the request but not in the plan. Keep it?"
        widens = bool(drawn - said) and (bool(said) or not explained)
        if widens:
            rule = wording.rule(attribute, sorted(drawn - said, key=str))
            yield "", f"{rule} is {side} in the plan; no words of the request say so. Keep it?"


def _words_of(reading: Reading, attribute: Attribute, *, excluded: bool) -> str:
    """Return the request's words for an attribute on one side."""
    row = reading.row
    if attribute is Attribute.CONTRACT_END:
        spans = [
            span
            for at, span in reading.times.bound.items()
            if reading.times.is_excluded(at) is excluded
        ]
        return " … ".join(row.words(*span) for span in spans)
    said = (reading.excluded if excluded else reading.included).said
    return " … ".join(row.words(o.at, o.at + 1) for o in said if o.attribute is attribute)
