"""Postfix's own test server on loopback: Debian's smtp-sink, where it is installed."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.support.server import free_port

PATIENCE_S = 20.0


def program() -> str:
    """Return where smtp-sink is; skip the test where it is not, except in CI."""
    found = shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        assert "CAMPAIGNS_CI" not in os.environ, "CI installs postfix"
        pytest.skip("smtp-sink is not installed (Debian: postfix)")
    return found


@contextmanager
def serving(*faults: str) -> Iterator[int]:
    """Serve with these options of smtp-sink(1), which say what goes wrong; yield the port."""
    port = free_port()
    drop_rights = ["-u", "nobody"] if os.getuid() == 0 else []
    command = [program(), *drop_rights, *faults, f"127.0.0.1:{port}", "10"]
    server = subprocess.Popen(command)  # noqa: S603 - Debian's own
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert server.poll() is None, "smtp-sink ended"
            assert time.monotonic() < end
            time.sleep(0.02)
        else:
            return
