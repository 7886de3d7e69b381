"""A number over time, given by keys.

Convention:
    The way from one key to the next belongs to the key at which it arrives, and that key's `ease`
    says how it goes; the first key's is without effect. Before the first key the curve holds the
    first value, after the last key the last. A key that is reached by `hold` is a jump, and takes
    effect on the frame nearest to it: at most half a frame early or late. Every other way is
    continuous, and each frame has its value at that very position.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from math import isfinite
from types import MappingProxyType
from typing import overload

import numpy as np
from numpy.typing import NDArray

from keyframes import disco_spline
from keyframes.easing import EASINGS
from keyframes.nearest import LONGEST_WORD, nearest
from keyframes.quoting import quoted
from keyframes.shaped_eases import Bezier, Spring
from keyframes.spline import Knots, cubic, monotone, natural, not_a_knot, quadratic
from keyframes.timebase import Frames, nearest_frame

Array = NDArray[np.float64]

SPLINES: Mapping[str, Callable[[Array, Array], Knots]] = MappingProxyType(
    {
        "monotone": monotone,
        "cubic": natural,
        disco_spline.QUADRATIC: quadratic,
        disco_spline.CUBIC: not_a_knot,
    }
)
"""The curve through the keys of a run of segments, by ease: neighbours with one ease are one."""

HOLD = "hold"
"""The ease that stays at the previous value until the key."""

EASES = (*EASINGS, HOLD, *SPLINES)
"""The eases that have names."""

Ease = str | Bezier | Spring
"""One of `EASES`, or an easing with numbers of its own."""


@dataclass(frozen=True, slots=True)
class Keyframe:
    """The value at a position in frames, and how the curve arrives there."""

    frame: float
    value: float
    ease: Ease = "linear"
    """Easing of the way that arrives at the key."""

    def __post_init__(self) -> None:
        for name, number in (("frame", self.frame), ("value", self.value)):
            if not isfinite(number):
                raise ValueError(f"the {name} of a key must be finite; found {number}")
        if isinstance(self.ease, str):
            check_ease(self.ease)


def check_ease(ease: str) -> None:
    """Raises ValueError unless `ease` is one of `EASES`."""
    if ease not in EASES:
        raise ValueError(
            f'unknown ease "{quoted(ease)}"{_meant(ease)}; allowed: linear, hold, monotone, cubic, '
            "in, out, in_out, and these three with sine, quad, cubic, quart, quint, expo, circ, "
            "back, elastic or bounce, such as in_out_cubic; spring, disco_quadratic, disco_cubic; "
            "and a bezier curve such as [0.4, 0, 0.2, 1]"
        )


def _meant(ease: str) -> str:
    """The end of a message about an unknown ease, also of one as easings.net and CSS write it."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[-\s]+", "_", ease[:LONGEST_WORD]).lower()
    name = words.removeprefix("ease").strip("_")
    return f' (did you mean "{name}"?)' if name in EASES else nearest(ease, EASES)


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
        # Values too large to be told apart come out infinite, which whoever asks for them refuses.
        with np.errstate(all="ignore"):
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
        with np.errstate(all="ignore"):
            values = self._path.values(at.reshape(-1)).reshape(at.shape)
        return values if at.ndim else float(values)


@dataclass(frozen=True, slots=True, eq=False)
class _Path:
    """The segments between the keys, and between the knots of splines, as columns `(n,)`."""

    ends: tuple[float, float]
    """The values before the first key and behind the last one."""
    reached: Array
    """Where each knot takes effect, `(n + 1,)`: at its frame, or at the nearest whole one if that
    is a jump, and no earlier than the knot before it."""
    start: Array
    """Frames at which the segments begin."""
    width: Array
    low: Array
    """Values with which the segments begin."""
    rise: Array
    leaving: Array
    """Slopes at the beginning of the segments that are part of a spline; 0 for others."""
    arriving: Array
    eases: tuple[Ease, ...]
    """The different eases of the segments."""
    ease: NDArray[np.intp]
    """The index into `eases` of each segment's ease."""

    @classmethod
    def through(cls, keys: tuple[Keyframe, ...]) -> _Path:
        frames = np.array([key.frame for key in keys], dtype=np.float64)
        heights = np.array([key.value for key in keys], dtype=np.float64)
        runs = _runs([key.ease for key in keys[1:]])
        places = {ease: place for place, ease in enumerate(dict.fromkeys(ease for ease, _ in runs))}
        blocks, ease_of = [np.empty((7, 0))], [np.empty(0, dtype=np.intp)]
        for ease, run in runs:
            points = slice(run.start, run.stop + 1)
            blocks.append(_columns(ease, frames[points], heights[points]))
            ease_of.append(np.full(blocks[-1].shape[1], places[ease]))
        ends, start, width, low, rise, leaving, arriving = np.concatenate(blocks, axis=1)
        return cls(
            ends=(float(heights[0]), float(heights[-1])),
            reached=np.maximum.accumulate(np.append(frames[0], ends)),
            start=start,
            width=width,
            low=low,
            rise=rise,
            leaving=leaving,
            arriving=arriving,
            eases=tuple(places),
            ease=np.concatenate(ease_of),
        )

    def values(self, at: Array) -> Array:
        before, behind = self.ends
        values: Array = np.where(at <= self.reached[0], before, behind)
        inside = (at > self.reached[0]) & (at < self.reached[-1])
        segment = np.searchsorted(self.reached, at[inside], side="right") - 1
        values[inside] = self._between(at[inside], segment)
        return values

    def _between(self, at: Array, segment: NDArray[np.intp]) -> Array:
        values = np.empty_like(at)
        ease_of = self.ease[segment]
        order = np.argsort(ease_of, kind="stable")
        starts = np.searchsorted(ease_of[order], np.arange(len(self.eases) + 1))
        for ease, span in zip(self.eases, pairwise(starts), strict=True):
            here = order[slice(*span)]
            if here.size:
                values[here] = self._along(ease, at[here], segment[here])
        return values

    def _along(self, ease: Ease, at: Array, segment: NDArray[np.intp]) -> Array:
        low, rise = self.low[segment], self.rise[segment]
        if ease == HOLD:
            return low
        start, width = self.start[segment], self.width[segment]
        # A key that took effect early is not left before its own frame.
        u = (np.clip(at, start, start + width) - start) / width
        if ease in SPLINES:
            leaving, arriving = self.leaving[segment] * width, self.arriving[segment] * width
            return cubic(u, low, rise, leaving, arriving)
        easing = EASINGS[ease] if isinstance(ease, str) else ease
        return low + rise * easing(u)


def _columns(ease: Ease, frames: Array, heights: Array) -> Array:
    """The segments of one run of keys, `(7, n)`: where they end, and the columns of a `_Path`."""
    through = SPLINES.get(ease, _straight) if isinstance(ease, str) else _straight
    knots = through(frames, heights)
    ends = knots.x[1:]
    if ease == HOLD:
        ends = np.array([nearest_frame(frame) for frame in ends])
    width, rise = np.diff(knots.x), np.diff(knots.y)
    begin = knots.x[:-1], width, knots.y[:-1], rise
    return np.stack((ends, *begin, knots.slopes[:-1], knots.slopes[1:]))


def _straight(x: Array, y: Array) -> Knots:
    return Knots(x, y, np.zeros_like(x))


def _runs(eases: list[Ease]) -> list[tuple[Ease, slice]]:
    """Neighbouring segments with one ease, as the ease and where they stand."""
    runs: list[tuple[Ease, slice]] = []
    start = 0
    for ease, group in groupby(eases):
        stop = start + len(list(group))
        runs.append((ease, slice(start, stop)))
        start = stop
    return runs
