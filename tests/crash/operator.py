"""Somebody who approves and sends, and people who write, while processes die under them."""

import threading
from dataclasses import dataclass, field

import httpx2
from tests.crash.house import House
from tests.crash.world import Providers, line_id, phone

LARGE = "Announce our new playlists to all customers by e-mail, WhatsApp and LINE"
STRANGERS = 900_000  # people who are not in the book


def created(client: httpx2.Client, customers: int, small: int) -> tuple[str, list[str]]:
    """Create one campaign to everybody and small ones to one customer each, and submit them."""
    asked: list[dict[str, object]] = [{"human_request": LARGE}]
    asked += [
        {"type": "survey", "filters": {"customer": f"Riverside House {n:05d} Bangkok"}}
        for n in range(min(small, customers))
    ]
    ids = []
    for one in asked:
        made = client.post("/api/campaigns/create", json=one).json()
        assert made["status"] == "draft", made
        ids.append(str(made["campaign_id"]))
    assert client.post("/api/templates/submit", json={}).status_code == 200
    for campaign_id in ids:
        answer = client.post(f"/api/campaigns/{campaign_id}/submit")
        assert answer.status_code == 200, answer.text
    return ids[0], ids[1:]


@dataclass
class Operator:
    """Approves and sends one campaign after the other; a call that breaks is looked into."""

    house: House
    waiting: list[str]
    done: list[str] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

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
                    self._one(client)
                except httpx2.TransportError:
                    self._stopping.wait(0.05)

    def _one(self, client: httpx2.Client) -> None:
        """Go on with the first campaign from wherever it is."""
        at = f"/api/campaigns/{self.waiting[0]}"
        shown = client.get(at).json()
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
