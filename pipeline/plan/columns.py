"""The settings of a scene for all frames at once: a column for each, a row for each frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    """`make` of each row of the columns; equal rows give one object."""
    made: dict[tuple[object, ...], Section] = {}
    result = []
    for row in zip(*columns, strict=True):
        section = made.get(row)
        if section is None:
            section = made[row] = make(*row)
        result.append(section)
    return result
