"""How long starting takes: `python bench/startup.py` (medians of five, with the machine's load)."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.support.server import serving

ROUNDS = 5
ROOT = Path(__file__).parent.parent
BOOK = ROOT / "backend" / "venue_data.md"
REQUEST = "Send renewal reminders to all Hiltons expiring in October"


def command(*words: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "campaigns", *words], capture_output=True, check=True)  # noqa: S603
    return time.perf_counter() - began


def serve() -> tuple[float, float]:
    """Seconds until /healthz answers, and resident memory (MB) after a look round."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), BOOK, "--simulate", "--today", "2025-09-15") as server,
    ):
        server.client.get("/api/campaigns/statistics").raise_for_status()
        pages = Path(f"/proc/{server.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return server.start_s, int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for name, words in (
        ("campaigns --help", ["--help"]),
        ("campaigns ask", ["ask", REQUEST, "--today", "2025-09-15"]),
    ):
        print(f"{name:24} {statistics.median(command(*words) for _ in range(ROUNDS)):.2f} s")
    starts = [serve() for _ in range(ROUNDS)]
    print(f"{'campaigns serve':24} {statistics.median(s for s, _ in starts):.2f} s")
    print(f"{'  memory':24} {statistics.median(m for _, m in starts):.0f} MB")


if __name__ == "__main__":
    main()
