"""How a text is spelt: its words, pairs of words and runs of letters, for a third opinion.

Sentence vectors hear the meaning and miss slang, Thai in Latin letters and slips of the finger;
runs of letters catch those. Each n-gram is kept by a hash alone.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING
from zlib import crc32

from campaigns.ai.embedded.replies.fold import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Table = NDArray[np.float32]

BUCKETS = 1 << 16
_RUNS = range(2, 5)  # letters


def grams(text: str) -> list[int]:
    """Return the buckets of a text's n-grams, each once, sorted."""
    words = fold(text).spaced.split()
    return sorted({crc32(gram.encode()) % BUCKETS for gram in _grams(words)})


def _grams(words: Sequence[str]) -> Iterator[str]:
    yield from (f"w{word}" for word in words)
    yield from (f"w{one} {two}" for one, two in pairwise(words))
    letters = " ".join(words)
    for size in _RUNS:
        yield from (letters[i : i + size] for i in range(len(letters) - size + 1))


def spelt(texts: Sequence[str], table: "Table") -> "Table":
    """Return what the n-grams of each text say of each intent, long texts not louder than short.

    `table` has a row per bucket and a column per intent, in logarithms.
    """
    import numpy as np

    rows = [grams(text) for text in texts]
    sums = [table[row].sum(axis=0) / np.sqrt(max(len(row), 1)) for row in rows]
    return np.asarray(sums, dtype=table.dtype)
