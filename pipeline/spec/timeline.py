"""The video of a render, frame by frame: which saved frames it shows, and how they are seen.

Frames are painted shot by shot, and counted from 0 within each shot. The video goes through the
shots in their order; where one fades in, the frames of two lie over each other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.spec.frame import MAIN, FrameId


@dataclass(frozen=True, slots=True)
class Offset:
    """A pose that is shown and not fed back; by default the picture as it is.

    Convention:
        x right, y down, in pixels of the frame; roll counter-clockwise in degrees, as the camera's.
        The picture is zoomed and turned about its centre, then moved.
    """

    zoom: float = 1.0
    """Factor by which the picture is larger, above 0."""
    x: float = 0.0
    y: float = 0.0
    roll: float = 0.0
    brightness: float = 1.0
    """Factor of the levels, 0 (black) or more."""
    saturation: float = 1.0
    """Factor of the distance of each colour from its grey, 0 (grey) or more."""


AT_REST = Offset()


@dataclass(frozen=True, slots=True)
class Fade:
    """How a shot comes in over the frames of another one, or of its own end."""

    over: str
    """Name of the shot that is seen until then."""
    start: int
    """Frame of that shot which lies under the first frame of this one."""
    frames: int
    """Length of the fade in frames of the video, 1 or more."""


@dataclass(frozen=True, slots=True)
class ShotSpan:
    """A shot's place in the video."""

    name: str = MAIN
    length: int = 0
    """Frames of the video from its first to the next shot's first. More of it is painted where the
    next one fades in over it."""
    first: int = 0
    """Number in the video of the shot's first frame."""
    fade: Fade | None = None
    offsets: tuple[Offset, ...] = ()
    """How each painted frame of the shot is seen; empty if all are at rest."""

    def offset(self, frame: int) -> Offset:
        """How the frame `frame` of the shot is seen."""
        return self.offsets[frame] if self.offsets else AT_REST


@dataclass(frozen=True, slots=True)
class Mark:
    """A frame of the video at which something begins, and its name."""

    frame: int
    name: str


@dataclass(frozen=True, slots=True)
class Marks:
    """Where in the video its bars, its sections and its shots begin, each in order."""

    bars: tuple[Mark, ...] = ()
    sections: tuple[Mark, ...] = ()
    shots: tuple[Mark, ...] = ()

    def at(self, frame: int) -> tuple[str, ...]:
        """The names of the bar, section and shot of a frame, as far as there are such."""
        names = (_last(marks, frame) for marks in (self.bars, self.sections, self.shots))
        return tuple(filter(None, names))


def _last(marks: Sequence[Mark], frame: int) -> str:
    place = bisect_right(marks, frame, key=lambda mark: mark.frame)
    return marks[place - 1].name if place else ""


@dataclass(frozen=True, slots=True)
class ShownFrame:
    """A painted frame in a frame of the video."""

    shot: str
    frame: int
    """Number of the frame within its shot."""
    weight: float = 1.0
    """Share of the video's frame, in (0, 1]; the shares of its layers add up to 1."""
    offset: Offset = AT_REST

    @property
    def id(self) -> FrameId:
        """Which frame of the render it is."""
        return FrameId(self.frame, self.shot)


def shown_frames(shots: Sequence[ShotSpan]) -> Iterator[tuple[ShownFrame, ...]]:
    """The layers of each frame of the video, from the one that goes to the one that comes."""
    spans = {span.name: span for span in shots}
    for span in shots:
        for frame in range(span.length):
            fade = span.fade
            if fade is None or frame >= fade.frames:
                yield (ShownFrame(span.name, frame, 1.0, span.offset(frame)),)
                continue
            risen, under = (frame + 1) / (fade.frames + 1), fade.start + frame
            going = spans[fade.over]
            yield (
                ShownFrame(going.name, under, 1 - risen, going.offset(under)),
                ShownFrame(span.name, frame, risen, span.offset(frame)),
            )
