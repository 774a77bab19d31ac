"""Measure `POST /api/audience/count` on a book and the tables beside it, as book_size leaves them.

    python bench/audience_route.py BOOK [URL]

The tables are those of the folder `data` beside the book, or of the PostgreSQL at URL. Each audience is counted with 20
samples, 20 times after a first one, over ASGI: signing, reading the filters and JSON included.
"""

import statistics
import sys
import time
from pathlib import Path

from starlette.testclient import TestClient

from book_size import PLANS, data_of
from campaigns import settings
from campaigns.app import create_app
from campaigns.bootstrap import opened
from campaigns.flow.plan import filters_json
from campaigns.model.access import SYSTEM, Scope


def main(path: Path, url: str | None = None) -> None:
    chosen = settings.read(
        campaigns_book=path,
        campaigns_data=data_of(path),
        campaigns_database_url=url,
        campaigns_simulate="all",
    )
    print("\nthe same by POST /api/audience/count, 20 times")
    with opened(chosen) as house, TestClient(create_app(house)) as client:
        _, secret = house.access.create_key("bench", frozenset({Scope.READ}), SYSTEM)
        headers = {"Authorization": f"Bearer {secret}"}
        for name, filters in PLANS.items():
            rules = filters_json(filters)
            body = {"filters": rules} if rules else {"everyone": True}
            times = []
            for _ in range(21):
                started = time.perf_counter()
                answer = client.post("/api/audience/count", json=body, headers=headers)
                times.append((time.perf_counter() - started) * 1e3)
                assert answer.status_code == 200, answer.text
            # The first one makes the book's words ready for all after it.
            found, p50 = answer.json()["customers"], statistics.median(times[1:])
            print(
                f"{name:28}{found:9}  p50 {p50:8.1f} ms  fastest {min(times):8.1f}"
                f"  first {times[0]:8.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
