"""What a render leaves for people: the video, and a contact sheet of its frames."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from keyframes.time_words import frame_time
from keyframes.timebase import Timebase
from pipeline.files.atomic import write_atomically
from pipeline.files.png import Pixels, decode_png, encode_png
from pipeline.output.contact_sheet import contact_sheet
from pipeline.output.ffmpeg import Soundtrack, assemble
from pipeline.run.directory import disk_errors
from pipeline.run.footage import Footage

SHEET = "contact-sheet.png"
_SHEET_FRAMES = 24
"""Most frames that a contact sheet shows."""


def make_video(footage: Footage, folder: Path) -> Path:
    """Assemble `footage` into the video that its scene asks for, in `folder`."""
    output = footage.output
    return assemble(
        footage.frames,
        folder / output.file,
        fps=footage.fps,
        crf=output.crf,
        preset=output.preset,
        size=output.size,
        fit=output.fit,
        soundtrack=None if output.soundtrack is None else Soundtrack(Path(output.soundtrack)),
        title=footage.title,
        digest=footage.digest,
    )


def make_sheet(frames: Sequence[Path], fps: Fraction | None, folder: Path) -> Path:
    """Write a contact sheet of frames picked evenly; captions tell the time where there is one."""
    count = min(len(frames), _SHEET_FRAMES)
    chosen = [round(k * (len(frames) - 1) / max(1, count - 1)) for k in range(count)]
    sheet = contact_sheet(
        [_read(frames[frame]) for frame in chosen],
        captions=[_caption(frame, fps) for frame in chosen],
    )
    path = folder / SHEET
    with disk_errors("write", path):
        write_atomically(path, encode_png(sheet), durable=False)
    return path


def _read(frame: Path) -> Pixels:
    with disk_errors("read", frame):
        return decode_png(frame.read_bytes())


def _caption(frame: int, fps: Fraction | None) -> str:
    return f"{frame}" if fps is None else f"{frame_time(frame, Timebase(fps))}  frame {frame}"
