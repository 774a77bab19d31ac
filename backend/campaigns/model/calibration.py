"""The lines a reply's confidence must reach, and the labelled replies they are fitted to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from campaigns.model.ids import ReplyId
from campaigns.model.reply import Intent, ReplyContext


class Decided(StrEnum):
    """What decides whether a reading stands."""

    WORDS = "words"  # a set phrase, a score, clear words: it stands, whatever the line
    PERSON = "person"  # a rule hands it to a person, whatever the line
    LINE = "line"  # its confidence against the line of its leading intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A reading before its line is asked. `sign` is True at any sign of an opt-out."""

    intents: tuple[Intent, ...]
    confidence: float
    decided: Decided
    sign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A reply somebody labelled, and how it is read without that label."""

    meant: Intent
    weighed: Weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A person's word for what a reply means; the newest of a reply counts."""

    reply_id: ReplyId
    at: datetime
    by: str
    was: Intent
    meant: Intent
    text: str
    context: ReplyContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The line of each intent; one that is not named has the `shipped` line.

    `basis` names the weights they were fitted with: under others their confidences mean
    something else and the shipped line holds.
    """

    basis: str
    shipped: float
    of: Mapping[Intent, float] = field(default_factory=dict)

    def line(self, intent: Intent) -> float:
        """Return the confidence from which a reading that leads with `intent` stands."""
        return self.of.get(intent, self.shipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesSet:
    """Lines somebody put in force: `number` counts from 1, `how` is "refit" or "revert"."""

    number: int
    at: datetime
    by: str
    how: str
    corrections: int
    lines: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many of `cases` were read right, handed to a person, or read wrong."""

    cases: int = 0
    right: int = 0
    handed: int = 0
    wrong: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Scores of a set of cases by what was meant, and the safety rows, which must be 0.

    `false_yes` counts refusals, complaints and opt-outs read as a plain yes.
    """

    all: Score
    by_intent: Mapping[Intent, Score]
    missed_opt_outs: int
    false_yes: int
