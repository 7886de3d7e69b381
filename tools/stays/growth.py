"""How much larger or smaller a subject gets, as seen and as the camera means it.

Convention:
    A factor of 2 is twice as large, of 0.5 half as large, in the middle of the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import prod

import cv2
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.files.png import Pixels
from pipeline.protocols import DepthEstimator
from pipeline.render.camera_step import move
from pipeline.scene.motion import TRANSLATION_SCALE
from tools.stays.peak import peak
from tools.stays.take import Take

STRIDE = 6
"""Frames between two that are compared: the factors between them multiply."""
_REACH = 6
_STEP = 0.01
_FACTORS = np.exp(np.arange(-0.5, 0.501, _STEP))


def seen_factor(frames: Sequence[Pixels]) -> tuple[float, float]:
    """The factor from the first to the last frame, and the least correlation on the way.

    Frames are compared `STRIDE` apart: the middle of one, scaled from 0.6 to 1.65, with a half of
    the other's sides, within 6 pixels. A correlation near 0 says that the subject was lost.
    """
    return _factor([frames[k] for k in _compared(len(frames))])


def moved_factor(take: Take) -> float:
    """The factor that is seen of the first frame as the camera alone moves it, each time at once.

    It tells what the camera makes of a subject that has a depth of its own from what the loop does.
    """
    first = to_tensor(take.frames[0])
    depth = None if take.depth is None else _of_one_picture(take.depth(first))
    shown = [take.frames[0]]
    for last in _compared(len(take.frames))[1:]:
        way = [motion for spec in take.specs[: last + 1] for motion in spec.motions]
        moved = move(first, way, take.specs[last].camera, depth)
        shown.append(to_pixels(moved))
    factor, _ = _factor(shown)
    return factor


def _of_one_picture(depth: Tensor) -> DepthEstimator:
    return lambda picture: depth


def _compared(count: int) -> list[int]:
    """The frames that are compared, `STRIDE` apart, and the last one."""
    return [*range(0, count - 1, STRIDE), count - 1]


def _factor(shown: Sequence[Pixels]) -> tuple[float, float]:
    """The product of the factors between neighbours, and the least of their correlations."""
    steps = [between(a, b) for a, b in pairwise(shown)]
    return prod(factor for factor, _ in steps), min((found for _, found in steps), default=1.0)


def between(before: Pixels, after: Pixels) -> tuple[float, float]:
    """The factor at which `before` fits the middle of `after` best, and its correlation there."""
    one, other = map(_grey, (before, after))
    fits = [_match(one, other, float(factor)) for factor in _FACTORS]
    return float(_FACTORS[0] * np.exp(_STEP * peak(fits))), max(fits)


def _match(before: NDArray[np.uint8], after: NDArray[np.uint8], factor: float) -> float:
    """The best correlation of the middle of `before`, scaled, near the middle of `after`.

    Every factor is tried with a patch of one size: patches of other sizes correlate differently,
    and would be told apart by that.
    """
    height, width = before.shape
    size = (width // 2, height // 2)
    x, y = width / 2 - 0.5, height / 2 - 0.5
    to_patch = np.array(
        [[factor, 0, size[0] / 2 - 0.5 - factor * x], [0, factor, size[1] / 2 - 0.5 - factor * y]]
    )
    kernel = cv2.INTER_LINEAR if factor >= 1 else cv2.INTER_AREA
    patch = cv2.warpAffine(before, to_patch, size, flags=kernel)
    left, top = (width - size[0]) // 2 - _REACH, (height - size[1]) // 2 - _REACH
    near = after[top : top + size[1] + 2 * _REACH, left : left + size[0] + 2 * _REACH]
    if float(patch.std()) < 1e-6:
        return 0.0
    return float(cv2.matchTemplate(near, patch, cv2.TM_CCOEFF_NORMED).max())


def _grey(frame: Pixels) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def camera_factor(take: Take) -> float:
    """The factor by which a plane grows that faces the camera where the first subject stands.

    In 3D the plane lies at the median depth of the middle half of the first frame's sides.
    """
    motions = [motion for spec in take.specs for motion in spec.motions]
    zoom = prod(motion.zoom for motion in motions)
    if take.depth is None or not any(motion.translate_z for motion in motions):
        return zoom
    z = take.depth(to_tensor(take.frames[0]))[0, 0].numpy()
    height, width = z.shape
    middle = z[height // 4 : -height // 4, width // 4 : -width // 4]
    first = float(np.median(middle))
    gone = sum(motion.translate_z for motion in motions) * TRANSLATION_SCALE
    return zoom * first / max(first - gone, 1e-3)
