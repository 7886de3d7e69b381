"""What the frames of a render are worth, read back one by one: without its scene or its lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.files.hashing import bytes_digest, file_digest
from pipeline.files.picture_header import PictureError
from pipeline.files.png import decode_png
from pipeline.run.carried import Known, known_frames
from pipeline.run.directory import RunDirectory, disk_errors
from pipeline.run.journal import FrameRecord
from pipeline.run.manifest import Manifest
from pipeline.run.status import planned_frames
from pipeline.spec.frame import FrameId, FrameSpec
from pipeline.spec.json_form import from_json_data
from pipeline.spec.platform import Platform


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one frame."""

    frame: FrameId
    words: str
    """What was found, such as `its picture is gone`."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found in the folder of a render."""

    planned: int
    """Painted and moved frames that the video shows."""
    whole: int
    """How many of them are journaled and can be used as they are."""
    faults: tuple[Fault, ...]
    """Frames that are damaged, or missing where others grow from them, in the video's order."""
    known: Known
    """What tells of the frames, the journal or they themselves, and of which nothing does."""
    platforms: Mapping[Platform | None, int]
    """How many planned frames were computed on what; None where their release did not say."""
    again: tuple[FrameId, ...] = ()
    """Frames that went wrong in the render's own precision, and were rendered again in fp32."""

    @property
    def unknown(self) -> tuple[FrameId, ...]:
        """Frames whose pictures lie there, and of which nothing tells."""
        return self.known.unknown


def verify(folder: Path) -> Verification:
    """Read every planned frame of the render in `folder` back; nothing is changed.

    Whether frames still belong to their scene is not known without it: `Run.open` finds out.

    Raises:
        RunError: the folder is no render, or its manifest, journal or pictures cannot be read.
    """
    place = RunDirectory(folder)
    manifest = place.read_manifest()
    with disk_errors("read", folder):
        known = known_frames(place)
        records = known.records
        planned = planned_frames(manifest)
        journaled = [records[one] for one in planned if one in records]
        found = {one.id: _fault(place, manifest, one) for one in journaled}
        found |= _gaps(records.values())
        faults = (Fault(one, words) for one in planned if (words := found.get(one)))
        return Verification(
            planned=len(planned),
            whole=sum(1 for words in found.values() if not words),
            faults=tuple(faults),
            known=known,
            platforms=Counter(one.platform for one in journaled),
            again=tuple(one.id for one in journaled if one.precision),
        )


def differences(before: Platform, now: Platform) -> tuple[str, ...]:
    """In what the platform `before` is another one than `now`, in words; none if it is the same."""
    pairs = (("device", before.device, now.device), ("threads", before.threads, now.threads))
    return tuple(f"{name} {was}, here {here}" for name, was, here in pairs if was != here)


def _gaps(records: Collection[FrameRecord]) -> dict[FrameId, str]:
    """The frames without a line from which journaled ones grow, each with a word on that."""
    known, gaps = {one.id for one in records}, {}
    for record in records:
        for earlier in _earlier(record):
            if earlier not in known:
                gaps[earlier] = f"it is missing, and frame {record.id} grows from it"
    return gaps


def _earlier(record: FrameRecord) -> tuple[FrameId, ...]:
    try:
        return from_json_data(FrameSpec, record.spec).earlier
    except ValueError:  # of another release
        return ()


def _fault(place: RunDirectory, manifest: Manifest, record: FrameRecord) -> str:
    """What is wrong with a journaled frame, in words; "" if nothing is."""
    picture, memory = place.frame(record.id), place.memory(record.id)
    if not picture.is_file():
        return "its picture is gone"
    data = picture.read_bytes()
    try:
        height, width = decode_png(data).shape[:2]
    except PictureError:
        return "its picture cannot be decoded"
    if (width, height) != (manifest.width, manifest.height):
        return f"its picture is {width} x {height}, not {manifest.width} x {manifest.height}"
    if bytes_digest(data) != record.sha256:
        return "its picture is whole, but another one"
    if record.memory and not memory.is_file():
        return "its memory is gone"
    changed = record.memory and file_digest(memory) != record.memory
    return "its memory was changed" if changed else ""
