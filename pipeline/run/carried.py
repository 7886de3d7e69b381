"""Frames carry what the journal says of them, and are found by it where their lines are lost.

The note in a frame's PNG file is its record as JSON, with the sum of the file without the note in
the place of that of the file. It lacks what may differ where the pixels do not: how long the frame
took, and what computed it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from keyframes.time_words import counted
from pipeline.files.atomic import settle
from pipeline.files.hashing import bytes_digest, file_digest
from pipeline.files.json_text import read_json
from pipeline.files.picture_header import MAX_PIXELS
from pipeline.files.png_chunks import note_length, read_note, with_note, without_note
from pipeline.run.computed_on import only_platform
from pipeline.run.directory import RunDirectory
from pipeline.run.journal import DamagedLine, FrameRecord, Journal, record_of, unreadable
from pipeline.spec.frame import FrameId
from pipeline.spec.json_form import to_json_data

_log = logging.getLogger(__name__)

_LONGEST = 1 << 20
"""The most bytes of a note: its JSON may be a stranger's. Those of our templates take 2 to 4 kB."""
_LARGEST = 4 * MAX_PIXELS
"""The most bytes of a frame that is looked into."""


def carrying(picture: bytes, record: FrameRecord) -> bytes:
    """The PNG file `picture` of a frame with what `record` says of it."""
    data = to_json_data(replace(record, sha256=bytes_digest(picture), platform=None))
    del data["seconds"]
    note = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return with_note(picture, note) if len(note) <= _LONGEST else picture


def carried(place: RunDirectory, frame: FrameId) -> FrameRecord | None:
    """What the picture of a frame says of it, as a record of no time and no platform.

    None unless the picture, and the memory that belongs to it, are byte for byte as they were saved
    and lie where this frame's belong. Raises OSError if they cannot be read.
    """
    path = place.frame(frame)
    if not 0 < note_length(path) <= 2 * _LONGEST or path.stat().st_size > _LARGEST:
        return None
    data = path.read_bytes()
    record = _record(read_note(data))
    if record is None or record.id != frame or record.sha256 != bytes_digest(without_note(data)):
        return None
    memory = place.memory(frame)
    if record.memory and not (memory.is_file() and file_digest(memory) == record.memory):
        return None
    return replace(record, sha256=bytes_digest(data), platform=None)


def _record(note: str) -> FrameRecord | None:
    try:
        data = read_json(note)
        return record_of({**data, "seconds": 0.0}) if isinstance(data, dict) else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the frames that lie in a render."""

    records: Mapping[FrameId, FrameRecord]
    """Of each frame, from the journal or from its picture."""
    found: tuple[FrameId, ...]
    """Frames that only their pictures tell of."""
    unknown: tuple[FrameId, ...]
    """Frames whose pictures lie there, and of which nothing tells."""
    damaged: tuple[DamagedLine, ...]
    """Lines of the journal that cannot be read."""
    is_lost: bool
    """Whether there are pictures, and not one line that can be read."""

    @property
    def fault(self) -> str:
        """What is wrong with the journal, in words; "" if nothing is."""
        if self.is_lost:
            return "lost"
        if self.damaged:
            numbers = ", ".join(str(one.number) for one in self.damaged[:_LISTED])
            more = ", ..." if len(self.damaged) > _LISTED else ""
            return f"damaged in line {numbers}{more}"
        return "incomplete" if self.found else ""

    @property
    def found_words(self) -> str:
        """How many frames tell of themselves, such as `2 frames by what they carry`."""
        return f"{counted(len(self.found), 'frame')} by {self._carried_words}"

    @property
    def again_words(self) -> str:
        """What was found again, such as `2 frames were found again by what they carry`."""
        was = "was" if len(self.found) == 1 else "were"
        frames = counted(len(self.found), "frame")
        return f"{frames} {was} found again by {self._carried_words}"

    @property
    def _carried_words(self) -> str:
        return "what it carries" if len(self.found) == 1 else "what they carry"


_LISTED = 5
"""Damaged lines that are named."""


def known_frames(place: RunDirectory, journal: Journal | None = None) -> Known:
    """What is known of the frames at `place`, by its journal or what their pictures carry.

    Nothing is changed. Pictures are read where no line of the journal tells of them.

    Raises:
        RunError: a line of the journal cannot be read, and what is lost with it is not found.
        OSError: a file cannot be read.
    """
    # The pictures first: of a render that runs, a frame saved meanwhile has its line by then.
    there = place.frame_ids()
    journal = journal or Journal(place.journal)
    unknown = sorted(there - journal.records.keys())
    platform = only_platform(place) if unknown else None
    found = {one.id: replace(one, platform=platform) for one in _carried(place, unknown)}
    left = tuple(frame for frame in unknown if frame not in found)
    if journal.damaged and left:
        raise unreadable(journal.path, journal.damaged[0])
    return Known(
        # Lines of now come last: what was done last is read off them.
        records={**found, **journal.records},
        found=tuple(found),
        unknown=left,
        damaged=journal.damaged,
        is_lost=bool(unknown) and not journal.records,
    )


def _carried(place: RunDirectory, frames: list[FrameId]) -> Iterator[FrameRecord]:
    return (one for frame in frames if (one := carried(place, frame)) is not None)


def find_again(place: RunDirectory, journal: Journal) -> None:
    """Give the frames that only their pictures tell of their lines again; a warning says so.

    Whoever has the lock of `place` may call it. Damaged lines move to a file of their own. Raises
    RunError and OSError as `known_frames`, and OSError if the disk refuses the journal.
    """
    known = known_frames(place, journal)
    if known.found or known.damaged:
        for frame in known.found:
            # Whoever saved it may have been killed before its name was on the disk.
            settle(place.memory(frame))
            settle(place.frame(frame))
        journal.rewrite(known.records.values())
        _log.warning("the journal was %s: %s", known.fault, known.again_words)
