"""Many values of one dataclass from JSON data, much of which is alike.

Whole renders are read so, frame by frame: what `from_json_data` finds out once, that a part of the
data is right and what it stands for, is not asked again for the same part of the next frame.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from typing import Any, Generic, TypeVar, get_origin, get_type_hints

from pipeline.spec.json_form import from_json_data

T = TypeVar("T")

_AS_THEY_ARE = (int, str, float, dict)
"""Kinds of fields whose JSON data are their values; of mappings nothing inside is converted."""


class JsonReader(Generic[T]):
    """Reads values of the dataclass `kind` exactly as `from_json_data` does, and faster."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind
        hints, of_kind = get_type_hints(kind), _fields(kind)
        kinds = {one.name: get_origin(hints[one.name]) or hints[one.name] for one in of_kind}
        self._plain = {name: one for name, one in kinds.items() if one in _AS_THEY_ARE}
        self._known: dict[str, dict[bytes, Any]] = {
            name: {} for name in kinds if name not in self._plain
        }
        """For each other field, the values of the data that were met."""
        self._needed = frozenset(one.name for one in of_kind if one.default is MISSING)

    def read(self, data: Mapping[str, Any]) -> T:
        """The value that `from_json_data` makes of `data`; ValueError where that raises it."""
        if self._needed <= data.keys() and (values := self._values(data)) is not None:
            return self._kind(**values)
        value = from_json_data(self._kind, data)
        for name, known in self._known.items():
            if name in data:
                known[_bytes(data[name])] = getattr(value, name)
        return value

    def _values(self, data: Mapping[str, Any]) -> dict[str, Any] | None:
        """The values of all fields; None for data that only `from_json_data` can judge."""
        plain, values = self._plain, {}
        for name, one in data.items():
            kind = plain.get(name)
            if kind is None:
                known = self._known.get(name)
                key = _bytes(one)
                if known is None or key not in known:
                    return None
                values[name] = known[key]
            # A number that is none differs from itself.
            elif type(one) is kind and one == one:
                values[name] = one
            else:
                return None
        return values


def _bytes(data: Any) -> bytes:
    """Bytes that are equal for equal data only, where 1, 1.0 and true are not equal."""
    return marshal.dumps(data, 2)  # later versions also say which objects are one


def _fields(kind: Any) -> tuple[Field[Any], ...]:
    return fields(kind)
