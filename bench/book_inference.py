"""Measure what the book layer tells customers apart by: kinds, brands, places, and its speed.

    python bench/book_inference.py --book BOOK.md --truth TRUTH.jsonl [--misses]

The truth file holds one JSON object per entry, in the order of the book: `customer`, `group`,
`flag`, `city`, `country`, `region`, `zone_count`; null means "cannot be told". `place` says how a
place counts: "local knowledge" is right when known and no miss when unknown, "unscored" neither.
Rows marked `debatable` do not count; a row with `duplicate_of` is
an exact copy of a customer and is best set aside as one. Precision: right of all told. Recall: told right of all there
is to tell. `--misses` lists every wrong and every missed value (never use it on a split that is
kept unseen).
"""

import argparse
import json
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from campaigns.book import parse
from campaigns.model.customer import Customer, Known
from campaigns.model.fold import fold
from campaigns.model.record import Record, RecordKind

Row = dict[str, Any]
ROUNDS = 7


@dataclass
class Score:
    """Right, wrong and missed of one attribute; `faults` name the rows that are not right."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        expected = self.right + self.missed
        return self.right / expected if expected else 1.0


def main() -> None:
    arguments = _arguments()
    with arguments.book.open(encoding="utf-8", newline="") as file:
        text = file.read()
    truth = [json.loads(line) for line in arguments.truth.read_text(encoding="utf-8").splitlines()]
    warm, cold = _rounds(text, "fork"), _rounds(text, "spawn")
    book = parse(text)
    if len(truth) != len(book.records):
        raise SystemExit(f"{len(book.records)} entries in the book, {len(truth)} in the truth file")
    pairs = [
        (row, record)
        for row, record in zip(truth, book.records, strict=True)
        if not row.get("debatable")
    ]
    _print_kinds(pairs, arguments.misses)
    _print_attributes(pairs, arguments.misses)
    for lists, times in (("word lists loaded", warm), ("loading the word lists too", cold)):
        wall, cpu = (statistics.median(column) for column in zip(*times, strict=True))
        print(
            f"{len(book.records)} entries read in {wall:.3f} s, {cpu:.3f} s of them on the CPU "
            f"(medians of {ROUNDS}, {lists}; load {os.getloadavg()[0]:.1f})"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--book", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--misses", action="store_true", help="list every wrong and missed value")
    return parser.parse_args()


def _print_kinds(pairs: list[tuple[Row, Record]], misses: bool) -> None:
    customers = [(row, r) for row, r in pairs if row["customer"]]
    others = [(row, r) for row, r in pairs if not row["customer"]]
    copies = [r for row, r in customers if "duplicate_of" in row and r.kind is RecordKind.DUPLICATE]
    lost = [r for _, r in customers if r.kind is not RecordKind.CUSTOMER and r not in copies]
    taken = [r for _, r in others if r.kind is RecordKind.CUSTOMER]
    kept = len(customers) - len(lost) - len(copies)
    print(f"customers kept      {kept} of {len(customers) - len(copies)}")
    print(f"exact copies set aside {len(copies)}")
    print(f"non-customers found {len(others) - len(taken)} of {len(others)}")
    if misses:
        for record in lost:
            print(f"  lost: {record.customer.name!r}: {record.why}")
        for record in taken:
            print(f"  taken for a customer: {record.customer.name!r}")


def _print_attributes(pairs: list[tuple[Row, Record]], misses: bool) -> None:
    print(f"{'':14}{'told right':>11}{'wrong':>7}{'missed':>8}{'precision':>11}{'recall':>8}")
    for name, expected, told, is_place in _attributes():
        score = _score(pairs, expected, told, is_place=is_place)
        print(
            f"{name:14}{score.right:11}{score.wrong:7}{score.missed:8}"
            f"{score.precision:11.2%}{score.recall:8.2%}"
        )
        for fault in score.faults if misses else ():
            print(f"    {fault}")


def _attributes() -> Iterator[tuple[str, str, Callable[[Customer], object], bool]]:
    yield "brand_group", "group", lambda c: _value(c.brand_group), False
    yield "brand", "flag", lambda c: _value(c.brand), False
    yield "country", "country", lambda c: _value(c.country), True
    yield "region", "region", lambda c: _value(c.region), True
    yield "city", "city", lambda c: _value(c.city), True
    yield "zone_count", "zone_count", lambda c: c.zone_count, False


def _value(known: Known[str] | None) -> str | None:
    return known.value if known else None


def _score(
    pairs: list[tuple[Row, Record]],
    expected: str,
    told: Callable[[Customer], object],
    *,
    is_place: bool,
) -> Score:
    score = Score()
    for row, record in pairs:
        if not row["customer"] or expected not in row:
            continue
        if is_place and row.get("place") == "unscored":
            continue
        truth, value = row.get(expected), told(record.customer)
        if _same(truth, value):
            score.right += truth is not None
            continue
        score.wrong += value is not None
        unfair = is_place and row.get("place") == "local knowledge" and value is None
        score.missed += truth is not None and not unfair
        if not unfair:
            score.faults.append(f"{record.customer.name!r}: told {value!r}, is {truth!r}")
    return score


def _same(truth: object, value: object) -> bool:
    if isinstance(truth, str) and isinstance(value, str):
        return fold(truth) == fold(value)
    return truth == value


def _timed(text: str) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    parse(text)
    return time.perf_counter() - wall, time.process_time() - cpu


def _rounds(text: str, start: str) -> list[tuple[float, float]]:
    """Time each reading in a process of its own, so that none profits from the one before.

    A forked process has the word lists already, a spawned one loads them.
    """
    parse("## Venue Information\n\n### Hilton Pattaya\n")
    context = multiprocessing.get_context(start)
    times = []
    for _ in range(ROUNDS):
        with context.Pool(1) as pool:
            times.append(pool.apply(_timed, (text,)))
    return times


if __name__ == "__main__":
    main()
