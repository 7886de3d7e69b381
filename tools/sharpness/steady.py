"""Flicker of an upscaler alone: what it adds to a painting that an exact camera moves.

Conventions:
    Pixels are `(H, W, 3)` uint8 RGB; differences are means over pixels, in levels of 255.
    A motion is a `2x3` matrix on pixel indices that carries old places to new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.files.png import Pixels
from pipeline.scene.motion import matrix_2d
from pipeline.spec.camera import CameraMotion

Matrix = NDArray[np.float64]
Enlarge = Callable[[Pixels], Pixels]
"""From a picture of native size to one of the size that is looked at."""

FRAMES = 8
MOTIONS: Mapping[str, CameraMotion] = {
    "zoom": CameraMotion(zoom=1.01),
    "pan": CameraMotion(translate_x=0.3, translate_y=0.15),
    "roll": CameraMotion(roll=0.25),
}
"""A frame's motion, in native pixels."""
_BORDER = 0.06
"""Share of the height and width that is not looked at, on each side: the painting ends there."""


@dataclass(frozen=True, slots=True)
class Flicker:
    """What frames differ by from the ones before them, moved."""

    enlarged: float
    truth: float
    """What the painting itself gives, seen at the same size: the resampling of the measure."""

    @property
    def alone(self) -> float:
        """The upscaler's part."""
        return self.enlarged - self.truth


def flicker(
    painting: Pixels, motion: CameraMotion, native: tuple[int, int], enlarge: Enlarge
) -> Flicker:
    """The mean over `FRAMES` frames of a painting that moves by `motion` from each to the next.

    Each frame is the large painting, resampled once, and then shrunk to `native`, (width, height).
    """
    step = _scaled(matrix_2d(motion, *native), painting.shape[1] / native[0])
    places = [np.linalg.matrix_power(step, k) for k in range(FRAMES)]
    seen = [_moved(painting, place) for place in places]
    enlarged = [enlarge(_shrunk(frame, native)) for frame in seen]
    rows, columns, _ = enlarged[0].shape
    truth = [_shrunk(frame, (columns, rows)) for frame in seen]
    shown = _scaled(matrix_2d(motion, *native), columns / native[0])
    return Flicker(_unsteadiness(enlarged, shown), _unsteadiness(truth, shown))


def _scaled(matrix: Matrix, scale: float) -> Matrix:
    """A motion of pixel indices as that of a picture `scale` times as large."""
    # Edges of pixels, not their centres, lie on one another in both sizes.
    grow = np.array([[scale, 0, (scale - 1) / 2], [0, scale, (scale - 1) / 2], [0, 0, 1]])
    return np.asarray(grow @ matrix @ np.linalg.inv(grow), np.float64)


def _moved(picture: Pixels, matrix: Matrix) -> Pixels:
    height, width, _ = picture.shape
    moved = cv2.warpAffine(
        picture, matrix[:2], (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(moved, np.uint8)


def _shrunk(picture: Pixels, size: tuple[int, int]) -> Pixels:
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _unsteadiness(frames: Sequence[Pixels], step: Matrix) -> float:
    """The mean absolute difference of each frame from the one before, moved, inside the border."""
    height, width, _ = frames[0].shape
    top, left = int(_BORDER * height), int(_BORDER * width)
    inside = np.s_[top : height - top, left : width - left]
    pairs = pairwise(frames)
    return float(
        np.mean(
            [np.abs(_moved(a, step)[inside].astype(np.int16) - b[inside]).mean() for a, b in pairs]
        )
    )
