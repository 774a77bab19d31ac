"""Charts as geometry: the server draws SVG from these numbers, a table beside it says the same."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.model.customer import Channel
from campaigns.model.ports import Answered

WIDTH = 100.0  # of a bar, in the SVG's own units
COLUMNS_AT_MOST = 24
FEWEST = 8


@dataclass(frozen=True, slots=True)
class Slice:
    """One coloured part of a bar: where it begins and how wide it is, 0 to `WIDTH`."""

    key: str
    x: float
    width: float
    count: int


def slices(counts: Mapping[str, int], whole: int) -> list[Slice]:
    """Return the parts of a bar whose full width is `whole`."""
    made, x = [], 0.0
    for key, count in counts.items():
        if count:
            width = WIDTH * count / whole if whole else 0.0
            made.append(Slice(key, round(x, 2), round(width, 2), count))
            x += width
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a histogram: its place, its parts from the bottom, its words."""

    label: str
    title: str
    x: float
    width: float
    parts: Sequence[tuple[str, float, float]]  # (channel, y from the top, height)
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """When replies came; `summary` says it in a sentence."""

    columns: Sequence[Column]
    top: int
    summary: str
    height: float = 120.0
    width: float = 400.0


def when(answers: Sequence[Answered], zone: str) -> Histogram | None:
    """Return replies by hour, or by day when they spread over more than a day; None without any."""
    if not answers:
        return None
    here = ZoneInfo(zone)
    times = [(a.at.astimezone(here), a.channel) for a in answers]
    first, last = times[0][0], times[-1][0]
    step = _step(last - first)
    start = _floor(first, step)
    by_slot: dict[int, Counter[Channel]] = {}
    for at, channel in times:
        by_slot.setdefault(int((at - start) / step), Counter())[channel] += 1
    if max(by_slot) < FEWEST:  # a lone column stands better among empty ones
        start -= 2 * step
        by_slot = {n + 2: counts for n, counts in by_slot.items()}
    slots = max(max(by_slot) + 1, FEWEST)
    top = max(sum(c.values()) for c in by_slot.values())
    drawn = Histogram(columns=(), top=top, summary="")
    columns = [
        _column(n, slots, start + n * step, step, by_slot.get(n, Counter()), drawn)
        for n in range(slots)
    ]
    busiest = max(columns, key=lambda c: c.count)
    total = len(answers)
    noun = "reply" if total == 1 else "replies"
    return Histogram(
        columns=columns, top=top, summary=f"{total} {noun}, most around {busiest.label}"
    )


def _step(span: timedelta) -> timedelta:
    for step in (
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=1),
        timedelta(hours=4),
        timedelta(days=1),
    ):
        if span / step < COLUMNS_AT_MOST / 2:
            return step
    return max(timedelta(days=1), timedelta(days=-(-span.days // COLUMNS_AT_MOST)))


def _floor(at: datetime, step: timedelta) -> datetime:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + int((at - midnight) / step) * step if step < timedelta(days=1) else midnight


def _column(
    n: int,
    slots: int,
    at: datetime,
    step: timedelta,
    counts: Counter[Channel],
    drawn: Histogram,
) -> Column:
    pitch = drawn.width / slots
    y, parts = drawn.height, []
    for channel in Channel:
        height = drawn.height * counts[channel] / drawn.top
        if height:
            y -= height
            parts.append((channel.value, round(y, 2), round(height, 2)))
    label = f"{at:%H:%M}" if step < timedelta(days=1) else f"{at.day} {at:%b}"
    total = sum(counts.values())
    said = ", ".join(f"{n} {channel.value}" for channel, n in counts.items() if n)
    return Column(
        label=label,
        title=f"{label}: {total} ({said})" if said else f"{label}: none",
        x=round(n * pitch + pitch * 0.14, 2),
        width=round(pitch * 0.72, 2),
        parts=parts,
        count=total,
    )
