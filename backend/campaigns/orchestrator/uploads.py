"""Files that were uploaded and are looked at before anything is written: kept for a while."""

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from campaigns.model.errors import NotFound

MOST_KEPT = 20  # they hold people's data: what nobody applied must not pile up


class Uploads:
    """Uploaded files by a token; without a data folder none is kept."""

    def __init__(self, data: Path | None) -> None:
        self._data = data

    def keep(self, files: Sequence[tuple[str, BinaryIO]]) -> str:
        """Keep files, each a name and its content, read in pieces; return the token for them."""
        with tempfile.NamedTemporaryFile(
            dir=self._data, prefix="upload-", suffix=".zip", delete=False
        ) as new:
            made = Path(new.name)
            try:
                with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as packed:
                    for name, content in files:
                        _pack(packed, name or "file", content)
                new.seek(0)
                token = hashlib.file_digest(new, "sha256").hexdigest()
                if self._data is not None:
                    made.replace(self._file(token))
                    self._tidy(self._data)
            finally:
                made.unlink(missing_ok=True)
        return token

    def read(self, token: str) -> list[tuple[str, bytes]]:
        """Return kept files; raises `NotFound` when they are not there any more."""
        file = self._file(token)
        if self._data is None or not token.isalnum() or not file.exists():
            raise NotFound("What was uploaded is not here any more. Upload it again.")
        with zipfile.ZipFile(file) as packed:
            return [(i.filename, packed.read(i)) for i in packed.infolist()]

    def forget(self, token: str) -> None:
        """Remove kept files."""
        if token.isalnum():
            self._file(token).unlink(missing_ok=True)

    def _file(self, token: str) -> Path:
        return (self._data or Path()) / f"upload-{token}.zip"

    @staticmethod
    def _tidy(data: Path) -> None:
        kept = sorted(data.glob("upload-*.zip"), key=lambda f: f.stat().st_mtime_ns)
        for old in kept[:-MOST_KEPT]:
            old.unlink(missing_ok=True)


def _pack(packed: zipfile.ZipFile, name: str, content: BinaryIO) -> None:
    # The default date, so that the same files have the same token.
    part = zipfile.ZipInfo(name)
    part.compress_type = zipfile.ZIP_DEFLATED
    with packed.open(part, "w") as into:
        shutil.copyfileobj(content, into)
