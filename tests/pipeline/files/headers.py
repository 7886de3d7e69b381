"""Picture files whose headers say how to turn them, and what is seen then, or tell a lie."""

from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

ORIENTATION = 0x0112
LOSSLESS = {"webp": {"lossless": True, "exact": True}}

SEEN = {
    1: ["abc", "def"],
    2: ["cba", "fed"],
    3: ["fed", "cba"],
    4: ["def", "abc"],
    5: ["ad", "be", "cf"],
    6: ["da", "eb", "fc"],
    7: ["fc", "eb", "da"],
    8: ["cf", "be", "ad"],
}
"""Two rows that are stored as `abc` and `def`, as the note's values 1 to 8 ask to see them."""


def seen(stored: NDArray[np.uint8], asked: int) -> NDArray[np.uint8]:
    """The pixels of a picture of two rows and three columns in the order of `SEEN`."""
    pixels = dict(zip("abcdef", stored.reshape(6, *stored.shape[2:]), strict=True))
    return np.array([[pixels[name] for name in row] for row in SEEN[asked]])


def write_oriented(path: Path, stored: NDArray[np.uint8], asked: int) -> Path:
    """`(H, W)`, `(H, W, 3)` or `(H, W, 4)`, in the format of the suffix, with the note."""
    note = Image.Exif()
    note[ORIENTATION] = asked
    content, kind = BytesIO(), path.suffix[1:]
    Image.fromarray(stored).save(content, kind, exif=note, **LOSSLESS.get(kind, {}))
    path.write_bytes(content.getvalue())
    return path


def chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


def png_that_claims(width: int, height: int) -> bytes:
    """A file of some seventy bytes, whole by its checksums."""
    header = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 0, 0, 0, 0])
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
