"""Files that were uploaded and are looked at before anything is written: kept for a while."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from campaigns.book.source import digest_of
from campaigns.model.errors import NotFound

MOST_KEPT = 20  # they hold people's data: what nobody applied must not pile up


class Uploads:
    """Uploaded files by a token; without a data folder none is kept."""

    def __init__(self, data: Path | None) -> None:
        self._data = data

    def keep(self, files: Sequence[tuple[str, bytes]]) -> str:
        """Keep files, each a name and its bytes; return the token that finds them again."""
        raw = io.BytesIO()
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in files:
                # The default date, so that the same files have the same token.
                packed.writestr(zipfile.ZipInfo(name or "file"), content)
        token = digest_of(raw.getvalue())
        if self._data is not None:
            self._file(token).write_bytes(raw.getvalue())
            self._tidy(self._data)
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
