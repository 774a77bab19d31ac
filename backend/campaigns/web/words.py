"""How the console says things: states, intents, channels, dates, amounts."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from campaigns.model.campaign import CampaignStatus
from campaigns.model.consent import SuppressionReason
from campaigns.model.customer import Channel, Role, Size
from campaigns.model.message import MessageStatus, Review
from campaigns.model.plan import CampaignType, Tone
from campaigns.model.reply import ActionKind, Intent
from campaigns.model.wording import plural


class Mood(StrEnum):
    """How a state is coloured; the words carry the meaning, the colour only helps."""

    PLAIN = "plain"
    INFO = "info"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"


CHANNELS: Mapping[Channel, str] = {
    Channel.WHATSAPP: "WhatsApp",
    Channel.LINE: "LINE",
    Channel.EMAIL: "Email",
}
TYPES: Mapping[CampaignType, str] = {
    CampaignType.RENEWAL: "Renewal reminder",
    CampaignType.SEASONAL: "Seasonal offer",
    CampaignType.ANNOUNCEMENT: "Announcement",
    CampaignType.FOLLOW_UP: "Follow-up",
    CampaignType.SURVEY: "Survey",
}
TONES: Mapping[Tone, str] = {Tone.FORMAL: "formal", Tone.WARM: "warm", Tone.CASUAL: "casual"}
SIZES: Mapping[Size, str] = {
    Size.ENTERPRISE: "Enterprise, over 10 zones",
    Size.MEDIUM: "Medium, 4 to 10 zones",
    Size.SMALL: "Small, 1 to 3 zones",
}
ROLES: Mapping[Role, str] = {
    Role.GENERAL_MANAGER: "General manager",
    Role.OWNER: "Owner",
    Role.PURCHASING: "Purchasing",
    Role.FINANCE: "Finance",
    Role.FOOD_BEVERAGE: "Food and beverage",
    Role.MARKETING: "Marketing",
    Role.OPERATIONS: "Operations",
    Role.IT: "IT",
    Role.OTHER: "Other",
}
STATUS: Mapping[CampaignStatus, tuple[str, Mood]] = {
    CampaignStatus.NEEDS_CLARIFICATION: ("Needs an answer", Mood.WARN),
    CampaignStatus.DRAFT: ("Draft", Mood.PLAIN),
    CampaignStatus.IN_REVIEW: ("Needs approval", Mood.WARN),
    CampaignStatus.APPROVED: ("Approved", Mood.OK),
    CampaignStatus.SCHEDULED: ("Scheduled", Mood.INFO),
    CampaignStatus.SENDING: ("Sending", Mood.INFO),
    CampaignStatus.PAUSED: ("Paused", Mood.WARN),
    CampaignStatus.COMPLETED: ("Done", Mood.OK),
    CampaignStatus.REJECTED: ("Changes requested", Mood.BAD),
    CampaignStatus.CANCELLED: ("Stopped", Mood.PLAIN),
}
MESSAGE_STATUS: Mapping[MessageStatus, tuple[str, Mood]] = {
    MessageStatus.DRAFTED: ("Draft", Mood.PLAIN),
    MessageStatus.VERIFIED: ("Ready", Mood.PLAIN),
    MessageStatus.BLOCKED: ("Needs a fix", Mood.BAD),
    MessageStatus.APPROVED: ("Approved", Mood.PLAIN),
    MessageStatus.QUEUED: ("Waiting", Mood.INFO),
    MessageStatus.CLAIMED: ("Waiting", Mood.INFO),
    MessageStatus.SENDING: ("Leaving now", Mood.INFO),
    MessageStatus.ACCEPTED: ("Accepted", Mood.INFO),
    MessageStatus.SENT: ("Sent", Mood.INFO),
    MessageStatus.DELIVERED: ("Delivered", Mood.OK),
    MessageStatus.READ: ("Read", Mood.OK),
    MessageStatus.FAILED: ("Failed", Mood.BAD),
    MessageStatus.SUPPRESSED: ("Do not contact", Mood.WARN),
    MessageStatus.SKIPPED: ("Skipped", Mood.WARN),
    MessageStatus.CANCELLED: ("Stopped", Mood.PLAIN),
    MessageStatus.IN_DOUBT: ("In doubt", Mood.WARN),
}
INTENTS: Mapping[Intent, tuple[str, Mood]] = {
    Intent.ACCEPT: ("Interested", Mood.OK),
    Intent.CHANGE_REQUEST: ("Wants changes", Mood.OK),
    Intent.QUESTION: ("Question", Mood.INFO),
    Intent.LATER: ("Later", Mood.PLAIN),
    Intent.CALLBACK: ("Wants a call", Mood.INFO),
    Intent.COMPLAINT: ("Complaint", Mood.BAD),
    Intent.DECLINE: ("Declined", Mood.WARN),
    Intent.OPT_OUT: ("Opt-out", Mood.PLAIN),
    Intent.SURVEY_SCORE: ("Survey score", Mood.INFO),
    Intent.OUT_OF_OFFICE: ("Out of office", Mood.PLAIN),
    Intent.WRONG_PERSON: ("Wrong person", Mood.WARN),
    Intent.OTHER: ("Other", Mood.PLAIN),
}
ACTIONS: Mapping[ActionKind, str] = {
    ActionKind.PREPARE_RENEWAL: "Prepare the renewal",
    ActionKind.BOOK_OFFER: "Book the offer",
    ActionKind.DRAFT_REVISED_OFFER: "Draft a revised offer",
    ActionKind.ANSWER: "Answer",
    ActionKind.ASK_OWNER: "Ask the account owner",
    ActionKind.FOLLOW_UP_LATER: "Follow up later",
    ActionKind.CALL: "Call",
    ActionKind.OPEN_ISSUE: "Open an issue",
    ActionKind.RETENTION_CALL: "Call to keep them",
    ActionKind.CLOSE: "Close",
    ActionKind.SUPPRESS: "Do not contact",
    ActionKind.PAUSE_AND_ASK: "Decide whether they opted out",
    ActionKind.RECORD_SCORE: "Record the score",
    ActionKind.WAIT: "Wait",
    ActionKind.CORRECT_BOOK: "Correct the customer book",
    ActionKind.CHOOSE_INTENT: "Choose what was meant",
    ActionKind.NONE: "Nothing to do",
}
REVIEWS: Mapping[Review, str] = {
    Review.INDIVIDUAL: "written for this customer alone",
    Review.HIGH_VALUE: "to a high-value customer",
    Review.LANGUAGE: "in a language which the checks cannot read: read it yourself",
}
SUPPRESSED: Mapping[SuppressionReason, str] = {
    SuppressionReason.OPT_OUT: "Opted out",
    SuppressionReason.BOUNCE: "Address bounced",
    SuppressionReason.MANUAL: "Added by hand",
    SuppressionReason.COMPLAINT: "Marked us as spam",
    SuppressionReason.POSSIBLE_OPT_OUT: "May have opted out",
}
LANGUAGES = {
    "en": "English",
    "th": "Thai",
    "ja": "Japanese",
    "zh": "Chinese",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "id": "Indonesian",
    "ms": "Malay",
    "vi": "Vietnamese",
    "ko": "Korean",
    "ar": "Arabic",
}

SURE, FAIRLY_SURE = 0.85, 0.65  # confidence in words; below it is "unsure"


def language(code: str) -> str:
    """Return a language's English name, or its code when it is not among those we meet."""
    return LANGUAGES.get(code, code or "unknown")


def confidence(value: float, *, unsure: bool = False) -> str:
    """Return how sure a reading is, in words.

    >>> confidence(0.93), confidence(0.7), confidence(0.93, unsure=True)
    ('sure', 'fairly sure', 'unsure')
    """
    if unsure or value < FAIRLY_SURE:
        return "unsure"
    return "sure" if value >= SURE else "fairly sure"


def day(on: date) -> str:
    """Return a date as people write it here.

    >>> day(date(2025, 10, 31))
    '31 Oct 2025'
    """
    return f"{on.day} {on:%b %Y}"


def in_days(on: date, today: date) -> str:
    """Return how far a date is from today, in words.

    >>> day0 = date(2025, 9, 15)
    >>> in_days(date(2025, 10, 4), day0), in_days(day0, day0), in_days(date(2025, 9, 14), day0)
    ('in 19 days', 'today', '1 day ago')
    """
    days = (on - today).days
    if days == 0:
        return "today"
    return f"in {plural(days, 'day')}" if days > 0 else f"{plural(-days, 'day')} ago"


def clock(at: datetime, zone: str) -> str:
    """Return the time of day at a place: "12:04"."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def moment(at: datetime, now: datetime, zone: str) -> str:
    """Return an instant as short as it stays clear: the time today, else the day too."""
    here, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    if here.date() == today:
        return f"{here:%H:%M}"
    if here.year == today.year:
        return f"{here.day} {here:%b %H:%M}"
    return f"{day(here.date())} {here:%H:%M}"


def city(zone: str) -> str:
    """Return the place a time zone is named for.

    >>> city("America/Argentina/Buenos_Aires"), city("UTC")
    ('Buenos Aires', 'UTC')
    """
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago something was, in one unit.

    >>> from datetime import UTC
    >>> now = datetime(2025, 9, 15, 12, tzinfo=UTC)
    >>> ago(now - timedelta(minutes=3), now), ago(now - timedelta(hours=30), now)
    ('3 min ago', '1 day ago')
    """
    passed = now - at
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=1):
        return f"{passed // timedelta(minutes=1)} min ago"
    if passed < timedelta(days=1):
        return f"{passed // timedelta(hours=1)} h ago"
    return f"{plural(passed.days, 'day')} ago"


def lasting(seconds: float) -> str:
    """Return a length of time in words.

    >>> lasting(40), lasting(2160), lasting(7300), lasting(200_000)
    ('less than a minute', '36 min', '2 h', '3 days')
    """
    if seconds < 60:
        return "less than a minute"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    if seconds < 36 * 3600:
        return f"{round(seconds / 3600)} h"
    return plural(-(-int(seconds) // 86_400), "day")


def amount(value: Decimal, currency: str) -> str:
    """Return money, whole amounts without decimals.

    >>> amount(Decimal("383900.0000"), "THB"), amount(Decimal("9.5"), "USD")
    ('THB 383,900', 'USD 9.50')
    """
    whole = value == value.to_integral_value()
    return f"{currency} {value:,.0f}" if whole else f"{currency} {value:,.2f}"


def capitalize_first(text: str) -> str:
    """Return a text with a capital at its front and everything else as it is.

    >>> capitalize_first("renewals for Hilton")
    'Renewals for Hilton'
    """
    return text[:1].upper() + text[1:]


def worth(values: Mapping[str, Decimal], unpriced: int, what: str = "") -> str:
    """Return what customers pay a year; a lower bound where some have no price on record.

    >>> worth({"THB": Decimal(160000)}, 3), worth({}, 2), worth({}, 0)
    ('at least THB 160,000 a year, 3 without a price', '', '')
    """
    if not values:
        return ""
    if not unpriced:
        return f"{_foremost(values)} a year{what}"
    return f"at least {_foremost(values)} a year{what}, {unpriced:,} without a price"


FOREMOST = 3  # currencies named where there are many


def _foremost(values: Mapping[str, Decimal]) -> str:
    """Return the largest amounts, and how many currencies are not named.

    >>> _foremost({"THB": Decimal(9), "USD": Decimal(7), "EUR": Decimal(5), "SGD": Decimal(3)})
    'THB 9, USD 7, EUR 5 and 1 other currency'
    """
    largest = dict(sorted(values.items(), key=lambda held: -held[1])[:FOREMOST])
    rest = len(values) - len(largest)
    more = "currency" if rest == 1 else "currencies"
    return amounts(largest) + (f" and {rest} other {more}" if rest else "")


def amounts(values: Mapping[str, Decimal]) -> str:
    """Return amounts in several currencies, the largest first."""
    ordered = sorted(values.items(), key=lambda held: -held[1])
    return ", ".join(amount(value, currency) for currency, value in ordered)


def percent(part: int, whole: int) -> str:
    """Return a share; an unknown one is a dash.

    >>> percent(153, 158), percent(1, 3), percent(5, 0)
    ('97%', '33%', '–')
    """
    return f"{part / whole:.0%}" if whole else "–"


def masked(address: str) -> str:
    """Return enough of an address to know it by, and no more.

    >>> masked("gm@grand-palm.example"), masked("+66856644142"), masked("U" + "1a" * 16)
    ('g•@grand-palm.example', '+66 ••• 4142', 'U1a1•••1a1a')
    """
    if "@" in address:
        name, _, domain = address.rpartition("@")
        return f"{name[:1]}{'•' * max(1, len(name) - 1)}@{domain}"
    if address.startswith("+"):
        return f"{address[:3]} ••• {address[-4:]}"
    return f"{address[:4]}•••{address[-4:]}" if len(address) > 8 else "•••"


def initials(name: str) -> str:
    """Return a person's initials, two at most.

    >>> initials("Ploy K."), initials("ณัฐ")
    ('PK', 'ณ')
    """
    return "".join(word[0] for word in name.split()[:2]).upper()


# What people did, as the audit trail tells it.
DEEDS: Mapping[str, str] = {
    "address.lifted": "took an address off Do not contact",
    "address.suppressed": "put an address on Do not contact",
    "automation.changed": "changed an automation",
    "automation.created": "set up an automation",
    "automation.removed": "removed an automation",
    "automation.run": "prepared a campaign by an automation",
    "book.accepted": "accepted what was inferred into the book",
    "book.contact": "changed a contact of the book",
    "book.imported": "imported into the customer book",
    "book.marked": "said whether an entry is a customer",
    "book.merged": "merged two customers",
    "book.replaced": "replaced the customer book",
    "book.set": "changed a value of the book",
    "book.tidied": "tidied the customer book",
    "book.undone": "took a change of the book back",
    "campaign.approve": "approved it",
    "campaign.archived": "archived it",
    "campaign.unarchived": "put it back on the list",
    "campaign.cancel": "stopped the rest",
    "campaign.changed": "changed it",
    "campaign.complete": "finished sending",
    "campaign.confirmed": "confirmed the same words in its messages",
    "campaign.created": "created it",
    "campaign.pause": "paused it",
    "campaign.recomposed": "recomposed what changed",
    "campaign.reject": "asked for changes",
    "campaign.reschedule": "changed its time",
    "campaign.resume": "went on sending",
    "campaign.schedule": "scheduled it",
    "campaign.retried": "sent again what may work",
    "campaign.send": "sent it",
    "campaign.submit": "submitted it for approval",
    "campaign.test": "sent a test",
    "campaign.test_skipped": "sent it without a test",
    "channel.stopped": "stopped a channel",
    "channel.reopened": "let a channel send again",
    "desk.assigned": "assigned it",
    "key.created": "made an API key",
    "key.revoked": "revoked an API key",
    "message.confirmed": "confirmed words of a message",
    "message.edited": "edited a message",
    "message.resolved": "decided about a message in doubt",
    "person.came_in": "came in by the identity provider, uninvited",
    "person.deactivated": "locked somebody out",
    "person.invited": "invited somebody",
    "person.link_made": "made a link to choose a password",
    "person.linked": "signed in by the identity provider for the first time",
    "person.password_set": "chose a password",
    "person.reactivated": "let somebody in again",
    "person.role_changed": "changed a role",
    "person.set_up": "made the first account",
    "person.signed_in": "signed in",
    "answer.decided": "decided about an answer",
    "answer.given": "answered a reply",
    "answer.taken_back": "took an answer back",
    "reply.corrected": "corrected how a reply was read",
    "message.reviewed": "looked at a message written for one customer",
    "campaign.individual": "chose who gets a text of their own",
    "lines.set": "changed how sure a reading must be to stand",
    "reply.done": "dealt with a reply",
    "reply.received": "took in a reply",
    "reply.sender_said": "said who a reply is from",
    "reply.sender_unsaid": "took back who a reply is from",
    "template.changed": "heard of a change of a template",
    "template.released": "let a template be used again",
    "template.submitted": "submitted a template to Meta",
    "reply.reopened": "took a reply up again",
}
