"""Where a campaign stands: its stages, its test, and what did not arrive."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from campaigns.model.campaign import CampaignStatus as C
from campaigns.model.delivery import ReasonClass
from campaigns.model.message import Message
from campaigns.model.message import MessageStatus as M
from campaigns.orchestrator.progress import Outcome
from campaigns.orchestrator.tested import SKIPPED, has_arrived
from campaigns.web import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of a campaign's life: `state` is done, current or ahead."""

    name: str
    detail: str
    state: str


def stages(outcome: Outcome, now: datetime, zone: str) -> list[Stage]:
    """Return the five stages, each named for what has happened; exactly one is current."""
    c = outcome.campaign
    begun = outcome.entry("campaign.send") or outcome.entry("campaign.schedule")
    left = bool(outcome.funnel.sent)
    under_way = c.status in (C.SENDING, C.PAUSED, C.SCHEDULED)
    over = c.status in (C.COMPLETED, C.CANCELLED)
    past = under_way or over
    tested = has_arrived(outcome.tests)
    current = _current(outcome, past=past or begun is not None, over=over)
    found = (
        ("Composed", f"{c.author} · {words.moment(c.created_at, now, zone)}", True),
        (
            _approval_name(c.status, approved=c.approval is not None),
            f"{c.approval.by} · {words.moment(c.approval.at, now, zone)}" if c.approval else "",
            c.approval is not None,
        ),
        (_test_name(outcome, past=past), _tested(outcome, now, zone), tested),
        (
            _sending_name(c.status, left=left, next_up=current == SENDING),
            _sent_when(outcome, now, zone),
            left,
        ),
        ("Results", "live" if under_way and left else "", False),
    )
    return [
        Stage(
            name=name,
            detail=detail,
            state="current" if n == current else "done" if n < current and done else "ahead",
        )
        for n, (name, detail, done) in enumerate(found)
    ]


APPROVAL, TEST, SENDING, RESULTS = range(1, 5)  # places of the stages after the first


def _current(outcome: Outcome, *, past: bool, over: bool) -> int:
    """Return the place of the stage a campaign stands at."""
    if over:
        return RESULTS if outcome.funnel.sent else SENDING
    if outcome.campaign.approval is None:
        return APPROVAL
    return SENDING if past or outcome.is_tested else TEST


def _approval_name(status: C, *, approved: bool) -> str:
    if approved:
        return "Approved"
    return "Waiting for approval" if status is C.IN_REVIEW else "Not approved"


def _test_name(outcome: Outcome, *, past: bool) -> str:
    """Name the test for what became of it: it may still be ahead, or never have been sent."""
    if has_arrived(outcome.tests):
        return "Test delivered"
    if outcome.entry(SKIPPED):
        return "Test skipped"
    if not outcome.tests:
        return "No test sent" if past else "Test"
    failed = all(t.status in TEST_LOST for t in outcome.tests)
    return "Test failed" if failed else "Test on its way"


def _sending_name(status: C, *, left: bool, next_up: bool) -> str:
    match status:
        case C.SCHEDULED:
            return "Scheduled"
        case C.PAUSED:
            return "Paused"
        case C.COMPLETED:
            return "Sent" if left else "Nothing sent"
        case C.CANCELLED:
            return "Stopped"
        case C.APPROVED if next_up:
            return "Ready to send"
        case _:
            return "Sending"


def _tested(outcome: Outcome, now: datetime, zone: str) -> str:
    if skipped := outcome.entry(SKIPPED):
        return f"skipped by {skipped.actor}"
    if not outcome.tests:
        return ""
    first = outcome.tests[0]
    if all(t.status in TEST_LOST for t in outcome.tests):
        return f"{first.customer} · failed"
    if outcome.is_tested:
        at = max((t.updated_at for t in outcome.tests if t.updated_at), default=now)
        return f"{first.customer} · {words.moment(at, now, zone)}"
    return f"{first.customer} · on its way"


def _sent_when(outcome: Outcome, now: datetime, zone: str) -> str:
    c = outcome.campaign
    if c.status is C.SCHEDULED and c.schedule_at:
        return words.moment(c.schedule_at, now, zone)
    begun = outcome.entry("campaign.send")
    return f"since {words.moment(begun.at, now, zone)}" if begun else ""


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
    ReasonClass.FREQUENCY_CAP: "Write to them again another day",
    ReasonClass.RATE_LIMITED: "Write to them again later",
    ReasonClass.QUOTA: "Ask the provider for a higher limit",
    ReasonClass.TEMPLATE: "Have the template approved again",
    ReasonClass.CONTENT: "Write to them in other words",
    ReasonClass.AUTH: "Repair it under Settings, Channels",
    ReasonClass.POLICY: "Ask the provider what was against the rules",
    ReasonClass.TRANSIENT: "Write to them again later",
}
BY_HAND = "Reach them another way"  # where the provider's answer leaves nothing to repair


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
                next=NEXT.get(kind, BY_HAND),
            )


def _held(reason: str | None) -> str:
    return (reason or "held").capitalize()
