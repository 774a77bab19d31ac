"""Live parts of pages as server-sent events: read and rendered once, sent to everybody who looks.

An event "parts" holds elements that replace their namesakes; "changed" asks the page to fetch
itself again, because what a person may do there changed; "end" says that nothing more comes.

A page carries the mark of the state it shows in its stream's address. So what happens between
rendering and listening, or while the connection is lost, is not missed.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from campaigns.bootstrap import Services
from campaigns.web.render import services_of
from campaigns.web.security import HEADERS

Seen = Annotated[str, Query(max_length=20)]
LOOK_EVERY_S = 1.0
ALIVE_EVERY = 25  # looks without news before a comment keeps the connection open


@dataclass(frozen=True, slots=True)
class Moment:
    """What a topic looks like now.

    `parts` is HTML for everybody; when `page` differs from the moment before, the page is
    fetched again; `ended` says that nothing more will change.
    """

    parts: str
    page: object
    ended: bool = False


@dataclass(slots=True)
class _Topic:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    at: float = -LOOK_EVERY_S
    moment: Moment | None = None
    watchers: int = 0


class Live:
    """Topics that somebody looks at; each is read once a second, however many look."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._topics: dict[str, _Topic] = {}

    def stream(self, topic: str, read: Callable[[], Moment], seen: str) -> StreamingResponse:
        """Return an event stream of a topic, to a page that shows the state with the mark `seen`."""
        headers = {**HEADERS, "X-Accel-Buffering": "no"}
        return StreamingResponse(
            self.events(topic, read, seen), media_type="text/event-stream", headers=headers
        )

    async def events(self, name: str, read: Callable[[], Moment], seen: str) -> AsyncIterator[str]:
        """Yield what happens from the state `seen` on."""
        topic = self._topics.setdefault(name, _Topic())
        topic.watchers += 1
        parts, quiet = None, 0
        try:
            while not self._services.stopping.is_set():
                moment = await self._now(topic, read)
                news = list(_news(moment, parts, seen))
                quiet = 0 if news else quiet + 1
                if quiet >= ALIVE_EVERY:
                    news, quiet = [": still here\n\n"], 0
                for event in news:
                    yield event
                if moment.ended:
                    return
                parts, seen = moment.parts, mark(moment.page)
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            topic.watchers -= 1
            if not topic.watchers:
                self._topics.pop(name, None)

    async def _now(self, topic: _Topic, read: Callable[[], Moment]) -> Moment:
        async with topic.lock:
            now = asyncio.get_running_loop().time()
            if topic.moment is None or now - topic.at >= LOOK_EVERY_S * 0.9:
                topic.moment = await run_in_threadpool(read)
                topic.at = now
            return topic.moment


def _news(moment: Moment, parts: str | None, seen: str) -> Iterator[str]:
    if mark(moment.page) != seen:
        yield _event("changed", "")
    if moment.parts != parts:
        yield _event("parts", moment.parts)
    if moment.ended:
        yield _event("end", "")


def mark(page: object) -> str:
    """Return a short name of a state; equal states have equal marks."""
    return hashlib.blake2s(repr(page).encode(), digest_size=6).hexdigest()


def _event(kind: str, data: str) -> str:
    lines = "".join(f"data: {line}\n" for line in (data or "-").splitlines())
    return f"event: {kind}\n{lines}\n"


def live_of(request: Request) -> Live:
    """Return the application's live topics."""
    state = request.app.state
    if not hasattr(state, "live"):
        state.live = Live(services_of(request))
    found: Live = state.live
    return found
