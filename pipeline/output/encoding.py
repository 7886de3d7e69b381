"""One run of ffmpeg that encodes pictures: fed, watched, ended with this process.

Convention:
    Pictures go to its standard input as they lie in memory, `(H, W, 3)` uint8 (rgb24). Progress
    comes from its standard output, words from its standard error.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO

import numpy as np

from pipeline.errors import Error, FFmpegError
from pipeline.files.png import Pixels
from pipeline.output import tether

_LINES = 100
"""Last lines of ffmpeg's messages that are kept."""
_FULL = re.compile(r"No space left on device|Disk quota exceeded")
_MARGIN = 1.1
"""Factor of the disk room asked for over the room that the frames so far suggest."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of a video, which are made as they are asked for."""

    made: Iterable[Pixels]
    count: int
    """How many there are."""
    size: tuple[int, int]
    """Width and height of each in pixels."""

    @property
    def bytes(self) -> int:
        """The length of all of them in bytes."""
        return 3 * self.size[0] * self.size[1] * self.count


def encode(
    argv: Sequence[str],
    pictures: Pictures,
    target: Path,
    report: Callable[[int], None],
    *,
    is_one_packet: bool = False,
) -> None:
    """Run ffmpeg until all pictures are in `target`; whatever ends this ends ffmpeg.

    `argv` asks for its progress on standard output, and `report` gets the number of frames done;
    where all of them come out as one packet, the number of those that have gone in.

    Raises FFmpegError if ffmpeg fails or loses a frame, Error if the disk of `target` is full.
    """
    watch = _Watch((lambda _: None) if is_one_packet else report)
    taken = report if is_one_packet else (lambda _: None)
    with _start(argv, pictures.bytes) as process:
        assert process.stdin and process.stdout and process.stderr  # Popen is given PIPE for all
        listeners = [
            Thread(target=watch.listen, args=(process.stderr,)),
            Thread(target=watch.count, args=(process.stdout,)),
        ]
        for listener in listeners:
            listener.start()
        try:
            _feed(process.stdin, _counted(pictures, taken), watch)
            watch.tell_the_rest()
        finally:
            # The end of its input ends an ffmpeg that is still at work.
            process.stdin.close()
            process.wait()
            for listener in listeners:
                listener.join()
    _judge(argv, process.returncode, watch, 1 if is_one_packet else pictures.count, target)


class _Watch:
    """What a run of ffmpeg says, heard by threads and told by the one who started it."""

    def __init__(self, report: Callable[[int], None]) -> None:
        self._report = report
        self._counts: SimpleQueue[int | None] = SimpleQueue()
        self.words: deque[str] = deque(maxlen=_LINES)
        self.done = 0
        """Frames that are done, as far as they are told."""

    def listen(self, errors: IO[bytes]) -> None:
        for line in errors:
            self.words.append(line.decode(errors="replace"))

    def count(self, output: IO[bytes]) -> None:
        for line in output:
            if match := re.match(rb"frame=\s*(\d+)", line):
                self._counts.put(int(match[1]))
        self._counts.put(None)

    def tell(self) -> None:
        """Report what has come in; does not wait."""
        while not self._counts.empty():
            count = self._counts.get()
            if count is None:
                # The end is for the one who waits for it.
                self._counts.put(None)
                return
            self._tell(count)

    def tell_the_rest(self) -> None:
        """Report what comes until ffmpeg ends."""
        while (count := self._counts.get()) is not None:
            self._tell(count)

    def _tell(self, count: int) -> None:
        self.done = count
        self._report(count)


def _start(argv: Sequence[str], size: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        # Isolated, so that neither the folder nor the environment has a say in what is imported.
        [sys.executable, "-I", "-S", tether.__file__, str(size), *argv],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _counted(pictures: Pictures, report: Callable[[int], None]) -> Pictures:
    """The pictures, of which `report` gets the number of those that have been taken."""

    def made() -> Iterator[Pixels]:
        for taken, picture in enumerate(pictures.made, start=1):
            yield picture
            report(taken)

    return replace(pictures, made=made())


def _feed(ffmpeg: IO[bytes], pictures: Pictures, watch: _Watch) -> None:
    """Write the pictures, as long as somebody reads them; the end of too few is an early end."""
    width, height = pictures.size
    missing = pictures.count
    for picture in pictures.made:
        if picture.shape != (height, width, 3):
            raise ValueError(f"expected {(height, width, 3)} pixels, found {picture.shape}")
        left = np.ascontiguousarray(picture).data.cast("B")
        try:
            while left:
                left = left[ffmpeg.write(left) :]
        except OSError:  # it has ended, and says why
            return
        watch.tell()
        missing -= 1
    if missing:
        ffmpeg.close()


def _judge(argv: Sequence[str], code: int, watch: _Watch, frames: int, target: Path) -> None:
    """Raise what there is to say of a run that ended with `code`."""
    said = "".join(watch.words)
    if code and _FULL.search(said):
        raise Error(_no_room(target, watch.done, frames))
    if code == 0 and watch.done != frames:
        said += f"\n{watch.done} of {frames} frames were encoded; give the same command again"
    if code or watch.done != frames:
        raise FFmpegError(argv, code, said)


def _no_room(target: Path, done: int, frames: int) -> str:
    """How much room a video needs that did not fit, by what its first frames took."""
    written = _size_of(target)
    folder, remedy = target.parent, "then the same command makes it: every frame is kept"
    if not (written and done):
        return f"the disk is full: there is no room for the video in {folder}; make some, {remedy}"
    needed = _MARGIN * written * frames / done
    return (
        f"the disk is full: the video needs about {_megabytes(needed)}, and only "
        f"{_megabytes(written)} ({done} of {frames} frames) found room in {folder}; "
        f"make room for {_megabytes(needed - written)} more, {remedy}"
    )


def _size_of(target: Path) -> int:
    """Bytes of a file, or of the files in a folder; 0 if there is neither."""
    if target.is_dir():
        return sum(file.stat().st_size for file in target.iterdir())
    return target.stat().st_size if target.exists() else 0


def _megabytes(size: float) -> str:
    return f"{size / 10**6:.3g} MB"
