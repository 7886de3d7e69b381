"""A number over the video as its source means it, and as a scene writes it.

The values come first: they are computed from the source's own rules for every frame. A way to
write them is taken only if a scene that reads it gets these values; where none does, the
values themselves are written, as keys with straight lines between them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from keyframes.clock import clock_signals
from keyframes.expression import ExpressionError
from keyframes.mistakes import NotationError
from keyframes.notation import read_curve
from keyframes.timebase import Timebase

Array = NDArray[np.float64]

LARGEST = 1e12
"""The largest value, of either sign, that is taken for one: no setting comes near it."""
CLOSE = 1e-9
"""What two equal values may differ by, relative to the larger of 1 and their size."""


@dataclass(frozen=True, slots=True)
class Moving:
    """The value at every frame, and what a scene writes for it."""

    values: Array
    written: object
    """A number, a formula, or a mapping of frames to numbers or `{value, ease}`."""
    is_sampled: bool = False
    """Whether the values themselves are written, as nothing shorter gives them."""

    @property
    def is_constant(self) -> bool:
        """Whether one number holds throughout."""
        return bool(np.ptp(self.values) == 0)

    def is_always(self, value: float) -> bool:
        """Whether it is this number on every frame."""
        return bool(np.all(np.abs(self.values - value) <= CLOSE))


def moving(values: Array, forms: Iterable[object]) -> Moving:
    """The first of `forms` that a scene reads as `values`, or `values` as keys."""
    if np.ptp(values) == 0:
        return Moving(values, plain(float(values[0])))
    for form in forms:
        if reads_as(form, values):
            return Moving(values, form)
    return Moving(values, sampled(values), is_sampled=True)


def reads_as(form: object, values: Array) -> bool:
    """Whether a scene of so many frames that says `form` has `values`."""
    read = read_values(form, len(values))
    bound = CLOSE * np.maximum(1.0, np.abs(values))
    return read is not None and bool(np.all(np.abs(read - values) <= bound))


def read_values(form: object, count: int) -> Array | None:
    """What a scene of `count` frames makes of `form` at each; None where it cannot be read."""
    timebase = Timebase(Fraction(24)).within(0, count)
    try:
        curve = read_curve(form, timebase, clock_signals(timebase, count))
        return np.asarray(curve(np.arange(count, dtype=np.float64)))
    except (NotationError, ExpressionError, ValueError):
        return None


def plain(value: float) -> float | int:
    """A number as people write it: whole where it is whole, without the dust of arithmetic."""
    rounded = float(f"{value:.12g}")
    return int(rounded) if rounded == int(rounded) and abs(rounded) < 1e15 else rounded


def sampled(values: Array) -> dict[int, float | int]:
    """Keys with straight lines between them that give `values`; fewer where these are straight."""
    kept = [0]
    low, high = -np.inf, np.inf
    data = values.tolist()
    for frame in range(1, len(data)):
        start = kept[-1]
        run, rise = frame - start, data[frame] - data[start]
        if not low <= rise / run <= high:
            kept.append(frame - 1)
            start, low, high = frame - 1, -np.inf, np.inf
            run, rise = 1, data[frame] - data[frame - 1]
        slack = CLOSE / 4 * max(1.0, abs(data[frame]))
        low, high = max(low, (rise - slack) / run), min(high, (rise + slack) / run)
    kept.append(len(data) - 1)
    return {frame: plain(data[frame]) for frame in dict.fromkeys(kept)}


def joined(parts: list[tuple[int, str]]) -> str:
    """One formula out of several, each of which holds from its frame on."""
    *_, (_, whole) = parts
    for (_, formula), (until, _) in zip(parts[-2::-1], parts[:0:-1], strict=True):
        whole = f"{formula} if frame < {until} else {whole}"
    return whole
