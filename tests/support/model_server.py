"""A server on this machine that speaks the OpenAI wire format, faults included.

`Model` answers chat completions, whole or as an event stream. What it says comes from `speak`,
which a test may replace; `faults` are met one a request, in order, the last of them for ever
when it is `FOREVER`.
"""

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-loopback"


class Fault(Enum):
    """What goes wrong with a request."""

    SLOW = "slow"
    TOO_MANY = 429
    BROKEN = 500
    DENIED = 401
    CUT = "cut"  # the connection ends in the middle of the answer
    NO_SCHEMA = "no schema"  # prose where JSON was asked for
    REFUSES = "refuses"


@dataclass(frozen=True)
class Asked:
    """One request as the server got it."""

    body: dict[str, Any]

    @property
    def instructions(self) -> str:
        return next(
            m["content"] for m in self.body["messages"] if m["role"] in ("system", "developer")
        )

    @property
    def turns(self) -> list[str]:
        """What the other side said, first to last: the question, then reasons to try again."""
        return [m["content"] for m in self.body["messages"] if m["role"] == "user"]

    @property
    def data(self) -> str:
        """The words between the marks."""
        fenced = re.search(r"<data \S+>\n(.*)\n</data", self.turns[0], re.DOTALL)
        return str(json.loads(fenced[1])) if fenced else self.turns[0]

    @property
    def job(self) -> str:
        first = self.instructions.split()[:3]
        return {
            "You write one": "compose",
            "You read what": "interpret",
            "You read one": "read",
        }.get(" ".join(first), "other")

    @property
    def house_text(self) -> dict[str, Any]:
        """The house's own text that a compose request shows."""
        shown = self.instructions.split("example of the form:\n", 1)[1]
        text: dict[str, Any] = json.loads(shown)
        return text


Speak = Callable[[Asked], str]


def parrot(asked: Asked) -> str:
    """Answer as a model without ideas of its own: the house's text, nothing read."""
    match asked.job:
        case "compose":
            return json.dumps(asked.house_text)
        case "read":
            intents = [{"intent": "other", "evidence": ""}]
            return json.dumps(
                {"intents": intents, "sentiment": "neutral", "language": "en", "sure": False}
            )
        case _:
            return "ready"


@dataclass
class Model:
    """The running server. `asked` holds every request, `faults` those still to come."""

    url: str
    speak: Speak = parrot
    faults: list[Fault] = field(default_factory=list)
    forever: Fault | None = None
    slow_s: float = 30.0
    asked: list[Asked] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopping: threading.Event = field(default_factory=threading.Event)

    def met(self, body: dict[str, Any], key: str) -> tuple[Asked, Fault | None]:
        """Note a request; return it with the fault it meets."""
        with self.lock:
            asked = Asked(body)
            self.asked.append(asked)
            self.keys.append(key)
            return asked, self.faults.pop(0) if self.faults else self.forever


@contextmanager
def model_server(speak: Speak = parrot) -> Iterator[Model]:
    """Serve on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    model = Model(f"http://127.0.0.1:{server.server_address[1]}/v1", speak)
    server.model = model  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield model
    finally:
        model.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        model: Model = self.server.model  # type: ignore[attr-defined]
        length = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(length))
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        asked, fault = model.met(body, key)
        if self.path != "/v1/chat/completions":
            return self._problem(404, "unknown path")
        if fault is Fault.SLOW:
            model.stopping.wait(model.slow_s)
        if fault in (Fault.TOO_MANY, Fault.BROKEN, Fault.DENIED):
            return self._problem(int(fault.value), fault.name.lower())
        words = "Certainly! Here you go." if fault is Fault.NO_SCHEMA else model.speak(asked)
        refusal = "I can't help with that." if fault is Fault.REFUSES else None
        if body.get("stream"):
            return self._stream(body, words, cut=fault is Fault.CUT)
        return self._whole(body, words, refusal, cut=fault is Fault.CUT)

    def _whole(self, body: dict[str, Any], words: str, refusal: str | None, *, cut: bool) -> None:
        message: dict[str, Any] = {"role": "assistant", "content": words, "refusal": None}
        finish = "stop"
        if refusal is not None:
            message |= {"content": None, "refusal": refusal}
        elif body.get("tools"):
            call = {"name": body["tools"][0]["function"]["name"], "arguments": words}
            message |= {
                "content": None,
                "tool_calls": [{"id": "call_1", "type": "function", "function": call}],
            }
            finish = "tool_calls"
        answer = json.dumps(
            {
                **_head(body, "chat.completion"),
                "choices": [{"index": 0, "message": message, "finish_reason": finish}],
                "usage": _usage(body, words),
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if cut:
            self.wfile.write(answer[: len(answer) // 2])
            self._hang_up()
        else:
            self.wfile.write(answer)

    def _stream(self, body: dict[str, Any], words: str, *, cut: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        parts = re.findall(r"\S+\s*", words)
        for at, part in enumerate(parts):
            if cut and at == len(parts) // 2:
                self._hang_up()
                return
            delta = {"role": "assistant", "content": part} if at == 0 else {"content": part}
            self._event(body, {"index": 0, "delta": delta, "finish_reason": None})
            time.sleep(0.001)
        self._event(body, {"index": 0, "delta": {}, "finish_reason": "stop"})
        chunk = _head(body, "chat.completion.chunk") | {"choices": [], "usage": _usage(body, words)}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode())
        self.close_connection = True

    def _event(self, body: dict[str, Any], choice: dict[str, Any]) -> None:
        chunk = _head(body, "chat.completion.chunk") | {"choices": [choice]}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def _problem(self, status: int, words: str) -> None:
        answer = json.dumps({"error": {"message": words, "type": "error", "code": words}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("Retry-After-Ms", "1")
        self.end_headers()
        self.wfile.write(answer)

    def _hang_up(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Say nothing."""


def _head(body: dict[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": body["model"]}


def _usage(body: dict[str, Any], words: str) -> dict[str, int]:
    """Count a token a word, so that tests can say what a call costs."""
    asked = sum(len(str(m.get("content")).split()) for m in body["messages"])
    said = len(words.split())
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}
