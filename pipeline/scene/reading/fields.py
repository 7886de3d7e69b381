"""Readers of the plain settings of a scene: numbers, choices, texts, sizes.

Each function makes a `Reader` for pydantic, which takes what the YAML file says and gives the
value, or raises ValueError with what was found and what is allowed. Nothing is converted on the
quiet: a text is not a number, and 2.5 is not a whole one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any, TypeVar, get_args

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from keyframes.frame_rates import parse_fps
from keyframes.mistakes import Located, NotationError, found
from keyframes.nearest import nearest
from keyframes.number_slips import write_instead
from keyframes.quoting import quoted
from pipeline.scene.reading import forms
from pipeline.scene.reading.forms import Form
from pipeline.scene.reading.paths import is_name
from pipeline.scene.reading.ranges import Range

Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class Reader:
    """Stands in a setting's annotation and reads it in pydantic's place.

    Unlike pydantic's own `PlainValidator` it does not look into the annotated type, which takes
    most of the time in which a command starts.
    """

    read: Callable[[Any, ValidationInfo], object]
    form: Form | None = None
    """How what it reads is written; None where that is told beside the setting."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self.read)


def as_it_is(form: Form) -> Reader:
    """Reader of what was read before it comes to its section."""
    return Reader(lambda value, info: value, form)


def is_number(value: object) -> bool:
    """Whether a value is a number, whole or not; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def whole(allowed: Range) -> Reader:
    """Reader of a whole number; 24.0 counts as 24."""

    def read(value: Any, info: ValidationInfo) -> int:
        if not is_number(value) or not isfinite(value) or value != int(value):
            instead = write_instead(value)
            raise ValueError(f"expected a whole number {allowed}, found {found(value)}{instead}")
        return int(_bounded(value, allowed))

    return Reader(read, forms.numeral(allowed, whole=True))


def number(allowed: Range, unit: str = "") -> Reader:
    """Reader of a number that does not move; `unit` goes into the message, as `of seconds`."""

    def read(value: Any, info: ValidationInfo) -> float:
        if not is_number(value):
            noun = f"a number {unit}".strip()
            instead = write_instead(value)
            raise ValueError(f"expected {noun}, {allowed}; found {found(value)}{instead}")
        return float(_bounded(value, allowed))

    return Reader(read, forms.numeral(allowed))


def _bounded(value: float, allowed: Range) -> float:
    if value not in allowed:
        raise ValueError(f"found {value}; allowed: {allowed}")
    return value


def flag() -> Reader:
    """Reader of true or false, and none of YAML's older words for them."""

    def read(value: Any, info: ValidationInfo) -> bool:
        if isinstance(value, bool):
            return value
        meant = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false"}
        word = meant.get(str(value).lower(), "true or false")
        raise ValueError(f"expected true or false, found {found(value)}; write {word}")

    return Reader(read, forms.FLAG)


def choice(words: Any) -> Reader:
    """Reader of one of the words of a `Literal`."""
    allowed: tuple[str, ...] = get_args(words)

    def read(value: Any, info: ValidationInfo) -> str:
        return one_of(allowed, value)

    return Reader(read, forms.words(*allowed))


def or_none(reader: Reader, nothing: object = None) -> Reader:
    """Reader of what `reader` reads, or of `none`, `None`, `null`, `~`, which give `nothing`."""

    def read(value: Any, info: ValidationInfo) -> object:
        return nothing if value in (None, "none", "None") else reader.read(value, info)

    return Reader(read, reader.form and forms.either(reader.form, forms.NONE))


def one_of(allowed: Sequence[Word], value: object) -> Word:
    """`value`, if it is among `allowed`."""
    for word in allowed:
        if word == value:
            return word
    hint = nearest(value, allowed) if isinstance(value, str) else ""
    *others, last = allowed
    listed = f"{', '.join(others)} or {last}" if others else last
    raise ValueError(f"expected {listed}, found {found(value)}{hint}")


def line(longest: int) -> Reader:
    """Reader of a text in one line of at most `longest` characters."""

    def read(value: Any, info: ValidationInfo) -> str:
        if not isinstance(value, str) or not value.strip() or not is_name(value):
            raise ValueError(f"expected a text in one line, found {found(value)}")
        if len(value) > longest:
            raise ValueError(f"found {len(value)} characters; allowed: up to {longest}")
        return value

    return Reader(read, forms.text("a text in one line"))


def picture_size(longest: int) -> Reader:
    """Reader of `[width, height]` in pixels, each at most `longest`."""

    def read(value: Any, info: ValidationInfo) -> tuple[int, int]:
        pair = value if isinstance(value, list) and len(value) == 2 else []
        if not pair or not all(isinstance(n, int) and not isinstance(n, bool) for n in pair):
            is_list = isinstance(value, list)
            shown = quoted(value) if is_list else f"{found(value)}{_as_pair(value)}"
            raise ValueError(f"expected [width, height] in whole pixels, found {shown}")
        allowed = f"a side is from 1 to {longest} pixels"
        wrong = [(place, n) for place, n in enumerate(pair) if not 1 <= n <= longest]
        if wrong:
            raise NotationError([Located((i,), f"found {n}; {allowed}") for i, n in wrong])
        width, height = pair
        return width, height

    return Reader(read, forms.sides(longest))


def _as_pair(value: object) -> str:
    """The end of a message about a size such as `1024x576`."""
    sides = re.fullmatch(r"\s*([0-9]{1,5})\s*[xX×*,/]\s*([0-9]{1,5})\s*", str(value))  # noqa: RUF001
    return f"; write [{sides[1]}, {sides[2]}]" if sides else ""


def frame_rate(allowed: Range) -> Reader:
    """Reader of a frame rate: frames a second, exact."""

    def read(value: Any, info: ValidationInfo) -> Fraction:
        if not is_number(value) and not isinstance(value, str):
            raise ValueError(f"expected a frame rate such as 24 or 29.97, found {found(value)}")
        rate = parse_fps(value)
        if rate not in allowed:
            raise ValueError(f"found {found(value)}; allowed: {allowed} frames a second")
        return rate

    return Reader(read, forms.either(forms.numeral(allowed), forms.text("")))
