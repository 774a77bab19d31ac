"""The book as a list of lines that joins back to the same text, byte for byte."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from campaigns.model.errors import BookError

# Not str.splitlines: form feeds and Unicode separators do not end a line of the book.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$")


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown text as lines with their own endings; `str(document)` is exactly the text."""

    lines: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Document":
        """Split `text` at CR LF, LF or CR, whichever each line has."""
        return cls(tuple(_LINE.findall(text)))

    def __str__(self) -> str:
        """Return the text the document was made of."""
        return "".join(self.lines)

    def ending(self) -> str:
        r"""Return the line ending most lines have ("\n" for a text without any)."""
        counts = self.endings()
        return max(("\n", "\r\n", "\r"), key=lambda ending: counts[ending])

    def endings(self) -> Counter[str]:
        """Return how many lines have each ending; the last line may have none."""
        odd = [line for line in self.lines if "\r" in line or not line.endswith("\n")]
        counts = Counter(line[len(line.rstrip("\r\n")) :] for line in odd)
        counts["\n"] += len(self.lines) - len(odd)
        return counts


def digest_of(raw: bytes) -> str:
    """Return the SHA-256 of the book's bytes in hex: equal digests mean the same file."""
    return hashlib.sha256(raw).hexdigest()


def read_bytes(path: Path) -> bytes:
    """Return the bytes of the book file.

    Raises BookError with the file's name and the way out when it is missing, a folder or not
    readable.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BookError(
            f"{path}: there is no such file. Give the customer book with --book FILE, "
            "or leave the option out to use the sample book."
        ) from None
    except IsADirectoryError:
        raise BookError(
            f"{path} is a folder. Give the Markdown file itself, such as {path / 'venue_data.md'}."
        ) from None
    except OSError as error:
        raise BookError(
            f"{path} cannot be read: {error.strerror}. Check its permissions."
        ) from error


def decode(raw: bytes, path: Path) -> str:
    """Return `raw` as text; raises BookError with line and column when it is not UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise BookError(
            f"{path}, line {line}, byte {column} of the line: this is not UTF-8 text. "
            "Save the file again as UTF-8 (in a spreadsheet or editor: Save As, encoding UTF-8)."
        ) from None
