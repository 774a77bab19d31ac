"""One process per data folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from campaigns.model.errors import FolderInUse
from campaigns.store.folder import FolderLock

HOLD = """
import sys
from pathlib import Path
from campaigns.store.folder import FolderLock
lock = FolderLock(Path(sys.argv[1]))
lock.take()
print("taken", flush=True)
sys.stdin.read()
"""


def test_a_second_process_is_refused_with_the_pid_of_the_first(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(  # noqa: S603 - our own script
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "taken\n"
        with pytest.raises(FolderInUse, match=rf"pid {holder.pid}\)") as refused:
            FolderLock(tmp_path).take()
        assert str(tmp_path) in str(refused.value)
        holder.kill()
        holder.wait()
        # The kernel lets go of a dead process's lock; nothing has to be cleaned up.
        lock = FolderLock(tmp_path)
        lock.take()
        lock.release()


def test_a_released_folder_can_be_taken_again(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    first.take()
    with pytest.raises(FolderInUse, match=str(os.getpid())):
        second.take()
    first.release()
    second.take()
    second.release()
