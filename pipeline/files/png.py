"""Pictures as PNG bytes, without torch.

Convention:
    Pixels are `(H, W, 3)` uint8 arrays, channels in the order red, green, blue; row 0 is the top.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.files.opencv import decode
from pipeline.files.picture_header import PictureError
from pipeline.files.png_chunks import HEAD, is_png, is_whole, with_note

Pixels = NDArray[np.uint8]

# Above level 3 a rendered frame shrinks by a few per cent and takes half as long again.
_COMPRESSION = (cv2.IMWRITE_PNG_COMPRESSION, 3)


def encode_png(pixels: Pixels, note: str = "") -> bytes:
    """Pixels as a lossless PNG file; equal pixels give equal bytes (under one release of OpenCV).

    `note`, of ASCII, travels along in a text chunk (PNG 1.2, 4.2.3); `read_note` finds it.
    """
    check_pixels(pixels)
    _, buffer = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), _COMPRESSION)
    return with_note(buffer.tobytes(), note)


def decode_png(data: bytes) -> Pixels:
    """The pixels that `encode_png` was given; `PictureError` if any byte is missing or changed."""
    bgr = decoded(data, cv2.IMREAD_COLOR) if is_whole(data) else None
    if bgr is None:
        raise PictureError(
            f"found {len(data)} bytes that are not an undamaged PNG picture; "
            "remove the file and render or export the picture again"
        )
    return np.asarray(cv2.cvtColor(bgr.astype(np.uint8), cv2.COLOR_BGR2RGB), dtype=np.uint8)


def decoded(data: bytes, flags: int) -> NDArray[np.generic] | None:
    """What OpenCV reads of a picture, by its `IMREAD_` flags; None for what it cannot decode."""
    try:
        return decode(np.frombuffer(data, dtype=np.uint8), flags)
    except cv2.error:  # such as for sides that no decoder takes
        return None


def read_size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG file by its head; `PictureError` if it has none."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise PictureError(f"cannot read {path}: {error.strerror}") from error
    # PNG 1.2, 4.1.1: width and height come first in IHDR.
    size = int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    if not is_png(head) or len(head) < HEAD or not all(size):
        raise PictureError(f"{path} is not a whole PNG picture; render it again")
    return size


def check_pixels(pixels: Pixels) -> None:
    """`ValueError` unless the array is `(H, W, 3)` uint8 with at least one pixel."""
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise ValueError(f"expected (H, W, 3) uint8 pixels, found {pixels.shape} {pixels.dtype}")
