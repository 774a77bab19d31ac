"""Measure reading books of growing size: CPU seconds, microseconds per entry, peak memory.

    python bench/book_scale.py [--entries 1000 10000]

The books are generated: invented names from the project's own word lists, the fill rates of a
book grown by hand (most entries have no contact), every tenth entry with one e-mail.
"""

import argparse
import multiprocessing
import random
import time
import tracemalloc
from datetime import date, timedelta

from campaigns.book import parse
from campaigns.book.brands import listed_brands
from campaigns.book.gazetteer import listed_places

ROLES = ("General Manager", "Purchasing Manager", "Operations Manager", "IT Manager")
SUFFIXES = ("Riverside", "Garden", "Old Town", "Airport", "Bay", "Park", "Central", "Hill")
OWN = ("Lantern", "Heron", "Copper", "Saffron", "Willow", "Tamarind", "Ember", "Juniper", "Coral")
KINDS = ("Hotel", "Restaurant", "Coffee Shop", "Shopping Mall", "Wine Bar", "Fitness", "—")
ZONES = ("Lobby", "Pool", "Gym", "Restaurant", "Rooftop", "Spa", "Bar", "Terrace")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--entries", type=int, nargs="+", default=[1_000, 10_000])
    arguments = parser.parse_args()
    parse(generated(100))
    print(f"{'entries':>9}{'MB':>8}{'CPU s':>10}{'µs/entry':>10}{'peak MB':>10}")
    for count in arguments.entries:
        text = generated(count)
        with multiprocessing.get_context("fork").Pool(1) as pool:
            seconds, peak = pool.apply(_measured, (text,))
        print(
            f"{count:9}{len(text) / 1e6:8.1f}{seconds:10.2f}{seconds / count * 1e6:10.0f}"
            f"{peak / 1e6:10.1f}"
        )


def _measured(text: str) -> tuple[float, int]:
    started = time.process_time()
    parse(text)
    seconds = time.process_time() - started
    tracemalloc.start()
    parse(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, peak


def generated(count: int, seed: int = 1) -> str:
    """Return the text of a book with `count` entries."""
    chance = random.Random(seed)  # noqa: S311 - names for a benchmark, no secret
    flags = [row.words[0] for row in listed_brands() if not row.flag.doubt]
    places = [row.words[0] for row in listed_places() if row.words and row.place.city]
    head = "# Book\n\nLast Updated: 2025-09-15\n\n## Venue Information\n\n"
    entries = (_entry(number, chance, flags, places) for number in range(count))
    return head + "\n---\n\n".join(entries)


def _entry(number: int, chance: random.Random, flags: list[str], places: list[str]) -> str:
    first = chance.choice(flags) if chance.random() < 0.7 else f"The {chance.choice(OWN)} House"
    name = f"{first} {chance.choice(places)} {chance.choice(SUFFIXES)} {number % 97}"
    zones = ", ".join(chance.sample(ZONES, chance.randint(1, 5)))
    end = date(2025, 1, 1) + timedelta(days=chance.randrange(700))
    lines = [
        f"### {name}",
        f"- **Business Type**: {chance.choice(KINDS)}",
        f"- **Zone Count**: {chance.randint(1, 12)}",
        f"- **Zone Names**: {zones}",
        f"- **Music Platform**: {chance.choice(('SYB', 'BMS', 'Beat Breeze', '—'))}",
        "- **Annual Price per Zone**: —",
        "- **Currency**: —",
        "- **Contract Start**: —",
        f"- **Contract End**: {end if chance.random() < 0.8 else '—'}",
        "- **Soundtrack Account ID**: —",
        "- **Hardware Type**: —",
        "",
        "#### Contacts",
    ]
    for at, role in enumerate(ROLES):
        email = f"manager{number}@hotel{number}.example" if at == 0 and number % 10 == 0 else "—"
        lines += [f"- **{role}**: —", f"  - Email: {email}", "  - Phone: —"]
        lines += ["  - Preferred Contact: —", "  - Notes: —", ""]
    lines += ["#### Issue History", "- No recorded issues yet.", ""]
    lines += ["#### Special Notes", "- —", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
