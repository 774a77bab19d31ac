"""A process that carries automations out: `proposer.py BOOK DATA URL FIRST_ISO DAYS`.

It looks every three hours of the days, as a worker does at each tick; URL "-" means SQLite.
"""

import sys
from datetime import datetime, timedelta
from pathlib import Path

from tests.support.automating import desk


def main(book: Path, data: Path, url: str, first: datetime, days: int) -> None:
    with desk(book, data, None if url == "-" else url, first) as house:
        for hour in range(0, days * 24, 3):
            house.clock.instant = first + timedelta(hours=hour)
            house.proposals.run_due()


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        sys.argv[3],
        datetime.fromisoformat(sys.argv[4]),
        int(sys.argv[5]),
    )
