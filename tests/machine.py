"""How fast this machine is at the moment, so that limits of time judge the code and not the machine."""

import re
from time import process_time

# CPU seconds of `_plain_work` on an idle core of the machine the limits of time were set on.
REFERENCE_S = 0.08
_WORDS = re.compile(r"(\w+): (\d+)")


def slowness() -> float:
    """Return how many times longer plain work takes than on the reference machine, at least 1."""
    started = process_time()
    _plain_work()
    return max(1.0, (process_time() - started) / REFERENCE_S)


def _plain_work() -> None:
    """Do what reading a book does: match lines, cut them, keep the pieces in dictionaries."""
    line = "zones: 12, rooms: 240, speakers: 36, players: 4"
    for _ in range(30_000):
        {word.casefold(): int(number) for word, number in _WORDS.findall(line)}
