"""Frames as they are named on the command line.

Several are a slice as Python has it, A:B: from A to before B, either of which may be left out. Both
are frames of the video or times; as a clock has colons of its own, the colon is taken that leaves a
time on both sides. One is a frame or a time, or as messages name it, `12 of city`.
"""

from __future__ import annotations

from keyframes.quoting import quoted
from keyframes.timebase import Timebase, TimeError, nearest_frame
from pipeline.errors import Error
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Plan
from pipeline.spec.timeline import shown_frames

_ALLOWED = "write A:B, as 24:48, 2s:4s, chorus:end or :10"
_ONE = 'write a frame or a time of the video, as 31 or 2s, or "12 of city" for one of a shot'
_OF = " of "


def slice_of(words: str, timebase: Timebase, count: int) -> range:
    """The frames of a video of `count` frames that `A:B` means.

    Raises:
        Error: it is no slice, means no frame, or can be read in two ways.
    """
    whole = timebase.within(0, count)
    places = [place for place, letter in enumerate(words) if letter == ":"]
    read: dict[int, tuple[int, int]] = {}
    refusals = [] if places else ["there is no colon"]
    for place in places:
        try:
            first = _frame(words[:place], whole, 0)
            read[place] = first, _frame(words[place + 1 :], whole, count)
        except TimeError as error:
            refusals.append(str(error))
    if not read:
        raise Error(f"frames {words}: {refusals[0]}; {_ALLOWED}")
    if len(set(read.values())) > 1:
        both = " or ".join(f"{words[:at].strip()} to {words[at + 1 :].strip()}" for at in read)
        raise Error(f"frames {words} may be {both}; write seconds as 70s, or {_ALLOWED}")
    first, end = next(iter(read.values()))
    if first >= min(end, count):
        raise Error(
            f"frames {words} is none of the video's frames 0 to {count - 1}: it begins at "
            f"{first} and ends before {end}; {_ALLOWED}"
        )
    return range(first, min(end, count))


def _frame(words: str, timebase: Timebase, otherwise: int) -> int:
    words = words.strip()
    if not words:
        return otherwise
    number = words.isascii() and words.isdigit()
    return int(nearest_frame(timebase.frame(int(words) if number else words)))


def frames_named(words: str, plan: Plan, timebase: Timebase, count: int) -> frozenset[FrameId]:
    """The painted frames of `A:B`, or of one frame, in a video of `count` frames.

    Raises:
        Error: it names none, or can be read in two ways.
    """
    if ":" in words and _OF not in words:
        return in_video(plan, slice_of(words, timebase, count))
    return frozenset({frame_named(words, plan, timebase, count)})


def frame_named(words: str, plan: Plan, timebase: Timebase, count: int) -> FrameId:
    """The painted frame that a number, a time, or `12 of city` means in a video of `count` frames.

    Raises:
        Error: it names none, or one that shows two shots.
    """
    if _OF in words:
        number, shot = words.split(_OF, 1)
        named = FrameId(int(number) if number.strip().isdecimal() else -1, shot.strip())
        if all(one.id != named for one in plan):
            raise Error(f"there is no frame {quoted(words)}; {_ONE}")
        return named
    try:
        frame = _frame(words, timebase.within(0, count), count)
    except TimeError as error:
        raise Error(f"frame {quoted(words)}: {error}; {_ONE}") from error
    if not 0 <= frame < count:
        raise Error(f"frame {quoted(words)} is none of the video's, 0 to {count - 1}; {_ONE}")
    shown = sorted(in_video(plan, range(frame, frame + 1)))
    if len(shown) > 1:
        either = " or ".join(f'"{one}"' for one in shown)
        raise Error(f"frame {frame} of the video shows two shots; name {either}")
    return shown[0]


def in_video(plan: Plan, part: range) -> frozenset[FrameId]:
    """The painted frames that a part of the video shows; of stills, the stills themselves."""
    if plan.output.stills:
        return frozenset(plan[frame].id for frame in part)
    video = list(shown_frames(plan.all_shots))
    return frozenset(one.id for frame in part for one in video[frame])
