"""The settings of a scene for all frames at once: a column for each, a row for each frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.scene.reading.moving import Number, sampled

Times = NDArray[np.float64]
"""Positions in frames, or a number at each of them, `(frames,)`."""
Section = TypeVar("Section")


def column(number: Number, frames: Times) -> list[float]:
    """The values of `number` at each of `frames`."""
    # Adding zero turns -0.0 into 0.0: the two are equal, yet would be different texts in a digest.
    values: list[float] = (sampled(number, frames) + 0.0).tolist()
    return values


def sections(make: Callable[..., Section], *columns: Sequence[object]) -> list[Section]:
    """`make` of each row of the columns; equal rows give one object."""
    rows = list(zip(*columns, strict=True))
    made = {row: make(*row) for row in dict.fromkeys(rows)}
    return [made[row] for row in rows]
