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
lock.take(Path(sys.argv[2]))
print("taken", flush=True)
sys.stdin.read()
"""


def test_a_second_process_is_refused_with_the_pid_of_the_first(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path), str(tmp_path / "book.md")]
    with subprocess.Popen(  # noqa: S603 - our own script
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "taken\n"
        with pytest.raises(FolderInUse, match=rf"pid {holder.pid}\)") as refused:
            FolderLock(tmp_path).take(tmp_path / "book.md")
        assert str(tmp_path) in str(refused.value)
        holder.kill()
        holder.wait()
        # The kernel lets go of a dead process's lock; nothing has to be cleaned up.
        lock = FolderLock(tmp_path)
        lock.take(tmp_path / "book.md")
        lock.release()


def test_a_released_folder_can_be_taken_again(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    first.take(tmp_path)
    with pytest.raises(FolderInUse, match=str(os.getpid())):
        second.take(tmp_path)
    first.release()
    second.take(tmp_path)
    second.release()


def test_another_book_is_refused_only_while_the_folder_is_held(tmp_path: Path) -> None:
    ours, other = tmp_path / "venue_data.md", tmp_path / "other.md"
    holder, guest = FolderLock(tmp_path), FolderLock(tmp_path)
    guest.agree(other)
    holder.take(ours)
    guest.agree(ours)
    with pytest.raises(FolderInUse, match=f"pid {os.getpid()}.*--book.*--data") as refused:
        guest.agree(other)
    assert str(ours) in str(refused.value)
    assert str(other) in str(refused.value)
    holder.release()
    guest.agree(other)
