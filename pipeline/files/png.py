"""Pictures as PNG bytes, without torch.

Convention:
    Pixels are `(H, W, 3)` uint8 arrays, channels in the order red, green, blue; row 0 is the top.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.files.opencv import decode
from pipeline.files.picture_header import PictureError

Pixels = NDArray[np.uint8]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEAD = len(_SIGNATURE) + 25
"""Bytes before the second chunk: the first is always the 13 of IHDR."""
_NOTE = b"discoreel\0"
# Above level 3 a rendered frame shrinks by a few per cent and takes half as long again.
_COMPRESSION = (cv2.IMWRITE_PNG_COMPRESSION, 3)


def encode_png(pixels: Pixels, note: str = "") -> bytes:
    """Pixels as a lossless PNG file; equal pixels give equal bytes (under one release of OpenCV).

    `note`, of ASCII, travels along in a text chunk (PNG 1.2, 4.2.3); `read_note` finds it.
    """
    check_pixels(pixels)
    _, buffer = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), _COMPRESSION)
    return with_note(buffer.tobytes(), note)


def with_note(data: bytes, note: str) -> bytes:
    """A PNG file of `encode_png` that has no note yet, with one of ASCII unless it is ""."""
    return data[:_HEAD] + _chunk(_NOTE, note.encode("ascii")) + data[_HEAD:] if note else data


def read_note(data: bytes) -> str:
    """The note that `encode_png` was given; "" if there is none or any byte is not as it was."""
    text = data[_HEAD + 8 : _HEAD + 8 + _text_length(data)]
    noted = text and is_whole(data)
    return text.removeprefix(_NOTE).decode("ascii", errors="replace") if noted else ""


def without_note(data: bytes) -> bytes:
    """A PNG file as `with_note` was given it; one that has no note stays as it is."""
    length = _text_length(data)
    return data[:_HEAD] + data[_HEAD + 12 + length :] if length else data


def note_length(path: Path) -> int:
    """About how many bytes the note of a file has, by its head; 0 if there is none, or no file.

    Raises OSError if the file cannot be read.
    """
    if not path.is_file():
        return 0
    with path.open("rb") as file:
        return _text_length(file.read(_HEAD + 8 + len(_NOTE)))


def _text_length(data: bytes) -> int:
    """Bytes in the chunk of the note, by the head of a PNG file; 0 if there is no such chunk."""
    is_noted = is_png(data) and data[_HEAD + 4 :].startswith(b"tEXt" + _NOTE)
    return int.from_bytes(data[_HEAD : _HEAD + 4]) if is_noted else 0


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
            head = file.read(_HEAD)
    except OSError as error:
        raise PictureError(f"cannot read {path}: {error.strerror}") from error
    # PNG 1.2, 4.1.1: width and height come first in IHDR.
    size = int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    if not is_png(head) or len(head) < _HEAD or not all(size):
        raise PictureError(f"{path} is not a whole PNG picture; render it again")
    return size


def check_pixels(pixels: Pixels) -> None:
    """`ValueError` unless the array is `(H, W, 3)` uint8 with at least one pixel."""
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise ValueError(f"expected (H, W, 3) uint8 pixels, found {pixels.shape} {pixels.dtype}")


def _chunk(keyword: bytes, text: bytes) -> bytes:
    body = b"tEXt" + keyword + text
    return (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)


def is_png(data: bytes) -> bool:
    """Whether the data begins as a PNG file does, damaged or not."""
    return data.startswith(_SIGNATURE)


def is_whole(data: bytes) -> bool:
    """Whether every chunk's checksum holds up to an IEND that ends the data (PNG 1.2, ch. 3).

    OpenCV's decoder does not look at everything, and prints what it finds amiss to the terminal.
    """
    if not is_png(data):
        return False
    start, kind = len(_SIGNATURE), b""
    while start + 12 <= len(data):
        end = start + 8 + int.from_bytes(data[start : start + 4])
        kind = data[start + 4 : start + 8]
        if zlib.crc32(data[start + 4 : end]) != int.from_bytes(data[end : end + 4]):
            return False
        start = end + 4
    return kind == b"IEND" and start == len(data)
