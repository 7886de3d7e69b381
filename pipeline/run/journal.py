"""The journal of a run: one JSON line for each finished frame, only ever appended to.

A line counts once its newline is on the disk. A process that dies while it writes leaves a torn
last line: that one is passed over when reading and cut off before the next line is written. A
later line for a frame replaces an earlier one. A damaged line before the last is passed over as
well, and stays where it is until the whole journal is rewritten: then it goes to `journal.damaged`.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from pipeline.errors import RunError
from pipeline.files.atomic import sync_directory, write_atomically
from pipeline.files.json_text import read_json
from pipeline.run.migration import Data, Migration
from pipeline.run.stand_in import StandIn
from pipeline.spec.fingerprints import Fingerprint
from pipeline.spec.frame import MAIN, FrameId
from pipeline.spec.json_form import to_json_data
from pipeline.spec.json_reader import JsonReader
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
    stand_in: StandIn | None = None
    """What a person said who keeps it in the place of another frame; None where nobody did."""

    @property
    def id(self) -> FrameId:
        """Which frame of the render it is."""
        return FrameId(self.frame, self.shot)

    @property
    def is_timed(self) -> bool:
        """Whether `seconds` is a time: 0 stands for an unknown one, and no clock is trusted."""
        return isfinite(self.seconds) and self.seconds > 0


@dataclass(frozen=True, slots=True)
class DamagedLine:
    """A line that is no JSON any more."""

    number: int
    """Number of the line in its file, from 1."""
    data: bytes
    fault: str
    """What is wrong with it, in words."""


class Journal:
    """The journal file at `path`, which need not exist yet; `records` holds the last by frame.

    `damaged` are the lines before the last that are no JSON. Raises RunError, naming the line, for
    one that is, and yet no record that this release understands.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.records, self.damaged, self._length = _read(path)
        self._is_named = False

    def append(self, record: FrameRecord) -> None:
        """Add one line, on the disk when this returns; after an OSError it does not count.

        Where the disk refuses to cut off what was written of it too, the next line takes its place.
        """
        line = _line(record)
        there = self.path.stat().st_size if self.path.exists() else 0
        if self._length > there:
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
        if not self._is_named:
            # Also where it is there already: who made it may have ended before its name was safe.
            sync_directory(self.path.parent)
            self._is_named = True
        self._length += len(line)
        self.records[record.id] = record

    def rewrite(self, records: Iterable[FrameRecord]) -> None:
        """Replace the whole journal in one step; OSError leaves it as it was.

        Damaged lines are in `journal.damaged` before that.
        """
        kept = list(records)
        data = b"".join(map(_line, kept))
        if self.damaged:
            aside = self.path.with_name(DAMAGED)
            before = aside.read_bytes() if aside.is_file() else b""
            lines = b"".join(one.data + b"\n" for one in self.damaged)
            if not before.endswith(lines):  # of a rewriting that was interrupted here
                write_atomically(aside, before + lines)
        write_atomically(self.path, data)
        self.records, self._length = {record.id: record for record in kept}, len(data)
        self.damaged = ()


def record_of(data: Data, reader: JsonReader[FrameRecord] | None = None) -> FrameRecord:
    """The record of a frame from JSON data that somebody else may have written.

    A `reader` is faster for many of them. Raises ValueError if it is none that this release
    understands.
    """
    record = (reader or JsonReader(FrameRecord)).read(data)
    if record.frame < 0:
        raise ValueError(f"frame: expected 0 or more, found {record.frame}")
    return record


def unreadable(path: Path, line: DamagedLine) -> RunError:
    """The error of a line in the journal at `path` from which no frame can be told."""
    return RunError(
        f"{path}:{line.number}: expected the JSON record of a frame, found {_shown(line.data)} "
        f"({line.fault}); delete this line: its frame is found again by what its picture carries, "
        "or else moved to takes/ and rendered again"
    )


def _read(path: Path) -> tuple[dict[FrameId, FrameRecord], tuple[DamagedLine, ...], int]:
    """The records by frame, damaged lines, and the length in bytes of all that these stand on."""
    if path.is_dir():
        raise RunError(f"{path} is a directory; a journal is a file: move the directory away")
    *lines, torn = path.read_bytes().split(b"\n") if path.exists() else [b""]
    records: dict[FrameId, FrameRecord] = {}
    damaged: list[DamagedLine] = []
    length = 0
    migration, reader = Migration(), JsonReader(FrameRecord)
    for number, line in enumerate(lines, start=1):
        try:
            data = _mapping(line)
        except ValueError as error:
            # A crash of the system may leave a last line of the right length and wrong bytes.
            if number == len(lines) and not torn:
                break
            damaged.append(DamagedLine(number, line, str(error)))
        else:
            try:
                record = record_of(migration.of_record(data), reader)
            except ValueError as error:
                raise unreadable(path, DamagedLine(number, line, str(error))) from error
            records[record.id] = record
        length += len(line) + 1
    return records, tuple(damaged), length


def _mapping(line: bytes) -> Data:
    data = read_json(line)
    if not isinstance(data, dict):
        raise ValueError("not a mapping")
    return data


DAMAGED = "journal.damaged"
"""Name of the file beside a journal that holds lines of it that could not be read."""


def _line(record: FrameRecord) -> bytes:
    data = to_json_data(record)
    return json.dumps(data, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _shown(line: bytes) -> str:
    text = line.decode(errors="replace")
    return repr(text if len(text) <= 40 else f"{text[:39]}…")
