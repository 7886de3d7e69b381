"""The motion that is seen in a video, and what is left of its flicker once that is taken away.

A picture that hangs on the screen while the camera moves on differs little from the frame before
it as the camera moved that one, wherever it is smooth. So what is seen is measured as well: the
optical flow from each frame to the one before it (DIS, Kroeger et al. 2016, arXiv:1603.03590), at
four times the size, as frames are small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from pipeline.files.png import Pixels
from tools.stays.moving import INSIDE

LARGER = 4
"""Times the size at which flow is sought."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Means over the pixels of all frames but the first, `INSIDE` pixels or more inside."""

    motion: float
    """How far things move from frame to frame, in pixels."""
    flicker: float
    """What a frame differs by from the one before it as it is seen to move, in levels."""


def seen_motion(frames: Sequence[Pixels]) -> Seen:
    """The motion in a video of two frames or more, and its flicker beyond that."""
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    pairs = np.array([_seen(before, after, flow) for before, after in pairwise(frames)])
    return Seen(*pairs.mean(axis=0).tolist())


def _seen(before: Pixels, after: Pixels, flow: cv2.DISOpticalFlow) -> tuple[float, float]:
    height, width = after.shape[:2]
    large = [
        cv2.resize(one, None, fx=LARGER, fy=LARGER, interpolation=cv2.INTER_CUBIC)
        for one in (before, after)
    ]
    old, new = (cv2.cvtColor(one, cv2.COLOR_RGB2GRAY) for one in large)
    way = flow.calc(new, old, None)  # type: ignore[call-overload]
    y, x = np.mgrid[: new.shape[0], : new.shape[1]].astype(np.float32)
    moved = cv2.remap(
        large[0], x + way[..., 0], y + way[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    small = cv2.resize(moved, (width, height), interpolation=cv2.INTER_AREA).astype(np.float64)
    inside = (slice(INSIDE, -INSIDE), slice(INSIDE, -INSIDE))
    lengths = np.hypot(way[..., 0], way[..., 1]) / LARGER
    return float(lengths.mean()), float(np.abs(small - after)[inside].mean())
