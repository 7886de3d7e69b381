"""Finished frames at another size: enlarged by a network or a filter, and kept beside them.

`upscaled/000000.png` belongs to `frames/000000.png`, and what lies in folders below the one lies in
such folders below the other. A second size has a folder `upscaled-1920x1080`. Each file notes what
it was made of (the bytes of its frame, what enlarged it, the size and the fit), so that only those
that do not hold are made again, and an interruption loses one picture at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import ceil, gcd
from pathlib import Path

import numpy as np

from pipeline.errors import Error
from pipeline.files.hashing import bytes_digest
from pipeline.files.png import Pixels, decode_png, encode_png
from pipeline.output.fit import fitted
from pipeline.output.kept import keep, note_in, read_source
from pipeline.spec.plan import Fit

FOLDER = "upscaled"
"""Subfolder of a run that holds its enlarged frames."""

UpscaleFn = Callable[[Pixels], Pixels]
"""From the pixels `(H, W, 3)` of a picture to those of a larger one."""


@dataclass(frozen=True, slots=True)
class Enlargement:
    """The frames of one run at one size."""

    frames: Sequence[Path]
    folder: Path
    """Folder of the enlarged frames."""
    size: tuple[int, int]
    """Width and height of the enlarged frames in pixels."""
    fingerprint: str
    """Fingerprint of the network that enlarges the frames, or the name of a filter."""
    root: Path
    """Folder below which the frames lie."""
    fit: Fit = "stretch"
    """How frames get to `size`; `stretch` where they have its proportions anyway."""
    goes_around: bool = False
    """Whether the left and the right edge of a frame meet, and have to meet when it is larger."""

    @property
    def files(self) -> tuple[Path, ...]:
        """The enlarged frames, whether they are there yet or not, named like their frames."""
        return tuple(map(self._file, self.frames))

    def missing(self) -> list[Path]:
        """The frames whose enlargement is not there, or was made of something else."""
        pairs = zip(self.frames, self.files, strict=True)
        return [frame for frame, file in pairs if note_in(file) != self._note(read_source(frame))]

    def make(self, frames: Sequence[Path], upscale: UpscaleFn) -> Iterator[Path]:
        """Enlarge `frames`; each file is whole on the disk before its path is yielded.

        Raises Error if a picture comes out twice with numbers that are none, or the disk refuses.
        """
        for frame in frames:
            source = read_source(frame)
            enlarged = self._enlarged(frame, source, upscale)
            file = self._file(frame)
            keep(file, encode_png(enlarged, self._note(source)))
            yield file

    def _enlarged(self, frame: Path, source: bytes, upscale: UpscaleFn) -> Pixels:
        if not self.goes_around or self.fit != "stretch":
            return fitted(_larger(frame, source, upscale), self.size, self.fit)
        width, height = self.size
        margin = _margin(decode_png(source).shape[1], width)
        wider = _larger(frame, source, lambda pixels: upscale(_around(pixels, margin)))
        beyond = margin * width // decode_png(source).shape[1]
        whole = fitted(wider, (width + 2 * beyond, height), "stretch")
        return np.ascontiguousarray(whole[:, beyond : beyond + width])

    def _file(self, frame: Path) -> Path:
        return self.folder / frame.relative_to(self.root)

    def _note(self, source: bytes) -> str:
        width, height = self.size
        made_of = f"{bytes_digest(source)} {self.fingerprint} {_SCALED} {width}x{height}"
        # The note of a stretched frame names no fit, as in runs from before there was a choice.
        fit = "" if self.fit == "stretch" else f" {self.fit}"
        around = " around" if self.goes_around else ""
        return bytes_digest((made_of + fit + around).encode())


_SCALED = "lanczos"
"""What brings an enlarged frame to its size. Another kernel needs another name: what is there from
before would be kept."""
_REACH = 8
"""Columns beyond an edge that what enlarges a frame looks at, or more."""


def _margin(width: int, larger: int) -> int:
    """The fewest columns from `_REACH` on that become whole ones, or all of them."""
    step = width // gcd(width, larger)
    return min(width, step * ceil(_REACH / step))


def _around(pixels: Pixels, margin: int) -> Pixels:
    """A picture with as many columns of its other edge on both sides."""
    return np.pad(pixels, ((0, 0), (margin, margin), (0, 0)), mode="wrap")


def _larger(frame: Path, source: bytes, upscale: UpscaleFn) -> Pixels:
    """The enlarged picture, tried again once where a machine got it wrong."""
    with suppress(FloatingPointError):
        return upscale(decode_png(source))
    try:
        return upscale(decode_png(source))
    except FloatingPointError as error:
        raise Error(
            f"{frame} cannot be enlarged: {error}, twice; the device or its driver may be at "
            "fault: --device cpu does without it, output: {upscale: lanczos} without the network"
        ) from error
