"""Readers of what moves over the video or the denoising: curves, prompts, step tables.

Like the readers of `pipeline.fields`, but these look at the scene around the setting, which
pydantic hands over as the validation's context.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import PlainValidator, ValidationInfo

from keyframes.curve import Curve
from keyframes.expression import ExpressionError, Formula
from keyframes.located import Located, NotationError, found
from keyframes.notation import read_curve, read_prompts
from keyframes.prompts import PromptSchedule
from pipeline.clock import Clock
from pipeline.context import context_of
from pipeline.fields import Range, is_number, one_of
from pipeline.spec import StepSchedule

Number = Curve | Formula
"""A number over the video: frames in, values out."""


def constant(value: float) -> Curve:
    """The default of a number over time."""
    return Curve.constant(value)


def moving(allowed: Range) -> PlainValidator:
    """A number over time, inside `allowed` on every frame of the video."""

    def read(value: Any, info: ValidationInfo) -> Number:
        clock = context_of(info).clock
        curve = read_curve(value, clock.timebase, clock.frame_count, clock.signals)
        values = _checked(curve, clock)
        outside = np.flatnonzero(allowed.outside(values))
        if outside.size:
            place = "" if is_number(value) else _at(clock, int(outside[0]))
            reached = f"{info.field_name} is {values[outside[0]]:g}{place}"
            raise ValueError(f"{reached}; allowed: {allowed}")
        return curve

    return PlainValidator(read)


def sampled(number: Number, frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values of `number` at each of `frames`."""
    return np.asarray(number(frames), dtype=np.float64)


def _checked(number: Number, clock: Clock) -> NDArray[np.float64]:
    try:
        return sampled(number, clock.frames)
    except ExpressionError as error:
        raise NotationError((Located((), str(error), error.column - 1),)) from error


def _at(clock: Clock, frame: int) -> str:
    return f" at frame {frame} ({float(clock.timebase.seconds(frame)):.2f} s)"


def prompts() -> PlainValidator:
    """What the picture shows, over time."""

    def read(value: Any, info: ValidationInfo) -> PromptSchedule:
        clock = context_of(info).clock
        return read_prompts(value, clock.timebase, clock.frame_count)

    return PlainValidator(read)


def step_table(allowed: Range, *, whole: bool = False) -> PlainValidator:
    """One number, or numbers by the progress of the denoising: `{0: 12, 0.4: 4}`."""

    def read(value: Any) -> StepSchedule:
        table = value if isinstance(value, dict) else {0: value}
        problems = [*_progress_problems(table), *_value_problems(table, allowed, whole)]
        if problems and table is not value:
            problems = [Located((), problem.message) for problem in problems]
        if problems:
            raise NotationError(tuple(problems))
        return tuple(sorted((float(key), float(number)) for key, number in table.items()))

    return PlainValidator(read)


def _progress_problems(table: Mapping[Any, Any]) -> list[Located]:
    rule = "a progress is a number from 0 (noise) to below 1 (picture)"
    problems = [
        Located((key,), f"{rule}, found {found(key)}", at_key=True)
        for key in table
        if not is_number(key) or not 0 <= key < 1
    ]
    if not problems and 0 not in table:
        problems.append(Located((), 'no value at the beginning; add one with the progress "0"'))
    return problems


def _value_problems(table: Mapping[Any, Any], allowed: Range, whole: bool) -> list[Located]:
    noun = "a whole number" if whole else "a number"
    return [
        Located((key,), f"expected {noun} {allowed}, found {found(value)}")
        for key, value in table.items()
        if not is_number(value) or value not in allowed or (whole and value != int(value))
    ]


def existing_file() -> PlainValidator:
    """The path of a file, from the scene file's folder; the value is absolute."""

    def read(value: Any, info: ValidationInfo) -> Path:
        if not isinstance(value, str) or not value:
            raise ValueError(f"expected the name of a file, found {found(value)}")
        path = (context_of(info).folder / value).resolve()
        if not path.is_file():
            what = "is a folder, not a file" if path.is_dir() else "does not exist"
            raise ValueError(f'"{path}" {what}; names are relative to the scene file')
        return path

    return PlainValidator(read)


def preset_name() -> PlainValidator:
    """The name of a set of models."""

    def read(value: Any, info: ValidationInfo) -> str:
        return one_of(context_of(info).presets, value)

    return PlainValidator(read)
