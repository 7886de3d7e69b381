"""Where the shots of a scene stand in its video: one after the other, without gaps or overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from keyframes.mistakes import Mistakes, found
from keyframes.time_grammar import plain
from keyframes.time_words import counted, frame_place
from keyframes.timebase import SHOT, Timebase, TimeError, nearest_frame
from keyframes.times import Time, check_whole
from pipeline.scene.reading.clock import Clock
from pipeline.scene.reading.shot_fades import Coming, EndPicture, ShotPlace, fade_in, fade_length
from pipeline.scene.reading.shot_outline import ShotOutline


def place_shots(
    outlines: Sequence[ShotOutline], clock: Clock, mistakes: Mistakes
) -> tuple[ShotPlace, ...]:
    """The places of shots; empty once their mistakes are noted, each at the shot's own place."""
    _check_names(outlines, mistakes)
    edges = _edges(outlines, clock, mistakes)
    if mistakes.problems:
        return ()
    places = [ShotPlace(first, end, end - first) for first, end in pairwise(edges)]
    for index, outline in enumerate(outlines):
        here = mistakes.at(index)
        if outline.loop is not None:
            looped = Coming(index, index, outline.loop.fade)
            fade_in(places, outlines, looped, clock, here.at("loop"))
        if outline.enter.fade is not None and index:
            there = here.at("enter", "fade")
            faded = Coming(index, index - 1, outline.enter.fade)
            fade_in(places, outlines, faded, clock, there)
        if index == 0 and (outline.enter.continues or outline.enter.fade is not None):
            here.at("enter").add("there is no shot before the first; write enter: cut")
        elif outline.enter.continues and outline.start is not None:
            here.at("start").add(
                "the shot continues, so that its first frame grows from the one before; keep one "
                "of start and enter: continue"
            )
        if outline.end is not None:
            places[index] = _ending(places[index], outline, clock, here.at("end"))
    return () if mistakes.problems else tuple(places)


def _ending(place: ShotPlace, outline: ShotOutline, clock: Clock, mistakes: Mistakes) -> ShotPlace:
    """The place of a shot with the picture on which it ends: over two seconds, or half of it."""
    assert outline.end is not None
    usual = max(1, min(place.length // 2, round(2 * clock.timebase.fps)))
    over, frames = outline.end.over, usual
    if over is not None:
        written = fade_length(over, clock.timebase, place.first, mistakes.at("over"))
        frames = usual if written is None else written
    if frames > place.length:
        mistakes.at("over").add(
            f"it takes {counted(frames, 'frame')}, and shot {outline.name} has {place.length}; "
            "write a shorter one"
        )
    return replace(place, ending=EndPicture(outline.end.picture, frames))


def _check_names(outlines: Sequence[ShotOutline], mistakes: Mistakes) -> None:
    taken: set[str] = set()
    for index, outline in enumerate(outlines):
        # The name is a folder's, and not every disk tells capitals from small letters.
        folder = outline.name.casefold()
        if folder in taken:
            mistakes.at(index, "name").add(
                f"found {found(outline.name)}, which another shot is called; write another name"
            )
        taken.add(folder)


def _edges(outlines: Sequence[ShotOutline], clock: Clock, mistakes: Mistakes) -> list[int]:
    """The first frames of all shots, and the frame behind the last."""
    edges = [0]
    for index, outline in enumerate(outlines):
        here, is_last = mistakes.at(index), index == len(outlines) - 1
        following = None if is_last else outlines[index + 1]
        until = _until(outline.until, edges[-1], clock, here.at("until"))
        begins = None
        if following is not None:
            begins = _begins(following.start_at, clock, mistakes.at(index + 1, "from"))
        edge = clock.frame_count if is_last and until is None else until
        if until is not None and begins is not None and until != begins:
            _no_joint(outline, until, outlines[index + 1], begins, clock, mistakes.at(index + 1))
        edge = begins if edge is None else edge
        if edge is None:
            _no_end(outline, following, here)
            edge = edges[-1] + 1
        _check_edge(outline, edges[-1], edge, clock, here, is_last=is_last)
        edges.append(edge)
    _check_start(outlines[0], clock, mistakes.at(0, "from"))
    return edges


def _until(time: Time | None, first: int, clock: Clock, mistakes: Mistakes) -> int | None:
    """The frame at which a shot ends that begins at frame `first`; `shot 4 bars` is its length."""
    own = clock.timebase.within(first, clock.frame_count)
    return _frame(time, own if _is_own(time) else clock.timebase, mistakes)


def _begins(time: Time | None, clock: Clock, mistakes: Mistakes) -> int | None:
    if _is_own(time):
        mistakes.add(
            f"{found(time)} counts from the beginning of the shot, which is asked here; write a "
            "time of the video, such as bar 9"
        )
        return None
    return _frame(time, clock.timebase, mistakes)


def _is_own(time: Time | None) -> bool:
    """Whether a time counts from the beginning of its shot."""
    return isinstance(time, str) and plain(time).startswith(SHOT)


def _frame(time: Time | None, timebase: Timebase, mistakes: Mistakes) -> int | None:
    """The frame nearest to a time; None where none is written, or its mistake is noted."""
    if time is None:
        return None
    if not isinstance(time, str | int | float) or isinstance(time, bool):
        mistakes.add(f"expected a time such as bar 9, found {found(time)}")
        return None
    try:
        frame = timebase.frame(time)
        check_whole(time, timebase)
        return int(nearest_frame(frame))
    except TimeError as error:
        mistakes.add(str(error))
        return None


def _no_joint(
    shot: ShotOutline, end: int, following: ShotOutline, begins: int, clock: Clock, at: Mistakes
) -> None:
    what = "a gap" if begins > end else "an overlap"
    at.at("from").add(
        f"shot {following.name} begins at frame {begins} ({frame_place(begins, clock.timebase)}), "
        f"and shot {shot.name} before it ends at frame {end} "
        f"({frame_place(end, clock.timebase)}): {what} of {counted(abs(begins - end), 'frame')}; "
        f"leave out the until of {shot.name} or the from of {following.name}"
    )


def _no_end(shot: ShotOutline, following: ShotOutline | None, mistakes: Mistakes) -> None:
    if following is not None and shot.until is None and following.start_at is None:
        mistakes.add(
            f"it is not said when shot {shot.name} ends and shot {following.name} begins; write "
            f"until in {shot.name}, or from in {following.name}"
        )


def _check_edge(
    shot: ShotOutline, first: int, end: int, clock: Clock, mistakes: Mistakes, *, is_last: bool
) -> None:
    count = clock.frame_count
    at = mistakes.at("until")
    if end <= first < count:
        at.add(
            f"shot {shot.name} begins at frame {first} and ends at frame {end}, so it has no "
            "frame; write a later time"
        )
    elif end > count and clock.frames.size:
        at.add(
            f"shot {shot.name} ends at frame {end}, and the video at frame {count}; write an "
            "earlier time, or a longer video.duration"
        )
    elif is_last and end < count and clock.frames.size:
        at.add(
            f"shot {shot.name}, the last, ends at frame {end}, and the video at frame {count}: a "
            f"gap of {counted(count - end, 'frame')}; leave out its until, or write another shot"
        )


def _check_start(first: ShotOutline, clock: Clock, mistakes: Mistakes) -> None:
    begins = _begins(first.start_at, clock, mistakes)
    if begins:
        mistakes.add(
            f"shot {first.name}, the first, begins at frame {begins}: a gap of "
            f"{counted(begins, 'frame')} before it; write start, or leave it out"
        )
