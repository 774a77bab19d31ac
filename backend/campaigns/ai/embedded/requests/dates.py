"""The grammar of dates: which words are a period, and which days it means.

An atom is one date, month, quarter, year or end of one ("the end of October"); a period is an
atom, two atoms with "to" between them, or an atom behind "by", "before", "after" or "from". What
the words mean in days is `campaigns.flow.plan.period`; here only the words are read.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from campaigns.ai.embedded.requests.atoms import LAST, NEXT, Atom, Atoms
from campaigns.ai.embedded.requests.senses import Grain, When
from campaigns.ai.embedded.requests.timewords import TimeWords
from campaigns.ai.embedded.requests.tokens import Kind, Token
from campaigns.flow.plan import period
from campaigns.model.plan import DateRange

_LONGEST_DAYS = 3660
_UNIT_DAYS = {"day": 1, "week": 7, "fortnight": 14}


class Dates:
    """The periods in a row of tokens, as seen from `today`."""

    def __init__(self, tokens: Sequence[Token], today: date) -> None:
        self._tokens = tokens
        self._today = today
        self._words = TimeWords(tokens)
        self._atoms = Atoms(tokens, self._words, today)

    @property
    def words(self) -> TimeWords:
        """The words of time in the same tokens."""
        return self._words

    def at(self, start: int) -> tuple[int, When] | None:
        """Return (end, period) of the longest period that begins at token `start`."""
        found: list[tuple[int, When]] = []
        for rule in (self._several, self._span, self._bound, self._range, self._vague):
            try:
                one = rule(start)
            except (ValueError, OverflowError) as fault:
                one = self._faulty(start, str(fault))
            if one is not None:
                found.append(one)
        return max(found, key=lambda f: f[0], default=None)

    # --- periods ----------------------------------------------------------------------------

    def _span(self, start: int) -> tuple[int, When] | None:
        """Read "within 6 weeks", "in the next 30 days", "the last 30 days"."""
        w = self._words
        at = w.end("within", start)
        head = at is not None
        at = w.past("the", at or start)
        way = next((n for n in (NEXT, LAST) if w.end(n, at)), None)
        at = w.past(way, at) if way else at
        number = w.number(at)
        if number is None and way == NEXT and (end := w.end("fortnight", at)):
            return end, self._forwards(1, "fortnight")
        if number is None or not (head or way):
            return self._counted_ahead(start)
        unit = self._atoms.unit(number[0])
        if unit is None:
            return None
        end, name = unit
        if way == LAST:
            return end, self._backwards(number[1], name)
        end = w.past("ahead", w.past(NEXT, end))
        return end, self._forwards(number[1], name)

    def _several(self, start: int) -> tuple[int, When] | None:
        """Refuse "the coming months", "the last weeks": more than one, and nobody says how many."""
        w = self._words
        at = w.past("the", w.past("lead", start))
        way = next((end for n in (NEXT, LAST) if (end := w.end(n, at))), None)
        unit = way and self._atoms.unit(way)
        if not way or not unit or not self._tokens[way].key.endswith("s"):
            return None
        return unit[0], self._fault("how many of them?")

    def _counted_ahead(self, start: int) -> tuple[int, When] | None:
        """Read "30 days from now"."""
        number = self._words.number(start)
        unit = number and self._atoms.unit(number[0])
        end = unit and self._words.end("ahead", unit[0])
        if not (number and unit and end):
            return None
        return end, self._forwards(number[1], unit[1])

    def _forwards(self, count: int, unit: str) -> When:
        if not 0 < count <= _LONGEST_DAYS:
            raise ValueError(f"{count} {unit}s is out of range")
        match unit:
            case "day" | "week" | "fortnight":
                span = period.within(self._today, count * _UNIT_DAYS[unit])
            case _:
                months = {"month": 1, "quarter": 3, "year": 12}[unit]
                span = period.months_on(self._today, min(count, 1000) * months)
        return When(span=span, grain=Grain.SPAN)

    def _backwards(self, count: int, unit: str) -> When:
        ahead = self._forwards(count, unit).span.last or self._today
        first = self._today - (ahead - self._today)
        span = DateRange(first, self._today - timedelta(days=1))
        return When(span=span, grain=Grain.SPAN, past=True)

    def _bound(self, start: int) -> tuple[int, When] | None:
        """Read "by 30 November", "before October", "after 1 January", "from March on"."""
        w = self._words
        for name in ("before", "by", "after", "since"):
            at = w.end(name, start)
            atom = (self._led(at) or self._atoms.feast(at)) if at else None
            if not atom:
                continue
            if name == "by" and self._either_way(start, atom):
                fault = "it could be in that time or up to its end"
                return atom.end, self._fault(fault)
            return self._bounded(name, atom)
        return None

    def _either_way(self, start: int, atom: Atom) -> bool:
        """Whether Thai "ภายใน" stands before a month or quarter: in it, or by the end of it."""
        return (
            self._tokens[start].key == "ภายใน" and atom.grain is not Grain.DAY and not atom.is_end
        )

    def _bounded(self, name: str, atom: Atom) -> tuple[int, When]:
        days = atom.days(self._today)
        match name:
            case "before" if not atom.is_end:
                span = period.before(self._today, days)
            case "before" | "by":
                span = period.by(self._today, days)
            case "after":
                span = period.after(days)
            case _:
                span = period.since(days)
        end = self._words.past("onwards", atom.end) if name == "since" else atom.end
        return end, When(span=span, grain=Grain.BOUND)

    def _range(self, start: int) -> tuple[int, When] | None:
        """Read one atom, or two with "to" (or, after "between", "and") between them."""
        w = self._words
        between = w.end("between", start)
        opened = between or w.end("from", start)
        at = opened or start
        now = self._atoms.now(at) if opened else None
        first = now or self._led(at) or self._atoms.lone_day(w.past("lead", at))
        if first is None:
            return None
        joint = w.end("and" if between else "to", first.end) or self._hyphen(first.end)
        second = self._second(joint, first) if joint else None
        if second is not None:
            return second.end, When(span=self._two(first, second), grain=Grain.SPAN)
        if opened or first.day_only or first.is_end:
            return None
        return self._one(first)

    def _led(self, start: int) -> Atom | None:
        """Read an atom with or without a leading "in", "the", "วันที่", whichever reaches further."""
        either = [self._atoms.at(at) for at in {start, self._words.past("lead", start)}]
        return max((a for a in either if a), key=lambda a: a.end, default=None)

    def _hyphen(self, start: int) -> int | None:
        """Return `start` where only a hyphen parts it from the word before ("Oct-Dec")."""
        tokens = self._tokens
        return start if start < len(tokens) and tokens[start].hyphened else None

    def _second(self, start: int, first: Atom) -> Atom | None:
        """Read the later end of a range; after "October 1" a bare "15" is in the same month."""
        atom = self._led(start)
        if atom is None and first.grain is Grain.DAY and not first.day_only:
            atom = self._atoms.lone_day(start)
        return atom

    def _one(self, atom: Atom) -> tuple[int, When]:
        days = atom.days(self._today)
        if end := self._words.end("onwards", atom.end):
            follows = self._tokens[end : end + 1]
            if self._tokens[atom.end].key != "on" or not follows or follows[0].kind is Kind.MARK:
                return end, When(span=period.since(days), grain=Grain.BOUND)
        if end := self._words.end("or_earlier", atom.end):
            return end, When(span=period.by(self._today, days), grain=Grain.BOUND)
        when = When(
            span=days,
            grain=atom.grain,
            note=atom.note,
            this_quarter=atom.this_quarter,
            past=days.last is not None and days.last < self._today,
            elapsed=self._elapsed(atom, days),
        )
        return atom.end, when

    def _elapsed(self, atom: Atom, days: DateRange) -> DateRange | None:
        """Return what "expired" beside the atom means; "this quarter" is ahead of us, not behind."""
        if atom.month:
            return period.elapsed_month(self._today, atom.month)
        return None if atom.this_quarter else period.elapsed(self._today, days)

    def _two(self, first: Atom, second: Atom) -> DateRange:
        today = self._today
        if first.day_only:
            last = second.days(today)
            if second.grain is not Grain.DAY or last.last is None:
                raise ValueError("a day needs a month")
            return period.between(self._same_month(first.day_only, last.last), last)
        if first.year is None and second.year is not None:
            last = second.days(today)
            begin = first.in_or_before(today, last.last or today)
            if begin.last and begin.last < today and first.days(today, second.year) != begin:
                raise ValueError("the end is before the beginning")
            return period.between(begin, last)
        if first.year is None:
            running = self._from(first.days(today, today.year), second)
            if running.last and running.last >= today:
                return running  # "1 September to 15 October" on 15 September
        return self._from(first.days(today), second)

    def _from(self, begin: DateRange, second: Atom) -> DateRange:
        """Return the range that begins with `begin` and ends with `second`."""
        if second.day_only:
            return period.between(
                begin, self._same_month(second.day_only, begin.last or self._today)
            )
        if second.year is None and begin.first is not None:
            return period.between(begin, second.in_or_after(self._today, begin.first))
        return period.between(begin, second.days(self._today))

    @staticmethod
    def _same_month(day: int, last: date) -> DateRange:
        only = last.replace(day=day)
        return DateRange(only, only)

    def _vague(self, start: int) -> tuple[int, When] | None:
        """Read "early October", "the end of the year" without "by": nobody can say which days."""
        w = self._words
        vague = w.end("vague", w.past("lead", start))
        atom = self._led(vague or start)
        if atom is None or not (vague or atom.is_end):
            return None
        return atom.end, self._fault("it names no exact days")

    def _fault(self, reason: str) -> When:
        return When(span=DateRange(), grain=Grain.DAY, fault=reason)

    def _faulty(self, start: int, reason: str) -> tuple[int, When] | None:
        """Take the words of a date that does not exist as far as they look like one."""
        w = self._words
        at = start
        while at < len(self._tokens) and (
            w.digits(at) is not None
            or w.at("months", at)
            or (at > start and w.is_mark(at, "/.-"))
            or any(w.end(n, at) for n in ("lead", "by", "before", "after", "to", "since"))
        ):
            at += 1
        return (at, self._fault(reason)) if at > start else None
