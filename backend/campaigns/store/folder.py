"""One process per data folder: SQLite has one writer, and so has the engine on it."""

import fcntl
import os
from pathlib import Path
from typing import IO

from campaigns.model.errors import FolderInUse

LOCK_NAME = "campaigns.lock"


class FolderLock:
    """Holds a data folder until released; the kernel releases it when the process dies."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_NAME
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take the folder; raise `FolderInUse` with the holder's pid when another has it."""
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise FolderInUse(
                f"{self._path.parent} is in use by another campaigns process (pid {holder}). "
                "Stop that one, or give this one another folder with --data."
            ) from None
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let the next process in; the file stays, for removing it could let two in at once."""
        if self._file is not None:
            self._file.close()
            self._file = None
