"""Our processes over one database: started, killed and started again."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx2
from tests.support.server import KEY, PATIENCE_S, free_port

START_S = 240.0  # on a machine with a lot else to do
WORKING = "Working."  # what a worker says when it is ready


@dataclass
class House:
    """`campaigns serve`, and workers beside it where the database takes several processes."""

    folder: Path
    book: Path
    settings: dict[str, str]
    roles: tuple[str, ...] = ("serve",)
    port: int = field(default_factory=free_port)
    running: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)
    # One for all looks: making another takes longer than the look, and takes the machine's time.
    _asks: httpx2.Client = field(default_factory=httpx2.Client)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, headers={"X-API-Key": KEY}, timeout=300)

    def start(self) -> None:
        """Start every process that does not run."""
        for role in self.roles:
            if role not in self.running or self.running[role].poll() is not None:
                self.running[role] = self._spawn(role)

    def wait_until_ready(self, *roles: str) -> None:
        """Wait for these, or for all."""
        end = time.monotonic() + START_S
        for role in roles or self.roles:
            process = self.running[role]
            while not self.is_ready(role):
                assert process.poll() is None, self.trouble()
                if time.monotonic() > end:
                    process.send_signal(signal.SIGABRT)  # it says where it hangs
                    process.wait()
                    raise AssertionError(self.trouble())
                time.sleep(0.02)

    def is_ready(self, role: str) -> bool:
        """Whether a process works, or answers."""
        if role != "serve":
            return WORKING in self._said(role)
        try:
            return self._asks.get(f"{self.url}/healthz").status_code == 200
        except httpx2.TransportError:
            return False

    def kill(self, role: str) -> None:
        """End one as a power cut would."""
        self.running[role].kill()
        self.running[role].wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """End every process for good: nothing of a test outlives it."""
        for role in self.running:
            self.kill(role)
        self._asks.close()

    def stop(self) -> None:
        """End every process as an operator would."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(timeout=PATIENCE_S)

    def trouble(self) -> str:
        """Return the end of what the processes wrote."""
        return "\n".join(
            f"--- {role}\n{self._said(role)[-500:]}\n"
            + (self.folder / f"{role}.err").read_text(encoding="utf-8")[-3000:]
            for role in self.running
        )

    def _said(self, role: str) -> str:
        return (self.folder / f"{role}.out").read_text(encoding="utf-8")

    def _spawn(self, role: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "campaigns", role.rstrip("0123456789")]
        command += ["--data", str(self.folder / "data"), "--book", str(self.book)]
        if role == "serve":
            command += ["--port", str(self.port)]
        environment = {**os.environ, "CAMPAIGNS_ADMIN_KEY": KEY, "PYTHONFAULTHANDLER": "1"}
        environment |= self.settings
        with (
            (self.folder / f"{role}.out").open("wb") as out,
            (self.folder / f"{role}.err").open("ab") as err,
        ):
            return subprocess.Popen(command, env=environment, stdout=out, stderr=err)  # noqa: S603
