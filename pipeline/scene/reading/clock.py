"""The time of one scene: how its words for times become frames, and the frames there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from keyframes.expression import Signal, clock_signals
from keyframes.mistakes import found
from keyframes.named_times import Names
from keyframes.time_grammar import plain
from keyframes.timebase import Tempo, Timebase
from keyframes.times import read_length

SONG = "song"
"""The duration of a video that lasts as long as its music."""

_UNHEARD = 0.01

MAX_FRAMES = 1_000_000
"""The most frames of a video: names of frame files have six digits."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A timebase, the number of frames, and what formulas can hear."""

    timebase: Timebase
    frame_count: int
    frames: NDArray[np.float64]
    """The frames on which curves are checked."""
    signals: Mapping[str, Signal] = field(repr=False)

    @classmethod
    def of(
        cls,
        timebase: Timebase,
        frame_count: int,
        sources: Mapping[str, Signal] = MappingProxyType({}),
    ) -> Clock:
        """The clock of a scene of `frame_count` frames, whose formulas hear `sources` as well."""
        signals = MappingProxyType({**clock_signals(timebase, frame_count), **sources})
        return cls(timebase, frame_count, np.arange(frame_count, dtype=np.float64), signals)

    @classmethod
    def of_unknown_length(
        cls, tempo: Tempo | None, fps: Fraction = Fraction(24), names: Names = MappingProxyType({})
    ) -> Clock:
        """A clock that lets every check of a curve but those on its frames take place.

        For a scene whose `video` or `music` is mistaken: what hangs on the length of the video
        waits until that is mended.
        """
        timebase = Timebase(fps, tempo, names).within(0, MAX_FRAMES)
        signals = clock_signals(timebase, MAX_FRAMES)
        return cls(timebase, MAX_FRAMES, np.empty(0), signals)


def frame_count(timebase: Timebase, duration: str | float, song_end: Fraction | None = None) -> int:
    """The number of frames of a video of `duration`, rounded to the nearest.

    `song` lasts up to `song_end` seconds from the first frame: to the frame on which its last
    sample falls, of which a hundredth of a frame may be lost, the error of its measured length.

    Raises:
        ValueError: the duration cannot be read, or makes no frame or too many.
    """
    if isinstance(duration, str) and plain(duration) == SONG:
        if song_end is None:
            raise ValueError(
                f"{SONG} is the length of the music; name it under music.file, or write a duration"
            )
        length = float(song_end * timebase.fps)
        count = ceil(length - _UNHEARD)
    else:
        length = read_length(duration, timebase)
        count = int(length + 0.5)
    if not 1 <= count <= MAX_FRAMES:
        raise ValueError(
            f"{found(duration)} is {length:g} frames; a video has from 1 to {MAX_FRAMES} frames"
        )
    return count
