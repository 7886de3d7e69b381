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

from pipeline.camera.motion import TRANSLATION_SCALE
from pipeline.diffusion.image import to_tensor
from pipeline.files.png import Pixels
from tools.stays.take import Take

STRIDE = 6
"""Frames between two that are compared: the factors between them multiply."""
_REACH = 6
_FACTORS = np.exp(np.arange(-0.5, 0.501, 0.01))


def seen_factor(frames: Sequence[Pixels]) -> tuple[float, float]:
    """The factor from the first to the last frame, and the least correlation on the way.

    Frames are compared `STRIDE` apart: the middle of one, a half of its sides, scaled from 0.6 to
    1.65, with the other one within 6 pixels. A correlation near 0 says that the subject was lost.
    """
    shown = [*frames[:-1:STRIDE], frames[-1]]
    steps = [between(a, b) for a, b in pairwise(shown)]
    return prod(factor for factor, _ in steps), min((found for _, found in steps), default=1.0)


def between(before: Pixels, after: Pixels) -> tuple[float, float]:
    """The factor at which the middle of `before` fits `after` best, and its correlation there."""
    one, other = map(_grey, (before, after))
    fits = [_match(one, other, float(factor)) for factor in _FACTORS]
    best = int(np.argmax(fits))
    return float(_FACTORS[best]), fits[best]


def _match(before: NDArray[np.uint8], after: NDArray[np.uint8], factor: float) -> float:
    """The best correlation near the middle of the middle half of `before`, scaled by `factor`."""
    height, width = before.shape
    half_w, half_h = width // 4, height // 4
    if factor > 1:
        # The patch that is enlarged must still lie inside: a smaller part of the picture.
        half_w, half_h = round(half_w / factor), round(half_h / factor)
    size = (round(2 * half_w * factor), round(2 * half_h * factor))
    x, y = width / 2 - 0.5, height / 2 - 0.5
    to_patch = np.array(
        [[factor, 0, size[0] / 2 - 0.5 - factor * x], [0, factor, size[1] / 2 - 0.5 - factor * y]]
    )
    kernel = cv2.INTER_LINEAR if factor >= 1 else cv2.INTER_AREA
    patch = cv2.warpAffine(before, to_patch, size, flags=kernel)
    left, top = (width - size[0]) // 2 - _REACH, (height - size[1]) // 2 - _REACH
    near = after[
        max(0, top) : top + size[1] + 2 * _REACH, max(0, left) : left + size[0] + 2 * _REACH
    ]
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
