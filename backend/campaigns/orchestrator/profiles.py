"""Saved mappings of columns: what each heading of a system's export means, for the next file."""

import json
from collections.abc import Mapping
from pathlib import Path

from campaigns.model.errors import EditRefused, NotFound

FOLDER = "import-profiles"  # in the data folder


class Profiles:
    """Mappings by name, a JSON file each; without a data folder none is kept."""

    def __init__(self, data: Path | None) -> None:
        self._folder = data / FOLDER if data else None

    def all(self) -> Mapping[str, Mapping[str, str]]:
        """Return every saved mapping by its name."""
        if self._folder is None or not self._folder.exists():
            return {}
        return {file.stem: _read(file) for file in sorted(self._folder.glob("*.json"))}

    def get(self, name: str) -> Mapping[str, str]:
        """Return a saved mapping; raises `NotFound`."""
        return _read(self._existing(name))

    def save(self, name: str, mapping: Mapping[str, str]) -> None:
        """Keep a mapping for the next file of the same kind, in place of one of that name."""
        file = self._file(name)
        if file is not None:
            file.parent.mkdir(exist_ok=True)
            whole = file.with_suffix(".new")  # a crash leaves the old one or the new one
            whole.write_text(json.dumps(dict(mapping), ensure_ascii=False, indent=2), "utf-8")
            whole.replace(file)

    def remove(self, name: str) -> None:
        """Forget a mapping; raises `NotFound`."""
        self._existing(name).unlink()

    def _existing(self, name: str) -> Path:
        file = self._file(name)
        if file is None or not file.exists():
            known = ", ".join(self.all()) or "none yet; save one with --save-profile"
            raise NotFound(f"There is no import profile {name!r}. There are: {known}.")
        return file

    def _file(self, name: str) -> Path | None:
        if not name.replace("-", "").replace("_", "").isalnum():
            raise EditRefused(f"{name!r} is no name for a profile: use letters, digits, - and _.")
        return self._folder / f"{name}.json" if self._folder else None


def _read(file: Path) -> Mapping[str, str]:
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found
