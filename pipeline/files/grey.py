"""Grey picture files as numbers, without torch."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.files.opencv import decode
from pipeline.files.png import PictureError, is_png, is_whole

_HIGHEST_LEVEL = {"uint8": 255, "uint16": 65535}


def read_grey(path: Path) -> NDArray[np.float32]:
    """`(H, W)` in [0, 1]: 0 is black, 1 the brightest level that the file's 8 or 16 bits allow.

    Grey may be stored as three equal channels, and with an alpha channel that hides nothing, as
    many programs do.

    Raises:
        PictureError: the file cannot be read, or is not a grey picture of 8 or 16 bits.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PictureError(
            f"cannot read the depth picture {path}: {error.strerror}; "
            "check its name, and that it may be read"
        ) from error
    stored = _decode(data)
    if stored is None or stored.dtype.name not in _HIGHEST_LEVEL:
        raise PictureError(
            f"{path} is not a depth picture that can be read; allowed are PNG, TIFF and others "
            "with 8 or 16 bits: export it as a grey PNG of 16 bits"
        )
    highest = _HIGHEST_LEVEL[stored.dtype.name]
    channels = np.atleast_3d(stored)
    grey, colours, alpha = channels[..., 0], channels[..., :3], channels[..., 3:]
    if (colours != grey[..., None]).any() or (alpha != highest).any():
        raise PictureError(
            f"{path} has colour or transparency, and depth has neither; export it as a grey PNG"
        )
    return grey.astype(np.float32) / np.float32(highest)


def _decode(data: bytes) -> NDArray[np.generic] | None:
    """`(H, W)` or `(H, W, C)` as it is stored; None for what is no picture, or damaged."""
    # OpenCV passes over some damage of a PNG file; its checksums tell.
    if not data or (is_png(data) and not is_whole(data)):
        return None
    return decode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_UNCHANGED)
