"""When an automation is due: instants from a rhythm in the house's time zone."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from campaigns.model.automation import Every, Rhythm, Weekday
from campaigns.model.errors import Fault, RequestInvalid

# No two due times lie further apart: 31 days and a clock change.
FURTHEST = timedelta(days=33)
DEFAULT_AT = "09:00"


def due_times(
    rhythm: Rhythm, zone: tzinfo, after: datetime, until: datetime
) -> tuple[datetime, ...]:
    """Return the instants after `after` and up to `until` at which the rhythm is due, in order.

    One for each local day the rhythm names. An hour that the clock skips that day is due as
    much later as the clock jumped; an hour it shows twice is due the first time.
    """
    if until <= after:
        return ()
    first = after.astimezone(zone).date() - timedelta(days=1)
    last = until.astimezone(zone).date()
    found = {
        datetime.combine(day, rhythm.at, zone).astimezone(after.tzinfo)
        for day in _days(rhythm, first, last)
    }
    return tuple(sorted(instant for instant in found if after < instant <= until))


def next_due(rhythm: Rhythm, zone: tzinfo, after: datetime) -> datetime:
    """Return the first instant after `after` at which the rhythm is due."""
    return due_times(rhythm, zone, after, after + FURTHEST)[0]


def _days(rhythm: Rhythm, first: date, last: date) -> Iterator[date]:
    """Yield the days from `first` to `last`, both included, that the rhythm names."""
    day = first
    while day <= last:
        if _names(rhythm, day):
            yield day
        day += timedelta(days=1)


def _names(rhythm: Rhythm, day: date) -> bool:
    if rhythm.weekday is not None:
        return day.weekday() == rhythm.weekday.number
    if rhythm.day is not None:
        return day.day == min(rhythm.day, monthrange(day.year, day.month)[1])
    return True


# --- from JSON and back --------------------------------------------------------------------------


def parse(given: Mapping[str, object], at: str = "/rhythm") -> Rhythm:
    """Return the rhythm of `{"every", "at"?, "weekday"?, "day"?}`.

    Raises `RequestInvalid` with a pointer below `at` for every place that is wrong.
    """
    faults = [
        Fault(f"{at}/{key}", "there is no such key; the keys are every, at, weekday, day")
        for key in given.keys() - {"every", "at", "weekday", "day"}
    ]
    every = _every(given.get("every"), f"{at}/every", faults)
    hour = _hour(given.get("at", DEFAULT_AT), f"{at}/at", faults)
    weekday = _weekday(given.get("weekday"), every, f"{at}/weekday", faults)
    day = _day(given.get("day"), every, f"{at}/day", faults)
    if faults or every is None or hour is None:
        raise RequestInvalid(faults)
    return Rhythm(every=every, at=hour, weekday=weekday, day=day)


def _every(value: object, at: str, faults: list[Fault]) -> Every | None:
    if isinstance(value, str) and value in tuple(Every):
        return Every(value)
    faults.append(Fault(at, f"must be one of {', '.join(Every)}"))
    return None


def _hour(value: object, at: str, faults: list[Fault]) -> time | None:
    try:
        hour = datetime.strptime(value if isinstance(value, str) else "", "%H:%M")  # noqa: DTZ007 - the house's zone is not known here
    except ValueError:
        faults.append(Fault(at, "must be an hour and minute in the house's time, as 09:00"))
        return None
    return hour.time()


def _weekday(value: object, every: Every | None, at: str, faults: list[Fault]) -> Weekday | None:
    if value is None and every is not Every.WEEK:
        return None
    if value is not None and every in (Every.DAY, Every.MONTH):
        faults.append(Fault(at, "goes with every: week only"))
    elif isinstance(value, str) and value.casefold() in tuple(Weekday):
        return Weekday(value.casefold())
    else:
        faults.append(Fault(at, f"must be one of {', '.join(Weekday)}"))
    return None


def _day(value: object, every: Every | None, at: str, faults: list[Fault]) -> int | None:
    if value is None and every is not Every.MONTH:
        return None
    if value is not None and every in (Every.DAY, Every.WEEK):
        faults.append(Fault(at, "goes with every: month only"))
    elif isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 31:
        return value
    else:
        faults.append(Fault(at, "must be a day from 1 to 31; a shorter month is due on its last"))
    return None


def rhythm_json(rhythm: Rhythm) -> dict[str, object]:
    """Return a rhythm as `parse` reads it, without the keys it does not use."""
    whole = {
        "every": rhythm.every.value,
        "at": f"{rhythm.at:%H:%M}",
        "weekday": rhythm.weekday and rhythm.weekday.value,
        "day": rhythm.day,
    }
    return {key: value for key, value in whole.items() if value is not None}


def worded(rhythm: Rhythm) -> str:
    """Return a rhythm in words: "every day at 09:00", "every month on day 31 (or its last) …"."""
    on = ""
    if rhythm.weekday is not None:
        on = f" on {rhythm.weekday.value.capitalize()}"
    if rhythm.day is not None:
        on = f" on day {rhythm.day}" + (" (or its last)" if rhythm.day > 28 else "")
    return f"every {rhythm.every.value}{on} at {rhythm.at:%H:%M}"
