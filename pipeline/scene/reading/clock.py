"""The time of one scene: how its words for times become frames, and the frames there are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from keyframes.clock import clock_signals
from keyframes.mistakes import found
from keyframes.named_times import Names
from keyframes.source import Signals
from keyframes.time_grammar import amount, count, plain
from keyframes.timebase import Tempo, Timebase, TimeError
from keyframes.times import read_length

SONG, CLIP = "song", "clip"
"""The durations of a video that lasts as long as its music, and as the clip it starts from."""

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
    signals: Signals = field(repr=False)

    @property
    def whole_frames(self) -> range:
        """The frames on which curves are checked, as whole numbers."""
        return (
            range(int(self.frames[0]), int(self.frames[-1]) + 1) if self.frames.size else range(0)
        )

    @classmethod
    def of(
        cls,
        timebase: Timebase,
        frame_count: int,
        sources: Signals = MappingProxyType({}),
    ) -> Clock:
        """The clock of a scene of `frame_count` frames, whose formulas hear `sources` as well."""
        signals = MappingProxyType({**clock_signals(timebase, frame_count), **sources})
        timebase = timebase.within(0, frame_count)
        return cls(timebase, frame_count, np.arange(frame_count, dtype=np.float64), signals)

    def in_shot(self, first: int, end: int, painted: int) -> Clock:
        """The clock of a shot of the frames from `first` to before `end`.

        Of it `painted` frames are made; what lies behind `end` is seen under another shot's fade.
        """
        known = self.frames.size > 0
        own = clock_signals(self.timebase, self.frame_count, (first, end))
        return replace(
            self,
            timebase=self.timebase.within(first, end),
            signals={**self.signals, **own},
            frames=np.arange(first, first + painted, dtype=np.float64) if known else self.frames,
        )

    @classmethod
    def of_unknown_length(
        cls,
        tempo: Tempo | None,
        fps: Fraction = Fraction(24),
        names: Names = MappingProxyType({}),
        sources: Signals = MappingProxyType({}),
    ) -> Clock:
        """A clock that lets every check of a curve but those on its frames take place.

        For a scene whose `video` or `music` is mistaken: what hangs on the length of the video
        waits until that is mended.
        """
        timebase = Timebase(fps, tempo, names).within(0, MAX_FRAMES)
        signals = MappingProxyType({**clock_signals(timebase, MAX_FRAMES), **sources})
        return cls(timebase, MAX_FRAMES, np.empty(0), signals)


def frame_count(
    timebase: Timebase,
    duration: str | float,
    song_end: Fraction | None = None,
    clip_frames: int | None = None,
) -> int:
    """The number of frames of a video of `duration`, rounded to the nearest.

    `song` lasts up to `song_end` seconds from the first frame: to the frame on which its last
    sample falls, of which a hundredth of a frame may be lost, the error of its measured length.
    `clip` lasts `clip_frames`.

    Raises:
        ValueError: the duration cannot be read, or makes no frame or too many.
    """
    if isinstance(duration, str) and plain(duration) == CLIP:
        if clip_frames is None:
            raise ValueError(
                f"{CLIP} is the length of the clip; name it as video.input, or write a duration"
            )
        length, count = float(clip_frames), clip_frames
    elif isinstance(duration, str) and plain(duration) == SONG:
        if song_end is None:
            raise ValueError(
                f"{SONG} is the length of the music; name it under music.file, or write a duration"
            )
        length = float(song_end * timebase.fps)
        count = ceil(length - _UNHEARD)
    else:
        try:
            length = read_length(duration, timebase)
        except TimeError as error:
            raise ValueError(f"{error}{_or_song(duration)}") from error
        count = int(length + 0.5)
    if not 1 <= count <= MAX_FRAMES:
        raise ValueError(
            f"{found(duration)} is {length:g} frames; a video has from 1 to {MAX_FRAMES} frames"
        )
    return count


def _or_song(duration: str | float) -> str:
    """What is added of a duration that cannot be read, unless it is plainly meant as another."""
    if not isinstance(duration, str) or amount(duration) or count(plain(duration)):
        return ""
    return f"; {SONG} alone is the length of the music"
