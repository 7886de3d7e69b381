"""The journal of a run: one JSON line for each finished frame, only ever appended to.

A line counts once its newline is on the disk. A process that dies while it writes leaves a torn
last line: that one is passed over when reading and cut off before the next line is written. A
later line for a frame replaces an earlier one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.atomic import sync_directory, write_atomically
from pipeline.errors import RunError
from pipeline.plain import Refused


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one finished frame."""

    frame: int
    digest: str
    """What the frame depends on; see `pipeline.digest`."""
    sha256: str
    """The sum of its PNG file."""
    seconds: float
    """How long it took to render."""
    spec: Mapping[str, Any]
    """The JSON data of the spec it was rendered from."""
    fingerprints: Mapping[str, str]
    """Of the models by role, and of its init picture under `init_image`."""
