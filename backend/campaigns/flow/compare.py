"""What came of each variant, and whether a difference between two may be chance."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from campaigns.model.ids import CustomerId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.variant import Variant
from campaigns.model.wording import plural

S = MessageStatus
LEFT = frozenset({S.ACCEPTED, S.SENT, S.DELIVERED, S.READ})
DELIVERED = frozenset({S.DELIVERED, S.READ})
WAITING = frozenset({S.DRAFTED, S.VERIFIED, S.APPROVED, S.QUEUED, S.CLAIMED, S.SENDING, S.IN_DOUBT})

SURE_BELOW = 0.05  # the usual line; divided by the number of comparisons (Bonferroni)
OUTCOMES = ("replied", "interested", "converted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One variant's funnel: `messages`, `edited` and `waiting` count messages, all else customers.

    `edited` messages carry a person's words, not the variant's. `reached` customers got at least
    one message that left; only they are compared.
    """

    variant: Variant
    customers: int
    messages: int
    edited: int
    waiting: int
    reached: int
    delivered: int
    read: int
    replied: int
    interested: int
    converted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two variants by one outcome; `chance` is Fisher's exact p-value, two-sided.

    `sure` is True when it lies below the line for this many comparisons.
    """

    outcome: str
    first: str
    second: str
    chance: float
    sure: bool
    words: str


def arms(
    variants: Sequence[Variant],
    messages: Iterable[Message],
    outcomes: Mapping[str, frozenset[CustomerId]],
) -> tuple[Arm, ...]:
    """Return the funnel of each variant.

    `outcomes` holds, by name ("replied", …), the customers of the campaign with that outcome.
    """
    by_variant: dict[str, list[Message]] = {v.key: [] for v in variants}
    for m in messages:
        by_variant.setdefault(m.variant, []).append(m)
    return tuple(_arm(v, by_variant[v.key], outcomes) for v in variants)


def _arm(
    variant: Variant, messages: Sequence[Message], outcomes: Mapping[str, frozenset[CustomerId]]
) -> Arm:
    def customers(states: frozenset[MessageStatus]) -> frozenset[CustomerId]:
        return frozenset(m.customer_id for m in messages if m.status in states)

    reached = customers(LEFT)
    return Arm(
        variant=variant,
        customers=len({m.customer_id for m in messages}),
        messages=len(messages),
        edited=sum(m.edited for m in messages),
        waiting=sum(m.status in WAITING for m in messages),
        reached=len(reached),
        delivered=len(customers(DELIVERED)),
        read=len(customers(frozenset({S.READ}))),
        **{name: len(outcomes.get(name, frozenset()) & reached) for name in OUTCOMES},
    )


def fisher(first: int, of_first: int, second: int, of_second: int) -> float:
    """Return the two-sided p-value of Fisher's exact test.

    `first` of `of_first` against `second` of `of_second`: the chance of a table at least as
    unlikely as this one when the two do not differ. 1.0 when either side is empty.
    """
    total = first + second
    low, high = max(0, total - of_second), min(total, of_first)

    def log_weight(k: int) -> float:
        return _log_choose(of_first, k) + _log_choose(of_second, total - k)

    weights = [log_weight(k) for k in range(low, high + 1)]
    seen = weights[first - low]
    # Equally unlikely tables differ in the last digits of their logarithms.
    tail = math.fsum(math.exp(w - seen) for w in weights if w <= seen + 1e-7)
    whole = math.fsum(math.exp(w - seen) for w in weights)
    return min(1.0, tail / whole)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def compared(found: Sequence[Arm]) -> tuple[Comparison, ...]:
    """Compare every two variants by every outcome anybody had."""
    pairs = [
        (outcome, first, second)
        for outcome in OUTCOMES
        if any(getattr(arm, outcome) for arm in found)
        for first, second in combinations(found, 2)
        if first.reached and second.reached
    ]
    line = SURE_BELOW / max(1, len(pairs))
    return tuple(_comparison(outcome, first, second, line) for outcome, first, second in pairs)


def _comparison(outcome: str, first: Arm, second: Arm, line: float) -> Comparison:
    a, b = getattr(first, outcome), getattr(second, outcome)
    chance = fisher(a, first.reached, b, second.reached)
    sure = chance < line
    counts = (
        f"{first.variant.name}: {a} of {first.reached} {outcome}; "
        f"{second.variant.name}: {b} of {second.reached}."
    )
    return Comparison(
        outcome=outcome,
        first=first.variant.key,
        second=second.variant.key,
        chance=chance,
        sure=sure,
        words=f"{counts} {_verdict(chance, sure=sure)}",
    )


def _verdict(chance: float, *, sure: bool) -> str:
    often = f"{chance:.0%}" if chance >= 0.01 else "less than 1%"
    if sure:
        return f"Without any difference chance does this in {often} of cases: hardly chance."
    return f"Without any difference chance does this in {often} of cases: it may be chance."


def statement(found: Sequence[Arm], comparisons: Sequence[Comparison]) -> str:
    """Return in plain words what may be concluded now."""
    return " ".join(_sentences(found, comparisons))


def _sentences(found: Sequence[Arm], comparisons: Sequence[Comparison]) -> Iterator[str]:
    waiting, edited = sum(arm.waiting for arm in found), sum(arm.edited for arm in found)
    if not any(arm.reached for arm in found):
        yield "Nothing has left yet, so there is nothing to compare."
        return
    if waiting:
        yield f"{plural(waiting, 'message')} not gone yet: these are not the final numbers."
    if edited:
        yield f"{plural(edited, 'message')} changed by hand, not saying what the variant says."
    real = [c.words for c in comparisons if c.sure]
    if not comparisons:
        yield "Nobody has answered yet, or one variant has reached nobody: nothing to compare."
    elif real:
        yield from real
    else:
        yield "No difference is large enough to tell it from chance."
