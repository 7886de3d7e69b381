"""What an eye beside the camera sees of a picture with depth, row by row.

Convention:
    Positions are pixel indices: x right, y down, centres at whole numbers. Inverse depth is 1 / z,
    in 1 / units of depth: larger is nearer. A shift is how far to the right of its own place a
    pixel appears to the eye, in pixels.

An eye that stands right or left of the camera, and looks straight ahead, sees every point in the
row in which the camera sees it: the picture is moved along its rows alone. What one eye is turned
inward by is a shift of its whole picture, not a turn of the camera: turned cameras would show the
two eyes different heights of what lies near the corners, which no eyes can bring together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, radians, tan

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from pipeline.camera.fill import fill_from_afar
from pipeline.camera.patches import tear
from pipeline.scene.motion import TRANSLATION_SCALE, Matrix
from pipeline.spec.camera import Projection

Field = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Eye:
    """Where an eye stands, in units of depth to the right of the camera, and how it looks."""

    right: float
    inward: float
    """How far to the right, at a depth of 1, the middle of its picture lies of straight ahead."""
    focal: float
    """Pixels at a depth of 1 that are one unit of depth across."""

    def shift(self, inverse: Field) -> Field:
        """The shift of every pixel `(H, W)`, by its inverse depth."""
        nearer = np.float32(self.right) * inverse
        return np.float32(-self.focal) * (nearer + np.float32(self.inward))


def eyes(ipd: float, eye_angle: float, focal: float) -> tuple[Eye, Eye]:
    """The left and the right eye.

    `ipd` is their distance in 1/200 units of depth, above 0; `eye_angle`, in degrees, is that by
    which the middle of the picture lies inward of straight ahead for each of them.
    """
    half, inward = ipd * TRANSLATION_SCALE / 2, tan(radians(eye_angle))
    return Eye(-half, inward, focal), Eye(half, -inward, focal)


def focal_length(fov: float, projection: Projection, width: int, height: int) -> float:
    """Pixels at a depth of 1 that are one unit of depth across, in a picture of this size.

    `fov` is in degrees, from the upper to the lower edge; with Disco's box it spans both sides.
    """
    return (width if projection == "disco" else height) / 2 / tan(radians(fov) / 2)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """How near everything in a picture is, as one or more surfaces."""

    inverse: Field
    """Inverse depth, `(H, W)`, 0 or more."""
    apart: float
    """Difference of inverse depth from which on neighbours are two surfaces."""
    fringe: NDArray[np.bool_]
    """`(H, W)`: what lies behind an outline and has some of the near thing's colour."""
    reach: int
    """How wide a fringe is, in pixels."""


def ground(inverse: Field, native: tuple[int, int], reach: int) -> Ground:
    """The surfaces of a picture of inverse depth `(H, W)`, whose slopes at outlines become steps.

    `native`, (width, height), is the size at which it was known, and `reach` how many pixels an
    outline has become wide on each side. Between two surfaces there is nothing: what a network or
    an enlargement has laid there belongs to the near one or to the far one.
    """
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), dtype=np.uint8)
    near, far = cv2.dilate(inverse, kernel), cv2.erode(inverse, kernel)
    apart = tear(native[1], native[0])
    outline = near - far > _SLOPES * apart
    # The colours of an outline are those of the near thing, and what lies behind: they go with it.
    belongs = inverse - far > _FAR_SIDE * (near - far)
    surfaces = np.where(outline, np.where(belongs, near, far), inverse)
    return Ground(surfaces.astype(np.float32), apart, outline & ~belongs, reach)


_SLOPES = 2.0
"""Slopes at which a surface tears, over the reach of an outline, that make one."""
_FAR_SIDE = 1 / 3
"""Share of the way from the far surface to the near one up to which a pixel is the far one's."""


def seen_by(eye: Eye, levels: Field, ground: Ground, pose: Matrix | None = None) -> Field:
    """The picture that an eye sees of `levels` `(H, W, 3)`, 0 to 255, on their `ground`.

    Each pixel is resampled once; what no pixel shows is filled from the far side of its
    surroundings. With a `pose`, a `3x3` matrix on pixel indices, the levels are moved by it first,
    and the ground is that of the moved picture.
    """
    x, known = _sources(eye, ground)
    rows = np.repeat(np.arange(len(x), dtype=np.float32)[:, None], x.shape[1], axis=1)
    there = (x, rows) if pose is None else _before(pose, x, rows)
    resampled = cv2.remap(levels, *there, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    seen: Field = np.asarray(resampled, dtype=np.float32)
    if known.all():
        return seen
    # Beside a hole the fringe of what has moved away would stand alone.
    fringe = _read(ground.fringe.astype(np.float32), x, rows) > 0
    beside = cv2.dilate(1 - known, np.ones((1, 2 * ground.reach + 1), dtype=np.uint8)) > 0
    known = known * ~(fringe & beside)
    widest = ceil(float(np.ptp(eye.shift(ground.inverse)))) + ground.reach
    return _filled(seen, known, _read(ground.inverse, x, rows), ground.apart, widest)


def _read(field: Field, x: Field, y: Field) -> Field:
    """The nearest values of a field at positions."""
    read = cv2.remap(field, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(read, dtype=np.float32)


def _filled(seen: Field, known: Field, inverse: Field, apart: float, widest: int) -> Field:
    """The picture with what lies behind in its holes, of which none is wider than `widest`."""
    # Filling looks a few times as far around as a hole is wide. What lies behind is told by rows:
    # above the ground that is behind a foot there may be a sky that is farther still.
    around = np.ones((1, 8 * widest + 1), dtype=np.uint8)
    behind = cv2.erode(np.where(known > 0, inverse, np.float32(np.inf)), around)
    serves = torch.from_numpy(known * (inverse <= behind + np.float32(apart)))[None, None]
    picture = torch.from_numpy(seen).permute(2, 0, 1)[None]
    filled = fill_from_afar(picture, serves, torch.ones_like(serves))
    far = filled[0].permute(1, 2, 0).numpy()
    return np.asarray(np.where(known[..., None] > 0, seen, far), dtype=np.float32)


def _before(pose: Matrix, x: Field, y: Field) -> tuple[Field, Field]:
    """Where positions lay before a pose, which is affine."""
    back = np.linalg.inv(pose)[:2].astype(np.float32)
    old_x, old_y = (a * x + b * y + c for a, b, c in back)
    return old_x, old_y


def _sources(eye: Eye, ground: Ground) -> tuple[Field, Field]:
    """Where each pixel of the eye comes from, `(H, W)`, and 1 where it is known, else 0.

    Rows are walked so that what comes later is nearer where two pixels meet: from the left for an
    eye at the right, and the other way round (McMillan 1997, 3.2).
    """
    inverse = ground.inverse
    if eye.right < 0:
        mirrored = Eye(-eye.right, -eye.inward, eye.focal)
        x, known = _sources(mirrored, replace(ground, inverse=inverse[:, ::-1]))
        return np.ascontiguousarray(inverse.shape[1] - 1 - x[:, ::-1]), known[:, ::-1].copy()
    height, width = inverse.shape
    own = np.arange(width, dtype=np.float32)
    new = own + eye.shift(inverse)
    left, right = _ends(new, inverse, ground.apart)
    first = np.ceil(left)
    x = np.broadcast_to(own, new.shape).copy()
    known = np.zeros((height, width), dtype=np.float32)
    # No pixel grows to more than two.
    target = np.stack([first, first + 1], axis=-1)
    inside = (target < right[..., None]) & (target >= 0) & (target < width)
    source = own[:, None] + _within(target, new[..., None], left[..., None], right[..., None])
    row = np.arange(height)[:, None, None]
    place = (row * width + target.astype(np.int64))[inside]
    # Of several values for one place the last one stays.
    x.reshape(-1)[place] = source[inside]
    known.reshape(-1)[place] = 1
    return x, known


def _ends(new: Field, inverse: Field, apart: float) -> tuple[Field, Field]:
    """Where each pixel begins and ends in the eye's row.

    It meets its neighbour halfway if they are one surface, else it is as wide as it was.
    """
    whole = np.abs(np.diff(inverse, axis=1)) < apart
    middle = (new[:, 1:] + new[:, :-1]) / 2
    left, right = new - np.float32(0.5), new + np.float32(0.5)
    left[:, 1:] = np.where(whole, middle, left[:, 1:])
    right[:, :-1] = np.where(whole, middle, right[:, :-1])
    return left, right


def _within(target: Field, new: Field, left: Field, right: Field) -> Field:
    """Where in a pixel, from -0.5 to 0.5, lies what is seen at `target`."""
    reach = np.where(target < new, new - left, right - new)
    return np.asarray(0.5 * (target - new) / np.maximum(reach, 1e-6), dtype=np.float32)
