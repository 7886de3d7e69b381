"""Mappings whose keys are times, such as `{0s: 2, bar 5: 10}`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from keyframes.mistakes import Mistakes
from keyframes.nearest import nearest
from keyframes.quoting import quoted
from keyframes.timebase import Timebase, TimeError

T = TypeVar("T")

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
    frame_count: int,
    option: str,
    read: Callable[[object, Mistakes], T | None],
    mistakes: Mistakes,
) -> tuple[Timed[T], ...]:
    """The values of `data` that can be read, in the order of their frames; the rest is noted.

    `read` makes a value of what is written behind a time, or notes its mistakes and gives None. A
    time from `frame_count` on is a mistake, and so is the second time that means one frame. The key
    `option` is none of the times and left to the caller.
    """
    keys: list[Timed[T]] = []
    taken: dict[float, Time] = {}
    for time, written in data.items():
        if time == option:
            continue
        here = mistakes.at(time)
        frame = _read_frame(time, timebase, option, here)
        value = read(written, here)
        if frame is None:
            continue
        if frame >= frame_count:
            here.add(after_the_end(time, frame, frame_count), at_key=True)
        if frame in taken:
            both = f"{named(taken[frame])} and {named(time)} are both frame {frame:.10g}"
            here.add(f"{both}; keep one of them", at_key=True)
        taken.setdefault(frame, time)
        if value is not None:
            keys.append(Timed(time, frame, value))
    return tuple(sorted(keys, key=lambda key: key.frame))


def after_the_end(time: Time, frame: float, frame_count: int) -> str:
    """The message about a key that no frame of the video reaches."""
    place = f"{named(time)} (frame {frame:.10g})" if isinstance(time, str) else named(time)
    return (
        f"the key at {place} lies after the last frame ({frame_count - 1}); "
        "move it to an earlier time, or lengthen the video"
    )


def named(time: Time) -> str:
    """A time in the words of a message: as written, or `frame 96`."""
    return quoted(time) if isinstance(time, str) else f"frame {time:.10g}"


def _read_frame(time: Time, timebase: Timebase, option: str, mistakes: Mistakes) -> float | None:
    try:
        return timebase.frame(time)
    except TimeError as error:
        mistakes.add(f"{error}{nearest(str(time), [option])}", at_key=True)
        return None
