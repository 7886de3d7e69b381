"""The time of one scene: how its words for times become frames, and the frames there are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from keyframes.clock import clock_signals
from keyframes.mistakes import found
from keyframes.source import Signals
from keyframes.timebase import Tempo, Timebase
from keyframes.times import read_length

MAX_FRAMES = 1_000_000
"""The most frames of a video: names of frame files have six digits."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A timebase, the number of frames, and what formulas can hear."""

    timebase: Timebase
    frame_count: int
    frames: NDArray[np.float64]
    """The frames on which curves are checked."""
    signals: Signals = field(repr=False)

    @property
    def whole_frames(self) -> range:
        """The frames on which curves are checked, as whole numbers."""
        return (
            range(int(self.frames[0]), int(self.frames[-1]) + 1) if self.frames.size else range(0)
        )

    @classmethod
    def of(cls, timebase: Timebase, frame_count: int) -> Clock:
        """The clock of a scene of `frame_count` frames."""
        signals = clock_signals(timebase, frame_count)
        timebase = timebase.within(0, frame_count)
        return cls(timebase, frame_count, np.arange(frame_count, dtype=np.float64), signals)

    def in_shot(self, first: int, end: int, painted: int) -> Clock:
        """The clock of a shot of the frames from `first` to before `end`.

        Of it `painted` frames are made; what lies behind `end` is seen under another shot's fade.
        """
        frames = np.arange(first, first + painted, dtype=np.float64)
        own = clock_signals(self.timebase, self.frame_count, (first, end))
        return replace(
            self,
            timebase=self.timebase.within(first, end),
            signals={**self.signals, **own},
            frames=frames if self.frames.size else self.frames,
        )

    @classmethod
    def of_unknown_length(cls, tempo: Tempo | None, fps: Fraction = Fraction(24)) -> Clock:
        """A clock that lets every check of a curve but those on its frames take place.

        For a scene whose `video` or `music` is mistaken: what hangs on the length of the video
        waits until that is mended.
        """
        timebase = Timebase(fps, tempo)
        signals = clock_signals(timebase, MAX_FRAMES)
        return cls(timebase, MAX_FRAMES, np.empty(0), signals)


def frame_count(timebase: Timebase, duration: str | float) -> int:
    """The number of frames of a video of `duration`, rounded to the nearest.

    Raises:
        ValueError: the duration cannot be read, or makes no frame or too many.
    """
    length = read_length(duration, timebase)
    count = int(length + 0.5)
    if not 1 <= count <= MAX_FRAMES:
        raise ValueError(
            f"{found(duration)} is {length:g} frames; a video has from 1 to {MAX_FRAMES} frames"
        )
    return count
