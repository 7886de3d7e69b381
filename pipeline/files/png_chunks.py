"""PNG files as chunks of bytes (PNG 1.2): whether they are whole, and the note that one carries.

Nothing is decoded here, and OpenCV is not imported.
"""

from __future__ import annotations

import zlib
from pathlib import Path

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEAD = len(_SIGNATURE) + 25
"""Bytes before the second chunk: the first is always the 13 of IHDR."""
_NOTE = b"discoreel\0"


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


def with_note(data: bytes, note: str) -> bytes:
    """A PNG file of `encode_png` that has no note yet, with one of ASCII unless it is ""."""
    return data[:HEAD] + _chunk(_NOTE, note.encode("ascii")) + data[HEAD:] if note else data


def read_note(data: bytes) -> str:
    """The note that `encode_png` was given; "" if there is none or any byte is not as it was."""
    text = data[HEAD + 8 : HEAD + 8 + _text_length(data)]
    noted = text and is_whole(data)
    return text.removeprefix(_NOTE).decode("ascii", errors="replace") if noted else ""


def without_note(data: bytes) -> bytes:
    """A PNG file as `with_note` was given it; one that has no note stays as it is."""
    length = _text_length(data)
    return data[:HEAD] + data[HEAD + 12 + length :] if length else data


def note_length(path: Path) -> int:
    """About how many bytes the note of a file has, by its head; 0 if there is none, or no file.

    Raises OSError if the file cannot be read.
    """
    if not path.is_file():
        return 0
    with path.open("rb") as file:
        return _text_length(file.read(HEAD + 8 + len(_NOTE)))


def _text_length(data: bytes) -> int:
    """Bytes in the chunk of the note, by the head of a PNG file; 0 if there is no such chunk."""
    is_noted = is_png(data) and data[HEAD + 4 :].startswith(b"tEXt" + _NOTE)
    return int.from_bytes(data[HEAD : HEAD + 4]) if is_noted else 0


def _chunk(keyword: bytes, text: bytes) -> bytes:
    body = b"tEXt" + keyword + text
    return (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
