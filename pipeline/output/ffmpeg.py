"""Frames and a soundtrack to a video, by way of ffmpeg.

Conventions:
    Pictures are sRGB; the video is H.264 in 4:2:0, converted by the BT.709 matrix and tagged so,
    limited range, the index before the data.
    4:2:0 needs even sides: an odd one gets one more row or column, a copy of the last.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from secrets import token_hex

from pipeline.errors import Error
from pipeline.files.atomic import TEMPORARY, sync_directory
from pipeline.files.ffmpeg import ffmpeg, file_url
from pipeline.files.os_errors import os_errors_as
from pipeline.files.png import read_size
from pipeline.files.sound import ENCODER, MIX, sound_fault, sound_input
from pipeline.output.encoding import encode
from pipeline.output.fit import Size, filters, place
from pipeline.spec.plan import Fit

SUFFIXES = (".mp4", ".mov", ".m4v")
"""Suffixes of the videos that `assemble` writes."""

_FRAME_NAME = "%06d.png"
_QUIET = ("-hide_banner", "-nostdin", "-loglevel", "error", "-y")
_BT709 = "color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"


@dataclass(frozen=True, slots=True)
class Soundtrack:
    """An audio file, and the second of it (0 or later) that falls on the first frame."""

    file: Path
    start: float = 0.0


def assemble(
    frames: Sequence[Path],
    out: Path,
    *,
    fps: Fraction,
    title: str,
    digest: str,
    soundtrack: Soundtrack | None = None,
    size: tuple[int, int] | None = None,
    fit: Fit = "cover",
    crf: int = 17,
    preset: str = "medium",
    progress: Callable[[int], None] = lambda frames_done: None,
) -> Path:
    """Write the video `out` from `frames`, pictures of one directory numbered without a gap.

    `size` is (width, height) in pixels to scale to, by Lanczos, where `fit` says what becomes of
    other proportions; None keeps the pictures' own. `crf` is x264's quality, 0 (lossless) to 51,
    and `preset` its effort. The soundtrack becomes AAC and ends with the picture at the latest;
    where it is shorter, the picture goes on. The digest is kept in the comment `discoreel
    <digest>`. `progress` gets the number of frames done. `out` appears whole or stays what it was.
    Returns `out`.

    Raises Error for a soundtrack or place that cannot be used and for a full disk, FFmpegError
    with ffmpeg's words if it fails or loses a frame, ValueError for frames that are not such a
    sequence.
    """
    directory, first = _sequence(frames)
    _check_place(out)
    _check_sound(soundtrack)
    with _written_whole(out) as temporary:
        argv = [
            *(ffmpeg(), *_QUIET, "-progress", "pipe:1"),
            *_picture_input(fps, first),
            *_sound_input(soundtrack),
            *("-frames:v", str(len(frames)), "-vf", _filters(frames[0], size, fit)),
            *_picture_output(crf, preset),
            *_sound_output(soundtrack, len(frames) / fps),
            *_container(title, digest),
            file_url(temporary),
        ]
        encode(argv, directory, len(frames), temporary, progress)
    return out


def _sequence(frames: Sequence[Path]) -> tuple[Path, int]:
    """The directory and the first number of contiguous frames.

    ffmpeg runs in that directory, so that only file names, and no path with a percent sign in
    it, pass through its pattern.
    """
    if not frames:
        raise ValueError("there are no frames to assemble")
    directory, first = frames[0].parent, frames[0].stem
    for number, frame in enumerate(frames, start=int(first) if first.isdecimal() else 0):
        if frame != directory / (_FRAME_NAME % number):
            raise ValueError(f"expected {directory / (_FRAME_NAME % number)}, found {frame}")
    return directory, int(first)


@contextmanager
def _written_whole(out: Path) -> Iterator[Path]:
    """The file for the body to write, which then takes the place of `out`; gone if it fails."""
    temporary = _temporary(out.absolute())
    try:
        yield temporary
        _replace(temporary, out)
    finally:
        with suppress(OSError):
            temporary.unlink()


def _temporary(out: Path) -> Path:
    """A name of this process alone: an ffmpeg that another one left may still be writing."""
    return out.with_name(f".video-{os.getpid()}-{token_hex(4)}{TEMPORARY}{out.suffix}")


def _check_sound(soundtrack: Soundtrack | None) -> None:
    if soundtrack is None:
        return
    remedy = (
        "or name another file under music.file and render the scene again with the same --out; "
        "its frames are kept"
    )
    if not soundtrack.file.is_file():
        raise Error(f"the soundtrack {soundtrack.file} does not exist; put it there, {remedy}")
    if fault := sound_fault(soundtrack.file):
        raise Error(f"the soundtrack {soundtrack.file} {fault}, {remedy}")
    if soundtrack.start < 0:
        raise ValueError(f"the soundtrack starts at {soundtrack.start} s, before its beginning")


def _check_place(out: Path) -> None:
    if out.suffix.lower() not in SUFFIXES:
        raise Error(f"cannot write a {out.suffix or 'nameless'} video; {_allowed(out)}")
    if out.is_dir() or not out.parent.is_dir():
        problem = "is a directory" if out.is_dir() else "lies in a directory that does not exist"
        raise Error(f"{out} {problem}; name another file for the video")


def _allowed(out: Path) -> str:
    return f"name it {out.stem}.mp4 (allowed: {', '.join(SUFFIXES)})"


def _filters(frame: Path, size: Size | None, fit: Fit) -> str:
    """Scaling to `size`, and RGB to yuv420p with the last row and column copied where odd."""
    flags = "flags=lanczos+accurate_rnd+full_chroma_int+full_chroma_inp"
    scaling = (
        ["format=gbrp"] if size is None else filters(place(read_size(frame), size, fit), flags)
    )
    # A border of 1 would replace the last column of an even width; `pad` tells nothing to
    # `fillborders`, so pictures that need no padding get one column more and lose it in the crop.
    return ",".join(
        [
            *scaling,
            "pad=iw+1:ih+1",
            "fillborders=right=1:bottom=1:mode=smear",
            "crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0",
            "setsar=1",
            f"scale=out_color_matrix=bt709:out_range=tv:{flags}",
            "format=yuv420p",
            f"setparams={_BT709}",
        ]
    )


def _picture_input(fps: Fraction, first: int) -> list[str]:
    return [
        *("-f", "image2", "-framerate", str(fps), "-start_number", str(first)),
        *("-i", _FRAME_NAME),
    ]


def _picture_output(crf: int, preset: str) -> list[str]:
    return [
        *("-c:v", "libx264", "-preset", preset, "-crf", str(crf), "-pix_fmt", "yuv420p"),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
        *("-color_range", "tv"),
    ]


def _sound_input(soundtrack: Soundtrack | None) -> list[str]:
    if soundtrack is None:
        return []
    return ["-ss", f"{soundtrack.start:.6f}", *sound_input(soundtrack.file)]


def _sound_output(soundtrack: Soundtrack | None, duration: Fraction) -> list[str]:
    if soundtrack is None:
        return ["-map", "0:v:0"]
    # Without the exact cut, the end of the picture would cost the sound its last packets.
    cut = f"atrim=end={float(duration):.6f}"
    return ["-map", "0:v:0", "-map", "1:a:0", "-af", f"{cut},{MIX}", *ENCODER]


def _container(title: str, digest: str) -> list[str]:
    return [
        *("-map_chapters", "-1", "-movflags", "+faststart"),
        *("-metadata", f"title={title}", "-metadata", f"comment=discoreel {digest}"),
    ]


def _replace(temporary: Path, out: Path) -> None:
    with os_errors_as(Error, "write", out, "name another file for the video"):
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, out)
        sync_directory(out.absolute().parent)
