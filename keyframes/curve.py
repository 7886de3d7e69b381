"""A number over time, given by keys.

Convention:
    The way from one key to the next belongs to the key at which it arrives, and that key's `ease`
    says how it goes; the first key's is without effect. Before the first key the curve holds the
    first value, after the last key the last. A key that is reached by `hold` is a jump, and takes
    effect on the frame nearest to it: at most half a frame early or late. Every other way is
    continuous, and each frame has its value at that very position.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from math import isfinite
from types import MappingProxyType
from typing import overload

import numpy as np
from numpy.typing import NDArray

from keyframes.easing import EASINGS
from keyframes.nearest import nearest
from keyframes.quoting import quoted
from keyframes.spline import cubic, monotone_slopes, natural_slopes
from keyframes.timebase import Frames, nearest_frame

Array = NDArray[np.float64]

SPLINES: Mapping[str, Callable[[Array, Array], Array]] = MappingProxyType(
    {"monotone": monotone_slopes, "cubic": natural_slopes}
)
"""Slopes at the keys of a run of segments, by ease: neighbours with one ease are one spline."""

HOLD = "hold"
"""The ease that stays at the previous value until the key."""

EASES = (*EASINGS, HOLD, *SPLINES)


@dataclass(frozen=True, slots=True)
class Keyframe:
    """The value at a position in frames, and how the curve arrives there."""

    frame: float
    value: float
    ease: str = "linear"
    """Easing of the way that arrives at the key: one of `EASES`."""

    def __post_init__(self) -> None:
        for name, number in (("frame", self.frame), ("value", self.value)):
            if not isfinite(number):
                raise ValueError(f"the {name} of a key must be finite; found {number}")
        check_ease(self.ease)


def check_ease(ease: str) -> None:
    """Raises ValueError unless `ease` is one of `EASES`."""
    if ease not in EASES:
        raise ValueError(
            f'unknown ease "{quoted(ease)}"{nearest(ease, EASES)}; allowed: linear, hold, '
            "monotone, cubic, in, out, in_out, and these three with sine, quad, cubic, quart, "
            "quint, expo, circ, back, elastic or bounce, such as in_out_cubic"
        )


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve through keys, which are kept in the order of their frames.

    Raises ValueError if there is no key, or two at one frame.
    """

    keys: tuple[Keyframe, ...]
    _path: _Path = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keys = tuple(sorted(self.keys, key=lambda key: key.frame))
        if not keys:
            raise ValueError("a curve without keys; give it at least one")
        for before, after in pairwise(keys):
            if before.frame == after.frame:
                raise ValueError(f"two keys at frame {after.frame:.10g}; keep one of them")
        object.__setattr__(self, "keys", keys)
        object.__setattr__(self, "_path", _Path.through(keys))

    @classmethod
    def constant(cls, value: float) -> Curve:
        """The curve that is `value` at every frame."""
        return cls((Keyframe(0.0, value),))

    @overload
    def __call__(self, frame: float) -> float: ...
    @overload
    def __call__(self, frame: Array) -> Array: ...
    def __call__(self, frame: Frames) -> Frames:
        """The value at a position in frames, or an array of values at an array of positions."""
        at = np.asarray(frame, dtype=np.float64)
        values = self._path.values(at.reshape(-1)).reshape(at.shape)
        return values if at.ndim else float(values)


@dataclass(frozen=True, slots=True, eq=False)
class _Path:
    """The keys as columns: `(n,)` for the keys, `(n - 1,)` for the segments between them."""

    frames: Array
    reached: Array
    """Where each key takes effect: its frame, or the nearest whole one if that is a jump, and no
    earlier than the key before it."""
    heights: Array
    eases: tuple[str, ...]
    """The different eases of the segments."""
    ease: NDArray[np.intp]
    """The index into `eases` of each segment's ease, `(n - 1,)`."""
    leaving: Array
    """Slopes at the beginning of the segments that are part of a spline; 0 for others."""
    arriving: Array

    @classmethod
    def through(cls, keys: tuple[Keyframe, ...]) -> _Path:
        frames = np.array([key.frame for key in keys], dtype=np.float64)
        heights = np.array([key.value for key in keys], dtype=np.float64)
        eases = [key.ease for key in keys[1:]]
        reached = [
            nearest_frame(key.frame) if place and key.ease == HOLD else key.frame
            for place, key in enumerate(keys)
        ]
        leaving, arriving = np.zeros(len(eases)), np.zeros(len(eases))
        for ease, run in _runs(eases):
            if ease in SPLINES:
                points = slice(run.start, run.stop + 1)
                slopes = SPLINES[ease](frames[points], heights[points])
                leaving[run], arriving[run] = slopes[:-1], slopes[1:]
        names = tuple(dict.fromkeys(eases))
        ease_of = np.array([names.index(ease) for ease in eases], dtype=np.intp)
        effect = np.maximum.accumulate(np.array(reached, dtype=np.float64))
        return cls(frames, effect, heights, names, ease_of, leaving, arriving)

    def values(self, at: Array) -> Array:
        values: Array = np.where(at <= self.reached[0], self.heights[0], self.heights[-1])
        inside = (at > self.reached[0]) & (at < self.reached[-1])
        segment = np.searchsorted(self.reached, at[inside], side="right") - 1
        values[inside] = self._between(at[inside], segment)
        return values

    def _between(self, at: Array, segment: NDArray[np.intp]) -> Array:
        values = np.empty_like(at)
        ease_of = self.ease[segment]
        for place, ease in enumerate(self.eases):
            here = ease_of == place
            values[here] = self._along(ease, at[here], segment[here])
        return values

    def _along(self, ease: str, at: Array, segment: NDArray[np.intp]) -> Array:
        low = self.heights[segment]
        if ease == HOLD:
            return low
        rise = self.heights[segment + 1] - low
        start = self.frames[segment]
        width = self.frames[segment + 1] - start
        # A key that took effect early is not left before its own frame.
        u = (np.clip(at, start, start + width) - start) / width
        if ease in SPLINES:
            leaving, arriving = self.leaving[segment] * width, self.arriving[segment] * width
            return cubic(u, low, rise, leaving, arriving)
        return low + rise * EASINGS[ease](u)


def _runs(eases: list[str]) -> list[tuple[str, slice]]:
    """Neighbouring segments with one ease, as the ease and where they stand."""
    runs: list[tuple[str, slice]] = []
    start = 0
    for ease, group in groupby(eases):
        stop = start + len(list(group))
        runs.append((ease, slice(start, stop)))
        start = stop
    return runs
