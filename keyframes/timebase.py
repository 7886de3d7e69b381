"""Times and durations in words, as positions and numbers of frames.

Conventions:
    Frames count from 0, and a position may lie between two of them. Bars and beats count from 1 in
    words ("bar 1" and "beat 1" fall on the first beat) and from 0 as positions (`beats`, `bars`).
    A time and a duration are different grammars: "bar 9" is a time, "16 bars" a duration. Words
    are converted in exact arithmetic, so "1001s" at 30000/1001 frames a second is frame 30000.
    Where the tempo changes, the length of a bar depends on where it begins.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import floor

import numpy as np
from numpy.typing import NDArray

from keyframes.beat_lines import beat_lines
from keyframes.mistakes import found
from keyframes.named_times import Names, named_time, unknown_name
from keyframes.number_slips import with_points
from keyframes.tempo import Number, Tempo, TimeError, exact
from keyframes.time_grammar import (
    DURATION_UNITS,
    MUSICAL_UNITS,
    TIME_UNITS,
    Amount,
    Count,
    amount,
    count,
    offset,
    plain,
    share,
    summed,
    unit_meant,
)

__all__ = ["NEEDS_TEMPO", "SHOT", "Frames", "Tempo", "TimeError", "Timebase", "nearest_frame"]

Frames = float | NDArray[np.float64]
"""One position in frames, or an array of them; also the values of a curve at these positions."""

NEEDS_TEMPO = "needs a tempo; set `music.bpm`"

_TIME = (
    'a frame number such as 96, or "4s", "250ms", "1:30", "bar 9", "beat 33.5", "start" or a name '
    "from music.sections"
)
_DURATION = 'a number of frames such as 96, or "16 bars", "2 beats", "4s", "250ms" or "1:30"'
_START, _END = "start", "end"
SHOT = "shot "
"""What a time begins with that counts from the beginning of its shot."""


@dataclass(frozen=True, slots=True)
class Timebase:
    """`fps` frames a second, exactly, the tempo of the music, and the times that have names."""

    fps: Fraction
    tempo: Tempo | None = None
    names: Names = field(default_factory=dict, hash=False)
    """Names of times, plain, and the seconds from the first frame at which they are."""
    span: tuple[Number, Number] | None = None
    """First frame and end of the shot, or of the video: what `start`, `end`, `50%` and `shot 2s`
    go by. None where the length is not known yet; `start` is the first frame of the video then."""

    def __post_init__(self) -> None:
        if self.fps <= 0:
            raise TimeError(f"a frame rate is above 0; found {self.fps}")

    def within(self, first: Number, end: Number) -> Timebase:
        """The timebase of a shot that begins at frame `first` and ends before frame `end`."""
        return replace(self, span=(first, end))

    def frame(self, time: str | float) -> float:
        """The position of a time: "4s", "1:30.5", "bar 9 beat 3", "96f", 96, "chorus + 4 beats".

        Raises TimeError for anything else, for a time before the first frame, for bars and
        beats without a tempo, and for a part of a shot or video whose length is unknown.
        """
        return float(self.position(time))

    def position(self, time: str | float) -> Fraction:
        """The exact position of a time in frames; raises as `frame` does."""
        position = self._spoken(plain(time), time) if isinstance(time, str) else None
        if position is None and not isinstance(time, str):
            position = self._amount(time, TIME_UNITS, Fraction(0))
        if position is None:
            raise TimeError(self._no_time(time))
        if position < 0:
            raise TimeError(f"a time cannot lie before the first frame; found {found(time)}")
        return position

    def length(self, duration: str | float, at: Number = 0) -> float:
        """The number of frames of a duration that begins at the position `at`.

        Durations are "16 bars", "2 beats", "4s", "1:30", "96 frames", 96 and sums such as "1 bar +
        2 beats". Raises TimeError for anything else, for a negative duration, and for bars and
        beats without a tempo.
        """
        begin = Fraction(at)
        frames = self._long(duration, begin)
        if frames is None:
            is_time = isinstance(duration, str) and count(plain(duration))
            other = ", which is a time" if is_time else _unit(duration)
            points = with_points(duration)
            raise TimeError(f"a duration is {_DURATION}; found {found(duration)}{other}{points}")
        if frames < 0:
            raise TimeError(f"a duration cannot be negative; found {found(duration)}")
        return float(frames)

    def seconds(self, frames: Frames) -> Frames:
        """Seconds from the first frame to positions in frames."""
        return frames * self.fps.denominator / self.fps.numerator

    def beats(self, frames: Frames) -> Frames:
        """Beats from the first beat to positions in frames: 0 on it, negative before it.

        A position that falls on a beat gives a whole number. Raises TimeError without a tempo.
        """
        at = np.asarray(frames, dtype=np.float64)
        beats = beat_lines(self._tempo("a beat"), self.fps)(at)
        return beats if at.ndim else float(beats)

    def bars(self, frames: Frames) -> Frames:
        """Bars from the first beat to positions in frames; TimeError without a tempo."""
        return self.beats(frames) / self._tempo("a bar").beats_per_bar

    def _spoken(self, text: str, time: str) -> Fraction | None:
        """The position of a time, or of a time with lengths added to it."""
        read = summed(text, lambda anchor: self._anchor(anchor, time))
        return None if read is None else self._later(*read, time)

    def _long(self, duration: object, begin: Fraction) -> Fraction | None:
        """The frames of a duration, or of a sum of them, from the position `begin` on."""

        def read(text: object) -> Fraction | None:
            return self._amount(text, DURATION_UNITS, begin, duration)

        if not isinstance(duration, str):
            return read(duration)
        apart = summed(plain(duration), read)
        return apart and self._later(begin + apart[0], apart[1], duration) - begin

    def _later(self, position: Fraction, distances: Iterable[Amount], words: object) -> Fraction:
        """The position that lies `distances` later, one after the other."""
        for distance in distances:
            if not distance.unit:
                raise TimeError(
                    f'a distance has a unit, such as "4 beats", "4 frames" or "250ms"; found '
                    f"{found(words)}"
                )
            position += self._frames(distance, position, words)
        return position

    def _anchor(self, text: str, time: str) -> Fraction | None:
        """The position of a time that is no sum."""
        if text == _START:
            return exact(self.span[0]) if self.span else Fraction(0)
        if text == _END:
            return self._part(Fraction(1), time)
        if (part := share(text)) is not None:
            return self._part(part, time)
        if text.startswith(SHOT) and amount(text.removeprefix(SHOT)):
            first = self._part(Fraction(0), time)
            passed = self._amount(text.removeprefix(SHOT), DURATION_UNITS, first, time)
            return None if passed is None else first + passed
        if place := count(text):
            return self._counted(place, time)
        frames = self._amount(text, TIME_UNITS, Fraction(0), time)
        if frames is not None:
            return frames
        named = named_time(text, self.names)
        return None if named is None else named * self.fps

    def _part(self, part: Fraction, time: str) -> Fraction:
        if self.span is None:
            raise TimeError(f"{found(time)} needs the length of the video, which is not known here")
        first, end = map(exact, self.span)
        return first + part * (end - first)

    def _counted(self, place: Count, time: str) -> Fraction:
        tempo = self._tempo(found(time))
        for unit, number in ((place.unit, place.number), ("beat", place.beat)):
            if number is not None and number < 1:
                raise TimeError(f"{unit}s count from 1; found {found(time)}")
        in_bar = 1 if place.beat is None else place.beat
        if in_bar >= tempo.beats_per_bar + 1:
            raise TimeError(
                f"a bar has {tempo.beats_per_bar} beats; found {found(time)}; count on in the next "
                "bar, or write `music.beats_per_bar`"
            )
        beats = tempo.beats_per_bar if place.unit == "bar" else 1
        return tempo.second((place.number - 1) * beats + in_bar - 1) * self.fps

    def _amount(
        self, written: object, units: Collection[str], at: Fraction, words: object = None
    ) -> Fraction | None:
        """The frames of an amount from the position `at` on; None for none in these `units`."""
        read = amount(written)
        if read is None or read.unit not in units:
            return None
        return self._frames(read, at, written if words is None else words)

    def _frames(self, read: Amount, at: Fraction, words: object) -> Fraction:
        if read.unit not in MUSICAL_UNITS:
            return read.number * {"s": self.fps, "ms": self.fps / 1000}.get(read.unit, Fraction(1))
        tempo = self._tempo(found(words))
        beats = read.number * (tempo.beats_per_bar if read.unit.startswith("bar") else 1)
        start = at / self.fps
        return (tempo.second(tempo.beat(start) + beats) - start) * self.fps

    def _no_time(self, time: object) -> str:
        read = amount(time)
        if self.names and isinstance(time, str) and read is None:
            text = plain(time)
            apart = offset(text)
            unknown = apart[0] if apart else text
            return unknown_name(time, unknown, self.names, (_START, _END)) + with_points(time)
        other = ", which is a duration" if read and isinstance(time, str) else ""
        return f"a time is {_TIME}; found {found(time)}{other}{_unit(time)}{with_points(time)}"

    def _tempo(self, what: str) -> Tempo:
        if self.tempo is None:
            raise TimeError(f"{what} {NEEDS_TEMPO}")
        return self.tempo


def _unit(written: object) -> str:
    """The end of a message about what may have a mistyped unit."""
    return unit_meant(plain(written)) if isinstance(written, str) else ""


def nearest_frame(position: float) -> float:
    """The whole frame nearest to a position: where a change that happens there shows.

    Halfway between two frames it is the later one.
    """
    return float(floor(position + 0.5))
