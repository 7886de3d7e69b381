"""The depth of finished frames, kept beside them: what eyes and compositing programs go by.

`depth/000000.png` belongs to `frames/000000.png`, and what lies in folders below the one lies in
such folders below the other. Each file notes what it was made of (the bytes of its frame, what said
how deep that is, the lens, and by which recipe), so that only those that do not hold are made
again, and an interruption loses one picture at most.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import Error, RunError
from pipeline.files.hashing import bytes_digest, file_digest
from pipeline.files.inverse_depth import decode_inverse_depth, encode_depth
from pipeline.files.picture_header import PictureError
from pipeline.files.png import Pixels, decode_png
from pipeline.output.kept import keep, note_in, read_source
from pipeline.run.directory import disk_errors
from pipeline.spec.camera import CameraSpec
from pipeline.spec.frame import MAIN, FrameId
from pipeline.spec.relief import Relief

FOLDER = "depth"
"""Subfolder of a run that holds the depth of its frames."""

RECIPE = 1
"""Version of how a depth is found and written; a change of either counts it up."""

DepthFn = Callable[[Pixels, CameraSpec], NDArray[np.float32]]
"""From the pixels `(H, W, 3)` of a frame, and its lens, to its depth z, `(H, W)`, above 0."""


@dataclass(frozen=True, slots=True)
class DepthMaps:
    """The depth of the frames of one run."""

    frames: Mapping[FrameId, Path]
    """The pictures of the frames, as they were painted."""
    folder: Path
    """Folder of the run."""
    reliefs: Mapping[str, Relief]
    """How deep the frames of each shot are."""
    prints: Mapping[str, str]
    """A fingerprint of what estimates the depth of each shot's frames."""
    sums: Mapping[FrameId, str]
    """SHA-256 of the frames' pictures, as the run knows them: they are not read for it again.
    A frame that is not among them is looked at anew."""

    def file(self, frame: FrameId) -> Path:
        """The depth of a frame, whether it is there yet or not."""
        shot = () if frame.shot == MAIN else (frame.shot,)
        return self.folder.joinpath(FOLDER, *shot, f"{frame.frame:06d}.png")

    def missing(self) -> list[FrameId]:
        """The frames whose depth is not there, or was made of something else."""
        given = cache(_sum)
        notes = {one: self._note(one, self.sums.get(one, ""), given) for one in self.frames}
        return [one for one, note in notes.items() if note_in(self.file(one)) != note]

    def make(self, frames: Sequence[FrameId], depth: Mapping[str, DepthFn]) -> Iterator[Path]:
        """Find the depth of `frames` by that of their shots; each is on the disk once yielded.

        Raises Error if a depth is not finite, or the disk refuses.
        """
        given = cache(_sum)
        for frame in frames:
            source = read_source(self.frames[frame])
            # Before it is looked at: what changes meanwhile is then made again.
            note = self._note(frame, bytes_digest(source), given)
            found = self._found(frame, source, depth[frame.shot])
            file = self.file(frame)
            keep(file, encode_depth(found, note))
            yield file

    def _found(self, frame: FrameId, source: bytes, depth: DepthFn) -> NDArray[np.float32]:
        try:
            return depth(decode_png(source), self._lens(frame))
        except FloatingPointError as error:
            raise Error(
                f"{self.frames[frame]}: {error}; the device or its driver may be at fault: "
                "--device cpu does without it"
            ) from error

    def _lens(self, frame: FrameId) -> CameraSpec:
        return self.reliefs[frame.shot].lens(frame.frame)

    def _note(self, frame: FrameId, painted: str, given: Callable[[Path], str]) -> str:
        """What the depth of a frame of this sum is made of; `given` sums up the author's files."""
        lens, said = self._lens(frame), self.prints[frame.shot]
        if lens.depth is not None:
            said = f"{lens.depth.white} {given(Path(lens.depth.file))}"
        return bytes_digest(json.dumps([RECIPE, painted, lens.projection, said]).encode())


def _sum(file: Path) -> str:
    with disk_errors("read", file):
        return file_digest(file)


def read_inverse(file: Path) -> NDArray[np.float32]:
    """The inverse depth `(H, W)` that is kept; RunError if it is damaged."""
    data = read_source(file)
    try:
        return decode_inverse_depth(data)
    except PictureError as error:
        raise RunError(f"{file}: {error}; the same command makes it again") from error
