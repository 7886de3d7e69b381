"""The pictures of `docs/gallery.md`: `python -m tools.gallery RENDER ...`.

Each render is a folder that is called as its scene, such as `renders/tunnel`; its contact sheet
becomes `docs/gallery/tunnel.jpg`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

from pipeline.files.pictures import read_picture
from pipeline.files.png import Pixels
from pipeline.output.delivery import SHEET

GALLERY = Path(__file__).parent.parent / "docs" / "gallery"
WIDTH = 1000
"""Pixels of a sheet."""
HEAVIEST = 75_000
"""Bytes of a sheet: all of them together are looked at over slow lines, too."""


def as_jpeg(sheet: Pixels) -> bytes:
    """The sheet, `WIDTH` wide, as the best JPEG that is no heavier than `HEAVIEST`.

    Raises ValueError if the worst one is heavier.
    """
    height, width, _ = sheet.shape
    size = (WIDTH, round(height * WIDTH / width))
    smaller = cv2.resize(sheet, size, interpolation=cv2.INTER_AREA)
    pixels = cv2.cvtColor(smaller, cv2.COLOR_RGB2BGR)
    for quality in range(90, 0, -5):
        _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if encoded.size <= HEAVIEST:
            return np.asarray(encoded, dtype=np.uint8).tobytes()
    raise ValueError(f"no JPEG of this sheet is as light as {HEAVIEST} bytes")


def main() -> None:
    """Put the sheets of the renders that the command line names into the gallery."""
    for render in map(Path, sys.argv[1:]):
        file = GALLERY / f"{render.name}.jpg"
        file.write_bytes(as_jpeg(read_picture(render / SHEET)))
        print(file)


if __name__ == "__main__":
    main()
