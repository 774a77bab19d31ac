"""The core may import only what this list names; import-linter holds the rest of the house."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "backend" / "campaigns"
CORE = sorted(p for d in ("model", "flow") for p in (PACKAGE / d).rglob("*.py"))
ALLOWED = {
    "babel",  # tables of how languages write dates and amounts, behind `model.locales`
    "bisect",
    "calendar",
    "campaigns",
    "collections",
    "contextlib",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "enum",
    "functools",
    "hashlib",
    "html",
    "importlib",  # only `importlib.resources`, for word lists that ship with the code
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "string",
    "tomllib",
    "types",
    "typing",
    "unicodedata",
}
LONGEST = 400  # lines of a module


@pytest.mark.parametrize("path", CORE, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_core_imports_only_allowed_modules(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= ALLOWED


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    sizes = {
        str(p.relative_to(PACKAGE)): len(p.read_text(encoding="utf-8").splitlines())
        for p in PACKAGE.rglob("*.py")
    }
    assert {name: n for name, n in sizes.items() if n > LONGEST} == {}
