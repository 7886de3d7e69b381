"""Frames to beats, for whole arrays and without rounding where a frame falls on a beat."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import floor, lcm

import numpy as np
from numpy.typing import NDArray

from keyframes.tempo import Segment, Tempo

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class BeatLines:
    """Beats as lines over frames, one for each steady stretch of a tempo; columns `(n,)`.

    In a stretch, frame `f` has the beat `((f - base) * rise - offset) / whole`. All four are whole
    numbers, so that a whole beat is found exactly as long as the product is below 2**53.
    """

    starts: Array
    """Frames at which the stretches but the first begin, `(n - 1,)`."""
    base: Array
    rise: Array
    offset: Array
    whole: Array

    def __call__(self, frames: Array) -> Array:
        """Beats from the first beat of bar 1 to positions in frames, of the same shape."""
        line = np.searchsorted(self.starts, frames, side="right")
        steps = (frames - self.base[line]) * self.rise[line] - self.offset[line]
        beats: Array = steps / self.whole[line]
        return beats


@lru_cache(maxsize=8)
def beat_lines(tempo: Tempo, fps: Fraction) -> BeatLines:
    """The lines of a tempo at `fps` frames a second."""
    starts = [segment.second * fps for segment in tempo.segments[1:]]
    # The first stretch has no beginning: its frames count from that of the video.
    bases = [0, *(floor(start) for start in starts)]
    columns = zip(
        *(_line(*one, fps) for one in zip(tempo.segments, bases, strict=True)), strict=True
    )
    return BeatLines(*(np.array(column, dtype=np.float64) for column in (starts, bases, *columns)))


def _line(segment: Segment, base: int, fps: Fraction) -> tuple[float, float, float]:
    slope = 1 / (segment.seconds_per_beat * fps)
    offset = (segment.second * fps - base) * slope - segment.beat
    whole = lcm(slope.denominator, offset.denominator)
    return float(slope * whole), float(offset * whole), float(whole)
