"""A picture that a person painted over becomes part of the render."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from pipeline.errors import RunError
from pipeline.files.atomic import make_directory, write_atomically
from pipeline.files.hashing import bytes_digest, has_sum
from pipeline.files.pictures import read_picture
from pipeline.files.png import Pixels, decode_png, encode_png
from pipeline.run.carried import carrying
from pipeline.run.directory import RunDirectory
from pipeline.run.editing import Editing
from pipeline.run.journal import FrameRecord, Journal
from pipeline.run.resume import is_intact
from pipeline.run.stand_in import StandIn
from pipeline.run.take_folders import new_take
from pipeline.spec.frame import FrameId


def adopt(edited: Editing, frame: FrameId, picture: Path | None = None) -> Path:
    """Let `picture`, or the file that now lies in the place of a frame's picture, be that frame.

    What grows from the frame is stale from then on: it would grow from other pixels. Of what the
    frame left beside its picture, that of the picture which it had is no longer read: the shot
    keeps to the new one. Returns the take in which the file that lay there is kept.

    Raises:
        PictureError: the file is no picture that can be read.
        RunError: the frame is not rendered yet, or the scene would change it by itself; the picture
            is of another size, or shows the frame as it is; or the disk refuses.
    """
    record, place = edited.record(frame), edited.place
    instead = _place_in_plan(edited, record)
    _check_memory(place, record)
    pixels = _painted(edited, record, picture)
    # Its values are those of the frame in whose place it stands: none made it.
    adopted = replace(
        edited.with_values(record),
        digest=_digest(instead, pixels),
        stand_in=StandIn(instead, painted=True, begins=True),
    )
    data = carrying(encode_png(pixels), adopted)
    take = _keep(place, record)
    write_atomically(place.frame(frame), data)
    edited.journal.append(replace(adopted, sha256=bytes_digest(data)))
    return take


def _place_in_plan(edited: Editing, record: FrameRecord) -> str:
    """The digest of the plan's frame for which a picture was rendered or adopted."""
    own = edited.own_digests()[record.id]
    kept = record.stand_in
    if own != (record.digest if kept is None else kept.instead):
        raise RunError(
            f"the scene would change frame {record.id} by itself; render --update first, and paint "
            "over what it makes"
        )
    return own


def _check_memory(place: RunDirectory, record: FrameRecord) -> None:
    """Raise RunError if what the frame left for the next is not there: it would not hold."""
    if record.memory and not has_sum(place.memory(record.id), record.memory):
        raise RunError(
            f"what frame {record.id} left for the next is gone or damaged, without which it does "
            "not hold; render it again, then adopt your picture"
        )


def _painted(edited: Editing, record: FrameRecord, picture: Path | None) -> Pixels:
    """The pixels of the new picture, which is of the frame's size and another one than it has."""
    here = edited.place.frame(record.id)
    source = picture or here
    pixels = read_picture(source)
    height, width = pixels.shape[:2]
    size = edited.spec(record.id).size
    if (width, height) != size:
        raise RunError(
            f"{source} is {width} x {height} pixels, frame {record.id} is {size[0]} x {size[1]}; "
            "export it in that size"
        )
    if is_intact(edited.place, record) and np.array_equal(decode_png(here.read_bytes()), pixels):
        raise RunError(f"{source} shows frame {record.id} as it is; paint over it, then adopt it")
    return pixels


def _keep(place: RunDirectory, record: FrameRecord) -> Path:
    """Copy what lies in a frame's place to a new take, with its line where that still holds."""
    take = new_take(place, f"frame {record.id} was painted over")
    if is_intact(place, record):
        Journal(take.journal).rewrite([record])
    pairs = (
        (place.frame(record.id), take.frame(record.id)),
        (place.memory(record.id), take.memory(record.id)),
    )
    for source, target in pairs:
        if source.is_file():
            make_directory(target.parent)
            write_atomically(target, source.read_bytes())
    return take.root


def _digest(instead: str, pixels: Pixels) -> str:
    """The digest of an adopted frame: another one for each picture."""
    return hashlib.sha256(f"adopted {instead} ".encode() + pixels.tobytes()).hexdigest()
