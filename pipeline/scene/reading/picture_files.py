"""What a picture's file begins with, so that a scene can be checked without decoding its pictures.

Whether the rest of the file is whole shows when it is decoded.
"""

from __future__ import annotations

from pathlib import Path

from keyframes.quoting import quoted_path
from pipeline.files.picture_header import PictureError, check_size

_BEGINNINGS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",  # JPEG
    b"BM",
    b"II*\x00",  # TIFF, of either order of bytes
    b"MM\x00*",
    b"GIF8",
)
_LONGEST = 12


def check_picture(path: Path) -> Path:
    """`path`, if its file begins as a picture's; ValueError if not, or if it cannot be read."""
    try:
        with path.open("rb") as file:
            beginning = file.read(_LONGEST)
    except OSError as error:
        raise ValueError(f'"{quoted_path(path)}" cannot be read: {error.strerror}') from error
    is_webp = beginning.startswith(b"RIFF") and beginning.endswith(b"WEBP")
    if not is_webp and not beginning.startswith(_BEGINNINGS):
        raise ValueError(
            f'"{quoted_path(path)}" is not a picture; allowed are PNG, JPEG, WebP, BMP and TIFF '
            "files: export it as PNG"
        )
    _check_size(path)
    return path


def _check_size(path: Path) -> None:
    try:
        with path.open("rb") as file:
            check_size(path, file)
    except (OSError, PictureError) as error:
        raise ValueError(str(error)) from error
