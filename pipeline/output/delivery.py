"""What a render leaves for people: its videos, and a contact sheet of the frames."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.files.atomic import write_atomically
from pipeline.files.png import encode_png
from pipeline.output.composition import Pictured, View, composed
from pipeline.output.contact_sheet import contact_sheet
from pipeline.output.ffmpeg import Film, assemble, frame_step
from pipeline.output.sheet_frames import sheet_frames
from pipeline.run.directory import disk_errors
from pipeline.run.footage import Footage
from pipeline.spec.plan import OutputSpec
from pipeline.spec.video_formats import format_of

SHEET = "contact-sheet.png"


def make_video(
    footage: Footage,
    folder: Path,
    output: OutputSpec | None = None,
    pictures: Pictured = composed,
    progress: Callable[[int], None] = lambda frames_done: None,
) -> Path:
    """Assemble `footage` in `folder` as `output` says; returns what was made.

    Unless given, `output` is the first that its scene asks for. `pictures` makes the pictures of
    the video out of the layers of its frames, at the footage's size.
    """
    film = Film(footage.shown, footage.fps, footage.size, footage.title, footage.digest, pictures)
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
) -> Path:
    """Write a contact sheet of the video's `sheet_frames`, as the video shows them."""
    chosen = sheet_frames(footage)
    sheet = contact_sheet(
        list(composed([footage.shown[frame] for frame in chosen.frames], view)),
        columns=chosen.columns,
        captions=chosen.captions,
    )
    path = folder / SHEET
    with disk_errors("write", path):
        write_atomically(path, encode_png(sheet))
    return path
