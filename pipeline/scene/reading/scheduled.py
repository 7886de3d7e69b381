"""Readers of numbers that change over the video or, within each frame, over the denoising.

Over the video they are written as every moving number, by times. Over the denoising they go by
shares of it, and a share is not a time: `{0%: 12, 40%: 4}`, `[12 for 40%, 4]`, or Disco's list of
a thousand values, `"[12]*400+[4]*600"`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationInfo

from keyframes.listed_times import times_in_list
from keyframes.mistakes import Located, Mistakes, NotationError, found
from keyframes.number_slips import write_instead
from pipeline.scene.reading import forms
from pipeline.scene.reading.disco_step_list import (
    TIMESTEPS,
    looks_like_step_list,
    parse_step_list,
    to_schedule,
)
from pipeline.scene.reading.fields import Reader, is_number
from pipeline.scene.reading.moving import Number, read_moving, sampled
from pipeline.scene.reading.percent import PERCENT, read_percent
from pipeline.scene.reading.ranges import Range
from pipeline.spec.step_schedule import StepSchedule

Scheduled = Number | StepSchedule
"""A number over the video, or over the denoising of every frame."""

Check = Callable[[Any], float]
"""A value as it was written to the number that it is, or ValueError."""

Entries = TypeVar("Entries", bound=Collection[Any])

_FOR = re.compile(rf"(\S+) +for +{PERCENT}")
_FOR_EXAMPLE = "such as [12 for 40%, 4]"


def scheduled(allowed: Range) -> Reader:
    """Reader of a number over the video or over the denoising; always inside `allowed`."""

    def read(value: Any, info: ValidationInfo) -> Scheduled:
        return read_scheduled(value, allowed, info)

    return Reader(read, forms.schedules(allowed))


def read_scheduled(value: Any, allowed: Range, info: ValidationInfo) -> Scheduled:
    """The number that `value` describes; ValueError where it is outside `allowed`."""
    if isinstance(value, dict) and any(isinstance(key, float) and 0 < key < 1 for key in value):
        raise ValueError(
            "keys below 1 are shares of the denoising, and are written in percent here, such as "
            "{0%: 12, 40%: 4}; whole numbers are frames of the video"
        )
    steps = _over_denoising(value, _check(allowed, whole=False), numbers_are_shares=False)
    return read_moving(value, allowed, info) if steps is None else steps


def step_table(allowed: Range, *, whole: bool = False) -> Reader:
    """Reader of a number at home in the denoising: `{0: 12, 0.4: 4}` are shares of it too.

    With `whole`, values over the denoising are whole; what moves over the video is rounded later.
    """
    check = _check(allowed, whole)

    def read(value: Any, info: ValidationInfo) -> Scheduled:
        if not isinstance(value, str | list | dict):
            return StepSchedule.constant(check(value))
        steps = _over_denoising(value, check, numbers_are_shares=True)
        return read_moving(value, allowed, info) if steps is None else steps

    return Reader(read, forms.schedules(allowed))


def no_counts(
    scheduled: Scheduled, frames: NDArray[np.float64]
) -> Callable[[float], NDArray[np.bool_]]:
    """Whether a number is rounded to 0, by progress: on each of `frames`, or `(1,)` for all."""
    if isinstance(scheduled, StepSchedule):
        return lambda progress: np.array([scheduled(progress) == 0])
    moving = np.rint(sampled(scheduled, frames)) == 0
    return lambda progress: moving


def _check(allowed: Range, whole: bool) -> Check:
    noun = "a whole number" if whole else "a number"

    def check(value: Any) -> float:
        if not is_number(value) or value not in allowed or (whole and value != int(value)):
            instead = write_instead(value)
            raise ValueError(f"expected {noun} {allowed}, found {found(value)}{instead}")
        return float(value)

    return check


def _over_denoising(value: Any, check: Check, *, numbers_are_shares: bool) -> StepSchedule | None:
    """What `value` says of the denoising; None if it speaks of the video."""
    if listed := times_in_list(value):
        raise ValueError(listed)
    if isinstance(value, list):
        return _by_length(_few(value), check)
    if isinstance(value, str) and looks_like_step_list(value):
        return _by_timestep(value, check)
    if not isinstance(value, dict):
        return None
    has_percent = any(read_percent(key) is not None for key in value)
    if has_percent or (numbers_are_shares and all(map(is_number, value))):
        return _by_share(_few(value), check)
    return None


def _few(written: Entries) -> Entries:
    """What is `written`, unless it changes more often than the denoising has steps."""
    if len(written) > TIMESTEPS:
        raise ValueError(
            f"found {len(written)} values; the denoising has {TIMESTEPS} timesteps, so write at "
            f"most {TIMESTEPS}"
        )
    return written


def _by_share(written: Mapping[Any, Any], check: Check) -> StepSchedule:
    """The schedule of `{0%: 12, 40%: 4}`: each value holds from its share on."""
    mistakes = Mistakes()
    values: dict[float, float | None] = {}
    for key, value in written.items():
        here = mistakes.at(key)
        number = here.attempt(check, value)
        share = key if is_number(key) else read_percent(key)
        if share is None or not 0 <= share < 1:
            rule = "a share of the denoising goes from 0% (noise) to below 100% (picture)"
            frame = f"; frame {key} of the video is {key}f" if isinstance(key, int) else ""
            here.add(f"{rule}, found {found(key)}{frame}", at_key=True)
        elif float(share) in values:
            here.add(f"{found(key)} stands here already; keep one of the two", at_key=True)
        else:
            values[float(share)] = number
    if 0 not in values:
        mistakes.add("no value at the beginning; add one, such as {0%: 12, 40%: 4}")
    mistakes.raise_any()
    known = sorted((start, value) for start, value in values.items() if value is not None)
    return StepSchedule(tuple(known))


def _by_length(written: Sequence[Any], check: Check) -> StepSchedule:
    """The schedule of `[12 for 40%, 4]`: each value holds for a share, the last for the rest."""
    mistakes = Mistakes()
    steps: list[tuple[float, float]] = []
    start = Fraction(0)
    for place, item in enumerate(written):
        here = mistakes.at(place)
        takes_rest = is_number(item) and place == len(written) - 1
        value, share = (item, 1 - start) if takes_rest else _value_and_share(item)
        if takes_rest and share <= 0:
            here.add(f"nothing is left for the last value: {_percent(start)} are taken before it")
        elif share <= 0:
            here.add(f"expected a value and how long it holds, {_FOR_EXAMPLE}; found {found(item)}")
        number = here.attempt(check, value)
        steps.append((float(start), number or 0.0))
        start += share
    if not mistakes.problems and start != 1:
        mistakes.add(
            f"the shares add up to {_percent(start)}; make it 100%, or write the last value "
            f"alone, {_FOR_EXAMPLE}"
        )
    mistakes.raise_any()
    return StepSchedule(tuple(steps))


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):g}%"


def _value_and_share(item: Any) -> tuple[Any, Fraction]:
    """The two parts of `12 for 40%`; no share for anything else."""
    match = _FOR.fullmatch(item.strip()) if isinstance(item, str) else None
    if match is None:
        return 0.0, Fraction(0)
    try:
        value: Any = float(match[1])
    except ValueError:
        value = match[1]
    return value, Fraction(match[2]) / 100


def _by_timestep(text: str, check: Check) -> StepSchedule:
    """The schedule of `"[12]*400+[4]*600"`, as Disco Diffusion writes it."""
    lists = parse_step_list(text)
    problems = []
    for value in (value for repeated in lists for value in repeated.values):
        try:
            check(value.number)
        except ValueError as error:
            problems.append(Located((), str(error), value.column))
    if problems:
        raise NotationError(problems)
    return to_schedule(lists)
