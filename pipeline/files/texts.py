"""Texts that other programs wrote, in the encodings that they use."""

from __future__ import annotations

import codecs
from pathlib import Path

from keyframes.quoting import quoted_path

MOST_BYTES = 64_000_000
"""The most bytes of a file that is read as one text."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS = frozenset(range(0x20)) - set(b"\t\n\v\f\r\x1a\x1b")


def fault(path: Path, message: str, line: int | None = None) -> ValueError:
    """The error about a file, or about a line of it, which count from 1."""
    place = f" line {line}" if line else ""
    return ValueError(f'"{quoted_path(path)}"{place}: {message}')


def read_content(path: Path, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file; ValueError if it cannot be read, is empty, or has more than `most`."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise ValueError(f'"{quoted_path(path)}" cannot be read: {error.strerror}') from error
    if not content:
        raise ValueError(f'"{quoted_path(path)}" is empty, 0 bytes; export it again')
    if len(content) > most:
        raise ValueError(
            f'"{quoted_path(path)}" is larger than {most:,} bytes; is it the right file?'
        )
    return content


def read_text(path: Path, most: int = MOST_BYTES) -> str:
    """The text in a file; raises as `read_content` and `as_text` do."""
    return as_text(read_content(path, most), path)


def as_text(content: bytes, path: Path) -> str:
    """The text that bytes of the file at `path` mean, its lines ended by a line feed.

    UTF-8, or UTF-16 with its mark. What is neither is Windows-1252, the encoding of older Western
    programs, unless it holds bytes that no text has. Raises ValueError for those.
    """
    if content.startswith(_UTF_16):
        encodings = ["utf-16"]
    elif _CONTROLS.isdisjoint(content):
        encodings = ["utf-8-sig", "cp1252"]
    else:
        encodings = []
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise ValueError(f'"{quoted_path(path)}" is not a text; export it as a text file in UTF-8')
