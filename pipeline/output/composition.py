"""The frames of a video from saved pictures: posed, lit, and mixed with one another.

Conventions:
    Pixels are `(H, W, 3)` uint8 arrays of sRGB; sizes are (width, height). The signs of an offset
    are those of the flat camera (`pipeline.scene.motion`): x right, y down, roll
    counter-clockwise. What a pose uncovers at the edges shows the picture mirrored there.

Layers are mixed as sRGB has them, not as amounts of light: lightness that the eye sees then runs
evenly through a fade. From a dark picture to a light one half the weight is half of the way, where
light would be two thirds of it, and a fade that lasts a beat would seem to be over before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.errors import RunError
from pipeline.files.picture_header import PictureError
from pipeline.files.png import Pixels, decode_png
from pipeline.output.fit import Placement, Size
from pipeline.run.directory import disk_errors
from pipeline.run.footage import Layer
from pipeline.spec.timeline import AT_REST, Offset

Levels = NDArray[np.float32]
"""Pixels on the way: 0 to 255, also between and beyond."""

Pictured = Callable[[Iterable[Sequence[Layer]]], Iterator[Pixels]]
"""From the layers of each frame of a video to its picture."""

_LUMA = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
"""Shares of red, green and blue in the grey of a colour (ITU-R BT.709)."""


@dataclass(frozen=True, slots=True)
class View:
    """Frames of a render in pictures of another size: where they lie there."""

    frame: Size
    """Size of the frame, in whose pixels offsets are told."""
    placed: Placement
    """Where the frame lies in the picture, as `pipeline.output.fit.place` has put it."""

    def to_picture(self) -> NDArray[np.float64]:
        """The `3x3` matrix from pixel indices of the frame to those of what is seen of it."""
        (width, height), (w, h) = self.frame, self.placed.picture
        left, top = self.placed.corner if self.placed.is_cut else (0, 0)
        across, down = w / width, h / height
        # Centres of pixels lie at whole numbers, edges half a pixel before.
        shift = 0.5 * across - 0.5 - left, 0.5 * down - 0.5 - top
        return np.array([[across, 0.0, shift[0]], [0.0, down, shift[1]], [0.0, 0.0, 1.0]])

    def inside(self, picture: Levels) -> Levels:
        """The part of a picture that the frame fills: all of it, or what lies between bars."""
        if self.placed.is_cut:
            return picture
        (left, top), (width, height) = self.placed.corner, self.placed.picture
        return picture[top : top + height, left : left + width]


def compose(layers: Sequence[tuple[Pixels, float, Offset]], view: View | None = None) -> Pixels:
    """One picture of layers: pixels, weight and offset of each; pixels are of one size.

    A single layer at rest is its own pixels, bit for bit. Everything else is computed in floats,
    resampled once (bicubic, as by the camera) where it has a pose, and rounded at the end. Weights
    are shares: they add up to 1. Without a `view` the pictures are as large as the frames.
    """
    if len(layers) == 1 and layers[0][2] == AT_REST:
        return layers[0][0]
    size = {pixels.shape for pixels, _, _ in layers}
    if len(size) != 1:
        raise ValueError(f"layers are of one size, found {sorted(size)}")
    mixed = sum(
        (np.float32(weight) * _seen(pixels, offset, view) for pixels, weight, offset in layers),
        start=np.zeros(layers[0][0].shape, dtype=np.float32),
    )
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)


def composed(frames: Iterable[Sequence[Layer]], view: View | None = None) -> Iterator[Pixels]:
    """The picture of each frame of a video, from files; RunError names one that cannot be read."""
    held: dict[Path, Pixels] = {}
    for layers in frames:
        # A picture that is held is read once.
        held = {
            path: held[path] if path in held else read_picture(path)
            for path in (one.picture for one in layers)
        }
        yield compose([(held[one.picture], one.weight, one.offset) for one in layers], view)


def read_picture(picture: Path) -> Pixels:
    """The pixels of a picture; RunError if it is damaged."""
    with disk_errors("read", picture):
        data = picture.read_bytes()
    try:
        return decode_png(data)
    except PictureError as error:
        raise RunError(f"{picture}: {error}") from error


def _seen(pixels: Pixels, offset: Offset, view: View | None) -> Levels:
    """The pixels posed and lit; what a kernel overshoots is cut off."""
    levels: Levels = np.array(pixels, dtype=np.float32)
    if is_posed(offset):
        _pose(levels, offset, view)
    return lit(levels, offset)


def is_posed(offset: Offset) -> bool:
    """Whether the picture is seen otherwise than as it lies."""
    return (offset.zoom, offset.x, offset.y, offset.roll) != (1.0, 0.0, 0.0, 0.0)


def lit(levels: Levels, offset: Offset) -> Levels:
    """The levels in the light of `offset`, within 0 to 255."""
    if offset.saturation != 1.0:
        grey = levels @ _LUMA
        levels = np.float32(offset.saturation) * (levels - grey[..., None]) + grey[..., None]
    if offset.brightness != 1.0:
        levels = levels * np.float32(offset.brightness)
    return np.clip(levels, 0, 255)


def _pose(levels: Levels, offset: Offset, view: View | None) -> None:
    """Move the frame within `levels` as `offset` says."""
    inside = levels if view is None else view.inside(levels)
    height, width, _ = inside.shape
    matrix = pose(offset, (width, height), view)
    inside[:] = cv2.warpAffine(
        inside, matrix[:2], (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
    )


def pose(offset: Offset, size: Size, view: View | None) -> NDArray[np.float64]:
    """The `3x3` matrix on pixel indices of a picture, old to new; of `size` without a `view`."""
    if view is None:
        return _matrix(offset, size)
    there = view.to_picture()
    return np.asarray(there @ _matrix(offset, view.frame) @ np.linalg.inv(there))


def _matrix(offset: Offset, size: Size) -> NDArray[np.float64]:
    """The `3x3` matrix on pixel indices, old to new: zoomed and turned about the centre, moved."""
    x, y = (size[0] - 1) / 2, (size[1] - 1) / 2
    angle = radians(offset.roll)
    # y points down, so a turn that looks counter-clockwise has its sines swapped.
    along, across = offset.zoom * cos(angle), offset.zoom * sin(angle)
    return np.array(
        [
            [along, across, x + offset.x - along * x - across * y],
            [-across, along, y + offset.y + across * x - along * y],
            [0.0, 0.0, 1.0],
        ]
    )
