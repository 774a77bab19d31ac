"""`campaigns serve` as a process of its own, and a client for it."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

KEY = "the-key-of-the-process-tests"
PATIENCE_S = 60.0


def until(happened: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Wait until something happened, or fail."""
    deadline = time.monotonic() + patience_s
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@dataclass
class Server:
    """A running server; `client` carries the admin key."""

    process: "subprocess.Popen[str]"
    client: httpx2.Client
    url: str
    start_s: float

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """End it as an operator would; return the exit code."""
        self.process.terminate()
        return self.process.wait(timeout=20)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(
    data: Path, book: Path, *options: str, port: int | None = None, **settings: str
) -> Iterator[Server]:
    """Start `campaigns serve` over a data folder and a book; stop it at the end."""
    port = port or free_port()
    environment: Mapping[str, str] = {
        **os.environ,
        "CAMPAIGNS_ADMIN_KEY": KEY,
        "CAMPAIGNS_LOG": "warning",
        **settings,
    }
    command = [sys.executable, "-m", "campaigns", "serve", "--port", str(port)]
    command += ["--data", str(data), "--book", str(book), *options]
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own program
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    url = f"http://127.0.0.1:{port}"
    client = httpx2.Client(base_url=url, headers={"X-API-Key": KEY}, timeout=30)

    def answers() -> bool:
        assert process.poll() is None, process.communicate()
        try:
            return client.get("/healthz").status_code == 200
        except httpx2.TransportError:
            return False

    try:
        until(answers)
        yield Server(process, client, url, time.monotonic() - began)
    finally:
        client.close()
        if process.poll() is None:
            process.kill()
        process.communicate()


def book_of(count: int, path: Path) -> Path:
    """Write a book of hotels in Bangkok, each with one reachable manager."""
    entries = "\n---\n\n".join(
        f"### Riverside House {n:04d} Bangkok\n"
        "- **Business Type**: Hotel\n- **Zone Count**: 2\n- **Zone Names**: Lobby, Pool\n"
        "- **Annual Price per Zone**: THB 9,000\n- **Currency**: THB\n"
        "- **Contract End**: 2025-10-20\n\n#### Contacts\n"
        f"- **General Manager**: Anna Example\n  - Email: silent.gm{n:04d}@riverside.example\n"
        for n in range(count)
    )
    path.write_text(f"# Book\n\n## Venue Information\n\n{entries}", encoding="utf-8")
    return path


def approved(client: httpx2.Client, request: str) -> str:
    """Create a campaign and have it approved; return its id."""
    made = client.post("/api/campaigns/create", json={"human_request": request}).json()
    assert made["status"] == "draft", made["plan"]
    at = f"/api/campaigns/{made['campaign_id']}"
    assert client.post(f"{at}/submit").status_code == 200
    shown = client.get(f"{at}/preview").json()["content_hash"]
    assert client.post(f"{at}/approve", json={"content_hash": shown}).status_code == 200
    return str(made["campaign_id"])


def status(client: httpx2.Client, campaign_id: str) -> str:
    """Return a campaign's state."""
    return str(client.get(f"/api/campaigns/{campaign_id}").json()["status"])


def messages(client: httpx2.Client, campaign_id: str) -> list[dict[str, object]]:
    """Return every message of a campaign."""
    found: list[dict[str, object]] = []
    cursor = ""
    while True:
        query = {"limit": 500, "cursor": cursor}
        page = client.get(f"/api/campaigns/{campaign_id}/messages", params=query).json()
        found += page["messages"]
        if not page["next_cursor"]:
            return found
        cursor = page["next_cursor"]


def link_in(text: str) -> str:
    """Return the path of the unsubscribe link in a message."""
    found = re.search(r"https?://[^/]+(/u/[\w.-]+)", text)
    assert found, text
    return found[1].rstrip(".")
