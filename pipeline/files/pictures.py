"""Picture files as pixels, and pixels at another size; without torch.

Convention:
    Pixels are `(H, W, 3)` uint8 arrays, red, green, blue; row 0 is the top.
"""

from __future__ import annotations

from io import BytesIO
from math import ceil
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from keyframes.quoting import quoted_path
from pipeline.files.picture_header import PictureError, check_size, orientation, upright
from pipeline.files.png import Pixels, check_pixels, decoded
from pipeline.files.promised import read_promised

_HIGHEST_LEVEL = {"uint8": 255, "uint16": 65535}


def read_picture(path: Path) -> Pixels:
    """The pixels of a PNG, JPEG, WebP, BMP or TIFF file, upright; `PictureError` if it is none.

    What is transparent shows white; grey becomes colour; 16 bits a channel become 8, rounded.
    """
    try:
        data = read_promised(path)
    except OSError as error:
        raise PictureError(
            f"cannot read the picture {quoted_path(path)}: {error.strerror}; "
            "check its name, and that it may be read"
        ) from error
    check_size(path, BytesIO(data))
    bgr = _decode(data) if data else None
    if bgr is None:
        raise PictureError(
            f"{quoted_path(path)} is not a picture that can be read; allowed are PNG, JPEG, WebP, "
            "BMP and TIFF with 8 or 16 bits a channel: export it as PNG"
        )
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def fit(pixels: Pixels, width: int, height: int) -> Pixels:
    """A picture scaled in proportion until it covers `width` x `height`; what juts out is cut.

    Both sides lose the same (the odd pixel is cut at the right or bottom). Enlarged with a
    Lanczos kernel, reduced by averaging, which does not alias.
    """
    check_pixels(pixels)
    return np.asarray(_covering(pixels, width, height, cv2.INTER_LANCZOS4), dtype=np.uint8)


def fit_grey(grey: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """Numbers `(H, W)` scaled and cut as by `fit`; enlarged linearly, so they keep their range."""
    return np.asarray(_covering(grey, width, height, cv2.INTER_LINEAR), dtype=np.float32)


def _covering(
    picture: Pixels | NDArray[np.float32], width: int, height: int, enlarge: int
) -> NDArray[np.generic]:
    h, w = picture.shape[:2]
    scale = max(width / w, height / h)
    # An exact multiple must not grow by a pixel because the quotient was rounded upward.
    size = (max(width, ceil(w * scale - 1e-6)), max(height, ceil(h * scale - 1e-6)))
    kernel = cv2.INTER_AREA if scale < 1 else enlarge
    scaled = cv2.resize(picture, size, interpolation=kernel)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    return np.ascontiguousarray(scaled[top : top + height, left : left + width])


def _decode(data: bytes) -> Pixels | None:
    """The pixels as 8-bit BGR; None for what OpenCV cannot decode or has not 8 or 16 bits."""
    stored = decoded(data, cv2.IMREAD_UNCHANGED)
    if stored is not None and stored.ndim == 3 and stored.shape[2] == 4:
        stored = upright(stored, orientation(data))
    elif stored is not None:
        # This way of reading turns a photograph upright, as its EXIF note asks, but has no alpha.
        stored = decoded(data, cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH)
    if stored is None or stored.dtype.name not in _HIGHEST_LEVEL:
        return None
    if stored.dtype == np.uint8 and stored.shape[2] == 3:
        # Most photographs end here; the floats below take eight times their memory.
        return stored.astype(np.uint8, copy=False)
    return _over_white(stored.astype(np.float64) / _HIGHEST_LEVEL[stored.dtype.name])


def _over_white(bgr_or_bgra: NDArray[np.float64]) -> Pixels:
    """Levels of `(H, W, 3 or 4)` numbers in [0, 1]; an alpha channel is blended with white."""
    colour, alpha = bgr_or_bgra[..., :3], bgr_or_bgra[..., 3:]
    if alpha.size:
        colour = colour * alpha + (1.0 - alpha)
    return np.rint(colour * _HIGHEST_LEVEL["uint8"]).astype(np.uint8)
