"""Fitting the lines: from which confidence on a reading stands without a person.

A wrong reading weighs as much as `WRONG_COSTS` replies handed to a person. A line moves only
where enough corrections lead with its intent, where they get better by it, and where no more of
our own cases are read wrong. Above all stand the safety rows: a line lies above every opt-out
that would be missed and every refusal or complaint that would be read as a yes.

Corrections are no fair sample (nobody corrects what was read right), so moving up is easy and
moving down takes replies that were handed to a person and then confirmed.
"""

from collections.abc import Iterable, Sequence

from campaigns.model.calibration import Case, Decided, Figures, Lines, Score, Weighed
from campaigns.model.reply import Intent

FEWEST_CORRECTIONS = 20  # of all intents, among those a line decides
FEWEST_OF_AN_INTENT = 5
WRONG_COSTS = 30
FOLDS = 5
LOWEST, STEP = 0.5, 0.01
NEVER = 1.01  # no confidence reaches it: every such reading goes to a person

_AGAINST_YES = frozenset({Intent.DECLINE, Intent.COMPLAINT, Intent.OPT_OUT})


def enough(corrections: Sequence[Case]) -> bool:
    """Whether there are enough corrections that a line decides to learn anything from."""
    return len([c for c in corrections if _by_line(c)]) >= FEWEST_CORRECTIONS


def fit(own: Sequence[Case], corrections: Sequence[Case], now: Lines) -> Lines:
    """Return the lines that suit the corrections best; `now` itself when they are too few."""
    if not enough(corrections):
        return now
    fitted = {
        intent: _line(
            [c for c in own if _leads(c, intent)],
            [c for c in corrections if _leads(c, intent)],
            now.line(intent),
        )
        for intent in Intent
    }
    moved = {i: line for i, line in fitted.items() if line != now.shipped}
    return Lines(basis=now.basis, shipped=now.shipped, of=moved)


def measure(cases: Iterable[Case], lines: Lines) -> Figures:
    """Return how cases are read under `lines`."""
    return _figures([(case, lines) for case in cases])


def foretell(own: Sequence[Case], corrections: Sequence[Case], now: Lines) -> Figures:
    """Return how corrections would be read under new lines, each by lines fitted without it."""
    judged = []
    for fold in range(FOLDS):
        seen = [c for i, c in enumerate(corrections) if i % FOLDS != fold]
        # As many as there will be: a fold must not fall under the fewest that count.
        lines = fit(own, seen, now) if enough(corrections) else now
        judged += [(c, lines) for i, c in enumerate(corrections) if i % FOLDS == fold]
    return _figures(judged)


def _line(own: Sequence[Case], corrected: Sequence[Case], now: float) -> float:
    """Return the best line of one intent; `own` and `corrected` lead with it by the line."""
    safe = max((c.weighed.confidence + STEP for c in corrected if _dangerous(c)), default=0.0)
    if len(corrected) < FEWEST_OF_AN_INTENT:
        return min(max(now, safe), NEVER)
    lowest = max(LOWEST, safe, *(c.weighed.confidence + STEP for c in own if _new_harm(c, now)))
    steps = [round(LOWEST + STEP * i, 2) for i in range(round((NEVER - LOWEST) / STEP) + 1)]
    candidates = [line for line in steps if line >= min(lowest, NEVER)]
    best = min(candidates, key=lambda line: (_cost((*own, *corrected), line), abs(line - now)))
    if now >= lowest and _cost(corrected, best) >= _cost(corrected, now):
        return now
    return best


def _new_harm(case: Case, now: float) -> bool:
    """Whether one of our own cases that goes to a person now would be read wrong or worse."""
    return case.weighed.confidence < now and (_wrong(case) or _dangerous(case))


def _cost(cases: Iterable[Case], line: float) -> int:
    cost = 0
    for case in cases:
        if case.weighed.confidence < line:
            cost += 1
        elif _wrong(case):
            cost += WRONG_COSTS
    return cost


def _by_line(case: Case) -> bool:
    return case.weighed.decided is Decided.LINE


def _leads(case: Case, intent: Intent) -> bool:
    return _by_line(case) and case.weighed.intents[0] is intent


def _wrong(case: Case) -> bool:
    found = case.weighed.intents
    return found[0] is not case.meant and not (
        case.meant is Intent.COMPLAINT and Intent.COMPLAINT in found
    )


def _dangerous(case: Case) -> bool:
    return _misses_opt_out(case) or _says_yes(case)


def _misses_opt_out(case: Case) -> bool:
    seen = case.weighed.sign or Intent.OPT_OUT in case.weighed.intents
    return case.meant is Intent.OPT_OUT and not seen


def _says_yes(case: Case) -> bool:
    found = case.weighed.intents
    return found[0] is Intent.ACCEPT and case.meant in _AGAINST_YES and case.meant not in found


def _stands(weighed: Weighed, lines: Lines) -> bool:
    if weighed.decided is Decided.LINE:
        return weighed.confidence >= lines.line(weighed.intents[0])
    return weighed.decided is Decided.WORDS


def _figures(judged: Sequence[tuple[Case, Lines]]) -> Figures:
    meant = dict.fromkeys(case.meant for case, _ in judged)
    standing = [case for case, lines in judged if _stands(case.weighed, lines)]
    return Figures(
        all=_score(judged),
        by_intent={i: _score([j for j in judged if j[0].meant is i]) for i in Intent if i in meant},
        missed_opt_outs=sum(map(_misses_opt_out, standing)),
        false_yes=sum(map(_says_yes, standing)),
    )


def _score(judged: Sequence[tuple[Case, Lines]]) -> Score:
    standing = [case for case, lines in judged if _stands(case.weighed, lines)]
    wrong = sum(map(_wrong, standing))
    return Score(
        cases=len(judged),
        right=len(standing) - wrong,
        handed=len(judged) - len(standing),
        wrong=wrong,
    )
