"""Some frames of a video, as they are asked for on a command line: `0:48:4`, `chorus:bar 9`, `2s`.

Conventions:
    A stretch goes from a time up to before another one. A time means the frame nearest to it, and
    times are those of a scene: frames, seconds, bars, beats, sections, `start`, `end`, `50%`. As
    the colon stands between times here, a minute and a half is `90s`.
"""

from __future__ import annotations

from keyframes.quoting import quoted
from keyframes.time_words import counted
from keyframes.timebase import Timebase, TimeError, nearest_frame
from pipeline.errors import Error

_FORMS = "write a frame or time, or a stretch such as 0:48, 0:48:4 or chorus:bar 9"
_FORM = "write the number of a frame, or a time such as 2s or bar 5"


def chosen_frames(text: str, timebase: Timebase, count: int) -> tuple[int, ...]:
    """The frames that a text such as `0, 2s, bar 5:bar 9:6` asks for, each once, in its order.

    `count` is that of the frames of the video, and `timebase` knows the video's length. Raises
    Error for what is no time, for what lies behind the last frame, and for a stretch without a
    frame.
    """
    frames = (
        frame for item in text.split(",") for frame in _stretch(item.strip(), timebase, count)
    )
    return tuple(dict.fromkeys(frames))


def stretch_from(
    start: str | None, length: str | None, timebase: Timebase, count: int
) -> tuple[int, ...]:
    """The frames from the time `start` on, for a duration such as `4 bars`.

    None is the first frame, or up to the last. Raises Error as `chosen_frames` does.
    """
    first = 0 if start is None else _frame(start, timebase)
    if length is None:
        return _within(first, count, 1, f"from {start}", count)
    try:
        frames = int(nearest_frame(timebase.length(length, first)))
    except TimeError as error:
        raise Error(f"--for: {error}") from None
    words = f"for {length}" if start is None else f"from {start} for {length}"
    return _within(first, first + frames, 1, words, count)


def one_frame(text: str, timebase: Timebase, count: int) -> int:
    """The frame of the video at a time; Error for what is no time, or behind the last frame."""
    first = _frame(text, timebase, _FORM)
    (frame,) = _within(first, first + 1, 1, text, count)
    return frame


def _stretch(text: str, timebase: Timebase, count: int) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(":")]
    if len(parts) == 1:
        first = _frame(text, timebase)
        return _within(first, first + 1, 1, text, count)
    if len(parts) > 3:
        raise Error(f'there are {len(parts) - 1} colons in "{quoted(text)}"; {_FORMS}')
    start, end, step = (*parts, "")[:3]
    first = _frame(start, timebase) if start else 0
    last = _frame(end, timebase) if end else count
    return _within(first, last, _step(step, timebase) if step else 1, text, count)


def _frame(text: str, timebase: Timebase, forms: str = _FORMS) -> int:
    try:
        return int(nearest_frame(timebase.frame(_number_or_words(text))))
    except TimeError as error:
        raise Error(f"{error}; {forms}") from None


def _step(text: str, timebase: Timebase) -> int:
    try:
        frames = int(nearest_frame(timebase.length(_number_or_words(text))))
    except TimeError as error:
        raise Error(f"a step is a number of frames or a duration; {error}") from None
    if frames < 1:
        raise Error(f'a step is a frame or more, found "{quoted(text)}"')
    return frames


def _number_or_words(text: str) -> str | int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else text


def _within(first: int, end: int, step: int, text: str, count: int) -> tuple[int, ...]:
    """The frames of a stretch that the video has; `text` is what asked for them."""
    if first >= count:
        raise Error(
            f'"{quoted(text)}" is at frame {first}, and the video has {counted(count, "frame")}, '
            f"the last of which is {count - 1}"
        )
    frames = tuple(range(first, min(end, count), step))
    if not frames:
        raise Error(f'no frame lies in "{quoted(text)}"; it ends before frame {end}')
    return frames
