"""Times and durations in words, as positions and numbers of frames.

Conventions:
    Frames count from 0, and a position may lie between two of them. Bars and beats count from 1 in
    words ("bar 1" and "beat 1" fall on the first beat) and from 0 as positions (`beats`, `bars`).
    A time and a duration are different grammars: "bar 9" is a time, "16 bars" a duration. Words
    are converted in exact arithmetic, so "1001s" at 30000/1001 frames a second is frame 30000.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite, lcm

import numpy as np
from numpy.typing import NDArray

from keyframes.mistakes import found
from keyframes.number_slips import with_points, write_instead

Frames = float | NDArray[np.float64]
"""One position in frames, or an array of them; also the values of a curve at these positions."""

NTSC_RATES = tuple(Fraction(nominal * 1000, 1001) for nominal in (24, 30, 48, 60, 120))
"""Colour television's frame rates (SMPTE ST 12-1), which are written as 23.976, 29.97, 59.94 ..."""

LAST_FRAME = 10**15
"""The largest position in frames; a float below it still has fractions of a frame."""

NEEDS_TEMPO = "needs a tempo; set `music.bpm`"

_TIME = 'a frame number such as 96, or "4s", "250ms", "1:30", "bar 9", "beat 33.5" or "start"'
_DURATION = 'a number of frames such as 96, or "16 bars", "2 beats", "4s", "250ms" or "1:30"'
_NUMBER = r"(-?[0-9]{1,15}(?:\.[0-9]{1,20})?)"
_AMOUNT = re.compile(rf"{_NUMBER} *([a-z]*)")
_COUNT = re.compile(rf"(bar|beat) *{_NUMBER}")
_CLOCK = re.compile(r"(-?[0-9]{1,6}):([0-5][0-9](?:\.[0-9]{1,20})?)")
_RATE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(?: */ *([0-9]{1,9}))?")

_TIME_UNITS = ("", "f", "s", "ms")
_MUSICAL_UNITS = ("bar", "bars", "beat", "beats")
_DURATION_UNITS = (*_TIME_UNITS, *_MUSICAL_UNITS, "frame", "frames")


class TimeError(ValueError):
    """A time, a duration or a frame rate that cannot be read, or has no meaning here."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """A steady beat: `bpm` beats a minute, from 1 to 1000, the first at `first_beat` seconds."""

    bpm: float
    first_beat: float = 0.0
    beats_per_bar: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.bpm <= 1000:
            raise TimeError(f"a tempo has from 1 to 1000 beats a minute; found {self.bpm}")
        if not isfinite(self.first_beat):
            raise TimeError(f"the first beat is a number of seconds; found {self.first_beat}")
        if self.beats_per_bar < 1:
            raise TimeError(f"a bar has 1 beat or more; found {self.beats_per_bar}")

    @property
    def seconds_per_beat(self) -> Fraction:
        """The exact length of a beat."""
        return 60 / _exact(self.bpm)

    @property
    def start(self) -> Fraction:
        """The exact time of the first beat in seconds."""
        return _exact(self.first_beat)


@dataclass(frozen=True, slots=True)
class Timebase:
    """`fps` frames a second, exactly, and the tempo of the music where there is one."""

    fps: Fraction
    tempo: Tempo | None = None

    def __post_init__(self) -> None:
        if self.fps <= 0:
            raise TimeError(f"a frame rate is above 0; found {self.fps}")

    def frame(self, time: str | float) -> float:
        """The position of a time: "4s", "1:30.5", "bar 9", "beat 33.5", "96f", 96, "start".

        Raises TimeError for anything else, for a time before the first frame, and for bars and
        beats without a tempo.
        """
        position = self._position(time)
        if position is None:
            other = ", which is a duration" if _is_amount(time, _DURATION_UNITS) else ""
            raise TimeError(f"a time is {_TIME}; found {found(time)}{other}{with_points(time)}")
        if position < 0:
            raise TimeError(f"a time cannot lie before the first frame; found {found(time)}")
        return float(position)

    def length(self, duration: str | float) -> float:
        """The number of frames of a duration: "16 bars", "2 beats", "4s", "1:30", "96 frames", 96.

        Raises TimeError for anything else, for a negative duration, and for bars and beats
        without a tempo.
        """
        frames = self._amount(duration, _DURATION_UNITS)
        if frames is None:
            is_time = isinstance(duration, str) and _COUNT.fullmatch(_plain(duration))
            other, points = ", which is a time" if is_time else "", with_points(duration)
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
        tempo = self._tempo("a beat")
        slope = 1 / (tempo.seconds_per_beat * self.fps)
        offset = tempo.start / tempo.seconds_per_beat
        # Over one common denominator, products of whole numbers are exact below 2**53.
        whole = lcm(slope.denominator, offset.denominator)
        return (frames * float(slope * whole) - float(offset * whole)) / float(whole)

    def bars(self, frames: Frames) -> Frames:
        """Bars from the first beat to positions in frames; TimeError without a tempo."""
        return self.beats(frames) / self._tempo("a bar").beats_per_bar

    def _position(self, time: str | float) -> Fraction | None:
        if isinstance(time, str):
            text = _plain(time)
            if text == "start":
                return Fraction(0)
            if count := _COUNT.fullmatch(text):
                return self._counted(count[1], Fraction(count[2]), time)
        return self._amount(time, _TIME_UNITS)

    def _counted(self, unit: str, number: Fraction, time: str) -> Fraction:
        frames = self._unit(unit, time)
        if number < 1:
            raise TimeError(f"{unit}s count from 1; found {found(time)}")
        return self._tempo(time).start * self.fps + (number - 1) * frames

    def _amount(self, amount: str | float, units: Collection[str]) -> Fraction | None:
        if not isinstance(amount, str):
            return _frame_number(amount)
        text = _plain(amount)
        if clock := _CLOCK.fullmatch(text):
            sign = -1 if text.startswith("-") else 1
            return sign * (abs(int(clock[1])) * 60 + Fraction(clock[2])) * self.fps
        match = _AMOUNT.fullmatch(text)
        if match is None or match[2] not in units:
            return None
        return Fraction(match[1]) * self._unit(match[2], amount)

    def _unit(self, unit: str, words: str) -> Fraction:
        """The frames of one `unit`; TimeError, with `words`, for beats and bars without a tempo."""
        if unit in _MUSICAL_UNITS:
            tempo = self._tempo(found(words))
            beats = tempo.beats_per_bar if unit.startswith("bar") else 1
            return beats * tempo.seconds_per_beat * self.fps
        return {"s": self.fps, "ms": self.fps / 1000}.get(unit, Fraction(1))

    def _tempo(self, what: str) -> Tempo:
        if self.tempo is None:
            raise TimeError(f"{what} {NEEDS_TEMPO}")
        return self.tempo


def parse_fps(value: str | float) -> Fraction:
    """The exact frame rate of 24, 12.5, "24" or "30000/1001"; 23.976, 29.97 and 59.94 are NTSC's.

    A decimal within 0.005 of one of `NTSC_RATES` means that rate. Raises TimeError.
    """
    match = None if isinstance(value, bool) else _RATE.fullmatch(str(value).strip())
    rate = Fraction(0)
    if match and not (match[2] and int(match[2]) == 0):
        rate = Fraction(match[1]) / int(match[2] or 1)
    if rate <= 0:
        raise TimeError(
            'a frame rate is a number above 0 such as 24 or 29.97, or a ratio such as "30000/1001";'
            f" found {found(value)}{write_instead(value)}"
        )
    near = [ntsc for ntsc in NTSC_RATES if abs(rate - ntsc) <= Fraction(5, 1000)]
    return near[0] if near else rate


def _exact(value: float) -> Fraction:
    """The decimal that was written, 127.3 as 1273/10, to at least 18 digits behind the point."""
    return Fraction(str(float(value))).limit_denominator(10**9)


def _frame_number(value: object) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Fraction(value) if abs(value) < LAST_FRAME else None


def _is_amount(value: object, units: Collection[str]) -> bool:
    match = _AMOUNT.fullmatch(_plain(value)) if isinstance(value, str) else None
    return match is not None and match[2] in units


def _plain(text: str) -> str:
    return text.strip().lower()
