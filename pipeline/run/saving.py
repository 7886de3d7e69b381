"""What a render writes of the frames that it makes: finished ones, and pictures of those in work.

Convention:
    Pixels are `(H, W, 3)` uint8 arrays, channels red, green, blue.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from pipeline.errors import RunError
from pipeline.files.arrays import Arrays, encode_arrays
from pipeline.files.atomic import make_directory, write_atomically
from pipeline.files.hashing import bytes_digest
from pipeline.files.png import Pixels, encode_png
from pipeline.run.aside import set_intermediates_aside
from pipeline.run.carried import carrying
from pipeline.run.directory import RunDirectory, disk_errors
from pipeline.run.journal import FrameRecord, Journal
from pipeline.spec.frame import FrameId

_log = logging.getLogger(__name__)


def save_frame(
    place: RunDirectory,
    journal: Journal,
    record: FrameRecord,
    size: tuple[int, int],
    pixels: Pixels,
    memory: Arrays,
) -> None:
    """Save a finished frame of this `size`, width and height: its files, then its journal line.

    `record` says what is known of it, which its picture carries too; the sums of its files are
    found here. `memory` is what it leaves for those that grow from it, and has no file if it is
    empty.

    Raises ValueError for pixels of another size, RunError if the disk refuses or has gone; then the
    frame does not exist.
    """
    width, height = size
    if pixels.shape[:2] != (height, width):
        words = f"frame {record.id} is {width}x{height} pixels, found shape {pixels.shape}"
        raise ValueError(words)
    kept = encode_arrays(memory) if memory else b""
    record = replace(record, memory=bytes_digest(kept) if kept else "")
    picture = carrying(encode_png(pixels), record)
    # The picture comes last: it carries what the journal is told, and vouches for the memory.
    files = ({place.memory(record.id): kept} if kept else {}) | {place.frame(record.id): picture}
    _check_there(place)
    for path, data in files.items():
        with disk_errors("write", path):
            make_directory(path.parent)
            write_atomically(path, data)
    with disk_errors("write", place.journal):
        journal.append(replace(record, sha256=bytes_digest(picture)))


def save_step(place: RunDirectory, frame: FrameId, step: int, pixels: Pixels) -> None:
    """Keep the picture of a frame in work after `step`, which counts from 1.

    What an interrupted render of the same frame has left is found again; if it was another
    picture, all that was left of that frame moves to `takes/` first.

    Raises RunError if the disk refuses or has gone.
    """
    path, data = place.intermediate(frame, step), encode_png(pixels)
    _check_there(place)
    with disk_errors("write", path):
        if path.exists() and path.read_bytes() != data:
            set_intermediates_aside(place, frame, "its steps look different now")
        make_directory(path.parent)
        write_atomically(path, data)


class ProgressPicture:
    """The picture of the frame in work at `path`, for looking at."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_told = False

    def show(self, pixels: Pixels) -> None:
        """Replace the picture.

        A disk that refuses it is no reason to lose the frame: a warning says so once, and the
        picture stays the old one until the disk takes it again.
        """
        try:
            write_atomically(self._path, encode_png(pixels), durable=False)
        except OSError as error:
            if not self._is_told:
                words = "cannot write %s: %s; the render goes on"
                _log.warning(words, self._path, error.strerror or error)
            self._is_told = True


def _check_there(place: RunDirectory) -> None:
    """Raise RunError unless the run that was opened at `place` still lies there.

    What a disk or a share leaves behind when it goes away is an empty place: frames that were
    written there would be hidden once it comes back.
    """
    with disk_errors("read", place.manifest):
        is_there = place.manifest.is_file()
    if not is_there:
        raise RunError(
            f"{place.root} went away in the middle of the render: it has no run.json any more. "
            "Connect its disk or share again, or put the folder back where it was; finished "
            "frames are safe if they lie there, and then the same command continues"
        )
