"""Readers of settings that are written as a mapping with keys of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationInfo

from keyframes.curve import HOLD, SPLINES
from keyframes.easing import EASINGS
from keyframes.keys import read_ease
from keyframes.mistakes import Mistakes, found
from keyframes.quoting import quoted
from keyframes.times import read_length
from pipeline.scene.paths.moves import Easing
from pipeline.scene.reading.context import context_of

Part = Callable[[Any, ValidationInfo], Any]
"""What is written under a key, to its value; ValueError for a mistake."""


def read_parts(
    value: Mapping[Any, Any],
    readers: Mapping[str, Part],
    info: ValidationInfo,
    required: tuple[str, ...] = (),
) -> dict[str, Any]:
    """The values of the keys that are written; raises NotationError with every mistake."""
    mistakes = Mistakes()
    mistakes.check_keys(value, tuple(readers))
    parts = {
        name: mistakes.at(name).attempt(_with(reader, info), value[name])
        for name, reader in readers.items()
        if name in value
    }
    for name in required:
        if name not in value:
            mistakes.add(f"{name} is missing; write {name}: beside {_others(value)}")
    mistakes.raise_any()
    return parts


def _with(reader: Part, info: ValidationInfo) -> Callable[[Any], Any]:
    return lambda value: reader(value, info)


def _others(value: Mapping[Any, Any]) -> str:
    return ", ".join(f"{quoted(key)}" for key in value) or "the others"


def read_frames(value: Any, info: ValidationInfo) -> float:
    """The frames of a length, above 0."""
    frames = read_frames_from_0(value, info)
    if not frames > 0:
        raise ValueError(f"found {found(value)}; a length is above 0")
    return frames


def read_frames_from_0(value: Any, info: ValidationInfo) -> float:
    """The frames of a length, which may be none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"expected a length such as 4s, 2 bars or 96, found {found(value)}")
    clock = context_of(info).clock
    first = float(clock.frames[0]) if clock.frames.size else 0.0
    return read_length(value, clock.timebase, first)


def read_easing(value: Any, info: ValidationInfo) -> Easing:
    """An ease for a way as a whole, as a function from 0 and 1 to 0 and 1."""
    ease = read_ease(value)
    if not isinstance(ease, str):
        return ease
    if ease not in EASINGS:
        ways = f"{HOLD}, {', '.join(SPLINES)}"
        raise ValueError(
            f"{ease} goes through keys, and this is one way; write another ease than {ways}, such "
            "as in_out"
        )
    return EASINGS[ease]
