"""One channel of floats as an OpenEXR file, as compositing programs read depth.

Convention:
    Numbers are float32, row 0 is the top. The layout is that of "OpenEXR File Layout" (2013): a
    single part of scan lines, little-endian, in chunks of 16 rows under ZIP compression.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_MAGIC_AND_VERSION = b"\x76\x2f\x31\x01\x02\x00\x00\x00"
_ZIP, _ROWS = 3, 16
_FLOAT = 2


def encode_exr(values: NDArray[np.float32], channel: str = "Z") -> bytes:
    """The bytes of an EXR file of `values` `(H, W)`, under the name of a channel."""
    height, width = values.shape
    head = _MAGIC_AND_VERSION + _header(width, height, channel)
    chunks = list(_chunks(np.ascontiguousarray(values, dtype="<f4")))
    places, at = [], len(head) + 8 * len(chunks)
    for chunk in chunks:
        places.append(at)
        at += len(chunk)
    return b"".join((head, struct.pack(f"<{len(places)}Q", *places), *chunks))


def _header(width: int, height: int, channel: str) -> bytes:
    window = struct.pack("<4i", 0, 0, width - 1, height - 1)
    # Name, kind of number, whether perceptually linear, and sampling in x and y.
    channels = channel.encode("ascii") + b"\0" + struct.pack("<iB3xii", _FLOAT, 0, 1, 1) + b"\0"
    attributes = (
        ("channels", "chlist", channels),
        ("compression", "compression", bytes([_ZIP])),
        ("dataWindow", "box2i", window),
        ("displayWindow", "box2i", window),
        ("lineOrder", "lineOrder", b"\0"),
        ("pixelAspectRatio", "float", struct.pack("<f", 1.0)),
        ("screenWindowCenter", "v2f", struct.pack("<2f", 0.0, 0.0)),
        ("screenWindowWidth", "float", struct.pack("<f", 1.0)),
    )
    return b"".join(_attribute(*one) for one in attributes) + b"\0"


def _attribute(name: str, kind: str, value: bytes) -> bytes:
    return f"{name}\0{kind}\0".encode("ascii") + struct.pack("<i", len(value)) + value


def _chunks(values: NDArray[np.float32]) -> Iterator[bytes]:
    for first in range(0, len(values), _ROWS):
        raw = values[first : first + _ROWS].tobytes()
        packed = zlib.compress(_predicted(raw))
        # What does not get smaller is stored as it is.
        data = packed if len(packed) < len(raw) else raw
        yield struct.pack("<ii", first, len(data)) + data


def _predicted(raw: bytes) -> bytes:
    """The bytes as zlib packs them better: even ones, then odd ones, each less the one before."""
    data = np.frombuffer(raw, dtype=np.uint8)
    parted = np.concatenate((data[::2], data[1::2])).astype(np.int16)
    steps = np.diff(parted, prepend=parted[:1])
    steps[1:] += 128
    steps[0] = parted[0]
    return (steps & 0xFF).astype(np.uint8).tobytes()
