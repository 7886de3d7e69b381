"""What the header of a picture's file says, read before anything is decoded; without torch.

A few bytes can claim a picture that fills the memory of any machine.

Convention:
    Orientations are EXIF's, 1 to 8 (CIPA DC-008, 4.6.5): what a viewer does to the stored rows
    and columns. 1 leaves them as they are.
"""

from __future__ import annotations

import re
import warnings
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from keyframes.quoting import quoted_path
from pipeline.errors import Error

MAX_PIXELS = 100_000_000
"""The most pixels of a picture that is read: 10,000 x 10,000, decoded up to 3 GB."""

_ORIENTATION = 0x0112
_NOTE = re.compile(rb"(?i)exif")
_TURNED_BY_THE_DECODER = "TIFF"
"""The format whose pictures OpenCV turns upright however it is asked to read them."""


class PictureError(Error):
    """A picture is missing, damaged, too large, or not a picture at all."""


def too_large(file: BinaryIO) -> str:
    """What is wrong with the size that the header claims; "" if nothing is, or it is unknown."""
    # Only scenes with pictures need it.
    from PIL import Image

    limit = f"more than the {MAX_PIXELS:,} pixels that a picture may have; export it smaller"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file) as picture:
                width, height = picture.size
    except Image.DecompressionBombError:
        return f"has {limit}"
    except (OSError, ValueError, EOFError):
        return ""
    return f"has {width} x {height}, {limit}" if width * height > MAX_PIXELS else ""


def check_size(path: Path, file: BinaryIO) -> None:
    """PictureError if the header of `file`, which is named `path`, claims too many pixels."""
    if fault := too_large(file):
        raise PictureError(f"{quoted_path(path)} {fault}")


def orientation(data: bytes) -> int:
    """How a picture that was decoded as it is stored has to be turned; 1 where nothing says so."""
    if not _NOTE.search(data):  # looking for it properly may decode the picture
        return 1
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data)) as picture:
                if picture.format == _TURNED_BY_THE_DECODER:
                    return 1
                asked = picture.getexif().get(_ORIENTATION, 1)
    except (OSError, ValueError, EOFError, SyntaxError):
        return 1
    return asked if asked in range(1, 9) else 1


def upright(stored: NDArray[np.generic], asked: int) -> NDArray[np.generic]:
    """`(H, W)` or `(H, W, C)` as a viewer shows it; 5 to 8 exchange height and width."""
    columns_first = stored.swapaxes(0, 1) if asked >= 5 else stored
    down = -1 if asked in (3, 4, 7, 8) else 1
    right = -1 if asked in (2, 3, 6, 7) else 1
    return np.ascontiguousarray(columns_first[::down, ::right])
