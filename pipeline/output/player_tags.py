"""What a video file says to players of its two eyes, or of a picture that goes all around.

Files of boxes (MP4, QuickTime; ISO 14496-12) get an `st3d` or `sv3d` box within the description of
their pictures, as the Spherical Video V2 RFC asks. ffmpeg writes none for pictures that come
through a pipe, so the box is put into the finished file. WebM has a field for two eyes, which
ffmpeg knows.

Convention:
    A box is its length in 4 bytes (its own head included), its name in 4, and what it holds; a
    length of 1 means that the true one follows in 8. Numbers are big-endian.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from pipeline.errors import Error
from pipeline.files.atomic import temporary_path
from pipeline.files.os_errors import os_errors_as
from pipeline.spec.plan import OutputSpec
from pipeline.spec.stereo import StereoLayout

_MODES: Mapping[StereoLayout, int] = {"top_bottom": 1, "side_by_side": 2}
"""Stereo modes of `st3d`; an anaglyph is none, but a picture as any other."""
_OF_MATROSKA: Mapping[StereoLayout, str] = {
    "top_bottom": "top_bottom",
    "side_by_side": "left_right",
}
_SAMPLE_ENTRY = 78
"""Bytes of the description of a video's pictures before the boxes in it."""
_PARENTS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
_CHUNK = 1 << 20


def stereo_arguments(output: OutputSpec) -> tuple[str, ...]:
    """What ffmpeg is told of the two eyes, for formats in which it writes that down."""
    mode = output.stereo and _OF_MATROSKA.get(output.stereo.layout)
    is_matroska = PurePosixPath(output.file).suffix.lower() == ".webm"
    return ("-metadata:s:v:0", f"stereo_mode={mode}") if mode and is_matroska else ()


def player_boxes(output: OutputSpec) -> bytes:
    """The boxes for a video in a file of boxes; none for one that players show as any other."""
    if output.spherical:
        source = _full_box(b"svhd", b"discoreel\0")
        # Neither turned nor cut: yaw, pitch and roll, and then the four sides, are 0.
        projection = _full_box(b"prhd", bytes(12)) + _full_box(b"equi", bytes(16))
        return _box(b"sv3d", source + _box(b"proj", projection))
    mode = output.stereo and _MODES.get(output.stereo.layout)
    return _full_box(b"st3d", bytes([mode])) if mode else b""


def tag_video(video: Path, boxes: bytes) -> None:
    """Put boxes about its pictures into a finished file of boxes, which is replaced in one step.

    Without any the file stays as it is. Raises Error if the disk refuses, ValueError for a file
    without a description of pictures.
    """
    if not boxes:
        return
    tagged = temporary_path(video)
    try:
        with os_errors_as(Error, "write", video, "name another file for the video"):
            with video.open("rb") as source, tagged.open("wb") as target:
                _copy(source, target, boxes)
            os.replace(tagged, video)
    finally:
        with suppress(OSError):
            tagged.unlink()


@dataclass(frozen=True, slots=True)
class _Box:
    name: bytes
    start: int
    """Where the box begins."""
    body: int
    """Where what it holds begins."""
    end: int


def _copy(source: BinaryIO, target: BinaryIO, added: bytes) -> None:
    """The file, with the boxes in the first description of pictures in it; a piece at a time."""
    size = source.seek(0, os.SEEK_END)
    moov = next(one for one in _on_disk(source, size) if one.name == b"moov")
    source.seek(moov.start)
    index = source.read(moov.end - moov.start)
    source.seek(0)
    _pass_on(source, target, moov.start)
    target.write(_with_boxes(index, added, moov.end))
    source.seek(moov.end)
    _pass_on(source, target, size - moov.end)


def _pass_on(source: BinaryIO, target: BinaryIO, length: int) -> None:
    while length:
        piece = source.read(min(_CHUNK, length))
        if not piece:
            raise EOFError("the file is shorter than its boxes say")
        target.write(piece)
        length -= len(piece)


def _on_disk(file: BinaryIO, size: int) -> Iterator[_Box]:
    """The outermost boxes of a file."""
    start = 0
    while start < size:
        file.seek(start)
        box = _head(file.read(16), 0, size - start)
        yield _Box(box.name, start, start + box.body, start + box.end)
        start += box.end


def _head(data: bytes | bytearray, start: int, left: int) -> _Box:
    """The box that begins at `start`, of which `left` bytes are there at most."""
    length, body = int.from_bytes(data[start : start + 4]), start + 8
    if length == 1:
        length, body = int.from_bytes(data[start + 8 : start + 16]), start + 16
    return _Box(bytes(data[start + 4 : start + 8]), start, body, start + (length or left))


def _inside(data: bytes | bytearray, start: int, end: int) -> Iterator[_Box]:
    """The boxes that lie from `start` to `end`."""
    while start + 8 <= end:
        box = _head(data, start, end - start)
        yield box
        start = box.end


def _with_boxes(index: bytes, added: bytes, end: int) -> bytes:
    """A `moov` box, which ended at `end` of its file, with more boxes about the pictures."""
    data = bytearray(index)
    way = _way_to_pictures(data)
    # What lies behind the index moves by what it grows.
    for table in _chunk_tables(data, 0, len(data)):
        _shift(data, table, len(added), end)
    for box in way:
        at = box.start + 8 if box.body - box.start == 16 else box.start
        width = 8 if box.body - box.start == 16 else 4
        data[at : at + width] = (box.end - box.start + len(added)).to_bytes(width)
    entry = way[-1]
    return bytes(data[: entry.end] + added + data[entry.end :])


def _way_to_pictures(data: bytearray) -> tuple[_Box, ...]:
    """The boxes from `moov` down to the first entry of `stsd` in the track of pictures."""
    (moov,) = _inside(data, 0, len(data))
    for trak in _named(data, moov, b"trak"):
        mdia = next(_named(data, trak, b"mdia"))
        hdlr = next(_named(data, mdia, b"hdlr"))
        # ISO 14496-12, 8.4.3.2: version and flags, a 0, then the kind of the track.
        if data[hdlr.body + 8 : hdlr.body + 12] != b"vide":
            continue
        minf = next(_named(data, mdia, b"minf"))
        stbl = next(_named(data, minf, b"stbl"))
        stsd = next(_named(data, stbl, b"stsd"))
        entry = next(_inside(data, stsd.body + 8, stsd.end))
        if entry.end - entry.body >= _SAMPLE_ENTRY:
            return moov, trak, mdia, minf, stbl, stsd, entry
    raise ValueError("the file describes no pictures")


def _named(data: bytearray, parent: _Box, name: bytes) -> Iterator[_Box]:
    return (one for one in _inside(data, parent.body, parent.end) if one.name == name)


def _chunk_tables(data: bytearray, start: int, end: int) -> Iterator[_Box]:
    """The tables of where pictures and sound lie in the file, of all tracks."""
    for box in _inside(data, start, end):
        if box.name in (b"stco", b"co64"):
            yield box
        elif box.name in _PARENTS:
            yield from _chunk_tables(data, box.body, box.end)


def _shift(data: bytearray, table: _Box, by: int, behind: int) -> None:
    """Move what a table says lies at `behind` or later."""
    width = 4 if table.name == b"stco" else 8
    count = int.from_bytes(data[table.body + 4 : table.body + 8])
    for entry in range(count):
        at = table.body + 8 + width * entry
        place = int.from_bytes(data[at : at + width])
        if place >= behind:
            data[at : at + width] = (place + by).to_bytes(width)


def _box(name: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4) + name + body


def _full_box(name: bytes, body: bytes) -> bytes:
    """A box with a version and flags, both 0."""
    return _box(name, bytes(4) + body)
