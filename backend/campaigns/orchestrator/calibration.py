"""Corrections refit the lines: fitted, shown, put in force, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from campaigns.flow import calibrate
from campaigns.model.access import Actor
from campaigns.model.calibration import Case, Decided, Figures, Lines, LinesSet
from campaigns.model.errors import Among, NotFound
from campaigns.model.ports import Clock, Gauge, Store, Tx
from campaigns.model.reply import Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Refit:
    """What a refit came to.

    `corrections` is how many there are, `decided_by_line` how many of them a line decides.
    `before` and `after` are figures over the corrections, each correction judged by lines fitted
    without it; `own_before` and `own_after` over our own cases. `verdict` says in a sentence what
    changes and why; `number` is that of the lines put in force, None when none were.
    """

    corrections: int
    decided_by_line: int
    now: Lines
    fitted: Lines
    before: Figures
    after: Figures
    own_before: Figures
    own_after: Figures
    verdict: str
    number: int | None = None


class Calibration:
    """The lines of the reply reader."""

    def __init__(self, store: Store, clock: Clock, gauge: Gauge) -> None:
        self._store = store
        self._clock = clock
        self._gauge = gauge

    def refit(self, actor: Actor, *, dry_run: bool = False) -> Refit:
        """Fit the lines to the corrections and our own cases, and put them in force.

        Changes nothing when there are too few corrections, nothing would get better, or
        `dry_run` only asks. Raises WrongState where the classifier cannot be used.
        """
        with self._store.read() as tx:
            kept, held = tx.corrections.all(), tx.corrections.in_force()
        shipped = self._gauge.unchanged()
        now = held.lines if held and held.lines.basis == shipped.basis else shipped
        own = self._gauge.own_cases()
        cases = [Case(meant=c.meant, weighed=self._gauge.weigh(c.text, c.context)) for c in kept]
        fitted = calibrate.fit(own, cases, shipped) if calibrate.enough(cases) else now
        by_line = sum(c.weighed.decided is Decided.LINE for c in cases)
        found = Refit(
            corrections=len(cases),
            decided_by_line=by_line,
            now=now,
            fitted=fitted,
            before=calibrate.measure(cases, now),
            after=calibrate.foretell(own, cases, shipped)
            if fitted != now
            else calibrate.measure(cases, now),
            own_before=calibrate.measure(own, now),
            own_after=calibrate.measure(own, fitted),
            verdict=_verdict(by_line, now, fitted),
        )
        return found if dry_run or fitted == now else self._put_in_force(found, actor)

    def history(self) -> Sequence[LinesSet]:
        """Return all lines that were ever in force, oldest first; the last one holds."""
        with self._store.read() as tx:
            return tx.corrections.history()

    def revert(self, actor: Actor, number: int | None = None) -> LinesSet:
        """Have earlier lines hold again: those of `number`, 0 as shipped, else the ones before.

        Raises NotFound when nobody ever put such lines in force.
        """
        with self._store.begin() as tx:
            past = tx.corrections.history()
            if not past:
                raise NotFound("The lines are as shipped: nothing was ever refitted.")
            wanted = number if number is not None else past[-1].number - 1
            if not 0 <= wanted <= past[-1].number:
                raise NotFound(f"There are no lines {wanted}.", Among.LINES)
            newest = past[-1].lines
            back = (
                past[wanted - 1].lines
                if wanted
                else Lines(basis=newest.basis, shipped=newest.shipped)
            )
            return self._set(tx, back, "revert", past[-1].corrections, actor)

    def _put_in_force(self, found: Refit, actor: Actor) -> Refit:
        with self._store.begin() as tx:
            kept = self._set(tx, found.fitted, "refit", found.corrections, actor)
        return replace(found, number=kept.number)

    def _set(self, tx: Tx, lines: Lines, how: str, corrections: int, actor: Actor) -> LinesSet:
        held = tx.corrections.in_force()
        kept = LinesSet(
            number=held.number + 1 if held else 1,
            at=self._clock.now(),
            by=actor.name,
            how=how,
            corrections=corrections,
            lines=lines,
        )
        tx.corrections.put_in_force(kept)
        told = {"how": how, "corrections": corrections, "lines": dict(_shown(lines))}
        tx.audit.add(kept.at, actor.name, "lines.set", f"lines:{kept.number}", told)
        return kept


class LinesInForce:
    """Asks the database for the lines that hold; the reply reader calls it for each reply."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __call__(self) -> Lines | None:
        """Return the lines in force, None as shipped."""
        with self._store.read() as tx:
            held = tx.corrections.in_force()
        return held.lines if held else None


def _verdict(by_line: int, now: Lines, fitted: Lines) -> str:
    if by_line < calibrate.FEWEST_CORRECTIONS:
        return (
            f"Nothing changes: a line decides {by_line} of the corrected replies, and fewer than "
            f"{calibrate.FEWEST_CORRECTIONS} say too little."
        )
    if fitted == now:
        return "Nothing changes: no other line reads the corrected replies better and as safely."
    moved = [i for i in Intent if now.line(i) != fitted.line(i)]
    changes = (f"{i.value} {now.line(i):.2f} → {fitted.line(i):.2f}" for i in moved)
    return f"Lines move: {', '.join(changes)}."


def _shown(lines: Lines) -> Sequence[tuple[str, float]]:
    return [(intent.value, line) for intent, line in lines.of.items()]
