"""Grey picture files as numbers, without torch."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from keyframes.quoting import quoted_path
from pipeline.files.picture_header import PictureError, check_size, orientation, upright
from pipeline.files.png import decoded
from pipeline.files.png_chunks import is_png, is_whole
from pipeline.files.promised import read_promised

_SUBJECT = {"mask": "a mask"}
_HIGHEST_LEVEL = {"uint8": 255, "uint16": 65535}


def read_grey(path: Path, noun: str = "depth") -> NDArray[np.float32]:
    """A grey picture, `(H, W)` in [0, 1]: 0 is black, 1 the brightest of its 8 or 16 bits.

    Grey may be stored as three equal channels, and with an alpha channel that hides nothing, as
    many programs do. `noun` says in messages what the picture is of.

    Raises:
        PictureError: the file cannot be read, or is not a grey picture of 8 or 16 bits.
    """
    try:
        data = read_promised(path)
    except OSError as error:
        raise PictureError(
            f"cannot read the {noun} picture {quoted_path(path)}: {error.strerror}; "
            "check its name, and that it may be read"
        ) from error
    check_size(path, BytesIO(data))
    stored = _decode(data)
    if stored is None or stored.dtype.name not in _HIGHEST_LEVEL:
        raise PictureError(
            f"{quoted_path(path)} is not a {noun} picture that can be read; allowed are PNG, TIFF "
            "and others with 8 or 16 bits: export it as a grey PNG of 16 bits"
        )
    highest = _HIGHEST_LEVEL[stored.dtype.name]
    channels = np.atleast_3d(stored)
    grey, colours, alpha = channels[..., 0], channels[..., :3], channels[..., 3:]
    if (colours != grey[..., None]).any() or (alpha != highest).any():
        raise PictureError(
            f"{quoted_path(path)} has colour or transparency, and {_SUBJECT.get(noun, noun)} has "
            "neither; export it as a grey PNG"
        )
    return grey.astype(np.float32) / np.float32(highest)


def _decode(data: bytes) -> NDArray[np.generic] | None:
    """The decoded picture, `(H, W)` or `(H, W, C)`, upright; None for a damaged one or none."""
    # OpenCV prints to the terminal what it finds amiss in a PNG file.
    if not data or (is_png(data) and not is_whole(data)):
        return None
    stored = decoded(data, cv2.IMREAD_UNCHANGED)
    return None if stored is None else upright(stored, orientation(data))
