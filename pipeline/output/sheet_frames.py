"""Which frames of a video a contact sheet shows, and what it says of them.

Of a video with bars it shows one frame a bar, or for so many bars or each half of one, eight in a
row: cuts and changes on the beat are seen where a picture differs from the one before it.
"""

from __future__ import annotations

from dataclasses import dataclass

from keyframes.time_words import frame_time
from keyframes.timebase import Timebase
from pipeline.run.footage import Footage

_MOST = 24
"""Most frames on a sheet without bars."""

_MOST_OF_BARS, _IN_A_ROW, _FEWEST_BARS = 32, 8, 3


@dataclass(frozen=True, slots=True)
class SheetFrames:
    """The frames of a contact sheet."""

    frames: tuple[int, ...]
    """Numbers of the frames in the video."""
    captions: tuple[str, ...]
    columns: int | None = None
    """Frames in a row; None leaves it to their number."""


def sheet_frames(footage: Footage) -> SheetFrames:
    """What a contact sheet of `footage` shows; captions tell time, bar, section and shot."""
    bars = [mark.frame for mark in footage.marks.bars if mark.frame < len(footage.shown)]
    musical = len(bars) >= _FEWEST_BARS
    frames = _of_bars(bars, len(footage.shown)) if musical else _evenly(len(footage.shown))
    captions = tuple(_caption(footage, frame) for frame in frames)
    return SheetFrames(frames, captions, _IN_A_ROW if musical else None)


def _evenly(count: int) -> tuple[int, ...]:
    shown = min(count, _MOST)
    return tuple(round(k * (count - 1) / max(1, shown - 1)) for k in range(shown))


def _of_bars(bars: list[int], count: int) -> tuple[int, ...]:
    """The frames on which every so many bars begin, and those halfway where there is room."""
    step = -(-len(bars) // _MOST_OF_BARS)
    # What comes before the first bar is seen too.
    chosen = bars[::step] if bars[0] == 0 else [0, *bars[::step]][:_MOST_OF_BARS]
    if 2 * len(chosen) > _MOST_OF_BARS:
        return tuple(chosen)
    ends = [*chosen[1:], min(count - 1, 2 * chosen[-1] - chosen[-2])]
    halves = [(one + end) // 2 for one, end in zip(chosen, ends, strict=True)]
    return tuple(sorted({*chosen, *halves}))


def _caption(footage: Footage, frame: int) -> str:
    if footage.output.stills:
        return str(frame)
    time = frame_time(frame, Timebase(footage.fps))
    names = footage.marks.at(frame)
    return "  ".join((time, *names)) if names else f"{time}  frame {frame}"
