"""A shot's stretch of the video, and the fades in which one shot is seen over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from keyframes.mistakes import Mistakes, found
from keyframes.time_words import counted
from keyframes.timebase import Timebase, TimeError, nearest_frame
from keyframes.times import Time, read_length
from pipeline.scene.reading.clock import Clock
from pipeline.scene.reading.shot_outline import Loop, ShotOutline
from pipeline.spec.frame import MAIN
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


@dataclass(frozen=True, slots=True)
class Coming:
    """A shot that comes in over another one behind its end, both by their places in the scene."""

    shot: int
    over: int
    fade: Time
    """Length of the fade as it was written."""


def fade_in(
    places: list[ShotPlace],
    outlines: Sequence[ShotOutline],
    coming: Coming,
    clock: Clock,
    mistakes: Mistakes,
) -> None:
    """Give both shots of a fade their part of it, or note what is wrong with the fade."""
    place = places[coming.shot]
    frames = fade_length(coming.fade, clock.timebase, place.first, mistakes)
    if frames is None:
        return
    name = called(outlines[coming.shot])
    if place.fade is not None:
        mistakes.add(f"{name} has another fade already; keep one of enter and loop")
    elif frames > place.length:
        mistakes.add(
            f"the fade takes {counted(frames, 'frame')}, and {name} has {place.length}; write a "
            f"shorter one, such as {{fade: {max(1, place.length // 2)}}}"
        )
    else:
        under = places[coming.over]
        fade = Fade(outlines[coming.over].name, under.length, frames)
        # A shot may flow into its own beginning and lie under the next one: the longer fade counts.
        painted = max(under.painted, under.length + frames)
        places[coming.over] = replace(under, painted=painted)
        places[coming.shot] = replace(places[coming.shot], fade=fade)


def closed(
    places: Sequence[ShotPlace],
    outlines: Sequence[ShotOutline],
    loop: Loop,
    clock: Clock,
    mistakes: Mistakes,
) -> tuple[ShotPlace, ...]:
    """The places of shots the last of which fades into the first; its mistakes are noted."""
    changed = list(places)
    if places[0].fade is not None:
        name = called(outlines[0])
        mistakes.add(f"{name} has a loop of its own; keep that, or the one of the whole video")
    else:
        last = len(outlines) - 1
        fade_in(changed, outlines, Coming(0, last, loop.fade), clock, mistakes)
    return tuple(changed)


def called(shot: ShotOutline) -> str:
    """A shot in the words of a message; a scene that writes no shots knows of none."""
    return "the video" if shot.name == MAIN else f"shot {shot.name}"


def fade_length(written: Time, timebase: Timebase, at: int, mistakes: Mistakes) -> int | None:
    """The whole frames of a duration that begins at frame `at`; None once its mistake is noted."""
    try:
        frames = int(nearest_frame(read_length(written, timebase, at)))
    except TimeError as error:
        mistakes.add(str(error))
        return None
    if frames < 1:
        mistakes.add(f"found {found(written)}, which is shorter than a frame; write a longer one")
        return None
    return frames
