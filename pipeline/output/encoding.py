"""One run of ffmpeg that encodes frames: watched, ended with this process, its failure in words."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import Thread

from pipeline.errors import Error, FFmpegError
from pipeline.output import tether

_LINES = 100
"""Last lines of ffmpeg's messages that are kept."""
_FULL = re.compile(r"No space left on device|Disk quota exceeded")
_MARGIN = 1.1
"""Factor of the disk room asked for over the room that the frames so far suggest."""


def encode(
    argv: Sequence[str], directory: Path, frames: int, target: Path, report: Callable[[int], None]
) -> None:
    """Run ffmpeg in `directory` until `frames` are in `target`; what ends the wait ends ffmpeg.

    `argv` asks for its progress on standard output, and `report` gets the number of frames done.

    Raises FFmpegError if ffmpeg fails or loses a frame, Error if the disk of `target` is full.
    """
    words: deque[str] = deque(maxlen=_LINES)
    done = 0
    with _start(argv, directory) as process:
        assert process.stdin and process.stdout and process.stderr  # Popen is given PIPE for all
        listener = Thread(target=words.extend, args=(process.stderr,))
        listener.start()
        try:
            for done in _frame_counts(process.stdout):
                report(done)
        finally:
            # Closing the tether's input ends an ffmpeg that is still at work.
            process.stdin.close()
            process.wait()
            listener.join()
    said = "".join(words)
    if process.returncode and _FULL.search(said):
        raise Error(_no_room(target, done, frames))
    if process.returncode == 0 and done != frames:
        said += f"\n{done} of {frames} frames were encoded; render the missing ones again"
    if process.returncode or done != frames:
        raise FFmpegError(argv, process.returncode, said)


def _start(argv: Sequence[str], directory: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        # Isolated, so that neither the folder nor the environment has a say in what is imported.
        [sys.executable, "-I", "-S", tether.__file__, *argv],
        cwd=directory,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )


def _frame_counts(lines: Iterable[str]) -> Iterable[int]:
    for line in lines:
        if match := re.match(r"frame=\s*(\d+)", line):
            yield int(match[1])


def _no_room(target: Path, done: int, frames: int) -> str:
    """How much room a video needs that did not fit, by what its first frames took."""
    written = target.stat().st_size if target.exists() else 0
    folder, remedy = target.parent, "then the same command makes it: every frame is kept"
    if not (written and done):
        return f"the disk is full: there is no room for the video in {folder}; make some, {remedy}"
    needed = _MARGIN * written * frames / done
    return (
        f"the disk is full: the video needs about {_megabytes(needed)}, and only "
        f"{_megabytes(written)} ({done} of {frames} frames) found room in {folder}; "
        f"make room for {_megabytes(needed - written)} more, {remedy}"
    )


def _megabytes(size: float) -> str:
    return f"{size / 10**6:.3g} MB"
