"""Frozen dataclasses to plain JSON data and back, by their annotations.

Conventions:
    A dataclass is a mapping of its fields in their order, a tuple is a list, `None` is null.
    A number is written as its annotation says, so that 1 in a `float` field reads 1.0 and equal
    values have one text. Known annotations: `float`, `int`, `bool`, `str`, `Literal` of words,
    `X | None`, tuples of fixed or free length, and dataclasses of these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass
from functools import cache
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
Encoder = Callable[[Any], Any]
Decoder = Callable[[Any, str], Any]

NAMES: Mapping[type, str] = {float: "a number", int: "an integer", bool: "a boolean", str: "a text"}


def to_plain(value: object) -> dict[str, Any]:
    """The dataclass instance `value` as JSON data."""
    kind: Any = type(value)
    encoded: dict[str, Any] = _encoder(kind)(value)
    return encoded


def from_plain(kind: type[T], data: object) -> T:
    """The instance of the dataclass `kind` that `data` describes.

    Raises ValueError, naming the place, for a field that is missing, unknown or of another type.
    """
    target: Any = kind
    value: T = _decoder(target)(data, "")
    return value


@cache
def _encoder(kind: Any) -> Encoder:
    if is_dataclass(kind):
        fields = [(name, _encoder(hint)) for name, hint in get_type_hints(kind).items()]
        return lambda value: {name: encode(getattr(value, name)) for name, encode in fields}
    if get_origin(kind) is tuple:
        hints = get_args(kind)
        if hints[-1] is Ellipsis:
            encode = _encoder(hints[0])
            return lambda value: [encode(item) for item in value]
        encoders = [_encoder(hint) for hint in hints]
        return lambda value: [e(item) for e, item in zip(encoders, value, strict=True)]
    if get_origin(kind) is Literal:
        return str
    if NoneType in get_args(kind):
        encode = _encoder(_without_none(kind))
        return lambda value: None if value is None else encode(value)
    if kind not in NAMES:
        raise TypeError(f"no JSON form for {kind}")
    number_or_text: Encoder = kind
    return number_or_text


@cache
def _decoder(kind: Any) -> Decoder:
    if is_dataclass(kind):
        return _dataclass_decoder(kind)
    if get_origin(kind) is tuple:
        return _tuple_decoder(get_args(kind))
    if get_origin(kind) is Literal:
        return _literal_decoder(get_args(kind))
    if NoneType in get_args(kind):
        decode = _decoder(_without_none(kind))
        return lambda data, place: None if data is None else decode(data, place)
    return _scalar_decoder(kind)


def _dataclass_decoder(kind: Any) -> Decoder:
    fields = {name: _decoder(hint) for name, hint in get_type_hints(kind).items()}

    def decode(data: Any, place: str) -> Any:
        if not isinstance(data, Mapping):
            raise _refusal(place, "a mapping", data)
        for name in (*fields, *data):
            if name not in fields or name not in data:
                problem = "missing" if name in fields else "unknown"
                raise ValueError(f"{_within(place, name)}: the field is {problem}")
        return kind(**{name: fields[name](data[name], _within(place, name)) for name in fields})

    return decode


def _tuple_decoder(hints: tuple[Any, ...]) -> Decoder:
    free = hints[-1] is Ellipsis
    decoders = [_decoder(hint) for hint in hints if hint is not Ellipsis]

    def decode(data: Any, place: str) -> Any:
        if not isinstance(data, Sequence) or isinstance(data, str):
            raise _refusal(place, "a list", data)
        if not free and len(data) != len(decoders):
            raise _refusal(place, f"a list of {len(decoders)}", data)
        items = decoders * len(data) if free else decoders
        pairs = zip(items, data, strict=True)
        return tuple(item(value, f"{place}[{i}]") for i, (item, value) in enumerate(pairs))

    return decode


def _literal_decoder(words: tuple[str, ...]) -> Decoder:
    def decode(data: Any, place: str) -> Any:
        if data not in words:
            raise _refusal(place, f"one of {', '.join(words)}", data)
        return data

    return decode


def _scalar_decoder(kind: type) -> Decoder:
    allowed = (int, float) if kind is float else (kind,)

    def decode(data: Any, place: str) -> Any:
        if not isinstance(data, allowed) or (isinstance(data, bool) and kind is not bool):
            raise _refusal(place, NAMES[kind], data)
        return kind(data)

    return decode


def _without_none(kind: Any) -> Any:
    (inner,) = (hint for hint in get_args(kind) if hint is not NoneType)
    return inner


def _within(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _refusal(place: str, expected: str, found: object) -> ValueError:
    return ValueError(f"{place or 'the data'}: expected {expected}, found {found!r}")
