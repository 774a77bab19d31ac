"""Open the word lists beside the code, and the house's own rows over them.

They are data: TOML, or CSV with a header row. A file of the same name in the folder given to
`use` replaces rows of the same key and adds others; its lists in TOML are added to the built-in
ones.
"""

import csv
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from campaigns.model.errors import SettingInvalid

# How many leading columns name a row; one where nothing is said.
KEYS = {"brands.csv": 2, "places.csv": 3, "keys.csv": 2}
# What a house may have its own rows of. The others belong to the program.
OWN = frozenset(
    {
        *("brands.csv", "places.csv", "countries.csv", "demonyms.csv", "languages.csv"),
        *("business_types.csv", "platforms.csv", "roles.csv", "currencies.csv"),
        *("name_words.toml", "names.toml", "words.toml"),
    }
)

FOLDER = "lists"  # in the data folder

_own: list[Path] = []  # the folder in use, if any


def use(folder: Path | None) -> None:
    """Read the lists with the rows of `folder` over them from now on, in this process.

    Raises SettingInvalid naming a file that no list has, or whose columns are other ones.
    """
    chosen = [folder] if folder is not None and folder.is_dir() else []
    if chosen == _own and not chosen:
        return
    _own[:] = chosen
    _forget()
    for file in own_files():
        if file.name not in OWN:
            known = ", ".join(sorted(OWN))
            raise SettingInvalid(f"{file}: there is no list of this name. There are: {known}.")
        if file.suffix == ".csv":
            list(rows(file.name))
        else:
            read_toml(file.name)


def own_files() -> list[Path]:
    """Return the house's own files, by name."""
    return sorted(p for folder in _own for p in folder.iterdir() if p.suffix in {".csv", ".toml"})


def _forget() -> None:
    """Empty every cache of this package: all of them hold what was made from the lists."""
    for name, module in list(sys.modules.items()):
        if name.startswith("campaigns.book"):
            for value in list(vars(module).values()):
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()


@cache
def _folder() -> Traversable:
    return resources.files("campaigns.book").joinpath("data")


def read_list(name: str) -> str:
    """Return the text of the built-in list `name`."""
    return _folder().joinpath(name).read_text(encoding="utf-8")


def read_toml(name: str) -> dict[str, list[str]]:
    """Return the lists of a TOML file, the house's own words added to each."""
    found: dict[str, list[str]] = tomllib.loads(read_list(name))
    for file in own_files():
        if file.name == name:
            for key, more in _parsed(file).items():
                if key not in found:
                    raise SettingInvalid(
                        f"{file}: there is no list '{key}'. There are: {', '.join(found)}."
                    )
                found[key] = [*found[key], *more]
    return found


def _parsed(file: Path) -> dict[str, list[str]]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingInvalid(f"{file} cannot be read: {error}") from None


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV list by column name; lines that begin with "#" are comments.

    A row of the house's own stands in the place of the built-in one of its key, or at the end.
    """
    own = [row for file in own_files() if file.name == name for row in _own_rows(file, name)]
    columns = KEYS.get(name, 1)
    replaced = {tuple(row.values())[:columns]: row for row in own}
    for row in _rows(read_list(name)):
        yield replaced.pop(tuple(row.values())[:columns], row)
    yield from replaced.values()


def _own_rows(file: Path, name: str) -> list[dict[str, str]]:
    header = list(next(_rows(read_list(name))))
    try:
        found = list(_rows(file.read_text(encoding="utf-8-sig")))
    except ValueError as error:
        raise SettingInvalid(f"{file} cannot be read: {error}") from None
    if any(list(row) != header for row in found):
        raise SettingInvalid(f"{file}: its first line must be {','.join(header)}")
    return found


def _rows(text: str) -> Iterator[dict[str, str]]:
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    cells = csv.reader(lines)
    header = next(cells)
    for row in cells:
        yield dict(zip(header, row, strict=True))


def split(cell: str) -> tuple[str, ...]:
    """Return the words of a cell, which are separated by "|"."""
    return tuple(word.strip() for word in cell.split("|") if word.strip())
