"""The words of a reply that speak for one meaning: evidence, inputs of the classifier, guards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from campaigns.ai.embedded.replies.data import phrases, table
from campaigns.ai.embedded.replies.fold import Folded, Hit, fold
from campaigns.ai.embedded.replies.opt_out import OptOut, find_opt_out
from campaigns.ai.embedded.replies.patterns import Patterns
from campaigns.ai.embedded.replies.terse import terse, whole_of
from campaigns.model.reply import Intent

THANKS, POSITIVE, NEGATIVE = "thanks", "positive", "negative"
MACHINE, CONDITION = "machine", "condition"
_MOST = 2  # a cue found more often says no more
_SHORT, _LONG = 3, 25  # words

# The order of `Cues.features`; the learnt weights depend on it.
_LABELS = (
    *(i.value for i in Intent if i not in {Intent.OPT_OUT, Intent.SURVEY_SCORE, Intent.OTHER}),
    THANKS,
    POSITIVE,
    NEGATIVE,
)
_TERSE = ("accept", "decline", "callback", "later", "other", "unclear")


@dataclass(frozen=True, slots=True)
class Cues:
    """What was found in a text: places by label, opt-out words, and its outer shape."""

    hits: Mapping[str, Sequence[Hit]]
    opt_out: OptOut
    terse: str | None
    words: int
    asks: bool
    counts: bool

    def of(self, label: str) -> Sequence[Hit]:
        """Return the places of one label."""
        return self.hits.get(label, ())

    def features(self) -> list[float]:
        """Return the classifier's inputs, each 0-1, in the order the weights were learnt in."""
        return [
            *(min(len(self.of(label)), _MOST) / _MOST for label in _LABELS),
            float(bool(self.opt_out.clear)),
            float(bool(self.opt_out.clear or self.opt_out.sign)),
            *(float(self.terse == label) for label in _TERSE),
            float(self.words <= _SHORT),
            float(self.words > _LONG),
            float(self.asks),
            float(self.counts),
        ]


def find_cues(text: str, folded: Folded | None = None) -> Cues:
    """Find the cues of a normalised text."""
    folded = folded or fold(text)
    hits: dict[str, Sequence[Hit]] = {}
    for wanted, exceptions in _lists():
        hits |= wanted.labels(folded.without(hit for _, hit in exceptions.find(folded)))
    return Cues(
        hits=hits,
        opt_out=find_opt_out(folded),
        terse=terse().says(whole_of(folded)),
        words=folded.spaced.count(" ") - 1,
        asks=any(mark in text for mark in "?？؟"),
        counts=any(c.isdigit() for c in text),
    )


@cache
def _lists() -> tuple[tuple[Patterns, Patterns], ...]:
    """Return the cue lists, those without exceptions of their own in one search."""
    plain: dict[str, tuple[str, ...]] = {}
    guarded = []
    for label, words in table("cues").items():
        if "not_phrases" in words:
            exceptions = Patterns({label: phrases(words["not_phrases"])})
            guarded.append((Patterns({label: phrases(words["phrases"])}), exceptions))
        else:
            plain[label] = phrases(words["phrases"])
    return ((Patterns(plain), Patterns({})), *guarded)
