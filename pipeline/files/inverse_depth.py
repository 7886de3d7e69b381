"""Depth as a grey PNG of 16 bits, which compositing programs read and which takes little room.

Convention:
    A level is `65535 NEAREST / z`, rounded, with depth z in units of 200 of a camera's translation:
    white is near, black is infinitely far. What is nearer than `NEAREST` is white as well. The same
    level is the same depth in every picture of every render.

In inverse depth a level is the same shift between two eyes everywhere: less than 1/400 of a pixel
of a picture 1080 pixels high, at the eyes' usual distance.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.files.picture_header import PictureError
from pipeline.files.png import decoded
from pipeline.files.png_chunks import is_whole, with_note

NEAREST = 0.25
"""Depth of the brightest level."""
_WHITE = 65535


def encode_depth(depth: NDArray[np.float32], note: str = "") -> bytes:
    """Depth `(H, W)`, above 0, as the bytes of a PNG file; `note` travels along, as in frames."""
    levels = np.rint(np.minimum(_WHITE * np.float32(NEAREST) / depth, _WHITE))
    _, buffer = cv2.imencode(".png", levels.astype(np.uint16))
    return with_note(buffer.tobytes(), note)


def decode_inverse_depth(data: bytes) -> NDArray[np.float32]:
    """Inverse depth `(H, W)`, 0 or more, from what `encode_depth` made; else `PictureError`."""
    levels = decoded(data, cv2.IMREAD_UNCHANGED) if is_whole(data) else None
    if levels is None or levels.dtype != np.uint16 or levels.ndim != 2:
        raise PictureError("this is no undamaged depth picture of 16 bits; remove it")
    return levels.astype(np.float32) / np.float32(_WHITE * NEAREST)
