"""What goes wrong between us and a provider, as told beforehand."""

import asyncio
import random
import threading
from collections import deque
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import assert_never

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response


class Trouble(StrEnum):
    """One way a request goes wrong."""

    BUSY = "busy"  # 429, nothing taken
    BROKEN = "broken"  # 500 with the provider's own error, nothing taken
    BROKEN_LATE = "broken_late"  # taken, and then a 500
    GATEWAY = "gateway"  # 502 from something in between that speaks HTML, nothing taken
    DROPPED = "dropped"  # the connection is cut before the message is taken
    UNANSWERED = "unanswered"  # taken, and then the connection is cut
    SLOW = "slow"  # taken, and answered after `slow_s`


TAKES = frozenset({Trouble.BROKEN_LATE, Trouble.UNANSWERED, Trouble.SLOW})


class Faults:
    """Which requests go wrong: the scripted ones first, then by shares (0-1 each)."""

    def __init__(
        self, shares: Mapping[Trouble, float] | None = None, *, seed: int = 0, slow_s: float = 1.0
    ) -> None:
        self.slow_s = slow_s
        self._shares = dict(shares or {})
        self._chance = random.Random(seed)  # noqa: S311 - a repeatable accident, no secret
        self._script: deque[Trouble | None] = deque()
        self._lock = threading.Lock()

    def then(self, *troubles: Trouble | None) -> None:
        """Have the next requests go wrong like this; None goes well."""
        with self._lock:
            self._script.extend(troubles)

    def share(self, shares: Mapping[Trouble, float]) -> None:
        """Have these shares of all further requests go wrong."""
        with self._lock:
            self._shares = dict(shares)

    def next(self) -> Trouble | None:
        """Return how the next request goes wrong, None when it goes well."""
        with self._lock:
            if self._script:
                return self._script.popleft()
            drawn = self._chance.random()
            for trouble, share in self._shares.items():
                if drawn < share:
                    return trouble
                drawn -= share
        return None


def cut(request: Request) -> Response:
    """Cut the request's connection; the answer returned goes nowhere."""
    request.state.transport.abort()
    return Response(status_code=500)


async def suffer(
    trouble: Trouble | None,
    request: Request,
    faults: Faults,
    *,
    take: Callable[[], Response],
    refuse: Callable[[Trouble], Response],
) -> Response:
    """Answer a request that goes wrong in a given way; `take` does what was asked for.

    `refuse` gives the provider's own answer for `BUSY` and the two broken ones.
    """
    answer = take() if trouble is None or trouble in TAKES else None
    match trouble:
        case Trouble.DROPPED | Trouble.UNANSWERED:
            return cut(request)
        case Trouble.GATEWAY:
            return PlainTextResponse("<html>502 Bad Gateway</html>", 502, media_type="text/html")
        case Trouble.BUSY | Trouble.BROKEN | Trouble.BROKEN_LATE:
            return refuse(trouble)
        case Trouble.SLOW:
            await asyncio.sleep(faults.slow_s)
        case None:
            pass
        case _:
            assert_never(trouble)
    return answer or refuse(Trouble.BROKEN)
