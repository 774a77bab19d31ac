"""A real IMAP server on loopback: Debian's Dovecot, where it is installed."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support.server import free_port

USER, PASSWORD = "hello@music.example", "correct-horse"
PATIENCE_S = 20.0

_CONFIG = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
listen = 127.0.0.1
default_internal_user = {internal}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
mailbox_idle_check_interval = 1 secs
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
}}
"""


def program() -> str:
    """Return where Dovecot is; skip the test where it is not, except in CI."""
    found = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        assert "CAMPAIGNS_CI" not in os.environ, "CI installs dovecot-imapd"
        pytest.skip("Dovecot is not installed (Debian: dovecot-imapd)")
    return found


@contextmanager
def serving() -> Iterator[int]:
    """Serve an empty mailbox; yield the port. Any user with the password has one."""
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    port = free_port()
    own = os.getuid() != 0
    mail_user = pwd.getpwuid(os.getuid()) if own else pwd.getpwnam("nobody")
    for part in ("run", "mail", "home"):
        (folder / part).mkdir(mode=0o755)
        os.chown(folder / part, mail_user.pw_uid if part != "run" else -1, -1)
    folder.chmod(0o755)
    config = folder / "dovecot.conf"
    config.write_text(
        _CONFIG.format(
            folder=folder,
            port=port,
            password=PASSWORD,
            uid=mail_user.pw_uid,
            gid=mail_user.pw_gid,
            internal=mail_user.pw_name if own else "dovecot",
            login=mail_user.pw_name if own else "dovenull",
        ),
        encoding="utf-8",
    )
    server = subprocess.Popen([program(), "-F", "-c", str(config)])  # noqa: S603 - Debian's own
    try:
        _wait_for(port, server, folder)
        yield port
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, server: "subprocess.Popen[bytes]", folder: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert server.poll() is None, (folder / "log").read_text(encoding="utf-8")
            assert time.monotonic() < end
            time.sleep(0.05)
        else:
            return
