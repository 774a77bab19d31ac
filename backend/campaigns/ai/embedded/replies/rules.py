"""The steps that need no model, in the order they are asked; each says a verdict or nothing.

Confidences here are the measured shares of right readings among the project's own sentences
that a step decided (docs/replies.md), rounded down; a rule is never certain.
"""

from functools import cache

from campaigns.ai.embedded.replies.cues import MACHINE
from campaigns.ai.embedded.replies.data import phrases, table
from campaigns.ai.embedded.replies.fold import Hit
from campaigns.ai.embedded.replies.heard import Heard, Verdict, doubt
from campaigns.ai.embedded.replies.scores import Doubt, find_score
from campaigns.ai.embedded.replies.terse import whole_of
from campaigns.model.reply import Intent

SURE = 0.98
_EVEN = 0.5
_SHORT_ANSWER = 15  # words of an answer that opens with its score

# What may stand beside an opt-out or a score, found by its own words.
_BESIDE_OPT_OUT = (Intent.COMPLAINT, Intent.DECLINE, Intent.CHANGE_REQUEST, Intent.ACCEPT)
_BESIDE_SCORE = (Intent.COMPLAINT, Intent.CALLBACK)


def silence(heard: Heard) -> Verdict | None:
    """Read a reply without words: empty, an attachment, or pictures only."""
    if heard.cues.terse == "attachment":
        return doubt(Intent.OTHER, Intent.QUESTION, _EVEN, "stands for something that is not text")
    if any(map(str.isalnum, heard.folded.tight)):
        return None
    return _pictures(heard.text) or doubt(
        Intent.OTHER, Intent.QUESTION, _EVEN, "There are no words to read"
    )


def _pictures(text: str) -> Verdict | None:
    emoji = _emoji()
    shown = {name for name, pictures in emoji.items() if any(p in text for p in pictures)}
    if "stop" in shown:
        verdict = doubt(Intent.OPT_OUT, Intent.OTHER, _EVEN, "may ask to stop")
        return _with_sign(verdict)
    if {"no", "sad"} & shown:
        return doubt(Intent.DECLINE, Intent.COMPLAINT, _EVEN, "shows dislike")
    if "yes" in shown:
        return doubt(Intent.ACCEPT, Intent.OTHER, _EVEN, "may be a yes or only a greeting")
    if "glad" in shown:
        return Verdict(intents=(Intent.OTHER,), confidence=SURE, because="is a friendly sign")
    return None


def opted_out(heard: Heard) -> Verdict | None:
    """Heed clear words for "no more messages"; they beat every other meaning."""
    clear = heard.cues.opt_out.clear
    if not clear:
        return None
    inside = [h for h in clear if h.start < heard.body.end]
    elsewhere = heard.context.auto_reply or not heard.cleaned.whole or not inside
    if elsewhere or heard.cues.of(MACHINE):
        # An automatic reply, a quoted mail or a signature may hold somebody else's footer, and
        # words for a machine are no wish of the writer's.
        verdict = doubt(Intent.OPT_OUT, Intent.OTHER, _EVEN, "may ask for no more messages")
        return _with_sign(verdict, clear)
    return Verdict(
        intents=(Intent.OPT_OUT, *_beside(heard, _BESIDE_OPT_OUT, clear)),
        confidence=SURE,
        because="asks for no more messages",
        evidence=clear,
        opt_out_sign=True,
    )


def auto_reply(heard: Heard) -> Verdict | None:
    """Read a mail whose headers say that a machine wrote it."""
    if not heard.context.auto_reply:
        return None
    gone = heard.cues.of(Intent.WRONG_PERSON)
    if gone and not heard.cues.of(Intent.OUT_OF_OFFICE):
        return Verdict(
            intents=(Intent.WRONG_PERSON,),
            confidence=SURE,
            because="says in an automatic reply that somebody else is to be asked",
            evidence=tuple(gone),
        )
    return Verdict(
        intents=(Intent.OUT_OF_OFFICE,),
        confidence=SURE,
        because="The mail's headers mark it as an automatic reply",
        evidence=tuple(heard.cues.of(Intent.OUT_OF_OFFICE)),
    )


def machine_talk(heard: Heard) -> Verdict | None:
    """Hand words meant for a machine to a person; they are data like all others."""
    found = heard.cues.of(MACHINE)
    if not found:
        return None
    return Verdict(
        intents=(Intent.OTHER,),
        confidence=_EVEN,
        because="talks to a machine",
        evidence=tuple(found),
        unsure=True,
        likeliest=(Intent.OTHER, Intent.QUESTION),
    )


def survey_score(heard: Heard) -> Verdict | None:
    """Read a score while a survey is open."""
    if not heard.context.survey_open:
        return None
    found = find_score(heard.text)
    if isinstance(found, Doubt):
        return doubt(Intent.SURVEY_SCORE, Intent.OTHER, _EVEN, f"holds {found.value}")
    if found is None:
        return None
    if not found.stated and heard.cues.words > _SHORT_ANSWER:
        return doubt(Intent.SURVEY_SCORE, Intent.OTHER, _EVEN, "opens with a number")
    return Verdict(
        intents=(Intent.SURVEY_SCORE, *_beside(heard, _BESIDE_SCORE, (found.hit,))),
        confidence=SURE,
        because="is a score from 0 to 10 while a survey is open",
        evidence=(found.hit,),
        score=found.value,
    )


def set_phrase(heard: Heard) -> Verdict | None:
    """Read a reply that is one set phrase: YES, CALL, ตกลง, thank you."""
    meaning = heard.cues.terse
    words = _words(heard)
    if meaning is None:
        if words and heard.folded.tight.isdecimal():
            return doubt(
                Intent.OTHER, Intent.SURVEY_SCORE, _EVEN, "is a number, and no survey is open"
            )
        return None
    if meaning == "unclear":
        return doubt(Intent.ACCEPT, Intent.OTHER, _EVEN, "may be a yes or only a receipt")
    intent = Intent(meaning)
    if _contradicted(heard, intent):
        return doubt(Intent.OTHER, intent, _EVEN, "does not fit what was asked")
    return Verdict(intents=(intent,), confidence=SURE, because=MEANINGS[intent], evidence=words)


def _contradicted(heard: Heard, intent: Intent) -> bool:
    """Whether a set phrase answers nothing that was offered, or its own picture denies it."""
    if intent not in {Intent.ACCEPT, Intent.DECLINE}:
        return False
    emoji = _emoji()
    frowns = any(p in heard.text for p in (*emoji["no"], *emoji["sad"]))
    offered = heard.context.has_campaign and not heard.context.survey_open
    return not offered or heard.cues.asks or (intent is Intent.ACCEPT and frowns)


def _words(heard: Heard) -> tuple[Hit, ...]:
    whole = whole_of(heard.folded)
    return (Hit(whole.start, whole.end),) if whole.end > whole.start else ()


def _beside(heard: Heard, which: tuple[Intent, ...], but: tuple[Hit, ...]) -> tuple[Intent, ...]:
    """Return the other meanings whose words stand apart from `but`."""

    def apart(hit: Hit) -> bool:
        return all(hit.end <= b.start or b.end <= hit.start for b in but)

    return tuple(i for i in which if any(map(apart, heard.cues.of(i))))


def _with_sign(verdict: Verdict, evidence: tuple[Hit, ...] = ()) -> Verdict:
    return Verdict(
        intents=verdict.intents,
        confidence=verdict.confidence,
        because=verdict.because,
        evidence=evidence,
        unsure=True,
        likeliest=verdict.likeliest,
        opt_out_sign=True,
    )


@cache
def _emoji() -> dict[str, tuple[str, ...]]:
    return {name: phrases(pictures) for name, pictures in table("terse")["emoji"].items()}


# What words of each intent do, for the sentence a person reads.
MEANINGS = {
    Intent.ACCEPT: "says yes to what was offered",
    Intent.CHANGE_REQUEST: "asks for other zones, price or terms",
    Intent.QUESTION: "asks something",
    Intent.LATER: "asks for time",
    Intent.CALLBACK: "asks for a call or a meeting",
    Intent.COMPLAINT: "says that something is wrong",
    Intent.DECLINE: "says no to the offer",
    Intent.OPT_OUT: "asks for no more messages",
    Intent.SURVEY_SCORE: "gives a score",
    Intent.OUT_OF_OFFICE: "is an automatic reply",
    Intent.WRONG_PERSON: "says that somebody else is to be asked",
    Intent.OTHER: "is a courtesy or says nothing to act on",
}
