"""Reading a book into the tables takes little memory beyond the libraries, whatever its size."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.book.books import HEAD, contact, entry

PROBE = """
import sys
from pathlib import Path
from zoneinfo import ZoneInfo
from campaigns.bootstrap.system import SystemClock
from campaigns.orchestrator.customers import CustomerBook
from campaigns.store import SqlStore
from campaigns.store.database import sqlite_engine

def peak():
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024

folder = Path(sys.argv[1])

def bring_in(book, data):
    store = SqlStore(sqlite_engine(folder / data))
    store.create()
    CustomerBook(folder / book, store, SystemClock(ZoneInfo("UTC"))).refresh()
    store.engine.dispose()

bring_in("small.md", "small.db")
before = peak()
bring_in("large.md", "large.db")
print(peak() - before)
"""
ENTRIES = 3_000
MOST_MB = 7  # 3.6 on the day this was written; 14.1 with caches that hold every name


def book_of(entries: int) -> str:
    """Return a book of which no two names, addresses or days of contract are the same."""
    return HEAD + "\n---\n\n".join(
        "### "
        + entry(
            f"House {at} of {at * 7919 % 10_007} on the hill",
            zone_count="2",
            zone_names=f"Lobby {at}, Pool {at}",
            contacts=contact(f"Ann {at}", email=f"ann{at}@house{at}.example"),
        )
        for at in range(entries)
    )


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's own figures")
def test_a_book_takes_little_memory_beyond_the_libraries_and_lists(tmp_path: Path) -> None:
    (tmp_path / "small.md").write_text(book_of(200), encoding="utf-8")
    (tmp_path / "large.md").write_text(book_of(ENTRIES), encoding="utf-8")
    command = [sys.executable, "-c", PROBE, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    taken = float(done.stdout)
    assert taken <= MOST_MB, f"{ENTRIES} entries took {taken:.1f} MB"
