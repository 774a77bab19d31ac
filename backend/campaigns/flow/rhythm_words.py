"""A rhythm said in the request itself: "every month on the 1st, prepare renewal reminders …".

Only at the very front, or at the end after a comma, where it can belong to nothing else.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

LAST = 31  # a shorter month is due on its last day
# What is meant when only "every week" or "every month" is said; shown with the automation.
UNSAID: Mapping[str, Mapping[str, object]] = {"week": {"weekday": "monday"}, "month": {"day": 1}}


def taken(request: str) -> tuple[dict[str, object], str]:
    """Return the rhythm a request says, as `rhythm.parse` reads it, and the request without it.

    Only what is said: "every month" is `{"every": "month"}`. Empty when none is said.
    """
    for front, end in _patterns():
        if (m := front.match(request)) and (rest := request[m.end() :].lstrip(" ,:;–-")):
            return _said(m), rest
        if (m := end.search(request)) and (rest := request[: m.start()].strip()):
            return _said(m), rest
    return {}, request


def completed(said: Mapping[str, object]) -> dict[str, object]:
    """Return what was said with the day nobody named: Mondays, the first of the month."""
    return {**UNSAID.get(str(said.get("every")), {}), **said}


def _said(m: re.Match[str]) -> dict[str, object]:
    found = m.groupdict()
    every = next(e for e, name in _EVERY if found.get(name) is not None)
    weekday = next((k for k, words in found.items() if k in _weekdays() and words), None)
    day = LAST if found.get("last") is not None else found.get("day") and int(found["day"])
    said = {"every": every, "weekday": weekday, "day": day, "at": _hour(found)}
    return {key: value for key, value in said.items() if value is not None}


_EVERY = (("day", "day_only"), ("week", "week"), ("month", "month"))


def _hour(found: Mapping[str, str | None]) -> str | None:
    """Return the hour as HH:MM; what is no hour is left for `rhythm.parse` to refuse."""
    if found["hour"] is None:
        return None
    hour, half = int(found["hour"]), (found.get("half") or "")[:1]
    if half in ("a", "p") and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02d}:{int(found['minute'] or 0):02d}"


@cache
def _tables() -> dict[str, Any]:
    file = resources.files("campaigns.flow") / "rhythm_words.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _weekdays() -> frozenset[str]:
    return frozenset(_tables()["weekday"]["en"])


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Return each way to say a rhythm, as found at the front and at the end of a request."""
    tables = _tables()
    made = []
    for language, ways in tables["say"].items():
        named = tables["weekday"][language].items()
        weekday = "|".join(f"(?P<{day}>{'|'.join(words)})" for day, words in named)
        for way in ways:
            said = way.replace("{weekday}", weekday).replace("{at}", tables["at"][language])
            made.append(
                (
                    re.compile(rf"\s*(?:{said})", re.IGNORECASE),
                    re.compile(rf"[,;–]\s*(?:{said})\s*[.!]?\s*$", re.IGNORECASE),
                )
            )
    return tuple(made)
