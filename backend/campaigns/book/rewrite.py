"""Replace the book file so that a crash at any instant leaves the old or the new one, whole."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from campaigns.book.source import digest_of, read_bytes
from campaigns.model.errors import BookChanged, BookError


@dataclass(slots=True)
class Rewrite:
    """A locked book file: its bytes as they are, and the way to replace them."""

    path: Path
    old: bytes

    def write(self, new: bytes) -> str:
        """Replace the file, keeping the old one with ".bak" added; return the new digest.

        Looks once more, since an editor asks for no lock. Raises BookChanged.
        """
        if new != self.old:
            _replace(self.path.with_name(self.path.name + ".bak"), self.old, like=self.path)
            if read_bytes(self.path) != self.old:
                raise _changed(self.path)
            _replace(self.path, new, like=self.path)
        return digest_of(new)


@contextmanager
def rewriting(path: Path, expected_digest: str | None) -> Iterator[Rewrite]:
    """Lock the book file (a ".lock" file beside it) and check that it is still the one read.

    Without a digest the file is taken as it is once the lock is held.

    Raises BookChanged when another process is changing it or it changed since it was read, and
    BookError when it cannot be read or written.
    """
    path = path.resolve()
    with _locked(path):
        old = read_bytes(path)
        if expected_digest is not None and digest_of(old) != expected_digest:
            raise _changed(path)
        try:
            yield Rewrite(path, old)
        except OSError as error:
            raise BookError(
                f"{path} cannot be written: {error.strerror}. The file is as it was; check the "
                "folder's permissions and space."
            ) from error


def _changed(path: Path) -> BookChanged:
    return BookChanged(
        f"{path} was changed since it was read. Read it again and repeat the change."
    )


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    lock = path.with_name(path.name + ".lock")
    try:
        handle = lock.open("a")
    except OSError as error:
        raise BookError(f"{lock} cannot be created: {error.strerror}.") from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BookChanged(
                f"{path} is being changed by another process. Try again in a moment."
            ) from None
        yield


def _replace(path: Path, content: bytes, *, like: Path) -> None:
    """Write `content` to a new file beside `path`, sync it, and put it in the place of `path`."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(like, name)
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
