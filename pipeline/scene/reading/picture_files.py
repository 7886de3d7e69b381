"""The pictures that a scene names, read as a render reads them: what it would refuse is told."""

from __future__ import annotations

from pathlib import Path

from keyframes.quoting import quoted_path
from pipeline.files.picture_header import PictureError

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
    """`path`, if its file is a whole picture; ValueError if not, or if it cannot be read."""
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
    _check_whole(path)
    return path


def _check_whole(path: Path) -> None:
    # Only scenes with pictures need the decoders.
    from pipeline.files.pictures import read_picture

    try:
        read_picture(path)
    except PictureError as error:
        raise ValueError(str(error)) from error
