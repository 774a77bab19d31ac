"""The book's bytes: read whole or in pieces, as text that can be written back unchanged."""

import codecs
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from campaigns.model.errors import BookError

_PIECE = 1 << 18  # bytes
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def digest_of(raw: bytes) -> str:
    """Return the SHA-256 of the book's bytes in hex: equal digests mean the same file."""
    return hashlib.sha256(raw).hexdigest()


def read_bytes(path: Path) -> bytes:
    """Return the bytes of the book file.

    Raises BookError with the file's name and the way out when it is missing, a folder or not
    readable.
    """
    with _refusals(path):
        return path.read_bytes()


def decode(raw: bytes, path: Path) -> str:
    """Return `raw` as text; bytes that are not UTF-8 stand in it as lone surrogates.

    `encode` gives exactly the same bytes back. Raises BookError for UTF-16, in which nothing of
    a book could be found.
    """
    _check_narrow(raw, path)
    return raw.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Return the bytes of a text that `decode` gave, changed or not."""
    return text.encode("utf-8", "surrogateescape")


class BookFile:
    """An open book file, read in pieces as often as wanted; the same bytes each time.

    `digest` is known once the file was read through, by `chunks` or by `hashed`.
    """

    def __init__(self, path: Path, file: io.BufferedReader) -> None:
        self.path = path
        self.digest = ""
        self._file = file

    def hashed(self) -> str:
        """Read the file through without looking at it; return the digest."""
        self._file.seek(0)
        self.digest = hashlib.file_digest(self._file, "sha256").hexdigest()
        return self.digest

    def chunks(self) -> Iterator[str]:
        """Yield the text from the beginning, in pieces.

        Raises BookError when somebody writes into the file meanwhile.
        """
        self._file.seek(0)
        whole = hashlib.sha256()
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        while piece := self._file.read(_PIECE):
            if self._file.tell() == len(piece):
                _check_narrow(piece, self.path)
            whole.update(piece)
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)
        before, self.digest = self.digest, whole.hexdigest()
        if before not in ("", self.digest):
            raise BookError(f"{self.path} is being written to. Read it again in a moment.")


@contextmanager
def opened(path: Path) -> Iterator[BookFile]:
    """Open the book file; raises BookError as `read_bytes` does."""
    with _refusals(path):
        file = path.open("rb")
    with file:
        yield BookFile(path, file)


def _check_narrow(raw: bytes, path: Path) -> None:
    if raw.startswith(_WIDE):
        raise BookError(
            f"{path}, line 1: this is UTF-16 text. Save the file again as UTF-8 "
            "(in a spreadsheet or editor: Save As, encoding UTF-8)."
        )


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    try:
        yield
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
