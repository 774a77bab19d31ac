"""Measure a book of any size: reading it, bringing it into the tables, one edit, counting audiences.

    python bench/book_size.py [--entries 100000] [--customers 1000000] [--folder DIR]

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
from datetime import date
from pathlib import Path

from sqlalchemy import text

import book_scale
from campaigns import book as books
from campaigns.model.customer import Size
from campaigns.model.plan import CampaignType, DateRange, Filters, IntRange, Plan
from campaigns.orchestrator.customers import CustomerBook
from campaigns.store import SqlStore
from campaigns.store.database import sqlite_engine

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        path = folder / "book.md"
        path.write_text(book_scale.generated(given.entries), encoding="utf-8")
        print(f"{given.entries} entries, {path.stat().st_size / 1e6:.1f} MB")
        print(f"{'step':22}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}")
        measure("base line", base_line, path)
        measure("parse", parse, path)
        measure("import", bring_in, path)
        measure("start, unchanged", bring_in, path)
        edited = path.read_text("utf-8").replace("**Zone Count**: 3", "**Zone Count**: 4", 1)
        path.write_text(edited, encoding="utf-8")
        measure("start, one entry edited", bring_in, path)
        count(database_of(path), given.customers)
        # Another process: what a server loads must not count as what reading a book takes.
        route = Path(__file__).with_name("audience_route.py")
        subprocess.run([sys.executable, str(route), str(path)], check=True)  # noqa: S603 - our own


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
    with books.opened(path) as file, books.uncollected():
        for _ in books.Reading(file.chunks, path.name).records():
            pass


def bring_in(path: Path) -> None:
    database_of(path).parent.mkdir(exist_ok=True)
    store = SqlStore(sqlite_engine(database_of(path)))
    store.create()
    CustomerBook(path, store).refresh()
    store.engine.dispose()


def database_of(path: Path) -> Path:
    return path.parent / "data" / "campaigns.db"


def count(database: Path, customers: int) -> None:
    store = SqlStore(sqlite_engine(database))
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
        tx.connection.execute(text("ANALYZE"))
    print(f"\ncounting among {copied} customers, 20 samples, 20 times")
    for name, filters in PLANS.items():
        plan = Plan(type=CampaignType.RENEWAL, filters=filters, everyone=True)
        times = []
        for _ in range(20):
            with store.read() as tx:
                started = time.perf_counter()
                found, _ = tx.customers.look(plan, 20)
                times.append((time.perf_counter() - started) * 1e3)
        print(f"{name:28}{found:9}  p50 {statistics.median(times):8.1f} ms", flush=True)
    store.engine.dispose()


if __name__ == "__main__":
    main()
