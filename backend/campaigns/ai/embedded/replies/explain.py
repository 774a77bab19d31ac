"""What a person is told about a reading: how the writer feels, and one sentence why."""

from campaigns.ai.embedded.replies.cues import NEGATIVE, POSITIVE
from campaigns.ai.embedded.replies.data import phrases, table
from campaigns.ai.embedded.replies.heard import Heard, Verdict
from campaigns.model.reply import Intent, Sentiment, Span

_QUOTED = 60  # letters of evidence shown in the sentence
_PROMOTER, _DETRACTOR = 9, 6

# The intents in a sentence: "could be a yes or a question".
_NAMES = {
    Intent.ACCEPT: "a yes",
    Intent.CHANGE_REQUEST: "a request for changes",
    Intent.QUESTION: "a question",
    Intent.LATER: "a wish for time",
    Intent.CALLBACK: "a wish for a call",
    Intent.COMPLAINT: "a complaint",
    Intent.DECLINE: "a no",
    Intent.OPT_OUT: "a wish for no more messages",
    Intent.SURVEY_SCORE: "a survey score",
    Intent.OUT_OF_OFFICE: "an automatic reply",
    Intent.WRONG_PERSON: "a wrong contact",
    Intent.OTHER: "nothing to act on",
}


def sentiment_of(heard: Heard, verdict: Verdict) -> Sentiment:
    """Return how the writer feels, by the score, the complaint, then the words."""
    if verdict.score is not None:
        return _of_score(verdict.score)
    if Intent.COMPLAINT in verdict.intents:
        return Sentiment.NEGATIVE
    emoji = table("terse")["emoji"]
    good = len(heard.cues.of(POSITIVE)) + _shown(heard.text, phrases(emoji["glad"]))
    bad = len(heard.cues.of(NEGATIVE)) + _shown(heard.text, phrases(emoji["sad"]))
    if good == bad:
        return Sentiment.NEUTRAL
    return Sentiment.POSITIVE if good > bad else Sentiment.NEGATIVE


def _of_score(score: int) -> Sentiment:
    if score >= _PROMOTER:
        return Sentiment.POSITIVE
    return Sentiment.NEGATIVE if score <= _DETRACTOR else Sentiment.NEUTRAL


def _shown(text: str, pictures: tuple[str, ...]) -> int:
    return sum(picture in text for picture in pictures)


def sentence(verdict: Verdict, evidence: tuple[Span, ...], *, capped: bool) -> str:
    """Return one plain sentence that says why, quoting the words that led there."""
    words = next((s.text for s in evidence), "")
    because = verdict.because
    if because[:1].islower():
        because = f"{_quoted(words)} {because}" if words else f"It {because}"
    if verdict.unsure:
        first, second = (_NAMES[i] for i in verdict.likeliest)
        because += f"; it could be {first} or {second}, so a person decides"
    if capped:
        because += "; only its beginning was read"
    return f"{because}."


def _quoted(words: str) -> str:
    one_line = " ".join(words.split())
    if len(one_line) > _QUOTED:
        one_line = one_line[: _QUOTED - 1].rstrip() + "…"
    return f"“{one_line}”"
