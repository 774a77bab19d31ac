"""Model values to JSON columns and back; pydantic does the typing both ways."""

from functools import lru_cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


@lru_cache
def _adapter(kind: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(kind)


def dump(value: object) -> dict[str, Any]:
    """Return a frozen model value as JSON values; Decimal and dates become strings."""
    return cast("dict[str, Any]", _adapter(type(value)).dump_python(value, mode="json"))


def load(kind: type[T], stored: Any) -> T:
    """Return the model value that `dump` stored; unknown keys of older versions are ignored."""
    return _adapter(kind).validate_python(stored)
