"""A reply made ready for reading, and what a step of the reading concludes."""

from dataclasses import dataclass, field

from campaigns.ai.embedded.replies.clauses import body
from campaigns.ai.embedded.replies.clean import Cleaned, clean
from campaigns.ai.embedded.replies.cues import Cues, find_cues
from campaigns.ai.embedded.replies.fold import Folded, Hit, fold
from campaigns.ai.embedded.replies.language import language_of
from campaigns.model.reply import Intent, ReplyContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A reply with everything that is found in it before its meaning is decided.

    `body` is the range without greeting and signature.
    """

    cleaned: Cleaned
    folded: Folded
    cues: Cues
    body: Hit
    language: str
    context: ReplyContext

    @property
    def text(self) -> str:
        """The normalised text that all places refer to."""
        return self.cleaned.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A conclusion: intents (the leading one first), how sure, and the words that led there.

    `because` says what the words do, for the sentence a person reads ("asks for no more
    messages"); `likeliest` are the two to choose between when `unsure`.
    """

    intents: tuple[Intent, ...]
    confidence: float
    because: str = ""
    evidence: tuple[Hit, ...] = field(default=())
    unsure: bool = False
    likeliest: tuple[Intent, ...] = ()
    opt_out_sign: bool = False
    score: int | None = None


def hear(text: str, context: ReplyContext) -> Heard:
    """Make a reply ready for reading."""
    cleaned = clean(text)
    folded = fold(cleaned.text)
    return Heard(
        cleaned=cleaned,
        folded=folded,
        cues=find_cues(cleaned.text, folded),
        body=body(cleaned.text),
        language=language_of(cleaned.text, folded),
        context=context,
    )


def doubt(first: Intent, second: Intent, confidence: float, because: str) -> Verdict:
    """Return the verdict that a person must choose between two intents."""
    return Verdict(
        intents=(first,),
        confidence=confidence,
        because=because,
        unsure=True,
        likeliest=(first, second),
    )
