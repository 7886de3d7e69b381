"""`--frames A:B` of a render: which frames of the video are meant, and what has to be painted.

A slice as Python has it: from A to before B, either of which may be left out. Both are frames or
times; as a clock has colons of its own, the colon is taken that leaves a time on both sides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from keyframes.timebase import Timebase, TimeError, nearest_frame
from pipeline.errors import Error
from pipeline.spec.frame import FrameId, FrameSpec
from pipeline.spec.plan import Plan
from pipeline.spec.timeline import shown_frames

_ALLOWED = "write A:B, as 24:48, 2s:4s, chorus:end or :10"


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
        raise Error(f"--frames {words}: {refusals[0]}; {_ALLOWED}")
    if len(set(read.values())) > 1:
        both = " or ".join(f"{words[:at].strip()} to {words[at + 1 :].strip()}" for at in read)
        raise Error(f"--frames {words} may be {both}; write seconds as 70s, or {_ALLOWED}")
    first, end = next(iter(read.values()))
    if first >= min(end, count):
        raise Error(
            f"--frames {words} is none of the video's frames 0 to {count - 1}: it begins at "
            f"{first} and ends before {end}; {_ALLOWED}"
        )
    return range(first, min(end, count))


def _frame(words: str, timebase: Timebase, otherwise: int) -> int:
    words = words.strip()
    if not words:
        return otherwise
    number = words.isascii() and words.isdigit()
    return int(nearest_frame(timebase.frame(int(words) if number else words)))


def in_video(plan: Plan, part: range) -> frozenset[FrameId]:
    """The painted frames that a part of the video shows; of stills, the stills themselves."""
    if plan.output.stills:
        return frozenset(plan[frame].id for frame in part)
    video = list(shown_frames(plan.all_shots))
    return frozenset(one.id for frame in part for one in video[frame])


def with_earlier(
    wanted: Iterable[FrameId], specs: Iterable[FrameSpec], missing: Collection[FrameId]
) -> frozenset[FrameId]:
    """The wanted frames, and the `missing` ones of `specs` that they grow from."""
    by_id = {spec.id: spec for spec in specs}
    needed = set(wanted)
    asked = [frame for frame in needed if frame in missing]
    while asked:
        for earlier in by_id[asked.pop()].earlier:
            if earlier in missing and earlier not in needed:
                needed.add(earlier)
                asked.append(earlier)
    return frozenset(needed)
