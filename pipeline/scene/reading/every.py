"""How often a frame is painted: a number of frames over the video, or a length of the music."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import ceil
from typing import Any

import numpy as np
from pydantic import ValidationInfo

from keyframes.mistakes import found
from keyframes.time_grammar import MUSICAL_UNITS, Amount, amount, plain, summed
from keyframes.timebase import NEEDS_TEMPO, Timebase, nearest_frame
from pipeline.scene.reading import forms
from pipeline.scene.reading.clock import Clock
from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.fields import Reader
from pipeline.scene.reading.moving import Number, constant, read_moving, sampled
from pipeline.scene.reading.ranges import between
from pipeline.spec.camera import MOST_MOTIONS

ONE = constant(1.0)
_ALLOWED = between(1, MOST_MOTIONS)
_LENGTH = forms.text("a length such as `beat`, `2 beats`, `bar` or `0.5s`")
FORM = forms.either(
    forms.moves(_ALLOWED),
    _LENGTH,
    what=f"moves, 1 to {MOST_MOTIONS} frames; `beat`, `2 bars`, `0.5s`",
)

_UNITS = ("s", *MUSICAL_UNITS)
_Scale = Callable[[Fraction], Fraction]


@dataclass(frozen=True, slots=True)
class Every:
    """Which frames are painted, by how far they are from the last one that was."""

    number: Number = ONE
    """Frames from a painted one to the next, 1 or more, at positions in frames of the video."""

    def painted(self, frames: range, fixed: Iterable[int]) -> set[int]:
        """The painted ones of `frames`, the first of them and all that are `fixed` included."""
        steps = sampled(self.number, np.array(frames, np.float64)).round().astype(int).tolist()
        chosen, following = {*fixed}, frames.start
        for frame, step in zip(frames, steps, strict=True):
            if frame in chosen or frame >= following:
                chosen.add(frame)
                following = frame + step
        return chosen


@dataclass(frozen=True, slots=True)
class OnTimes:
    """Which frames are painted: those nearest to the times of a beat, and not too few."""

    times: frozenset[int]
    """Frames of the video."""

    def painted(self, frames: range, fixed: Iterable[int]) -> set[int]:
        """As `Every.painted`; at the latest the frame that lies MOST_MOTIONS behind the last."""
        chosen, last = {*fixed, frames.start} | (self.times & set(frames)), frames.start
        for frame in frames:
            if frame - last == MOST_MOTIONS:
                chosen.add(frame)
            last = frame if frame in chosen else last
        return chosen


def how_often() -> Reader:
    """Reader of a number of frames that may move, or of a length in beats, bars or seconds."""

    def read(value: Any, info: ValidationInfo) -> Every | OnTimes:
        context = context_of(info)
        if context.stills:
            raise ValueError("n_batches makes stills, each of which is painted: remove every")
        length = _length(value)
        if not length:
            return Every(read_moving(value, _ALLOWED, info))
        return OnTimes(frozenset(_times(length, value, context.clock)))

    return Reader(read, FORM)


def _length(value: object) -> tuple[Amount, ...]:
    """The amounts of a length with units other than frames; none for all else that may be written.

    ValueError for a sum of seconds and beats, which is as long as the tempo says where it begins.
    """
    read = summed(plain(value), _amount) if isinstance(value, str) else None
    parts = () if read is None else (read[0], *read[1])
    kinds = {part.unit in MUSICAL_UNITS for part in parts if part.unit in _UNITS}
    if len(kinds) > 1:
        raise ValueError(
            f"found {found(value)}, which adds beats to seconds; write it in one of them, such as "
            "1 bar + 2 beats"
        )
    return parts if all(part.unit in _UNITS for part in parts) else ()


def _amount(text: str) -> Amount | None:
    return amount(f"1 {text}" if text in MUSICAL_UNITS else text)


def _times(length: tuple[Amount, ...], written: object, clock: Clock) -> Iterator[int]:
    """The frames nearest to each time that lies whole lengths from the first beat, or second 0."""
    frames, fps = clock.whole_frames, clock.timebase.fps
    second_of, length_at = _counted(length, written, clock.timebase)
    if (second_of(Fraction(1)) - second_of(Fraction(0))) * fps < 1:
        raise ValueError(f"found {found(written)}, less than a frame; allowed: a frame or more")
    for number in count(ceil(length_at(Fraction(frames.start) / fps)) if frames else 0):
        frame = int(nearest_frame(float(second_of(Fraction(number)) * fps)))
        if frame >= frames.stop:
            return
        yield frame


def _counted(
    length: tuple[Amount, ...], written: object, timebase: Timebase
) -> tuple[_Scale, _Scale]:
    """The seconds of a number of lengths, and the number of lengths at a second."""
    if length[0].unit == "s":
        number = sum((part.number for part in length), Fraction(0))
        return lambda lengths: lengths * number, lambda seconds: seconds / number
    tempo = timebase.tempo
    if tempo is None:
        raise ValueError(f"{found(written)} {NEEDS_TEMPO}, or write a number of frames")
    in_beats = (
        part.number * (tempo.beats_per_bar if part.unit.startswith("bar") else 1) for part in length
    )
    beats = sum(in_beats, Fraction(0))
    return lambda lengths: tempo.second(lengths * beats), lambda second: tempo.beat(second) / beats
