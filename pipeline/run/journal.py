"""The journal of a run: one JSON line for each finished frame, only ever appended to.

A line counts once its newline is on the disk. A process that dies while it writes leaves a torn
last line: that one is passed over when reading and cut off before the next line is written. A
later line for a frame replaces an earlier one.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import RunError
from pipeline.files.atomic import sync_directory, write_atomically
from pipeline.files.json_text import read_json
from pipeline.run.migration import Migration
from pipeline.spec.fingerprints import Fingerprint
from pipeline.spec.frame import MAIN, FrameId
from pipeline.spec.json_form import from_json_data, to_json_data
from pipeline.spec.platform import Platform


@dataclass(frozen=True, slots=True)
class FrameRecord:
    """What is known of one finished frame."""

    frame: int
    """Number of the frame within its shot, 0 or more."""
    recipe: int
    """Recipe of the digest; see `pipeline.run.digest.RECIPE`."""
    digest: str
    """Digest of what the frame depends on; see `pipeline.run.digest`."""
    sha256: str
    """SHA-256 of the frame's PNG file."""
    seconds: float
    """Time in seconds that the frame took to render."""
    spec: dict[str, Any]
    """Part of the spec that the pixels depend on, as JSON data without defaults."""
    fingerprints: tuple[Fingerprint, ...] = ()
    """Fingerprints of the files that the frame asked."""
    shot: str = MAIN
    memory: str = ""
    """SHA-256 of what the frame left for those that grow from it; "" if it left nothing."""
    platform: Platform | None = None
    """What it was computed on; None where the release that wrote it did not say."""
    precision: str = ""
    """What it was rendered again in, as it went wrong in the render's own precision: fp32."""

    @property
    def id(self) -> FrameId:
        """Which frame of the render it is."""
        return FrameId(self.frame, self.shot)


class Journal:
    """The journal file at `path`, which need not exist yet; `records` holds the last by frame.

    Raises RunError, naming the line, if any but a torn last line cannot be understood.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.records, self._length = _read(path)

    def append(self, record: FrameRecord) -> None:
        """Add one line, on the disk when this returns; after an OSError it does not count.

        Where the disk refuses to cut off what was written of it too, the next line takes its place.
        """
        line = _line(record)
        is_new = not self.path.exists()
        if self._length > (0 if is_new else self.path.stat().st_size):
            raise OSError(errno.ESTALE, "it was cut off or replaced while it was in use")
        try:
            with self.path.open("ab") as file:
                file.truncate(self._length)
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            # After closing, which writes what the buffer still holds.
            with suppress(OSError):
                os.truncate(self.path, self._length)
            raise
        if is_new:
            sync_directory(self.path.parent)
        self._length += len(line)
        self.records[record.id] = record

    def rewrite(self, records: Iterable[FrameRecord]) -> None:
        """Replace the whole journal in one step; OSError leaves it as it was."""
        kept = list(records)
        data = b"".join(map(_line, kept))
        write_atomically(self.path, data)
        self.records, self._length = {record.id: record for record in kept}, len(data)


def _read(path: Path) -> tuple[dict[FrameId, FrameRecord], int]:
    """The records by frame, and the length in bytes of the lines they stand on."""
    if path.is_dir():
        raise RunError(f"{path} is a directory; a journal is a file: move the directory away")
    *lines, _torn = path.read_bytes().split(b"\n") if path.exists() else [b""]
    records: dict[FrameId, FrameRecord] = {}
    length = 0
    migration = Migration()
    for number, line in enumerate(lines, start=1):
        try:
            record = _record(line, migration)
        except ValueError as error:
            # A crash of the system may leave a last line of the right length and wrong bytes.
            if number == len(lines) and not _torn:
                break
            raise RunError(
                f"{path}:{number}: expected the JSON record of a frame, found {_shown(line)} "
                f"({error}); delete this line, and its frame will be rendered again"
            ) from error
        records[record.id] = record
        length += len(line) + 1
    return records, length


def _record(line: bytes, migration: Migration) -> FrameRecord:
    data = read_json(line)
    if not isinstance(data, dict):
        raise ValueError("not a mapping")
    record = from_json_data(FrameRecord, migration.of_record(data))
    if record.frame < 0:
        raise ValueError(f"frame: expected 0 or more, found {record.frame}")
    return record


def _line(record: FrameRecord) -> bytes:
    data = to_json_data(record)
    return json.dumps(data, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _shown(line: bytes) -> str:
    text = line.decode(errors="replace")
    return repr(text if len(text) <= 40 else f"{text[:39]}…")
