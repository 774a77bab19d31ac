"""From likelihoods and cues to a verdict; the guards here outrank the model.

No reply with words of refusal, complaint or delay is read as a plain yes, however likely the
model finds it: it becomes what those words say, a conditional yes, or a person's decision.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from campaigns.ai.embedded.replies.classifier import Classifier, Likelihoods
from campaigns.ai.embedded.replies.clauses import clauses, spoken
from campaigns.ai.embedded.replies.cues import CONDITION, Cues, find_cues
from campaigns.ai.embedded.replies.fold import Hit
from campaigns.ai.embedded.replies.heard import Heard, Verdict, doubt
from campaigns.ai.embedded.replies.rules import MEANINGS
from campaigns.model.reply import Intent

# A clause says a second thing when it is at least this likely to.
_CLAUSE_SURE = 0.8
# Above this share of likelihood an opt-out is suspected although no listed words ask for it.
SUSPECTED = 0.12
# A yes is a yes only while everything that speaks against it stays below this share.
_AGAINST_YES = 0.2
_AGAINST_YES_IN_CLAUSE = 0.4
_AGAINST_YES_WITHOUT_WORDS = 0.7
_MORE_LIKELY_THAN_NOT = 0.5
_COMPLAINT_INSIDE = 0.1  # beside words of complaint
_PLAIN_YES = 0.9
_BARE = 3  # words
_HUMBLE = 0.4  # the confidence of a reading by words alone

_AGAINST = (
    Intent.DECLINE,
    Intent.COMPLAINT,
    Intent.OPT_OUT,
    Intent.LATER,
    Intent.WRONG_PERSON,
)
_KEPT = frozenset(Intent) - {Intent.ACCEPT, Intent.OTHER, Intent.OUT_OF_OFFICE, Intent.SURVEY_SCORE}


@dataclass(frozen=True, slots=True)
class _Clause:
    hit: Hit
    likelihoods: Likelihoods
    cues: Cues


def by_model(heard: Heard, classifier: Classifier, line: Callable[[Intent], float]) -> Verdict:
    """Read a reply with the classifier; `line` is the confidence a leading intent must reach."""
    whole, parts = _judge(heard, classifier)
    ranked = sorted(whole, key=lambda i: whole[i], reverse=True)
    lead, second = ranked[0], ranked[1]
    verdict = Verdict(
        intents=(lead, *_also(lead, parts)),
        confidence=whole[lead],
        because=MEANINGS[lead],
        evidence=_evidence(lead, heard, parts),
        likeliest=(lead, second),
    )
    verdict = _with_condition(heard, _with_complaint(heard, verdict, whole, parts))
    verdict = _guarded(heard, verdict, whole, parts)
    in_clause = max((p.likelihoods[Intent.OPT_OUT] for p in parts), default=0.0)
    suspected = whole[Intent.OPT_OUT] >= SUSPECTED or in_clause >= _MORE_LIKELY_THAN_NOT
    unsure = (
        verdict.unsure
        or _found_by_model_alone(heard, verdict.intents[0])
        or verdict.confidence < line(verdict.intents[0])
    )
    return replace(
        verdict,
        unsure=unsure,
        likeliest=verdict.likeliest if unsure else (),
        opt_out_sign=suspected,
    )


def _found_by_model_alone(heard: Heard, lead: Intent) -> bool:
    """Whether no words of the sender's bear out an opt-out or a score: a person confirms those."""
    if lead is not Intent.OPT_OUT:
        return lead is Intent.SURVEY_SCORE
    own = any(h.start < heard.body.end for h in heard.cues.opt_out.sign)
    # A bare "cancel" may mean the contract.
    return not (own and heard.cleaned.whole and heard.cues.words > _BARE)


def by_words(heard: Heard) -> Verdict:
    """Read a reply by its cues alone, for machines without the encoder: a person decides."""
    found = [i for i in Intent if heard.cues.of(i)]
    if not found:
        return doubt(Intent.OTHER, Intent.QUESTION, _HUMBLE, "No words were recognised")
    found.sort(key=lambda i: (i is Intent.ACCEPT, -len(heard.cues.of(i))))
    second = found[1] if len(found) > 1 else Intent.OTHER
    return Verdict(
        intents=tuple(found),
        confidence=_HUMBLE,
        because=MEANINGS[found[0]],
        evidence=tuple(heard.cues.of(found[0])),
        unsure=True,
        likeliest=(found[0], second),
    )


def _judge(heard: Heard, classifier: Classifier) -> tuple[Likelihoods, list[_Clause]]:
    """Return the likelihoods of the whole reply, and of each clause when there are several."""
    hits = list(clauses(heard.text, heard.body))
    texts = [spoken(heard.text, part) for part in (heard.body, *hits)]
    cues = [heard.cues, *(find_cues(heard.text[h.start : h.end]) for h in hits)]
    judged = classifier.judge(texts, [c.features() for c in cues])
    parts = [_Clause(h, j, c) for h, j, c in zip(hits, judged[1:], cues[1:], strict=True)]
    return judged[0], parts


def _also(lead: Intent, parts: Sequence[_Clause]) -> tuple[Intent, ...]:
    """Return what single clauses say besides the leading intent."""
    if lead is Intent.OUT_OF_OFFICE:
        return ()  # "contact my colleague" is part of being away
    said = []
    for part in parts:
        best = max(part.likelihoods, key=lambda i: part.likelihoods[i])
        if best in _KEPT and best is not lead and part.likelihoods[best] >= _CLAUSE_SURE:
            said.append(best)
    return tuple(dict.fromkeys(said))


def _evidence(lead: Intent, heard: Heard, parts: Sequence[_Clause]) -> tuple[Hit, ...]:
    """Return the words that speak for the leading intent, else its likeliest clause."""
    if found := heard.cues.of(lead):
        return tuple(found)
    if not parts:
        return (heard.body,)
    return (max(parts, key=lambda p: p.likelihoods[lead]).hit,)


def _with_complaint(
    heard: Heard, verdict: Verdict, whole: Likelihoods, parts: Sequence[_Clause]
) -> Verdict:
    """Add a complaint that its words and the model find inside another meaning."""
    if Intent.COMPLAINT in verdict.intents or not heard.cues.of(Intent.COMPLAINT):
        return verdict
    if _highest(Intent.COMPLAINT, whole, parts) < _COMPLAINT_INSIDE:
        return verdict
    return replace(verdict, intents=(*verdict.intents, Intent.COMPLAINT))


def _with_condition(heard: Heard, verdict: Verdict) -> Verdict:
    """Keep the yes that a complaint makes hang on a repair ("ต่อค่ะ แต่ซ่อมก่อน")."""
    willing = heard.cues.of(Intent.ACCEPT) or heard.cues.of(Intent.CHANGE_REQUEST)
    refusing = heard.cues.of(Intent.DECLINE) or Intent.DECLINE in verdict.intents
    if verdict.intents != (Intent.COMPLAINT,) or refusing:
        return verdict
    if not (willing and heard.cues.of(CONDITION)):
        return verdict
    return replace(verdict, intents=(Intent.COMPLAINT, Intent.CHANGE_REQUEST))


def _guarded(
    heard: Heard, verdict: Verdict, whole: Likelihoods, parts: Sequence[_Clause]
) -> Verdict:
    """Let a yes stand only when nothing in the reply speaks against it."""
    if verdict.intents[0] is not Intent.ACCEPT:
        return verdict
    if Intent.COMPLAINT in verdict.intents and heard.cues.of(Intent.COMPLAINT):
        return _yes_and_complaint(heard, verdict, whole)
    for against in _AGAINST:
        if _speaks(against, heard, verdict, whole, parts):
            return _instead(verdict, against)
    return _qualified(heard, verdict, whole, parts)


def _qualified(
    heard: Heard, verdict: Verdict, whole: Likelihoods, parts: Sequence[_Clause]
) -> Verdict:
    """Let what a yes asks for besides (a call, changes) lead, where it asks for something."""
    if Intent.CALLBACK in verdict.intents:
        return replace(verdict, intents=(Intent.CALLBACK, Intent.ACCEPT))
    if _says(Intent.CHANGE_REQUEST, whole, parts):
        return replace(
            verdict,
            intents=(Intent.CHANGE_REQUEST,),
            because=MEANINGS[Intent.CHANGE_REQUEST],
            evidence=_evidence(Intent.CHANGE_REQUEST, heard, parts),
        )
    offered = heard.context.has_campaign and not heard.context.survey_open
    hedged = heard.cues.of(Intent.CHANGE_REQUEST) or not offered
    if hedged and verdict.confidence < _PLAIN_YES:
        return _instead(verdict, Intent.CHANGE_REQUEST)
    return verdict


def _yes_and_complaint(heard: Heard, verdict: Verdict, whole: Likelihoods) -> Verdict:
    """Read a yes that hangs on a repair as a change request; else put the complaint first."""
    conditional = heard.cues.of(CONDITION)
    intents = (
        (Intent.CHANGE_REQUEST, Intent.COMPLAINT)
        if conditional
        else (Intent.COMPLAINT, Intent.ACCEPT)
    )
    wrong = tuple(heard.cues.of(Intent.COMPLAINT))
    evidence = wrong or verdict.evidence
    confidence = sum(whole[i] for i in {*intents, Intent.ACCEPT})
    because = (
        "says that something is wrong; the rest is a yes"
        if wrong
        else "is a yes that also says that something is wrong"
    )
    return replace(
        verdict, intents=intents, evidence=evidence, confidence=confidence, because=because
    )


def _speaks(
    against: Intent, heard: Heard, verdict: Verdict, whole: Likelihoods, parts: Sequence[_Clause]
) -> bool:
    """Whether the reply's words, or the model, speak for `against` in a reply read as a yes."""
    if against in verdict.intents or whole[against] >= _AGAINST_YES:
        return True
    if any(part.likelihoods[against] >= _against_in(part, against) for part in parts):
        return True
    return against is not Intent.WRONG_PERSON and bool(heard.cues.of(against))


def _against_in(part: _Clause, against: Intent) -> float:
    """Ask more likelihood of a clause that has no words against a yes."""
    return _AGAINST_YES_IN_CLAUSE if part.cues.of(against) else _AGAINST_YES_WITHOUT_WORDS


def _says(intent: Intent, whole: Likelihoods, parts: Sequence[_Clause]) -> bool:
    return _highest(intent, whole, parts) >= _MORE_LIKELY_THAN_NOT


def _highest(intent: Intent, whole: Likelihoods, parts: Sequence[_Clause]) -> float:
    return max(j[intent] for j in (whole, *(p.likelihoods for p in parts)))


def _instead(verdict: Verdict, against: Intent) -> Verdict:
    """Return the doubt between a yes and what speaks against it, the careful one first."""
    return replace(
        verdict,
        intents=(against,),
        because="may be a yes, and something in it speaks against that",
        unsure=True,
        likeliest=(against, Intent.ACCEPT),
    )
