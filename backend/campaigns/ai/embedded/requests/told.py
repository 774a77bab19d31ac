"""Whether a clause only tells something or chooses customers: learnt from thousands written for it.

Rules on words (clauses.py) know a remark by words that are known. What people say beside an order
has no list: "the council dug up the car park again". Two opinions are weighed together, logistic
regression over the sentence's vector and over its n-grams; what was learnt is shipped as data and
made by `bench/train_requests.py` from data/told. Without the encoder nothing is judged, and what
no rule knows is asked about.
"""

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from campaigns.ai.embedded import encoder
from campaigns.ai.embedded.replies.spelling import grams

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]
    Vectors = NDArray[np.float32]

_DATA = files("campaigns.ai.embedded.requests") / "data"
_WEIGHTS = "told.npz"
SPELLING_SCALE = 32.0  # so many steps of a byte are one of the spelling's logarithms
_KINDS = ("choosing", "remark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What was learnt, and from what.

    `vector` weighs the 512 numbers of a sentence and a constant, `spelling` each bucket of its
    n-grams; `mix` a constant and the two opinions. From likelihood `told` on a clause is a remark,
    under `chooses` it is none whatever its words. `sentences` is the hash of the sentences learnt
    from, `encoder` the encoder's version.
    """

    vector: "Vector"
    spelling: "Vector"
    mix: tuple[float, float, float]
    told: float
    chooses: float
    sentences: str
    encoder: str


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt, and the encoder it was learnt with."""

    weights: Weights
    encode: "Callable[[Sequence[str]], Vectors]"

    def likelihood(self, clause: str) -> float:
        """Return how likely a clause chooses nobody, 0 to 1."""
        text = plain(clause)
        opinions = (
            by_vector(self.encode([text]), self.weights.vector)[0],
            by_spelling([text], self.weights.spelling)[0],
        )
        constant, *shares = self.weights.mix
        score = constant + sum(w * o for w, o in zip(shares, opinions, strict=True))
        return 1.0 / (1.0 + math.exp(-score))


def plain(clause: str) -> str:
    """Return a clause without its capitals, outer marks and spare spaces: as it is judged."""
    return " ".join(clause.casefold().split()).strip(" .,;:!?()-–—\"“”'")


def by_vector(vectors: "Vectors", weights: "Vector") -> "list[float]":
    """Return an opinion for each row of vectors; over nought is for a remark."""
    return [float(opinion) for opinion in vectors @ weights[:-1] + weights[-1]]


def by_spelling(texts: Sequence[str], weights: "Vector") -> "list[float]":
    """Return an opinion for each text by its n-grams, long texts not louder than short."""
    found = [grams(text) for text in texts]
    return [float(weights[g].sum() / math.sqrt(len(g) + 1)) for g in found]


def sentences() -> dict[str, tuple[str, ...]]:
    """Return the sentences to learn from, of each kind."""
    return {
        kind: tuple(
            line
            for line in (_DATA / "told" / f"{kind}.txt").read_text("utf-8").splitlines()
            if line and not line.startswith("#")
        )
        for kind in _KINDS
    }


def digest() -> str:
    """Return the SHA-256 (hex) of all sentences; the shipped weights carry the same."""
    whole = hashlib.sha256()
    for kind, lines in sentences().items():
        for line in lines:
            whole.update(f"{kind}\t{line}\0".encode())
    return whole.hexdigest()


def load_weights() -> Weights:
    """Return the shipped weights."""
    import numpy as np

    with as_file(_DATA / _WEIGHTS) as path, np.load(path, allow_pickle=False) as stored:
        about = json.loads(str(stored["about"]))
        return Weights(
            vector=stored["vector"].astype(np.float32),
            spelling=stored["spelling"].astype(np.float32) / SPELLING_SCALE,
            mix=tuple(about["mix"]),
            told=about["told"],
            chooses=about["chooses"],
            sentences=about["sentences"],
            encoder=about["encoder"],
        )


@cache
def load() -> Learnt | None:
    """Return what was learnt, None where the encoder is not installed or is another one."""
    try:
        loaded = encoder.load()
        weights = load_weights()
        return Learnt(weights, loaded.learnt_with(weights.encoder).encode)
    except encoder.Unavailable:
        return None
