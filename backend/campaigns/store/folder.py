"""One process per data folder: SQLite has one writer, and so has the engine on it."""

import fcntl
import os
from pathlib import Path
from typing import IO

from campaigns.model.errors import FolderInUse

LOCK_NAME = "campaigns.lock"


class FolderLock:
    """Holds a data folder until released; the kernel releases it when the process dies.

    The file says who holds it: the pid, and below it the customer book it works with.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_NAME
        self._file: IO[str] | None = None

    def take(self, book: Path | None = None) -> None:
        """Take the folder, to work with a book or with none.

        Raises `FolderInUse` with the holder's pid when another has it.
        """
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            holder, _ = self._holder()
            raise FolderInUse(
                f"{self._path.parent} is in use by another campaigns process (pid {holder}). "
                "Stop that one, or give this one another folder with --data."
            ) from None
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n{book.resolve() if book else ''}")
        file.flush()
        self._file = file

    def agree(self, book: Path) -> None:
        """Raise `FolderInUse` when a process that holds the folder works with another book.

        The tables hold one book: reading another one in would take the holder's customers away.
        """
        holder, theirs = self._holder()
        # The lock is tried only where the books differ, so that it is in no starting one's way.
        if theirs in ("", str(book.resolve())) or not self._is_held():
            return
        raise FolderInUse(
            f"{self._path.parent} is in use by a campaigns process (pid {holder}) with another "
            f"customer book: {theirs}. Give that one with --book, or leave its folder alone and "
            f"give {book} a folder of its own with --data."
        )

    def release(self) -> None:
        """Let the next process in; the file stays, for removing it could let two in at once."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _holder(self) -> tuple[str, str]:
        """Return the pid and the book that the last holder noted."""
        try:
            pid, _, book = self._path.read_text(encoding="utf-8").partition("\n")
        except OSError:
            return "unknown", ""
        return pid.strip() or "unknown", book.strip()

    def _is_held(self) -> bool:
        with self._path.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False
