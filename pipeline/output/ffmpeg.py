"""Frames and a soundtrack to a video, and what a video says of itself, by way of ffmpeg.

Conventions:
    The ffmpeg is the one that imageio-ffmpeg finds: the `IMAGEIO_FFMPEG_EXE` environment
    variable, its own copy, then the system's. Pictures are sRGB; the video is H.264 in 4:2:0,
    converted by the BT.709 matrix and tagged so, limited range, the index before the data.
    4:2:0 needs even sides: an odd one gets one more row or column, a copy of the last.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg

from pipeline.errors import Error, FFmpegError
from pipeline.files.atomic import sync_directory, temporary_path

SUFFIXES = (".mp4", ".mov", ".m4v")
"""Of the videos that `assemble` writes."""

_FRAME_NAME = "%06d.png"
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
    crf: int = 17,
    preset: str = "medium",
    progress: Callable[[int], None] = lambda frames_done: None,
) -> Path:
    """Write the video `out` from `frames`, pictures of one directory numbered without a gap.

    `size` is (width, height) in pixels to scale to, by Lanczos; None keeps the pictures' own.
    `crf` is x264's quality, 0 (lossless) to 51, and `preset` its effort. The soundtrack becomes
    AAC and ends with the picture at the latest; where it is shorter, the picture goes on. The
    digest is kept in the comment `discoreel <digest>`. `progress` is told how many frames are
    done. `out` appears whole or stays what it was. Returns `out`.

    Raises Error for a soundtrack or place that does not exist, FFmpegError with ffmpeg's words
    if it fails or loses a frame, ValueError for frames that are not such a sequence.
    """
    directory, first = _sequence(frames)
    _check_files(out, soundtrack)
    temporary = temporary_path(out.absolute())
    argv = [
        *(ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error", "-y"),
        *("-progress", "pipe:1", "-f", "image2", "-framerate", str(fps)),
        *("-start_number", str(first), "-i", _FRAME_NAME),
        *_sound_input(soundtrack),
        *("-frames:v", str(len(frames)), "-vf", _filters(size)),
        *_picture_output(crf, preset),
        *_sound_output(soundtrack, len(frames) / fps),
        *("-map_chapters", "-1", "-movflags", "+faststart"),
        *("-metadata", f"title={title}", "-metadata", f"comment=discoreel {digest}"),
        _url(temporary),
    ]
    try:
        _encode(argv, directory, len(frames), progress)
        _replace(temporary, out)
    finally:
        with suppress(OSError):
            temporary.unlink()
    return out


def read_metadata(video: Path) -> dict[str, str]:
    """The tags of a video file, such as `title` and `comment`; FFmpegError if it is not one."""
    argv = [ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error"]
    argv += ["-i", _url(video.absolute()), "-f", "ffmetadata", "-"]
    done = subprocess.run(argv, capture_output=True, encoding="utf-8", errors="replace")
    if done.returncode:
        raise FFmpegError(argv, done.returncode, done.stderr)
    return _tags(done.stdout)


def ffmpeg() -> str:
    """The path of the program; Error if there is none."""
    remedy = (
        "run `pip install --force-reinstall imageio-ffmpeg`, or name one in the environment "
        "variable IMAGEIO_FFMPEG_EXE"
    )
    try:
        program = str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise Error(f"no ffmpeg found; {remedy}") from error
    if shutil.which(program) is None:
        raise Error(f"{program} is no program that can be run as ffmpeg; {remedy}")
    return program


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


def _check_files(out: Path, soundtrack: Soundtrack | None) -> None:
    if soundtrack is not None and not soundtrack.file.is_file():
        raise Error(
            f"the soundtrack {soundtrack.file} does not exist; put it there, "
            "or name another one under music.file"
        )
    if soundtrack is not None and soundtrack.start < 0:
        raise ValueError(f"the soundtrack starts at {soundtrack.start} s, before its beginning")
    if out.suffix.lower() not in SUFFIXES:
        raise Error(f"cannot write a {out.suffix or 'nameless'} video; {_allowed(out)}")
    if out.is_dir() or not out.parent.is_dir():
        problem = "is a directory" if out.is_dir() else "lies in a directory that does not exist"
        raise Error(f"{out} {problem}; name another file for the video")


def _allowed(out: Path) -> str:
    return f"name it {out.stem}.mp4 (allowed: {', '.join(SUFFIXES)})"


def _filters(size: tuple[int, int] | None) -> str:
    """RGB to yuv420p; smearing the padded border copies the last row and column."""
    flags = "flags=lanczos+accurate_rnd+full_chroma_int+full_chroma_inp"
    scale = [f"scale={size[0]}:{size[1]}:{flags}"] if size else []
    # A border of 1 would replace the last column of an even width; `pad` tells nothing to
    # `fillborders`, so pictures that need no padding get one column more and lose it in the crop.
    return ",".join(
        [
            *scale,
            "format=gbrp",
            "pad=iw+1:ih+1",
            "fillborders=right=1:bottom=1:mode=smear",
            "crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0",
            "setsar=1",
            f"scale=out_color_matrix=bt709:out_range=tv:{flags}",
            "format=yuv420p",
            f"setparams={_BT709}",
        ]
    )


def _picture_output(crf: int, preset: str) -> list[str]:
    return [
        *("-c:v", "libx264", "-preset", preset, "-crf", str(crf), "-pix_fmt", "yuv420p"),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
        *("-color_range", "tv"),
    ]


def _sound_input(soundtrack: Soundtrack | None) -> list[str]:
    if soundtrack is None:
        return []
    return ["-ss", f"{soundtrack.start:.6f}", "-i", _url(soundtrack.file.absolute())]


def _sound_output(soundtrack: Soundtrack | None, duration: Fraction) -> list[str]:
    if soundtrack is None:
        return ["-map", "0:v:0"]
    # Without the exact cut, the end of the picture would cost the sound its last packets.
    cut = f"atrim=end={float(duration):.6f}"
    return ["-map", "0:v:0", "-map", "1:a:0", "-af", cut, "-c:a", "aac", "-b:a", "256k"]


def _encode(argv: list[str], cwd: Path, frames: int, progress: Callable[[int], None]) -> None:
    """Run ffmpeg to its end; whatever ends the wait ends ffmpeg."""
    done = 0
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        with subprocess.Popen(
            argv, cwd=cwd, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8"
        ) as process:
            try:
                assert process.stdout is not None  # asked for above
                for line in process.stdout:
                    if match := re.match(r"frame=\s*(\d+)", line):
                        done = int(match[1])
                        progress(done)
            except BaseException:
                process.kill()
                raise
        errors.seek(0)
        words = errors.read()
    if process.returncode == 0 and done != frames:
        words += f"\n{done} of {frames} frames were encoded; render the missing ones again"
    if process.returncode or done != frames:
        raise FFmpegError(argv, process.returncode, words)


def _replace(temporary: Path, out: Path) -> None:
    try:
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, out)
        sync_directory(out.absolute().parent)
    except OSError as error:
        raise Error(
            f"cannot write {out}: {error.strerror}; name another file for the video"
        ) from error


def _url(path: Path) -> str:
    """A path that ffmpeg takes for nothing else, whatever characters are in it."""
    return f"file:{path}"


def _tags(text: str) -> dict[str, str]:
    """The global tags of ffmpeg's metadata format, which puts a backslash before = ; # \\ \\n."""
    head = re.split(r"^\[", text, maxsplit=1, flags=re.MULTILINE)[0]
    pairs = re.findall(r"^((?:[^=;#\\\n]|\\.)+)=((?:[^\\\n]|\\(?:.|\n))*)$", head, re.MULTILINE)
    return {_unescaped(name): _unescaped(value) for name, value in pairs}


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.|\n)", r"\1", text)
