"""What is known of a clip, the pictures of a video file, before any of them is decoded.

Convention:
    Frames are counted from 0 in the order in which they are shown. Seconds are those of the file as
    it is played, sound and pictures together; the first picture may come a little after 0.
    Sizes are those of the picture upright and with square pixels, however it is stored.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import floor
from pathlib import Path
from statistics import median_low
from typing import Literal

Crop = tuple[int, int, int, int]
"""A part of a picture: x and y of its upper left corner, width and height, in pixels."""
Fit = Literal["cover", "contain", "stretch"]
"""What becomes of a picture whose proportions are not the frame's."""

_UNEVEN = Fraction(1, 4)
"""Share of a frame by which one that comes unevenly counts as early: times of phones jitter."""
_STATED = Fraction(1, 100_000)
"""Seconds by which the beginning that a file states is rounded, with room to spare."""


@dataclass(frozen=True, slots=True)
class Clip:
    """The pictures of a video file: their size, and when each of them is shown."""

    file: Path
    size: tuple[int, int]
    """Width and height."""
    stored: tuple[int, int]
    """Width and height of the pixels that are decoded, upright."""
    ticks: tuple[int, ...]
    """When each frame comes, in `tick`s, rising."""
    tick: Fraction
    """Seconds of a tick."""
    begin: Fraction
    """The seconds, by the same count, at which the file begins to play."""
    rate: Fraction | None
    """Frames a second, exactly; None where they come unevenly."""
    lasts: Fraction
    """Seconds that the last frame is shown."""
    says_when: bool = True
    """Whether the file says of each frame when it is shown; else it is known by its place alone."""
    colours: str = ""
    """Colour matrix that the file does not state and is taken to mean, in ffmpeg's words; "" where
    it states one."""
    spacing: Fraction = field(init=False)
    """Seconds from a frame to the next, as most of them come."""

    def __post_init__(self) -> None:
        even = None if self.rate is None else 1 / self.rate
        spacing = even or spacing_of(self.ticks) * self.tick
        object.__setattr__(self, "spacing", spacing)

    def __len__(self) -> int:
        return len(self.ticks)

    def second(self, frame: int) -> Fraction:
        """When a frame is shown; exact where the rate is."""
        if self.rate is None:
            return self.ticks[frame] * self.tick - self.begin
        return self._first + frame / self.rate

    @property
    def end(self) -> Fraction:
        """When the last frame has been shown."""
        return self.second(len(self) - 1) + self.lasts

    def frame_at(self, second: Fraction) -> int:
        """The frame that is shown at a second: the last one that has come, or else the first."""
        if self.rate is not None:
            late = second - self._first + self._rounded
            return min(max(floor(late * self.rate), 0), len(self) - 1)
        tick = floor((second + self.begin + _UNEVEN * self.spacing) / self.tick)
        return max(bisect_right(self.ticks, tick) - 1, 0)

    @property
    def _first(self) -> Fraction:
        return self.ticks[0] * self.tick - self.begin

    @property
    def _rounded(self) -> Fraction:
        """How much later than they do frames may seem to come: by half a tick that is no frame."""
        half = self.tick / 2 if 4 * self.tick < self.spacing else Fraction(0)
        return half + _STATED


def spacing_of(ticks: tuple[int, ...]) -> Fraction:
    """The ticks from a frame to the next, as most of them come; 0 of a single one."""
    between = [later - earlier for earlier, later in pairwise(ticks)]
    return Fraction(median_low(between)) if between else Fraction(0)


def is_even(ticks: tuple[int, ...], tick: Fraction, rate: Fraction) -> bool:
    """Whether frames come at a rate, to the tick by which their times are rounded."""
    step = 1 / (rate * tick)
    return all(abs(one - ticks[0] - place * step) <= 1 for place, one in enumerate(ticks))
