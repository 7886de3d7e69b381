"""The last touch: a little canvas grain and darker corners, then the size that was asked for."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.world.canvas import Canvas

_GRAIN = 0.028
_CORNERS = 0.14


def finish(canvas: Canvas) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The picture `(H, W, 3)` and its inverse depth `(H, W)` at the size of the picture."""
    pixels = cv2.resize(canvas.pixels, canvas.size, interpolation=cv2.INTER_AREA)
    depth = cv2.resize(canvas.inverse_depth, canvas.size, interpolation=cv2.INTER_AREA)
    toned = pixels * _texture(*canvas.size)[..., None]
    return np.clip(toned + 0.5, 0, 255).astype(np.uint8), np.clip(depth, 0, 1)


@lru_cache(maxsize=8)
def _texture(width: int, height: int) -> NDArray[np.float32]:
    """Factors around 1; the same broad strokes at every size."""
    noise = np.random.default_rng(13).standard_normal((14, 20)).astype(np.float32)
    noise /= np.abs(noise).max()
    grain = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    corners = np.clip((x**2 + y**2) / 2, 0, 1) ** 2
    return np.asarray(1 + _GRAIN * grain - _CORNERS * corners, dtype=np.float32)
