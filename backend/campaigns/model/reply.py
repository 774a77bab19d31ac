"""A reply: inbound text, what it was read as, and what to do about it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, ContactId, CustomerId, MessageId, ReplyId


class Intent(StrEnum):
    """What a reply means."""

    ACCEPT = "accept"
    CHANGE_REQUEST = "change_request"
    QUESTION = "question"
    LATER = "later"
    CALLBACK = "callback"
    COMPLAINT = "complaint"
    DECLINE = "decline"
    OPT_OUT = "opt_out"
    SURVEY_SCORE = "survey_score"
    OUT_OF_OFFICE = "out_of_office"
    WRONG_PERSON = "wrong_person"
    OTHER = "other"


class Sentiment(StrEnum):
    """How the writer feels."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


class ActionKind(StrEnum):
    """What a person (or, where safe, the system) does next."""

    PREPARE_RENEWAL = "prepare_renewal"
    BOOK_OFFER = "book_offer"
    DRAFT_REVISED_OFFER = "draft_revised_offer"
    ANSWER = "answer"
    ASK_OWNER = "ask_owner"
    FOLLOW_UP_LATER = "follow_up_later"
    CALL = "call"
    OPEN_ISSUE = "open_issue"
    RETENTION_CALL = "retention_call"
    CLOSE = "close"
    SUPPRESS = "suppress"
    PAUSE_AND_ASK = "pause_and_ask"  # a sign of an opt-out: nothing more is sent until decided
    RECORD_SCORE = "record_score"
    WAIT = "wait"
    CORRECT_BOOK = "correct_book"
    CHOOSE_INTENT = "choose_intent"  # a person decides between the likeliest two
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyContext:
    """What is known before the words are read.

    `survey_open` is True when the contact's latest campaign asks for a score. `auto_reply` is
    True when mail headers already say so (RFC 3834). `today` is the customer's date.
    """

    today: date
    survey_open: bool = False
    auto_reply: bool = False
    has_campaign: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words of the reply as evidence: `text` stands verbatim at `start`..`end` (exclusive)."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reply was read as.

    `intents` are all intents found, the leading one first; `intent` is the leading one.
    `confidence` is calibrated, 0-1. `unsure` means the reading is below the line and a person
    decides between `likeliest`. `opt_out_sign` is True at any sign of a wish to stop, also when
    unsure. `score` is the survey score 0-10, `until` a date named in the words.
    """

    intents: tuple[Intent, ...]
    confidence: float
    sentiment: Sentiment
    language: str
    why: str
    evidence: tuple[Span, ...] = ()
    unsure: bool = False
    likeliest: tuple[Intent, ...] = ()
    opt_out_sign: bool = False
    score: int | None = None
    until: date | None = None
    engine: str = "embedded"
    fallback: str | None = None

    @property
    def intent(self) -> Intent:
        """The leading intent."""
        return self.intents[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What to do about a reply. `draft` is an answer from facts, never sent by itself."""

    action: ActionKind
    words: str
    escalate: bool
    urgent: bool = False
    follow_up_on: date | None = None
    draft: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who a reply is from, found by exact normalised address, and what it answers.

    `said_by` is the name of the person who said that it is them, where the address does not say
    so; then `contact_id` may be None: it is the customer's, and nobody knows which contact's.
    """

    customer_id: CustomerId
    customer: str
    contact_id: ContactId | None
    contact: str | None
    campaign_id: CampaignId | None = None
    message_id: MessageId | None = None
    said_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailThread:
    """What a mail says of its thread: its subject and the Message-IDs, its own last."""

    subject: str = ""
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply as kept. `sender` is None when the address is nobody's, or more than one's.

    `mail` is the thread of an e-mail, None for what came by another way.
    """

    id: ReplyId
    channel: Channel
    address: str
    text: str
    received_at: datetime
    sender: Sender | None
    reading: Reading
    suggestion: Suggestion
    done_at: datetime | None = None
    mail: MailThread | None = None
