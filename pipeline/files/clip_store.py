"""Frames of clips, decoded once and kept in a folder from one command to the next.

Each frame is a PNG file below a folder whose name is a digest of all that it depends on: the bytes
of the clip, and how its pictures become frames. So nothing there is ever wrong, only of no use any
more, and all of it may be deleted at any time. Files are not forced to the disk: one that a power
failure has damaged is found when it is read, and is decoded again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from keyframes.quoting import quoted_path
from pipeline.files.atomic import write_atomically
from pipeline.files.clip_frames import Framing, decode_frames
from pipeline.files.clip_header import ClipError, read_clip
from pipeline.files.hashing import bytes_digest, file_digest
from pipeline.files.locks import FOR_EVER, acquire, release
from pipeline.files.os_errors import os_errors_as
from pipeline.files.picture_header import PictureError
from pipeline.files.png import Pixels, decode_png, encode_png

RECIPE = 1
"""Goes into the names of folders; another number for a release that makes other frames."""

_REMEDY = "frames of clips are kept there: make it writable, or render into another folder"

Told = Callable[[int], None]
"""Hears, now and then, how many frames have been decoded."""


@dataclass(frozen=True, slots=True)
class Cuttings:
    """The frames that are made of one clip in one way."""

    file: Path
    sha256: str
    """Sum of the file's bytes; of a file that is another one now no frame is made."""
    framing: Framing

    @property
    def name(self) -> str:
        """The name of their folder."""
        parts = {"clip": self.sha256, "recipe": RECIPE, **asdict(self.framing)}
        return bytes_digest(json.dumps(parts, sort_keys=True).encode())[:40]


@dataclass(frozen=True, slots=True)
class ClipStore:
    """The frames of clips in a folder, which need not exist."""

    folder: Path

    def missing(self, cuttings: Cuttings, frames: Iterable[int]) -> list[int]:
        """Which of some frames are not there, rising."""
        return sorted(one for one in set(frames) if not self._place(cuttings, one).is_file())

    def pixels(self, cuttings: Cuttings, frame: int) -> Pixels:
        """A frame, decoded now if it is not there or damaged.

        Raises:
            ClipError: it cannot be decoded, or its clip is another file now.
            Error: the disk refuses.
        """
        place = self._place(cuttings, frame)
        if (kept := _kept(place)) is not None:
            return kept
        self.fetch(cuttings, [frame])
        with os_errors_as(ClipError, "read", place, _REMEDY):
            return decode_png(place.read_bytes())

    def fetch(
        self, cuttings: Cuttings, frames: Iterable[int], told: Told = lambda count: None
    ) -> None:
        """Decode some frames, in one way through the clip; those that are there already stay.

        What is interrupted goes on where it was. Raises as `pixels` does.
        """
        folder = self.folder / cuttings.name
        with os_errors_as(ClipError, "write", folder, _REMEDY):
            folder.mkdir(parents=True, exist_ok=True)
            lock = acquire(folder / ".lock", FOR_EVER)
            try:
                self._decode(cuttings, frames, told)
            finally:
                release(lock)

    def _decode(self, cuttings: Cuttings, frames: Iterable[int], told: Told) -> None:
        wanted = [one for one in frames if _kept(self._place(cuttings, one)) is None]
        if not wanted:
            return
        before = _stamp(cuttings.file)
        if file_digest(cuttings.file) != cuttings.sha256:
            raise _changed(cuttings.file)
        count = 0

        def keep(frame: int, pixels: Pixels) -> None:
            nonlocal count
            # Who is killed here leaves nothing behind that was decoded out of another file.
            if _stamp(cuttings.file) != before:
                raise _changed(cuttings.file)
            write_atomically(self._place(cuttings, frame), encode_png(pixels), durable=False)
            count += 1
            told(count)

        decode_frames(read_clip(cuttings.file), cuttings.framing, wanted, keep)

    def _place(self, cuttings: Cuttings, frame: int) -> Path:
        return self.folder / cuttings.name / f"{frame:06d}.png"


def _stamp(file: Path) -> tuple[int, int] | None:
    """What is another one when a file has been written to; None where there is none."""
    try:
        stat = file.stat()
    except FileNotFoundError:
        return None
    return stat.st_size, stat.st_mtime_ns


def _changed(file: Path) -> ClipError:
    return ClipError(
        f"{quoted_path(file)} changed while it was rendered from; nothing was made of what it is "
        "now: give the same command again, which says what the change costs"
    )


def _kept(place: Path) -> Pixels | None:
    """The frame at a place, if it is whole."""
    try:
        return decode_png(place.read_bytes())
    except (OSError, PictureError):
        return None
