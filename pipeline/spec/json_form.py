"""Frozen dataclasses to JSON data and back, by their annotations, and how such data differs.

Conventions:
    A dataclass is a mapping of its fields in their order, a tuple is a list, `None` is null.
    A number is written as its annotation says, so that 1 in a `float` field reads 1.0 and equal
    values have one text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

T = TypeVar("T")

# Built when first used: `discoreel check` needs none.
_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


def to_json_data(value: object) -> dict[str, Any]:
    """The dataclass instance `value` as JSON data."""
    data: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json")
    return data


def from_json_data(kind: type[T], data: object) -> T:
    """The instance of the dataclass `kind` from which `to_json_data` made `data`.

    Raises ValueError, naming the place, for a field that is missing, unknown or of another type.
    """
    try:
        value: T = _adapter(kind).validate_python(data)
    except ValidationError as error:
        raise ValueError(_first_fault(error.errors(include_url=False)[0])) from error
    # pydantic reads "1.5" and true as numbers, passes over unknown keys and fills in defaults.
    # Writing the value again shows all of these, where its strict mode would refuse lists too.
    if changed := difference(data, to_json_data(value)):
        raise ValueError(f"read and written again, {changed}")
    return value


def difference(old: object, new: object) -> str:
    """The first leaf that differs between two JSON trees, in the order of `new`; "" if none does.

    Reads `camera.zoom was 1.02, is now 1.03`; lists of other lengths are compared as wholes.
    """
    return _difference(old, new, "")


def _first_fault(fault: ErrorDetails) -> str:
    parts = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in fault["loc"])
    place = "".join(parts).lstrip(".") or "the data"
    if fault["type"] == "missing":
        return f"{place}: the field is missing"
    words = fault["msg"].replace("Input should be", "expected").removeprefix("Value error, ")
    return f"{place}: {words}, found {_shown(fault['input'])}"


_ABSENT = object()


def _difference(old: object, new: object, place: str) -> str:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        names = dict.fromkeys((*new, *old))
        parts = [(f"{place}.{name}".lstrip("."), name) for name in names]
        pairs = ((old.get(n, _ABSENT), new.get(n, _ABSENT), p) for p, n in parts)
        return next(filter(None, (_difference(*pair) for pair in pairs)), "")
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        items = enumerate(zip(old, new, strict=True))
        return next(filter(None, (_difference(a, b, f"{place}[{i}]") for i, (a, b) in items)), "")
    if old is _ABSENT:
        return f"{place} is new ({_shown(new)})"
    if new is _ABSENT:
        return f"{place} was {_shown(old)}, is gone"
    # In Python true is 1, in JSON it is not.
    is_same = old == new and isinstance(old, bool) == isinstance(new, bool)
    return "" if is_same else f"{place} was {_shown(old)}, is now {_shown(new)}"


def _shown(value: object) -> str:
    text = "none" if value is None else f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
