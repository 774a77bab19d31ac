"""Uploaded files as they are to be read: what comes as a zip is unpacked, within limits."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from campaigns.model.errors import EditRefused

MOST_FILES = 10_000
MOST_BYTES = 50_000_000  # of an import, packed and unpacked, all files together
_READ = {".md", ".csv", ".tsv", ".txt"}


def unzipped(files: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Return the files, name and bytes, those in a zip in its place, sorted by name.

    Raises EditRefused for a zip that is broken, is encrypted, or unpacks to too much.
    """
    found: list[tuple[str, bytes]] = []
    for name, raw in files:
        if name.lower().endswith(".zip"):
            found.extend(_inside(name, raw))
        else:
            found.append((name, raw))
    if not found:
        raise EditRefused("There is no file to read. A zip must hold .md or .csv files.")
    return sorted(found)


def _inside(name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            parts = [i for i in packed.infolist() if _is_read(i.filename)]
            if len(parts) > MOST_FILES or sum(i.file_size for i in parts) > MOST_BYTES:
                raise EditRefused(
                    f"{name} unpacks to more than {MOST_FILES:,} files or "
                    f"{MOST_BYTES // 1_000_000} MB. Split it."
                )
            yield from [(PurePosixPath(i.filename).name, packed.read(i)) for i in parts]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise EditRefused(f"{name} cannot be unpacked: {error}. Pack it again.") from None


def _is_read(path: str) -> bool:
    """Whether a file of a zip is meant: no folder, and nothing an archiver put there by itself."""
    parts = PurePosixPath(path)
    hidden = any(p.startswith((".", "__MACOSX")) for p in parts.parts)
    return not hidden and not path.endswith("/") and parts.suffix.lower() in _READ
