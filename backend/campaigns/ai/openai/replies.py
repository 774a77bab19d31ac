"""Reading replies with a model, behind a floor of code.

What words alone settle (STOP, a score, an automatic reply) never reaches the model. Of the rest,
any sign of a wish to stop that code finds stands whatever the model says; a yes needs both; and
where the two differ on something that matters, a person decides between them.
"""

from dataclasses import replace
from typing import Literal, Protocol

from pydantic import BaseModel, Field

from campaigns.ai.openai.engine import Engine
from campaigns.ai.openai.prompts import fenced, prompt
from campaigns.ai.openai.question import Question, Refused, Unavailable
from campaigns.model.ids import CampaignId
from campaigns.model.reply import Intent, Reading, ReplyContext, Sentiment, Span
from campaigns.model.spending import Job

LONGEST_ANSWER = 400  # tokens
LONGEST_REPLY = 6_000  # characters; longer ones are for the rules and a person
BOTH_SAY = 0.95  # the confidence of a reading on which model and rules agree
MODEL_SAYS = 0.8  # of one that only the model is sure of
_DOUBT = 0.5
_LANGUAGES = 2  # letters of a language code

# What the model may find; scores are read by rules alone.
_Found = Literal[
    "accept",
    "change_request",
    "question",
    "later",
    "callback",
    "complaint",
    "decline",
    "opt_out",
    "out_of_office",
    "wrong_person",
    "other",
]
# Intents that go against a yes: when code finds one of them, a model's yes is a doubt.
_AGAINST = frozenset(
    {Intent.DECLINE, Intent.COMPLAINT, Intent.OPT_OUT, Intent.LATER, Intent.WRONG_PERSON}
)


class FoundIntent(BaseModel):
    """One intent, and the reply's own words that say it."""

    intent: _Found
    evidence: str


class ReadReply(BaseModel):
    """A reply as the model reads it."""

    intents: list[FoundIntent] = Field(min_length=1, max_length=4)
    sentiment: Literal["positive", "neutral", "negative"]
    language: str
    sure: bool


class Floor(Protocol):
    """The reader that needs no model."""

    def read(
        self, text: str, context: ReplyContext, charge: CampaignId | None = None
    ) -> Reading: ...
    def settled(self, text: str, context: ReplyContext) -> Reading | None: ...


class ModelReplyReader:
    """`model.ports.ReplyReader` over a model and the floor."""

    def __init__(self, engine: Engine, floor: Floor) -> None:
        self._engine = engine
        self._floor = floor

    @property
    def name(self) -> str:
        """How readings are labelled."""
        return self._engine.name

    def read(self, text: str, context: ReplyContext, charge: CampaignId | None = None) -> Reading:
        """Read one reply; never raises for anything a reply may hold."""
        if (settled := self._floor.settled(text, context)) is not None:
            return settled
        below = self._floor.read(text, context)
        if len(text) > LONGEST_REPLY:
            return below
        try:
            answer = self._engine.ask(self._question(text, context), charge)
        except Unavailable as reason:
            return replace(below, fallback=str(reason))
        return replace(_joined(below, answer, text), engine=self.name, fallback=None)

    def _question(self, text: str, context: ReplyContext) -> Question[ReadReply]:
        situation = (
            "It answers a message of ours that made an offer."
            if context.has_campaign and not context.survey_open
            else "Nothing was offered that a yes could accept."
        )
        return Question(
            job=Job.READ,
            instructions=prompt("read").format(situation=situation),
            prompt=fenced(text, self._engine.ids.new("x")),
            shape=ReadReply,
            accept=lambda answer: _verbatim(answer, text),
            schema=str(ReadReply.model_json_schema()),
            longest=LONGEST_ANSWER,
        )


def _verbatim(answer: ReadReply, text: str) -> ReadReply:
    """Return the answer when its evidence stands in the reply."""
    if invented := [f.evidence for f in answer.intents if f.evidence not in text]:
        raise Refused(f"These words do not stand in the reply: {invented}. Quote verbatim.")
    return answer


def _joined(below: Reading, answer: ReadReply, text: str) -> Reading:
    """Return what model and floor say together, the careful one of them first."""
    found = tuple(dict.fromkeys(Intent(f.intent) for f in answer.intents))
    spans = tuple(_span(f.evidence, text) for f in answer.intents if f.evidence)
    reading = replace(
        below,
        sentiment=Sentiment(answer.sentiment),
        language=answer.language.lower() if len(answer.language) == _LANGUAGES else below.language,
        evidence=spans or below.evidence,
        opt_out_sign=below.opt_out_sign or Intent.OPT_OUT in found,
    )
    lead, mine = found[0], below.intent
    if Intent.OPT_OUT in (lead, mine):
        return _doubt(reading, Intent.OPT_OUT, lead if mine is Intent.OPT_OUT else mine)
    if lead is Intent.ACCEPT or mine is Intent.ACCEPT:
        return _yes(reading, below, found)
    if lead is mine:
        return _agreed(reading, below, found, sure=answer.sure)
    if not below.unsure or not answer.sure:
        return _doubt(
            reading, mine if mine in _AGAINST else lead, lead if mine in _AGAINST else mine
        )
    others = tuple(i for i in below.intents if i in _AGAINST)
    return _sure(reading, (*found, *others), MODEL_SAYS)


def _yes(reading: Reading, below: Reading, found: tuple[Intent, ...]) -> Reading:
    """Return a yes only where both read one and nothing either found speaks against it."""
    against = [i for i in (*found, *below.intents) if i in _AGAINST]
    plain = found[0] is below.intent is Intent.ACCEPT and not against
    if plain and not below.unsure:
        return _sure(reading, found, BOTH_SAY)
    other = next(iter(against), None) or next(
        (i for i in (found[0], *below.intents, *below.likeliest) if i is not Intent.ACCEPT),
        Intent.OTHER,
    )
    return _doubt(reading, other, Intent.ACCEPT)


def _agreed(reading: Reading, below: Reading, found: tuple[Intent, ...], *, sure: bool) -> Reading:
    """Return what both read; a doubt of both stays one."""
    intents = tuple(dict.fromkeys((*found, *(i for i in below.intents if i in _AGAINST))))
    if below.unsure and not sure:
        return _doubt(reading, intents[0], (*intents[1:], *below.likeliest, Intent.OTHER)[0])
    return _sure(reading, intents, max(BOTH_SAY, below.confidence))


def _sure(reading: Reading, intents: tuple[Intent, ...], confidence: float) -> Reading:
    return replace(
        reading,
        intents=tuple(dict.fromkeys(intents)),
        confidence=confidence,
        unsure=False,
        likeliest=(),
        why=f"Read as {intents[0].value.replace('_', ' ')}" + _words(reading),
    )


def _doubt(reading: Reading, first: Intent, second: Intent) -> Reading:
    """Return a reading that a person decides, the careful intent first."""
    if first is second:
        second = Intent.OTHER if first is not Intent.OTHER else Intent.QUESTION
    return replace(
        reading,
        intents=(first,),
        confidence=min(reading.confidence, _DOUBT),
        unsure=True,
        likeliest=(first, second),
        why=(
            f"May mean {first.value.replace('_', ' ')} or {second.value.replace('_', ' ')}"
            + _words(reading)
        ),
    )


def _words(reading: Reading) -> str:
    return f": “{reading.evidence[0].text}”" if reading.evidence else ""


def _span(words: str, text: str) -> Span:
    start = text.index(words)
    return Span(start=start, end=start + len(words), text=words)
