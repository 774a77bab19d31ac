"""The embedded reply reader: words first, then a small model, and a person when in doubt.

The order of the steps is the order of trust: what channels verified, clear words for "no more
messages", set phrases and scores, then the classifier with its guards. Nothing in a reply is an
instruction; a reading is all that it can change.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Lock

from campaigns.ai.embedded.encoder import Unavailable
from campaigns.ai.embedded.replies import rules
from campaigns.ai.embedded.replies.calibration import own_cases
from campaigns.ai.embedded.replies.classifier import Classifier, load_classifier
from campaigns.ai.embedded.replies.dates import Named, find_date
from campaigns.ai.embedded.replies.decide import by_model, by_words
from campaigns.ai.embedded.replies.explain import sentence, sentiment_of
from campaigns.ai.embedded.replies.heard import Heard, Verdict, hear
from campaigns.model.calibration import Case, Decided, Lines, Weighed
from campaigns.model.errors import WrongState
from campaigns.model.ids import CampaignId
from campaigns.model.reply import Intent, Reading, ReplyContext, Span

_STEPS = (
    rules.silence,
    rules.opted_out,
    rules.auto_reply,
    rules.machine_talk,
    rules.survey_score,
    rules.set_phrase,
)
# The intents a date in the words belongs to; in others it is a date of something else.
_DATED = frozenset({Intent.LATER, Intent.OUT_OF_OFFICE, Intent.CALLBACK})
_MOST_EVIDENCE = 5


class EmbeddedReplyReader:
    """Reads replies on this machine, without a key.

    The classifier is loaded by the first reply that needs it. Where it cannot be, reading goes
    on by words alone: what set phrases, scores and opt-outs do not settle goes to a person, and
    `Reading.fallback` says why. `lines` gives the lines in force, asked anew for each reply, so
    that a refit counts at once in every process; None where nobody refitted anything.
    """

    def __init__(
        self,
        load: Callable[[], Classifier] = load_classifier,
        lines: Callable[[], Lines | None] = lambda: None,
    ) -> None:
        self._load = load
        self._lines = lines
        self._loading = Lock()
        self._classifier: Classifier | None = None
        self._missing: str | None = None

    @property
    def name(self) -> str:
        """The engine's name, as readings carry it."""
        return "embedded"

    def read(self, text: str, context: ReplyContext, charge: CampaignId | None = None) -> Reading:
        """Read one reply; never raises for anything a reply may hold."""
        heard = hear(text, context)
        verdict = _settled(heard)
        fallback = None
        if verdict is None:
            verdict, fallback = self._judge(heard)
        return _dated(heard, verdict, context, fallback)

    def settled(self, text: str, context: ReplyContext) -> Reading | None:
        """Return the reading when words alone settle it, before any model is asked."""
        heard = hear(text, context)
        verdict = _settled(heard)
        return None if verdict is None else _dated(heard, verdict, context, None)

    def _judge(self, heard: Heard) -> tuple[Verdict, str | None]:
        """Return the classifier's verdict, or that of words alone and why."""
        classifier = self._loaded()
        if classifier is None:
            return by_words(heard), self._missing
        return by_model(heard, classifier, self._line(classifier)), None

    def _line(self, classifier: Classifier) -> Callable[[Intent], float]:
        lines = self._lines()
        if lines is None or lines.basis != classifier.basis:
            return lambda _: classifier.threshold
        return lines.line

    def weigh(self, text: str, context: ReplyContext) -> Weighed:
        """Return how a reply is read before any line is asked; raises WrongState without a classifier."""
        heard = hear(text, context)
        verdict, decided = _settled(heard), Decided.WORDS
        if verdict is None:
            verdict, decided = by_model(heard, self._needed(), lambda _: 0.0), Decided.LINE
        handed = verdict.unsure or heard.cleaned.capped
        return Weighed(
            intents=verdict.intents,
            confidence=round(verdict.confidence, 3),
            decided=Decided.PERSON if handed else decided,
            sign=verdict.opt_out_sign or bool(heard.cues.opt_out.sign),
        )

    def unchanged(self) -> Lines:
        """Return the lines as shipped; raises WrongState without a classifier."""
        classifier = self._needed()
        return Lines(basis=classifier.basis, shipped=classifier.threshold)

    def own_cases(self) -> Sequence[Case]:
        """Return the project's own labelled replies, each weighed by what never saw it."""
        return own_cases()

    def _needed(self) -> Classifier:
        if (classifier := self._loaded()) is None:
            raise WrongState(f"Replies are read by words alone here: {self._missing}")
        return classifier

    def _loaded(self) -> Classifier | None:
        with self._loading:
            if self._classifier is None and self._missing is None:
                try:
                    self._classifier = self._load()
                except Unavailable as reason:
                    self._missing = str(reason)
            return self._classifier


def _settled(heard: Heard) -> Verdict | None:
    return next((verdict for step in _STEPS if (verdict := step(heard))), None)


def _dated(heard: Heard, verdict: Verdict, context: ReplyContext, fallback: str | None) -> Reading:
    named = find_date(heard.text, context.today) if _DATED & {*verdict.intents} else None
    return _reading(heard, verdict, named, fallback)


def _reading(heard: Heard, verdict: Verdict, named: Named | None, fallback: str | None) -> Reading:
    capped = heard.cleaned.capped
    if capped and not verdict.unsure:
        others = (*verdict.intents[1:], Intent.OTHER, Intent.QUESTION)
        second = next(i for i in others if i is not verdict.intents[0])
        verdict = replace(verdict, unsure=True, likeliest=(verdict.intents[0], second))
    evidence = _spans(heard, verdict)
    return Reading(
        intents=verdict.intents,
        confidence=round(verdict.confidence, 3),
        sentiment=sentiment_of(heard, verdict),
        language=heard.language,
        why=sentence(verdict, evidence, capped=capped),
        evidence=evidence,
        unsure=verdict.unsure,
        likeliest=verdict.likeliest,
        opt_out_sign=verdict.opt_out_sign or bool(heard.cues.opt_out.sign),
        score=verdict.score,
        until=named.on if named else None,
        engine="embedded",
        fallback=fallback,
    )


def _spans(heard: Heard, verdict: Verdict) -> tuple[Span, ...]:
    """Return the evidence verbatim, in reading order, without words inside other words."""
    hits = sorted({h for h in verdict.evidence if h.end > h.start}, key=lambda h: (h.start, -h.end))
    outer = [
        h
        for i, h in enumerate(hits)
        if not any(o.start <= h.start and h.end <= o.end for o in hits[:i])
    ]
    return tuple(heard.cleaned.span(h.start, h.end) for h in outer[:_MOST_EVIDENCE])
