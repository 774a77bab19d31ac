"""Somebody who approves and sends, and people who write, while processes die under them."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import httpx2
from tests.crash.house import House
from tests.crash.world import Providers, house_name, is_dead, line_id, namesake, phone

T = TypeVar("T")
EVERY = ["email", "whatsapp", "line"]
STRANGERS = 900_000  # people who are not in the book


def created(client: httpx2.Client, customers: int, large: int, small: int) -> list[str]:
    """Create campaigns and submit them: `large` ones to everybody in parts, `small` ones to a few.

    Of the large ones every other names the channels, so that three messages go to each customer;
    the rest write one, with the next channel in reserve. The small ones go in turns to one
    customer and to namesakes on LINE, whom one request tells the same.
    Returns them mixed, a large one first.
    """
    names = [house_name(n) for n in range(customers)]
    parts = [
        {"type": "announcement", "filters": {"customer": names[n::large]}}
        | ({"channels": EVERY} if n % 2 else {})
        for n in range(large)
    ]
    # Not to the dead: what closed their address would end a later message before it is tried.
    living = [name for n, name in enumerate(names) if not is_dead(n)]
    ones = [
        {"type": "announcement", "filters": {"customer": namesake(n // 2)}, "channels": ["line"]}
        if n % 2
        else {"type": "survey", "filters": {"customer": living[n]}}
        for n in range(small)
    ]
    ids = []
    for asked in mixed(parts, ones):
        made = client.post("/api/campaigns/create", json=asked).json()
        assert made["status"] == "draft", made
        ids.append(str(made["campaign_id"]))
    assert client.post("/api/templates/submit", json={}).status_code == 200
    for campaign_id in ids:
        answer = client.post(f"/api/campaigns/{campaign_id}/submit")
        assert answer.status_code == 200, answer.text
    return ids


def mixed(few: Sequence[T], many: Sequence[T]) -> list[T]:
    """Return both in one row, the few spread evenly over the many."""
    step = len(many) // len(few)
    row = []
    for n, one in enumerate(few):
        last = n == len(few) - 1
        row += [one, *many[n * step : None if last else (n + 1) * step]]
    return row


@dataclass
class Operator:
    """Approves and sends one campaign after the other; a call that breaks is looked into.

    `let` paces the work, so that there is something to send for as long as processes are killed.
    `calling` is set while an approval or a send is being asked for, `caught_up` while all that
    was let is done; `cut_off` counts the calls that got no answer.
    """

    house: House
    waiting: list[str]
    done: list[str] = field(default_factory=list)
    calling: threading.Event = field(default_factory=threading.Event)
    caught_up: threading.Event = field(default_factory=threading.Event)
    cut_off: int = 0
    _let: int = 0
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def let(self, share: float) -> None:
        """Allow this share (0-1) of all campaigns and one more to be done."""
        self._let = int(share * (len(self.waiting) + len(self.done))) + 1
        if len(self.done) < self._let:
            self.caught_up.clear()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def finish(self) -> None:
        """See everything through that is left."""
        self._stopping.clear()
        with self.house.client() as client:
            while self.waiting:
                self._one(client)

    def _work(self) -> None:
        with self.house.client() as client:
            while self.waiting and not self._stopping.is_set():
                try:
                    if len(self.done) < self._let:
                        self._one(client)
                        continue
                    self.caught_up.set()
                except httpx2.TransportError as error:
                    self.cut_off += self.calling.is_set() and not unheard(error)
                finally:
                    self.calling.clear()
                self._stopping.wait(0.02)

    def _one(self, client: httpx2.Client) -> None:
        """Go on with the first campaign from wherever it is."""
        at = f"/api/campaigns/{self.waiting[0]}"
        shown = client.get(at).json()
        if shown["status"] in ("in_review", "approved"):
            self.calling.set()
        match shown["status"]:
            case "in_review":
                answer = client.post(f"{at}/approve", json={"content_hash": shown["content_hash"]})
            case "approved":
                answer = client.post(f"{at}/send", json={})
            case "sending" | "completed":
                self.done.append(self.waiting.pop(0))
                return
            case status:
                raise AssertionError(f"{self.waiting[0]} is {status}")
        # The answer of a call that was cut off and done all the same is a 409.
        assert answer.status_code in (200, 202, 409), answer.text


def unheard(error: httpx2.TransportError) -> bool:
    """Whether nobody was there to hear the call."""
    return isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)


@dataclass
class People:
    """Strangers who write by WhatsApp and LINE; what they wrote must be heard once."""

    providers: Providers
    said: list[str] = field(default_factory=list)

    def write(self, messages: int = 3) -> None:
        for _ in range(messages):
            n = len(self.said)
            text = f"Thank you, we are happy with number {n}"
            self.said.append(text)
            if n % 3:
                self.providers.meta.says(phone(STRANGERS + n), text)
            else:
                self.providers.line.says(line_id(STRANGERS + n), text)
