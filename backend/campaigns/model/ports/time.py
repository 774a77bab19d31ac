"""Time and ids."""

from datetime import date, datetime
from typing import Protocol


class Clock(Protocol):
    """The only source of time.

    `now` is aware UTC; `today` the date where the house is, `local_now` the time there.
    """

    def now(self) -> datetime: ...
    def today(self) -> date: ...
    def local_now(self) -> datetime: ...


class Ids(Protocol):
    """The only source of ids and secrets."""

    def new(self, prefix: str) -> str:
        """Return a new id such as "c_01J..."; ids of one prefix sort by age."""
        ...

    def secret(self) -> str:
        """Return a new URL-safe secret of at least 256 bits."""
        ...
