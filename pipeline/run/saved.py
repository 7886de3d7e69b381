"""Finished frames, read back: their pixels, and what they have left for those that grow from them.

Convention:
    Pixels are `(H, W, 3)` uint8 arrays, channels red, green, blue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.errors import RunError
from pipeline.files.arrays import Arrays, decode_arrays
from pipeline.files.png import Pixels, decode_png
from pipeline.run.directory import RunDirectory, disk_errors
from pipeline.run.journal import FrameRecord
from pipeline.spec.frame import MAIN, FrameId


@dataclass(frozen=True, slots=True)
class SavedFrames:
    """The frames of a render that are finished."""

    place: RunDirectory
    records: Mapping[FrameId, FrameRecord]
    """What is known of each of them."""

    def pixels(self, frame: FrameId) -> Pixels:
        """The pixels of a frame; RunError if it is not finished, or cannot be read."""
        path = self.place.frame(frame)
        if frame not in self.records:
            raise RunError(
                f"frame {frame} is not finished, and another one grows from it; render "
                f"{'it' if frame.shot == MAIN else f'shot {frame.shot}'} first"
            )
        with disk_errors("read", path):
            return decode_png(path.read_bytes())

    def begins(self, frame: FrameId) -> bool:
        """Whether a shot keeps to the picture of this frame, and to none before it.

        So it is where a person painted over it.
        """
        stand_in = self.records[frame].stand_in if frame in self.records else None
        return stand_in is not None and stand_in.begins

    def memory(self, frame: FrameId) -> Arrays:
        """What a frame has left for those that grow from it; empty if nothing.

        Raises RunError if it cannot be read.
        """
        record, path = self.records.get(frame), self.place.memory(frame)
        if record is None or not record.memory:
            return {}
        with disk_errors("read", path):
            data = path.read_bytes()
        try:
            return decode_arrays(data)
        except ValueError as error:
            raise RunError(
                f"{path} was damaged while it was in use: {error}; the same command renders frame "
                f"{frame} again and goes on"
            ) from error
