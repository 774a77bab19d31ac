"""The dashboard's parts: stages, lanes, key numbers, the funnel, what failed and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.flow.insight import INTERESTED
from campaigns.model.campaign import CampaignStatus as C
from campaigns.model.customer import Channel
from campaigns.model.delivery import QuotaUse
from campaigns.model.message import MessageStatus as M
from campaigns.model.reply import Intent
from campaigns.model.wording import plural
from campaigns.orchestrator.progress import Outcome
from campaigns.web import words
from campaigns.web.views.charts import Slice, slices

FEW = 20  # below this many delivered, counts say more than percentages
SENT = frozenset({M.ACCEPTED, M.SENT, M.DELIVERED, M.READ})
DELIVERED = frozenset({M.DELIVERED, M.READ})
TO_GO = frozenset({M.APPROVED, M.QUEUED, M.CLAIMED, M.SENDING})
NOT_SENT = (
    ("failed", (M.FAILED,)),
    ("in doubt", (M.IN_DOUBT,)),
    ("left out", (M.SKIPPED, M.SUPPRESSED)),
    ("not sent", (M.CANCELLED,)),
)
NO_READS = frozenset({Channel.LINE})  # LINE does not report reads


# --- progress ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One channel's progress: how many left the house, of how many, and why the rest did not."""

    channel: Channel
    done: int
    total: int
    why: str
    stopped: bool


def lanes(outcome: Outcome, now: datetime, zone: str) -> list[Lane]:
    """Return the lanes of the channels that carry messages."""
    made = []
    for channel in Channel:
        mine = {s: n for (ch, s), n in outcome.counts.items() if ch is channel}
        total = sum(mine.values())
        if total:
            left = sum(n for s, n in mine.items() if s in TO_GO)
            made.append(
                Lane(
                    channel=channel,
                    done=sum(n for s, n in mine.items() if s in SENT),
                    total=total,
                    why=_why(outcome, channel, left, now, zone) if left else _rest(mine),
                    stopped=channel in outcome.halted,
                )
            )
    return made


def _why(outcome: Outcome, channel: Channel, left: int, now: datetime, zone: str) -> str:
    if channel in outcome.halted:
        return f"{words.CHANNELS[channel]} is stopped: {outcome.halted[channel]}"
    use = next((u for u in outcome.limits if u.channel is channel), None)
    if outcome.campaign.status is not C.SENDING:
        return _limit(use)
    if use and use.window_s and not use.left:
        at = f", next batch {words.moment(use.resets_at, now, zone)}" if use.resets_at else ""
        return f"{_rate(use)} limit{at}"
    waiting = outcome.queues.get(channel)
    if waiting and waiting.until and waiting.until > now and waiting.reason:
        return f"{_plain(waiting.reason)}, until {words.moment(waiting.until, now, zone)}"
    return _limit(use)


def _rest(mine: Mapping[M, int]) -> str:
    """Return what became of the messages of a channel that did not leave, when none is waiting."""
    parts = [
        f"{n:,} {name}" for name, states in NOT_SENT if (n := sum(mine.get(s, 0) for s in states))
    ]
    if parts:
        return ", ".join(parts)
    return "all sent" if any(s in SENT for s in mine) else ""


def _rate(use: QuotaUse) -> str:
    per = {3_600: "an hour", 86_400: "a day"}.get(use.window_s, words.lasting(use.window_s))
    return f"{use.limit:,} {per}"


def _limit(use: QuotaUse | None) -> str:
    if use is None or not use.window_s:
        return ""
    span = "today" if use.window_s == 86_400 else "this hour"
    return f"{use.left:,} of {use.limit:,} left {span}"


def _plain(reason: str) -> str:
    return reason[:1].lower() + reason[1:]


def minutes_left(outcome: Outcome) -> str:
    """Return how long the rest will take at the pace of the last minute; "" when not known."""
    left = sum(n for (_, s), n in outcome.counts.items() if s in TO_GO)
    if not left or not outcome.left_lately or outcome.campaign.status is not C.SENDING:
        return ""
    return f"about {words.lasting(60 * left / outcome.left_lately)} left"


# --- key numbers ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number, what it is made of, and what it usually is."""

    name: str
    value: str
    note: str = ""
    usual: str = ""
    mood: str = ""
    link: str = ""


def figures(outcome: Outcome) -> list[Figure]:
    """Return the five numbers."""
    f, usual = outcome.funnel, outcome.usual
    few = f.delivered < FEW
    seen = _sum(outcome, DELIVERED, without=NO_READS)
    opted = sum(a.intent is Intent.OPT_OUT for a in outcome.answers)
    return [
        Figure(
            name="Delivered",
            value=str(f.delivered) if few else words.percent(f.delivered, f.sent + f.failed),
            note=_not_delivered(outcome),
            usual=_usually(usual.delivered, usual.ended),
            link="#fails" if outcome.troubles else "",
        ),
        Figure(
            name="Read",
            value="–" if not seen else str(f.read) if few else words.percent(f.read, seen),
            note=_read_of(outcome, seen, few=few),
            usual=_usually(usual.read, usual.readable),
        ),
        Figure(
            name="Replied",
            value=str(f.replied) if few else words.percent(f.replied, outcome.reached),
            **_against(
                f.replied, outcome.reached, usual.customers_replied, usual.customers_reached
            ),
        ),
        Figure(
            name="Interested",
            value=str(f.interested),
            note=words.worth(outcome.value, outcome.unpriced) if f.interested else NOBODY,
            usual=_usually(usual.customers_interested, usual.customers_reached),
            mood="ok" if f.interested else "",
        ),
        Figure(
            name="Opted out",
            value=str(opted),
            note="added to Do not contact" if opted else NOBODY,
            usual=_usually(usual.customers_opted_out, usual.customers_reached),
        ),
    ]


NOBODY = "nobody so far"


def _not_delivered(outcome: Outcome) -> str:
    f = outcome.funnel
    parts = [f"{n:,} {name}" for n, name in ((f.failed, "failed"), (f.in_doubt, "in doubt")) if n]
    return ", ".join(parts) or (f"of {f.sent:,} sent" if f.sent else "nothing sent yet")


def _read_of(outcome: Outcome, seen: int, *, few: bool) -> str:
    """Return what the reads are counted of: `seen` are the delivered that can report one."""
    if seen < outcome.funnel.delivered:
        return "LINE does not report reads"
    return f"of {seen} delivered" if few and seen else ""


def _usually(part: int, whole: int) -> str:
    """Return what a share was in our other campaigns; "" where they are too few to tell.

    >>> _usually(61, 100), _usually(6, 10)
    ('usual 61%', '')
    """
    return f"usual {words.percent(part, whole)}" if whole >= FEW else ""


def _against(part: int, whole: int, usual_part: int, usual_whole: int) -> dict[str, str]:
    """Return the note that compares a share with the usual one, where both are known."""
    if usual_whole < FEW or whole < FEW:
        return {"note": f"of {plural(whole, 'customer')} reached" if whole else ""}
    points = round(100 * part / whole - 100 * usual_part / usual_whole)
    if not points:
        return {"note": "as usual"}
    side = "above" if points > 0 else "below"
    note = f"{plural(abs(points), 'point')} {side} usual"
    return {"note": note, "mood": "ok" if points > 0 else ""}


def _sum(outcome: Outcome, states: frozenset[M], without: frozenset[Channel] = frozenset()) -> int:
    return sum(n for (ch, s), n in outcome.counts.items() if s in states and ch not in without)


# --- the funnel -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the funnel; `of_previous` is its share of the row before."""

    name: str
    note: str
    count: int
    of_previous: str
    parts: Sequence[Slice]
    title: str


def steps(outcome: Outcome) -> list[Step]:
    """Return messages from written to read, then customers who replied and are interested."""
    rows: list[tuple[str, str, Mapping[str, int]]] = [
        (
            "Audience",
            plural(outcome.audience.customers, "customer"),
            _by(outcome, frozenset(M)),
        ),
        ("Sent", "", _by(outcome, SENT)),
        ("Delivered", "", _by(outcome, DELIVERED)),
        ("Read", _read_note(outcome), _by(outcome, frozenset({M.READ}))),
        ("Replied", "customers", _answered(outcome, interested=False)),
        ("Interested", "customers", _answered(outcome, interested=True)),
    ]
    whole = sum(rows[0][2].values())
    made: list[Step] = []
    for n, (name, note, counts) in enumerate(rows):
        total = sum(counts.values())
        before = outcome.reached if name == "Replied" else made[n - 1].count if n else 0
        made.append(
            Step(
                name=name,
                note=note,
                count=total,
                of_previous=words.percent(total, before) if n else "",
                parts=slices(counts, whole),
                title=", ".join(
                    f"{words.CHANNELS[Channel(k)]} {v}" for k, v in counts.items() if v
                ),
            )
        )
    return made


def _read_note(outcome: Outcome) -> str:
    used = {ch for ch, _ in outcome.counts}
    if Channel.LINE in used:
        return "not known for LINE"
    return "email: opened" if Channel.EMAIL in used else ""


def _by(outcome: Outcome, states: frozenset[M]) -> Mapping[str, int]:
    return {
        ch.value: sum(n for (c, s), n in outcome.counts.items() if c is ch and s in states)
        for ch in Channel
    }


def _answered(outcome: Outcome, *, interested: bool) -> Mapping[str, int]:
    """Return customers by the channel of their first reply, automatic ones aside."""
    first: dict[str, Channel] = {}
    for a in outcome.answers:
        counts = a.intent in INTERESTED if interested else a.intent is not Intent.OUT_OF_OFFICE
        if counts:
            first.setdefault(a.customer_id, a.channel)
    return {ch.value: sum(c is ch for c in first.values()) for ch in Channel}


# --- replies ---------------------------------------------------------------------------

GROUPS: Mapping[str, tuple[str, frozenset[Intent]]] = {
    "ok": ("Interested", frozenset({Intent.ACCEPT, Intent.CHANGE_REQUEST})),
    "info": ("Question", frozenset({Intent.QUESTION, Intent.CALLBACK})),
    "later": ("Later", frozenset({Intent.LATER})),
    "bad": ("Complaint", frozenset({Intent.COMPLAINT})),
    "warn": ("Declined", frozenset({Intent.DECLINE})),
    "out": ("Opt-out", frozenset({Intent.OPT_OUT})),
}
OTHER = ("other", "Other")


def split(outcome: Outcome) -> list[tuple[Slice, str]]:
    """Return the bar of intents: its parts with their names."""
    counts = {
        key: sum(a.intent in intents for a in outcome.answers)
        for key, (_, intents) in GROUPS.items()
    }
    counts[OTHER[0]] = len(outcome.answers) - sum(counts.values())
    names = {key: name for key, (name, _) in GROUPS.items()} | dict([OTHER])
    return [(part, names[part.key]) for part in slices(counts, len(outcome.answers))]
