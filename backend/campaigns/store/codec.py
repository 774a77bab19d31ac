"""Model values to JSON columns and back; pydantic does the typing both ways."""

from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")

_ADAPTERS: dict[object, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def dump(value: object) -> dict[str, Any]:
    """Return a frozen model value as JSON values; Decimal and dates become strings."""
    return cast("dict[str, Any]", _adapter(type(value)).dump_python(value, mode="json"))


def load(kind: type[T], stored: object) -> T:
    """Return the model value that `dump` stored; keys the type no longer has are ignored."""
    return cast("T", _adapter(kind).validate_python(stored))
