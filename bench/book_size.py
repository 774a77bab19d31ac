"""Measure a book of any size: reading it, bringing it into the tables, one edit, counting audiences.

    python bench/book_size.py [--entries 100000] [--customers 1000000] [--folder DIR] [--url URL]

The tables are SQLite's, or those of the empty PostgreSQL database that `--url` names.

Each step runs in a process of its own: CPU and wall seconds, and the peak of its resident memory
(a process that only imports the same modules is the base line). "count" copies the customers in
the table until there are `--customers`, then counts audiences with 20 samples each, 20 times: by
the query itself, and by `POST /api/audience/count` with all that is around it.
"""

import argparse
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import text

import book_scale
from campaigns import book as books
from campaigns.model.customer import Size
from campaigns.model.plan import CampaignType, DateRange, Filters, IntRange, Plan
from campaigns.orchestrator.customers import CustomerBook
from campaigns.store import SqlStore
from campaigns.store.database import open_engine

OCTOBER = DateRange(date(2025, 10, 1), date(2025, 10, 31))
PLANS = {
    "Hilton, ending in October": Filters(brand=("Hilton",), contract_end=(OCTOBER,)),
    "ending in October": Filters(contract_end=(OCTOBER,)),
    "Thailand": Filters(country=("Thailand",)),
    "Bangkok": Filters(city=("Bangkok",)),
    "Asia Pacific": Filters(region=("Asia Pacific",)),
    "hotels": Filters(business_type=("Hotel",)),
    "Beat Breeze": Filters(platform=("Beat Breeze",)),
    "enterprise": Filters(size=(Size.ENTERPRISE,)),
    "4 to 10 zones": Filters(zones=(IntRange(4, 10),)),
    "everyone": Filters(),
}


class OneDay:
    """A clock that loads nothing: the product's comes with all of its wiring."""

    def now(self) -> datetime:
        return datetime(2025, 9, 15, 3, tzinfo=UTC)

    def local_now(self) -> datetime:
        return self.now()

    def today(self) -> date:
        return self.now().date()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--url", help="an empty PostgreSQL database")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        path = folder / "book.md"
        path.write_text(book_scale.generated(given.entries), encoding="utf-8")
        print(f"{given.entries} entries, {path.stat().st_size / 1e6:.1f} MB")
        print(f"{'step':22}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}")
        bring_in = partial(_bring_in, url=given.url)
        measure("base line", base_line, path)
        measure("parse", parse, path)
        measure("import", bring_in, path)
        measure("start, unchanged", bring_in, path)
        edited = path.read_text("utf-8").replace("**Zone Count**: 3", "**Zone Count**: 4", 1)
        path.write_text(edited, encoding="utf-8")
        measure("start, one entry edited", bring_in, path)
        count(store_of(path, given.url), given.customers)
        # Another process: what a server loads must not count as what reading a book takes.
        route = Path(__file__).with_name("audience_route.py")
        asked = [sys.executable, str(route), str(path), *filter(None, [given.url])]
        subprocess.run(asked, check=True)  # noqa: S603 - our own


def measure(step: str, work: Callable[[Path], None], path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        cpu, wall, peak = pool.apply(_measured, (work, path))
    print(f"{step:22}{cpu:9.2f}{wall:9.2f}{peak:9.1f}", flush=True)


def _measured(work: Callable[[Path], None], path: Path) -> tuple[float, float, float]:
    cpu, wall = time.process_time(), time.monotonic()
    work(path)
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    return cpu, wall, _peak_mb()


def _peak_mb() -> float:
    # Not getrusage: its peak is inherited from the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def base_line(path: Path) -> None:
    books.parse(book_scale.generated(100))


def parse(path: Path) -> None:
    with books.opened(path) as file:
        for _ in books.Reading(file.chunks, path.name).records():
            pass


def _bring_in(path: Path, url: str | None) -> None:
    store = store_of(path, url)
    store.create()
    CustomerBook(path, store, OneDay()).refresh()
    store.engine.dispose()


def store_of(path: Path, url: str | None) -> SqlStore:
    data_of(path).mkdir(exist_ok=True)
    return SqlStore(open_engine(url, data_of(path)))


def data_of(path: Path) -> Path:
    return path.parent / "data"


def count(store: SqlStore, customers: int) -> None:
    with store.begin() as tx:
        copied = tx.customers.count()
        step = 1
        while copied < customers:
            columns = tx.connection.execute(text("SELECT * FROM customers LIMIT 1")).keys()
            own = ", ".join(f'"{c}"' for c in columns if c not in {"id", "position"})
            tx.connection.execute(
                text(
                    f"INSERT INTO customers (id, position, {own}) SELECT id || :mark, "  # noqa: S608
                    f"position + :by, {own} FROM customers LIMIT :most"
                ),
                {"mark": f"~{step}", "by": copied, "most": customers - copied},
            )
            copied, step = tx.customers.count(), step + 1
    store.settle()  # as after a book of that size was brought in
    print(f"\ncounting among {copied} customers, 20 samples, 20 times")
    for name, filters in PLANS.items():
        plan = Plan(type=CampaignType.RENEWAL, filters=filters, everyone=True)
        times = []
        for _ in range(20):
            with store.read() as tx:
                started = time.perf_counter()
                found, _ = tx.customers.look(plan, 20)
                times.append((time.perf_counter() - started) * 1e3)
        print(
            f"{name:28}{found:9}  p50 {statistics.median(times):8.1f} ms"
            f"  fastest {min(times):8.1f} ms",
            flush=True,
        )
    store.engine.dispose()


if __name__ == "__main__":
    main()
