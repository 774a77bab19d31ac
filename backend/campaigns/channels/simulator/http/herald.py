"""Webhooks: posted by a thread, in batches, signed; told twice, out of order or never on demand."""

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2

BEAT_S = 0.03
REDELIVER_S = 0.2
MOST_TRIES = 20
TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One piece of news: `kind` is where the provider puts it, `item` what it puts there."""

    kind: str
    item: dict[str, Any]
    due: float = 0.0  # time.monotonic()
    tries: int = 0


@dataclass(slots=True, kw_only=True)
class Mishaps:
    """What goes wrong with webhooks: shares are 0-1 of the updates; `lost` names doomed ones."""

    twice: float = 0.0
    reordered: float = 0.0
    late_s: float = 0.2
    lost: Callable[[Update], bool] = field(default=lambda update: False)
    most: int = 1000  # updates in one request


class Herald:
    """Posts updates to `callback`; `pack` makes a body of a batch, `sign` its headers."""

    def __init__(
        self,
        pack: Callable[[Sequence[Update]], bytes],
        sign: Callable[[bytes], Mapping[str, str]],
        *,
        redelivers: bool,
        seed: int = 0,
    ) -> None:
        self.callback: str | None = None
        self.mishaps = Mishaps()
        self.lost: list[Update] = []
        self.posted = 0
        self.cut_off = 0  # requests that reached somebody who did not answer
        self._pack = pack
        self._sign = sign
        self.redelivers = redelivers
        self._chance = random.Random(seed)  # noqa: S311 - a repeatable accident, no secret
        self._pending: list[Update] = []
        self._busy = False
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def tell(self, kind: str, item: dict[str, Any], after_s: float = 0.0) -> None:
        """Have an update posted after a while, unless it is lost."""
        update = Update(kind=kind, item=item, due=time.monotonic() + after_s)
        with self._lock:
            if self.mishaps.lost(update):
                self.lost.append(update)
                return
            if self._chance.random() < self.mishaps.reordered:
                update = replace(update, due=update.due + self.mishaps.late_s)
            self._pending.append(update)
            if self._chance.random() < self.mishaps.twice:
                self._pending.append(replace(update, due=update.due + self.mishaps.late_s))

    def start(self) -> None:
        """Begin posting."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="herald", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Post nothing more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def settled(self) -> bool:
        """Whether everything told was posted and taken."""
        with self._lock:
            return not self._pending and not self._busy

    def _run(self) -> None:
        with httpx2.Client(timeout=TIMEOUT_S) as http:
            while not self._stop.wait(BEAT_S):
                batch = self._take()
                if batch:
                    self._post(http, batch)
                    with self._lock:
                        self._busy = False

    def _take(self) -> list[Update]:
        now = time.monotonic()
        with self._lock:
            if self.callback is None:
                return []
            due = [u for u in self._pending if u.due <= now][: self.mishaps.most]
            taken = {id(u) for u in due}
            self._pending = [u for u in self._pending if id(u) not in taken]
            self._busy = bool(due)
        if self.mishaps.reordered:
            self._chance.shuffle(due)
        return due

    def _post(self, http: httpx2.Client, batch: Sequence[Update]) -> None:
        body = self._pack(batch)
        headers = {"Content-Type": "application/json"} | dict(self._sign(body))
        try:
            taken = http.post(self.callback or "", content=body, headers=headers).status_code == 200
        except httpx2.HTTPError as error:
            taken = False
            self.cut_off += not isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)
        with self._lock:
            self.posted += taken
            if not taken and self.redelivers:
                again = time.monotonic() + REDELIVER_S
                self._pending += [
                    replace(u, tries=u.tries + 1, due=again) for u in batch if u.tries < MOST_TRIES
                ]
