"""Where a campaign stands: its stages, its test, and what did not arrive."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from campaigns.model.campaign import CampaignStatus as C
from campaigns.model.delivery import ReasonClass
from campaigns.model.message import Message
from campaigns.model.message import MessageStatus as M
from campaigns.orchestrator.progress import Outcome
from campaigns.web import words

DELIVERED = frozenset({M.DELIVERED, M.READ})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of a campaign's life: `state` is done, current or ahead."""

    name: str
    detail: str
    state: str


def stages(outcome: Outcome, now: datetime, zone: str) -> list[Stage]:
    """Return the five stages; exactly one is current until the campaign has ended."""
    c = outcome.campaign
    begun = outcome.entry("campaign.send") or outcome.entry("campaign.schedule")
    approved = c.approval is not None
    tested = test_arrived(outcome) or begun is not None
    sending = c.status in (C.SENDING, C.PAUSED, C.SCHEDULED)
    ended = c.status in (C.COMPLETED, C.CANCELLED)
    passed = 1 + approved + (approved and (tested or sending or ended)) + ended
    names = ("Composed", "Approved", "Test delivered", _sending_name(c.status), "Results")
    details = (
        f"{c.author} · {words.moment(c.created_at, now, zone)}",
        f"{c.approval.by} · {words.moment(c.approval.at, now, zone)}" if c.approval else "",
        _tested(outcome, now, zone),
        _sent_when(outcome, now, zone),
        "live" if sending and outcome.funnel.sent else "",
    )
    current = 4 if ended else passed
    return [
        Stage(
            name=name,
            detail=detail,
            state="current" if n == current else "done" if n < current else "ahead",
        )
        for n, (name, detail) in enumerate(zip(names, details, strict=True))
    ]


def _sending_name(status: C) -> str:
    match status:
        case C.SCHEDULED:
            return "Scheduled"
        case C.PAUSED:
            return "Paused"
        case C.COMPLETED:
            return "Sent"
        case C.CANCELLED:
            return "Stopped"
        case _:
            return "Sending"


def _tested(outcome: Outcome, now: datetime, zone: str) -> str:
    if skipped := outcome.entry("campaign.test_skipped"):
        return f"skipped by {skipped.actor}"
    if not outcome.tests:
        return ""
    first = outcome.tests[0]
    if all(t.status in TEST_LOST for t in outcome.tests):
        return f"{first.customer} · failed"
    if test_arrived(outcome):
        at = max((t.updated_at for t in outcome.tests if t.updated_at), default=now)
        return f"{first.customer} · {words.moment(at, now, zone)}"
    return f"{first.customer} · on its way"


def _sent_when(outcome: Outcome, now: datetime, zone: str) -> str:
    c = outcome.campaign
    if c.status is C.SCHEDULED and c.schedule_at:
        return words.moment(c.schedule_at, now, zone)
    begun = outcome.entry("campaign.send")
    return f"since {words.moment(begun.at, now, zone)}" if begun else ""


ON_ITS_WAY = frozenset({M.QUEUED, M.CLAIMED, M.SENDING, M.ACCEPTED, M.SENT})


def test_arrived(outcome: Outcome) -> bool:
    """Whether the test is through, on one channel at least, or somebody decided to do without."""
    if outcome.entry("campaign.test_skipped"):
        return True
    states = {t.status for t in outcome.tests}
    return bool(states & DELIVERED) and not states & ON_ITS_WAY


def test_failures(outcome: Outcome) -> list[str]:
    """Return what became of test messages that failed, in words."""
    return [
        f"{words.CHANNELS[t.channel]}: {why(t.reason)}"
        for t in outcome.tests
        if t.status in TEST_LOST
    ]


TEST_LOST = frozenset({M.FAILED, M.IN_DOUBT, M.SUPPRESSED, M.SKIPPED})


def why(reason: str | None) -> str:
    """Return why a message did not arrive, in plain words and the provider's."""
    kind, _, rest = (reason or "").partition(": ")
    known = WHY.get(kind, reason or "not known")
    return f"{known} ({rest})" if kind in WHY and rest else known


# --- what did not arrive ----------------------------------------------------------------------

WHY: Mapping[str, str] = {
    ReasonClass.INVALID_RECIPIENT: "The address does not exist",
    ReasonClass.OPTED_OUT: "They do not want messages from us",
    ReasonClass.FREQUENCY_CAP: "The provider’s limit on messages to this person",
    ReasonClass.RATE_LIMITED: "The provider was too busy",
    ReasonClass.QUOTA: "Our limit with the provider is used up",
    ReasonClass.TEMPLATE: "The template was not accepted",
    ReasonClass.CONTENT: "The provider refused the text",
    ReasonClass.AUTH: "The provider refused our credentials",
    ReasonClass.POLICY: "Against the provider’s rules",
    ReasonClass.TRANSIENT: "The provider had a problem",
    ReasonClass.UNKNOWN: "No answer came, so it may or may not have arrived",
}
NEXT: Mapping[str, str] = {
    ReasonClass.INVALID_RECIPIENT: "Correct the customer book",
    ReasonClass.OPTED_OUT: "Added to Do not contact",
    ReasonClass.AUTH: "Repair it under Settings, Channels",
    ReasonClass.TEMPLATE: "Check the template under Settings",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A message that did not arrive: why, in plain words and the provider's, and what is next.

    `decide` asks a person: "doubt" when nobody knows whether it arrived, "held" when it changed
    since the approval.
    """

    message: Message
    why: str
    code: str
    next: str
    decide: str = ""


def troubles(outcome: Outcome) -> Iterator[Trouble]:
    """Yield what could not be delivered."""
    for m in outcome.troubles:
        kind, _, rest = (m.reason or "").partition(": ")
        if m.status is M.IN_DOUBT:
            yield Trouble(
                message=m, why=WHY[ReasonClass.UNKNOWN], code=rest, next="", decide="doubt"
            )
        elif m.status is M.QUEUED:
            yield Trouble(message=m, why=_held(m.reason), code="", next="", decide="held")
        elif m.status is M.SUPPRESSED:
            said = (m.reason or "do not contact").capitalize()
            yield Trouble(message=m, why=said, code="", next="On Do not contact")
        else:
            yield Trouble(
                message=m,
                why=WHY.get(kind, (m.reason or "Not known").capitalize()),
                code=rest if kind in WHY else "",
                next=NEXT.get(kind, ""),
            )


def _held(reason: str | None) -> str:
    return (reason or "held").capitalize()
