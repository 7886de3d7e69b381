"""Mappings whose keys are times, such as `{0s: 2, bar 5: 10}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from keyframes.mistakes import MOST_MISTAKES, Mistakes
from keyframes.nearest import nearest
from keyframes.quoting import quoted
from keyframes.time_words import counted
from keyframes.timebase import Timebase, TimeError

T = TypeVar("T")

_NUMBER = re.compile(r"[0-9]+\.[0-9]+")

Time = str | int | float
"""A time as it was written: words, or a number of frames."""


@dataclass(frozen=True, slots=True)
class Timed(Generic[T]):
    """A value, the time at which it was written, and the frame that this means."""

    time: Time
    frame: float
    value: T


def read_timed(
    data: Mapping[Time, object],
    timebase: Timebase,
    option: str,
    read: Callable[[object, Mistakes], T | None],
    mistakes: Mistakes,
) -> tuple[Timed[T], ...]:
    """The values of `data` that can be read, in the order of their frames; the rest is noted.

    `read` makes a value of what is written behind a time, or notes its mistakes and gives None. The
    second time that means one frame is a mistake; a time may lie at the end of the video or behind
    it. The key `option` is none of the times and left to the caller. Behind MOST_MISTAKES
    mistakes nothing more is read.
    """
    keys: list[Timed[T]] = []
    taken: dict[float, Time] = {}
    for time, written in data.items():
        if len(mistakes.problems) > MOST_MISTAKES:
            break
        if time == option:
            continue
        here = mistakes.at(time)
        frame = _read_frame(time, timebase, option, here)
        value = read(written, here)
        if frame is None:
            continue
        if frame in taken:
            both = f"{named(taken[frame])} and {named(time)} are both frame {frame:.10g}"
            here.add(f"{both}; keep one of them", at_key=True)
        taken.setdefault(frame, time)
        if value is not None:
            keys.append(Timed(time, frame, value))
    return tuple(sorted(keys, key=lambda key: key.frame))


def read_length(duration: Time, timebase: Timebase, at: float = 0) -> float:
    """The number of frames of a duration as it was written, which begins at the position `at`.

    Raises TimeError for what is none, and for a number with a fraction and without a unit.
    """
    length = timebase.length(duration, at)
    check_whole(duration, timebase)
    return length


def named(time: Time) -> str:
    """A time in the words of a message: as written, or `frame 96`."""
    return quoted(time) if isinstance(time, str) else f"frame {time:.10g}"


def _read_frame(time: Time, timebase: Timebase, option: str, mistakes: Mistakes) -> float | None:
    try:
        frame = timebase.frame(time)
    except TimeError as error:
        mistakes.add(f"{error}{nearest(str(time), [option])}", at_key=True)
        return None
    try:
        check_whole(time, timebase)
    except TimeError as error:
        mistakes.add(str(error), at_key=True)
    return frame


def check_whole(written: Time, timebase: Timebase) -> None:
    """Raises TimeError for a number with a fraction and no unit: such are meant as seconds."""
    text = str(written).strip()
    if (_NUMBER.fullmatch(text) or isinstance(written, float)) and float(text) % 1:
        seconds = f"{float(text):.10g}s"
        frames = counted(float(text) * float(timebase.fps), "frame")
        raise TimeError(
            f"found {text}, and a number alone counts whole frames; write {seconds} for seconds, "
            f"which is {frames}, or a whole number for frames"
        )
