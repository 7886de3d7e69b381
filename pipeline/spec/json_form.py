"""Frozen dataclasses to JSON data and back, by their annotations, and how such data differs.

Conventions:
    A dataclass is a mapping of its fields in their order, a tuple is a list, `None` is null.
    A number is written as its annotation says, so that 1 in a `float` field reads 1.0 and equal
    values have one text. Fields that equal their defaults are left out, and filled in by reading:
    a field that a later release adds, at its default, leaves all texts as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

T = TypeVar("T")

# Built when first used: `discoreel check` needs none.
_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


def to_json_data(value: object, *, full: bool = False) -> dict[str, Any]:
    """The dataclass instance `value` as JSON data, with `full` also the fields at their defaults.

    A default must be a value, not a factory: pydantic knows no other as one.
    """
    data: dict[str, Any] = _adapter(type(value)).dump_python(
        value, mode="json", exclude_defaults=not full
    )
    return data


def from_json_data(kind: type[T], data: object) -> T:
    """The instance of the dataclass `kind` from which `to_json_data` made `data`.

    Raises ValueError, naming the place, for a field that is missing without a default, unknown, or
    of another type.
    """
    try:
        value: T = _adapter(kind).validate_python(data)
    except ValidationError as error:
        raise ValueError(_first_fault(error.errors(include_url=False)[0])) from error
    # pydantic reads "1.5" and true as numbers and passes over unknown keys. Writing the value
    # again shows both, where its strict mode would refuse lists too.
    if misread := next(_differences(data, to_json_data(value, full=True), ""), ""):
        raise ValueError(f"read and written again, {misread}")
    return value


def _first_fault(fault: ErrorDetails) -> str:
    parts = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in fault["loc"])
    place = "".join(parts).lstrip(".") or "the data"
    if fault["type"] == "missing":
        return f"{place}: the field is missing"
    words = fault["msg"].replace("Input should be", "expected").removeprefix("Value error, ")
    return f"{place}: {words}, found {_shown(fault['input'])}"


def _differences(found: object, read: object, place: str) -> Iterator[str]:
    """The leaves of `found` that `read` lacks or has otherwise; more in `read` is a default."""
    if isinstance(found, Mapping) and isinstance(read, Mapping):
        for name, value in found.items():
            here = f"{place}.{name}".lstrip(".")
            if name in read:
                yield from _differences(value, read[name], here)
            else:
                yield f"{here} was {_shown(value)}, is gone"
    elif isinstance(found, list) and isinstance(read, list) and len(found) == len(read):
        for index, pair in enumerate(zip(found, read, strict=True)):
            yield from _differences(*pair, f"{place}[{index}]")
    # In Python true is 1, in JSON it is not.
    elif found != read or isinstance(found, bool) != isinstance(read, bool):
        yield f"{place} was {_shown(found)}, is now {_shown(read)}"


def _shown(value: object) -> str:
    text = "none" if value is None else f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
