"""Time, ids and the signing secret: the only place that asks the machine for them."""

import os
import secrets
import threading
import time as system_time
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

FROZEN_START = time(10, 0)  # the hour a frozen day begins at: inside every send window
SECRET_FILE = "secret.key"  # noqa: S105 - a file name, not a secret
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32


class SystemClock:
    """Real time."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""
        return datetime.now(UTC)

    def local_now(self) -> datetime:
        """Return the time where the house is."""
        return self.now().astimezone(self._zone)

    def today(self) -> date:
        """Return the date where the house is."""
        return self.local_now().date()


class FrozenClock:
    """A day that never ends, for demos and tests.

    The date stands still; the time of day runs from ten in the morning, or from `not_before`
    when the data folder already knows a later instant, so that time never runs backwards.
    """

    def __init__(self, day: date, zone: ZoneInfo, not_before: datetime | None = None) -> None:
        start = datetime.combine(day, FROZEN_START, zone).astimezone(UTC)
        self._day = day
        self._zone = zone
        self._start = max(start, not_before) if not_before else start
        self._since = system_time.monotonic()

    def now(self) -> datetime:
        """Return the frozen day's instant, aware, in UTC."""
        return self._start + timedelta(seconds=system_time.monotonic() - self._since)

    def local_now(self) -> datetime:
        """Return the frozen day's time where the house is."""
        return self.now().astimezone(self._zone)

    def today(self) -> date:
        """Return the frozen date."""
        return self._day


class SystemIds:
    """Ids that sort by age: a prefix, the time in milliseconds, a count, 50 random bits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = (0, 0)

    def new(self, prefix: str) -> str:
        """Return a new id."""
        with self._lock:
            now = system_time.time_ns() // 1_000_000
            last, count = self._last
            self._last = (now, 0) if now > last else (last, count + 1)
            moment, count = self._last
        return (
            f"{prefix}_{_base32(moment, 9)}{_base32(count, 4)}{_base32(secrets.randbits(50), 10)}"
        )

    def secret(self) -> str:
        """Return a new URL-safe secret of 256 bits."""
        return secrets.token_urlsafe(32)


def _base32(number: int, width: int) -> str:
    return "".join(_ALPHABET[(number >> 5 * i) & 31] for i in reversed(range(width)))


def kept_secret(data: Path | None) -> str:
    """Return what signs links: made once and kept in the data folder, readable by us only."""
    if data is None:
        return secrets.token_urlsafe(32)
    path = data / SECRET_FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii").strip()
