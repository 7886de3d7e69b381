"""The times that a mapping of keys is written with, as frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from keyframes.located import Located
from keyframes.timebase import Timebase, TimeError

Time = str | int | float
"""A time as it was written: words or a frame."""


def read_times(
    times: Iterable[Time], timebase: Timebase, frame_count: int
) -> tuple[dict[Time, float], list[Located]]:
    """The frame of every time that can be read, and the mistakes of the others.

    A time from `frame_count` on is a mistake, and so is the second time that means one frame.
    """
    frames: dict[Time, float] = {}
    problems: list[Located] = []
    for time in times:
        try:
            frames[time] = timebase.frame(time)
        except TimeError as error:
            problems.append(Located((time,), str(error), at_key=True))
    problems.extend(time_problems(frames, frame_count))
    return frames, problems


def time_problems(frames: Mapping[Time, float], frame_count: int) -> Iterator[Located]:
    """What is wrong with times whose frames are known."""
    by_frame: dict[float, Time] = {}
    for time, frame in frames.items():
        first = by_frame.setdefault(frame, time)
        if first is not time:
            words = f"{named(first)} and {named(time)} are both frame {frame:.10g}; keep one of them"
            yield Located((time,), words, at_key=True)
        if frame >= frame_count:
            yield Located((time,), after_the_end(time, frame, frame_count), at_key=True)


def after_the_end(time: Time, frame: float, frame_count: int) -> str:
    """The message about a key that no frame of the video reaches."""
    place = f"{named(time)} (frame {frame:.10g})" if isinstance(time, str) else named(time)
    return (
        f"the key at {place} lies after the last frame ({frame_count - 1}); "
        "move it to an earlier time, or lengthen the video"
    )


def named(time: Time) -> str:
    """A time in the words of a message: as written, or `frame 96`."""
    return time if isinstance(time, str) else f"frame {time:.10g}"


def as_written(problems: Sequence[Located], keys: Iterable[Time]) -> list[Located]:
    """The problems of a mapping in the order of its keys; first those of the whole."""
    order = {key: place for place, key in enumerate(keys)}
    return sorted(problems, key=lambda problem: order[problem.path[0]] if problem.path else -1)
