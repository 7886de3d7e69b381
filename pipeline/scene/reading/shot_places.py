"""Where the shots of a scene stand in its video: one after the other, without gaps or overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from keyframes.mistakes import Mistakes, found
from keyframes.time_words import counted, frame_place
from keyframes.timebase import Timebase, TimeError, nearest_frame
from keyframes.times import Time, read_length
from pipeline.scene.reading.clock import Clock
from pipeline.scene.reading.shot_outline import Loop, ShotOutline
from pipeline.spec.timeline import Fade


@dataclass(frozen=True, slots=True)
class EndPicture:
    """The picture on which a shot ends, and the frames in which it comes."""

    file: Path
    frames: int
    """Frames from the first that is drawn towards the picture to the last, which is the picture."""


@dataclass(frozen=True, slots=True)
class ShotPlace:
    """A shot's stretch of the video."""

    first: int
    """Number in the video of the shot's first frame."""
    end: int
    """Number in the video of the first frame behind the shot."""
    painted: int
    """Frames that are painted: all up to `end`, and those over which a fade comes."""
    fade: Fade | None = None
    ending: EndPicture | None = None

    @property
    def length(self) -> int:
        """Frames of the video that the shot has to itself, or fades in on."""
        return self.end - self.first


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
            _fade_in(places, outlines, index, index, outline.loop.fade, clock, here.at("loop"))
        if outline.enter.fade is not None and index:
            there = here.at("enter", "fade")
            _fade_in(places, outlines, index, index - 1, outline.enter.fade, clock, there)
        if index == 0 and (outline.enter.continues or outline.enter.fade is not None):
            here.at("enter").add("there is no shot before the first; write enter: cut")
        if outline.enter.continues and outline.start is not None:
            here.at("start").add(
                "a shot that continues begins with the frame before it; remove start, or write "
                "enter: cut"
            )
        if outline.end is not None:
            places[index] = _ending(places[index], outline, clock, here.at("end"))
    return () if mistakes.problems else tuple(places)


def closed(
    places: Sequence[ShotPlace],
    outlines: Sequence[ShotOutline],
    loop: Loop,
    clock: Clock,
    mistakes: Mistakes,
) -> tuple[ShotPlace, ...]:
    """The places of shots the last of which fades into the first; its mistakes are noted."""
    changed = list(places)
    _fade_in(changed, outlines, 0, len(outlines) - 1, loop.fade, clock, mistakes)
    return tuple(changed)


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
            f"it takes {counted(frames, 'frame')}, and shot {outline.name} has {place.length}"
        )
    return replace(place, ending=EndPicture(outline.end.picture, frames))


def _check_names(outlines: Sequence[ShotOutline], mistakes: Mistakes) -> None:
    taken: dict[str, str] = {}
    for index, outline in enumerate(outlines):
        # The name is a folder's, and not every disk tells capitals from small letters.
        before = taken.setdefault(outline.name.casefold(), outline.name)
        if before is not outline.name:
            mistakes.at(index, "name").add(
                f"found {found(outline.name)}, which another shot is called; write another name"
            )


def _edges(outlines: Sequence[ShotOutline], clock: Clock, mistakes: Mistakes) -> list[int]:
    """The first frames of all shots, and the frame behind the last."""
    edges = [0]
    for index, outline in enumerate(outlines):
        here, is_last = mistakes.at(index), index == len(outlines) - 1
        following = None if is_last else outlines[index + 1]
        until = _frame(outline.until, clock.timebase, here.at("until"))
        begins = None
        if following is not None:
            begins = _frame(following.start_at, clock.timebase, mistakes.at(index + 1, "from"))
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


def _frame(time: Time | None, timebase: Timebase, mistakes: Mistakes) -> int | None:
    """The frame nearest to a time; None where none is written, or its mistake is noted."""
    if time is None:
        return None
    if not isinstance(time, str | int | float) or isinstance(time, bool):
        mistakes.add(f"expected a time such as bar 9, found {found(time)}")
        return None
    try:
        return int(nearest_frame(timebase.frame(time)))
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
    if end <= first:
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
    begins = _frame(first.start_at, clock.timebase, Mistakes())
    if begins:
        mistakes.add(
            f"shot {first.name}, the first, begins at frame {begins}: a gap of "
            f"{counted(begins, 'frame')} before it; write start, or leave it out"
        )


def _fade_in(
    places: list[ShotPlace],
    outlines: Sequence[ShotOutline],
    index: int,
    over: int,
    written: Time,
    clock: Clock,
    mistakes: Mistakes,
) -> None:
    """Let the shot at `index` come in over the frames of another one behind its end."""
    place = places[index]
    frames = fade_length(written, clock.timebase, place.first, mistakes)
    if frames is None:
        return
    name = outlines[index].name
    if place.fade is not None:
        mistakes.add(f"shot {name} has another fade already; keep one of enter and loop")
    elif frames > place.length:
        mistakes.add(
            f"the fade takes {counted(frames, 'frame')}, and shot {name} has "
            f"{place.length}; write a shorter one"
        )
    else:
        under = places[over]
        fade = Fade(outlines[over].name, under.length, frames)
        places[over] = replace(under, painted=under.length + frames)
        places[index] = replace(places[index], fade=fade)


def fade_length(written: Time, timebase: Timebase, at: int, mistakes: Mistakes) -> int | None:
    """The whole frames of a duration that begins at frame `at`; None once its mistake is noted."""
    try:
        frames = int(read_length(written, timebase, at) + 0.5)
    except TimeError as error:
        mistakes.add(str(error))
        return None
    if frames < 1:
        mistakes.add(f"found {found(written)}, which is shorter than a frame")
        return None
    return frames
