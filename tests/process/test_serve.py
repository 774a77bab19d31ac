"""The server as a process: start, kill, real mail, one click, a folder for one."""

import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import httpx2
from tests.channels import smtp_peer
from tests.support.server import (
    approved,
    book_of,
    link_in,
    messages,
    serving,
    status,
    until,
)

REQUEST = "Send renewal reminders to all hotels in Bangkok expiring in October"
FROZEN = ("--today", "2025-09-15")
SETTLED = {"accepted", "sent", "delivered", "read", "failed", "in_doubt"}


def taken(data: Path) -> Counter[str]:
    """How often the simulated provider took each message."""
    with closing(sqlite3.connect(data / "simulator.db")) as box:
        return Counter(i for (i,) in box.execute("SELECT message_id FROM accepted"))


def test_a_kill_in_the_middle_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    book, data = book_of(120, tmp_path / "book.md"), tmp_path / "data"
    fast = {"CAMPAIGNS_HOLD_SECONDS": "0", "CAMPAIGNS_EMAIL_PER_HOUR": "100000"}
    with serving(data, book, "--simulate", *FROZEN, **fast) as server:
        campaign_id = approved(server.client, REQUEST)
        server.client.post(f"/api/campaigns/{campaign_id}/send", json={})
        until(lambda: sum(taken(data).values()) >= 20)
        server.kill()
    assert sum(taken(data).values()) < 120, "it was too fast to be killed in the middle"

    with serving(data, book, "--simulate", *FROZEN, **fast) as server:
        until(lambda: all(m["status"] in SETTLED for m in messages(server.client, campaign_id)))
        found = messages(server.client, campaign_id)
        assert server.client.get("/api/campaigns/statistics").status_code == 200
    box = taken(data)
    doubt = {str(m["message_id"]) for m in found if m["status"] == "in_doubt"}
    assert len(found) == 120
    assert max(box.values()) == 1, "something was sent twice"
    lost = {str(m["message_id"]) for m in found} - box.keys() - doubt
    assert lost == set(), "something was neither sent nor in doubt"
    assert len(doubt) <= 8, "more in doubt than were under way"


def test_real_mail_goes_out_and_one_click_really_suppresses(tmp_path: Path) -> None:
    book, data = book_of(3, tmp_path / "book.md"), tmp_path / "data"
    peer = smtp_peer.Peer()
    with smtp_peer.serving(peer) as port:
        mail = {
            "SMTP_SERVER": "127.0.0.1",
            "SMTP_PORT": str(port),
            "CAMPAIGNS_SMTP_SECURITY": "none",
            "CAMPAIGN_EMAIL_SENDER": "music@bma.example",
            "CAMPAIGNS_HOLD_SECONDS": "0",
        }
        with serving(data, book, *FROZEN, **mail) as server:
            campaign_id = approved(server.client, REQUEST)
            server.client.post(f"/api/campaigns/{campaign_id}/send", json={})
            until(lambda: status(server.client, campaign_id) == "completed")
            assert len(peer.taken) == 3
            letter = peer.taken[0]
            assert letter["Message-ID"].startswith("<m_")
            assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            text = letter.get_body(("plain",)).get_content()
            html = letter.get_body(("html",)).get_content()
            assert "THB 9,000" in text
            assert "THB 9,000" in html
            link = link_in(letter["List-Unsubscribe"])
            assert link == link_in(text)

            with httpx2.Client(base_url=server.url) as bare:
                for method in ("HEAD", "GET"):
                    assert bare.request(method, link).status_code == 200
                    assert suppressed(server.client) == []
                done = bare.post(link, data={"List-Unsubscribe": "One-Click"})
                assert done.status_code == 200
            assert suppressed(server.client) == [letter["To"].addresses[0].addr_spec]

            again = approved(server.client, REQUEST)
            server.client.post(f"/api/campaigns/{again}/send", json={})
            until(lambda: status(server.client, again) == "completed")
            assert len(peer.taken) == 5


def suppressed(client: httpx2.Client) -> list[str]:
    return [s["address"] for s in client.get("/api/suppressions").json()["suppressions"]]


def test_a_second_process_on_the_same_folder_is_refused_with_the_pid(tmp_path: Path) -> None:
    book, data = book_of(1, tmp_path / "book.md"), tmp_path / "data"
    with serving(data, book, "--simulate", *FROZEN) as server:
        command = [sys.executable, "-m", "campaigns", "worker", "--data", str(data)]
        second = subprocess.run(  # noqa: S603 - our own program
            [*command, "--book", str(book), "--simulate"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert second.returncode == 1
        assert str(server.process.pid) in second.stderr


def test_it_starts_quickly_and_ends_on_sigterm(tmp_path: Path) -> None:
    book, data = book_of(10, tmp_path / "book.md"), tmp_path / "data"
    with serving(data, book, "--simulate", *FROZEN) as server:
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=20) in (0, -signal.SIGTERM)


def test_a_book_that_cannot_be_read_stops_the_start_and_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "book.md"
    wrong.write_bytes(b"\xff\xfe\x00nonsense")
    command = [sys.executable, "-m", "campaigns", "serve", "--simulate", "--port", "0"]
    ended = subprocess.run(  # noqa: S603 - our own program
        [*command, "--data", str(tmp_path / "data"), "--book", str(wrong)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "book.md" in ended.stderr.replace("\n", "")
    assert "UTF-8" in ended.stderr
