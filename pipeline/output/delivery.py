"""What a render leaves for people: its videos, and a contact sheet of the frames."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from keyframes.time_words import frame_time
from keyframes.timebase import Timebase
from pipeline.files.atomic import write_atomically
from pipeline.files.png import encode_png
from pipeline.output.composition import View, composed
from pipeline.output.contact_sheet import contact_sheet
from pipeline.output.ffmpeg import Film, assemble, frame_step
from pipeline.run.directory import disk_errors
from pipeline.run.footage import Footage
from pipeline.spec.plan import OutputSpec
from pipeline.spec.video_formats import format_of

SHEET = "contact-sheet.png"
_SHEET_FRAMES = 24
"""Most frames that a contact sheet shows."""


def make_video(
    footage: Footage,
    folder: Path,
    output: OutputSpec | None = None,
    view: View | None = None,
    progress: Callable[[int], None] = lambda frames_done: None,
) -> Path:
    """Assemble `footage` in `folder` as `output` says; returns what was made.

    Unless given, `output` is the first that its scene asks for. `view` says how its pictures show
    the frames where they were brought to another size.
    """
    film = Film(footage.shown, footage.fps, footage.size, footage.title, footage.digest, view)
    return assemble(film, output or footage.output, folder, progress)


def frames_in(footage: Footage, output: OutputSpec) -> int:
    """How many frames of `footage` the file of `output` holds: fewer than all in a fast GIF."""
    kind = format_of(output.file)
    step = frame_step(footage.fps, None if kind is None else kind.most_fps)
    return len(footage.shown[::step])


def make_sheet(
    footage: Footage,
    folder: Path,
    view: View | None = None,
    caption: Callable[[int], str] | None = None,
) -> Path:
    """Write a contact sheet of frames picked evenly from the video, as the video shows them.

    `caption` gives the words under a frame by its number. Unless given, they tell its time and
    number, and of stills, which have no time, their number.
    """
    write = caption or (str if footage.output.stills else _time_and_number(footage.fps))
    count = min(len(footage.shown), _SHEET_FRAMES)
    last = len(footage.shown) - 1
    chosen = [round(k * last / max(1, count - 1)) for k in range(count)]
    sheet = contact_sheet(
        list(composed([footage.shown[frame] for frame in chosen], view)),
        captions=[write(frame) for frame in chosen],
    )
    path = folder / SHEET
    with disk_errors("write", path):
        write_atomically(path, encode_png(sheet), durable=False)
    return path


def _time_and_number(fps: Fraction) -> Callable[[int], str]:
    timebase = Timebase(fps)
    return lambda frame: f"{frame_time(frame, timebase)}  frame {frame}"
