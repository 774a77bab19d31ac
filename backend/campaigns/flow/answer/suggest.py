"""From a reading to the next action: the table of `docs/replies.md`, and who must see it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from campaigns.flow.answer.draft import answer, draft
from campaigns.model.customer import Size
from campaigns.model.facts import Facts
from campaigns.model.plan import CampaignType
from campaigns.model.reply import ActionKind, Intent, Reading, Sentiment, Suggestion

LATER_DAYS = 14  # asked for time and named no day
AWAY_DAYS = 7  # away and named no day
_DETRACTOR = 6  # a score up to here opens a follow-up
_SATURDAY = 5
_GUESSED = "The mail names none of ours, so see first whether it answers the newest one to them."
_HOLD_WHATEVER_IS_ANSWERED = frozenset({ActionKind.SUPPRESS, ActionKind.WAIT, ActionKind.NONE})
_RENEWAL = frozenset({CampaignType.RENEWAL, CampaignType.FOLLOW_UP, None})

# What a reply also does, for the words a person reads.
_ALSO = {
    Intent.ACCEPT: "says yes to the offer",
    Intent.CHANGE_REQUEST: "asks for changes",
    Intent.QUESTION: "asks a question",
    Intent.LATER: "asks for time",
    Intent.CALLBACK: "asks for a call",
    Intent.COMPLAINT: "says that something is wrong",
    Intent.DECLINE: "says no to the offer",
    Intent.OPT_OUT: "asks for no more messages",
    Intent.SURVEY_SCORE: "gives a score",
    Intent.OUT_OF_OFFICE: "is an automatic reply",
    Intent.WRONG_PERSON: "says that somebody else is to be asked",
    Intent.OTHER: "says nothing to act on",
}
_LEAVING = frozenset({Intent.COMPLAINT, Intent.DECLINE, Intent.OPT_OUT})
_NEEDS_SOMEBODY = frozenset(Intent) - {Intent.LATER, Intent.OUT_OF_OFFICE, Intent.OTHER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known beside the reply.

    `text` is the reply itself, read only for what its question is about. `known` is False when
    the address is nobody's in the book; then there are no facts. `guessed` is True when nothing
    but the sender's address says what it answers. `campaign_type` is that of the
    campaign it answers, None when it answers none. `phone` is the contact's number (E.164).
    `high_value` says why the customer is a high-value one, None where it is not known to be.
    """

    today: date
    text: str = ""
    known: bool = True
    guessed: bool = False
    facts: Facts | None = None
    campaign_type: CampaignType | None = None
    size: Size | None = None
    phone: str | None = None
    high_value: str | None = None


def suggest(reading: Reading, situation: Situation) -> Suggestion:
    """Return what to do about a reply: an action, whether a person must see it, a draft.

    Nothing is done by a suggestion but what it says; the draft is never sent by itself.
    """
    suggestion = _first(reading, situation) or _by_intent(reading, situation)
    if situation.guessed and suggestion.action not in _HOLD_WHATEVER_IS_ANSWERED:
        suggestion = replace(suggestion, words=f"{_GUESSED} {suggestion.words}", escalate=True)
    if not situation.known:
        return _unknown_sender(suggestion, reading)
    if situation.high_value and _may_be_leaving(reading):
        return _looked_after(suggestion, situation.high_value)
    return suggestion


def _first(reading: Reading, situation: Situation) -> Suggestion | None:
    """Return what outranks every intent: opt-outs, doubt, complaints."""
    opted_out = reading.intent is Intent.OPT_OUT and not reading.unsure
    if opted_out:
        return _opted_out(reading, situation)
    if reading.opt_out_sign:
        return Suggestion(
            action=ActionKind.PAUSE_AND_ASK,
            words="Nothing more is sent to this address until you decide: it may ask to stop.",
            escalate=True,
            urgent=Intent.COMPLAINT in reading.intents,
        )
    if reading.unsure:
        return _undecided(reading)
    if Intent.COMPLAINT in reading.intents:
        return Suggestion(
            action=ActionKind.OPEN_ISSUE,
            words="Open an issue and pause other campaigns to this customer." + _also(reading),
            escalate=True,
            urgent=True,
            draft=draft("complaint", situation.facts, reading.language),
        )
    return None


def _opted_out(reading: Reading, situation: Situation) -> Suggestion:
    others = [i for i in reading.intents[1:] if i in _NEEDS_SOMEBODY]
    return Suggestion(
        action=ActionKind.SUPPRESS,
        words="Suppress this address at once and confirm it once." + _also(reading),
        escalate=bool(others),
        urgent=Intent.COMPLAINT in others,
        draft=draft("opt_out", situation.facts, reading.language),
    )


def _undecided(reading: Reading) -> Suggestion:
    choice = " or ".join(_ALSO[i] for i in reading.likeliest)
    return Suggestion(
        action=ActionKind.CHOOSE_INTENT,
        words=f"Decide what the reply means: it {choice}.",
        escalate=True,
        urgent=Intent.COMPLAINT in (*reading.intents, *reading.likeliest),
    )


def _by_intent(reading: Reading, situation: Situation) -> Suggestion:
    """Return the first action of the leading intent, seen by whoever its others need."""
    match reading.intent:
        case Intent.ACCEPT:
            suggestion = _accepted(reading, situation)
        case Intent.QUESTION:
            suggestion = _asked(reading, situation)
        case Intent.LATER | Intent.OUT_OF_OFFICE:
            suggestion = _waited(reading, situation)
        case Intent.DECLINE:
            suggestion = _declined(reading, situation)
        case Intent.SURVEY_SCORE:
            suggestion = _scored(reading, situation)
        case _:
            suggestion = _simple(reading, situation)
    others = any(i in _NEEDS_SOMEBODY for i in reading.intents[1:])
    return replace(
        suggestion,
        words=suggestion.words + _also(reading),
        escalate=suggestion.escalate or others,
    )


def _accepted(reading: Reading, situation: Situation) -> Suggestion:
    renewal = situation.campaign_type in _RENEWAL
    to_person = situation.size is Size.ENTERPRISE or situation.campaign_type is None
    return Suggestion(
        action=ActionKind.PREPARE_RENEWAL if renewal else ActionKind.BOOK_OFFER,
        words="Prepare the renewal." if renewal else "Book the offer for this customer.",
        escalate=to_person,
        draft=draft("accept", situation.facts, reading.language),
    )


def _asked(reading: Reading, situation: Situation) -> Suggestion:
    facts = situation.facts
    only = reading.intents == (Intent.QUESTION,)
    if only and (answered := answer(situation.text, facts, reading.language)):
        return Suggestion(
            action=ActionKind.ANSWER,
            words="Answer from the record: the draft holds what it says.",
            escalate=False,
            draft=answered,
        )
    return Suggestion(
        action=ActionKind.ASK_OWNER,
        words="Answer the question; the record does not hold the answer.",
        escalate=True,
        draft=draft("ask_owner", facts, reading.language),
    )


def _waited(reading: Reading, situation: Situation) -> Suggestion:
    away = reading.intent is Intent.OUT_OF_OFFICE
    days = AWAY_DAYS if away else LATER_DAYS
    named = reading.until
    if named is None:
        day = _working(situation.today + timedelta(days))
        words = f"No day is named: try again on {day.isoformat()}."
    else:
        day = _working(named + timedelta(1) if away else named)
        words = f"Try again on {day.isoformat()}."
    return Suggestion(
        action=ActionKind.WAIT if away else ActionKind.FOLLOW_UP_LATER,
        words=words,
        escalate=False,
        follow_up_on=day,
        draft=None if away else draft("later", situation.facts, reading.language),
    )


def _declined(reading: Reading, situation: Situation) -> Suggestion:
    renewal = situation.campaign_type in _RENEWAL
    return Suggestion(
        action=ActionKind.RETENTION_CALL if renewal else ActionKind.CLOSE,
        words="Call to keep the customer." if renewal else "Close: the offer is not wanted.",
        escalate=renewal,
        draft=draft("decline", situation.facts, reading.language),
    )


def _scored(reading: Reading, situation: Situation) -> Suggestion:
    detractor = reading.score is None or reading.score <= _DETRACTOR
    words = f"Record the score {reading.score}."
    if detractor:
        words += " It is low: ask what went wrong."
    return Suggestion(
        action=ActionKind.RECORD_SCORE,
        words=words,
        escalate=detractor,
        follow_up_on=_working(situation.today + timedelta(1)) if detractor else None,
        draft=draft("detractor" if detractor else "promoter", situation.facts, reading.language),
    )


# Intents whose action does not depend on anything else: action, words, to a person, draft.
_SIMPLE = {
    Intent.CHANGE_REQUEST: (
        ActionKind.DRAFT_REVISED_OFFER,
        "Draft a revised offer.",
        True,
        "change_request",
    ),
    Intent.CALLBACK: (ActionKind.CALL, "Call", True, "callback"),
    Intent.WRONG_PERSON: (
        ActionKind.CORRECT_BOOK,
        "Correct the contact in the book.",
        True,
        "wrong_person",
    ),
}


def _simple(reading: Reading, situation: Situation) -> Suggestion:
    if reading.intent not in _SIMPLE:
        return Suggestion(action=ActionKind.NONE, words="Nothing to do.", escalate=False)
    action, words, to_person, key = _SIMPLE[reading.intent]
    if action is ActionKind.CALL:
        words = f"Call {situation.phone}." if situation.phone else "Call; no number is on record."
    return Suggestion(
        action=action,
        words=words,
        escalate=to_person,
        follow_up_on=reading.until if action is ActionKind.CALL else None,
        draft=draft(key, situation.facts, reading.language),
    )


_KEPT_FOR_STRANGERS = frozenset(
    {ActionKind.SUPPRESS, ActionKind.PAUSE_AND_ASK, ActionKind.OPEN_ISSUE, ActionKind.CHOOSE_INTENT}
)


def _unknown_sender(suggestion: Suggestion, reading: Reading) -> Suggestion:
    """Hand a reply from an address that is nobody's to a person."""
    words = f"The address is nobody's in the book: find out who writes. {suggestion.words}"
    if suggestion.action in _KEPT_FOR_STRANGERS:
        return replace(suggestion, words=words, escalate=True)
    return replace(
        suggestion,
        action=ActionKind.CORRECT_BOOK,
        words=words,
        escalate=True,
        draft=draft("unknown", None, reading.language),
    )


def _may_be_leaving(reading: Reading) -> bool:
    """Whether a reply is, or may be, a complaint, a refusal or a cancellation, or is unhappy."""
    said = {*reading.intents, *reading.likeliest}
    unhappy = reading.sentiment is Sentiment.NEGATIVE or reading.opt_out_sign
    low = reading.score is not None and reading.score <= _DETRACTOR
    return unhappy or low or not said.isdisjoint(_LEAVING)


def _looked_after(suggestion: Suggestion, why: str) -> Suggestion:
    """Hand what a high-value customer says to a person, at once; what follows stays as it is."""
    words = f"A high-value customer ({why}): a person looks at this today. {suggestion.words}"
    return replace(suggestion, words=words, escalate=True, urgent=True)


def _also(reading: Reading) -> str:
    """Return what else the reply does, as a sentence of its own, or nothing."""
    others = [_ALSO[i] for i in reading.intents if i not in {_headline(reading), Intent.OTHER}]
    return f" It also {' and '.join(others)}." if others else ""


def _headline(reading: Reading) -> Intent:
    """Return the intent the action is about."""
    if reading.intent is Intent.OPT_OUT or Intent.COMPLAINT not in reading.intents:
        return reading.intent
    return Intent.COMPLAINT


def _working(day: date) -> date:
    """Return `day`, or the Monday after when it falls on a weekend."""
    over = day.weekday() - _SATURDAY
    return day + timedelta(2 - over) if over >= 0 else day
