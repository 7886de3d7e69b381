"""The settings of a scene for all frames at once: a column for each, a row for each frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat
from operator import is_
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from keyframes.curve import Curve
from pipeline.scene.reading.moving import Number, sampled

Times = NDArray[np.float64]
"""Positions in frames, or a number at each of them, `(frames,)`."""
Section = TypeVar("Section")


def column(number: Number, frames: Times) -> list[float]:
    """The values of `number` at each of `frames`; one object where it is constant."""
    # Adding zero turns -0.0 into 0.0: the two are equal, yet would be different texts in a digest.
    if isinstance(number, Curve) and len(number.keys) == 1:
        return [number.keys[0].value + 0.0] * len(frames)
    values: list[float] = (sampled(number, frames) + 0.0).tolist()
    return values


def sections(make: Callable[..., Section], *columns: Sequence[object]) -> list[Section]:
    """`make` of each row of the columns, of a frame or more; equal rows give one object."""
    moving = [column for column in columns if not _is_one(column)]
    if not moving:
        return [make(*(column[0] for column in columns))] * len(columns[0])
    keys = []
    for column in sorted(moving, key=lambda column: -len(set(map(id, column)))):
        numbers, count = _numbered(column)
        if count == len(column):
            # What moves all the time makes every row another one.
            return [make(*row) for row in zip(*columns, strict=True)]
        keys.append(numbers)
    made: dict[object, Section] = {}
    result = []
    for key, row in zip(zip(*keys, strict=True), zip(*columns, strict=True), strict=True):
        section = made.get(key)
        if section is None:
            section = made[key] = make(*row)
        result.append(section)
    return result


def _is_one(column: Sequence[object]) -> bool:
    """Whether all values of a column are one object."""
    return all(map(is_, column, repeat(column[0])))


def _numbered(column: Sequence[object]) -> tuple[Sequence[object], int]:
    """For each value of a column a key that equal values share, and how many there are.

    Sections are hashed field by field, and each is on many frames: so each object is hashed once.
    """
    if isinstance(column[0], float | int):
        return column, len(set(column))
    numbers: dict[object, int] = {}
    objects = {id(value): value for value in column}
    by_object = {one: numbers.setdefault(value, len(numbers)) for one, value in objects.items()}
    return [by_object[id(value)] for value in column], len(numbers)
