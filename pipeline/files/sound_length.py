"""How long a sound is, as its file states it: known at once, and not always to the sample."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from pipeline.files.ffmpeg import ffmpeg
from pipeline.files.sound import sound_input

_DURATION = re.compile(r"Duration: ([0-9]+):([0-9]{2}):([0-9]{2}(?:\.[0-9]+)?)")
_GUESSED = "Estimating duration from bitrate"
_SECONDS = 60.0
"""Timeout of ffmpeg in seconds; it takes a small part of one."""


def stated_seconds(path: Path) -> float | None:
    """The seconds that the file states, to the hundredth; None where it states none."""
    argv = [ffmpeg(), "-hide_banner", "-nostdin", *sound_input(path)]
    try:
        said = subprocess.run(
            argv, capture_output=True, encoding="utf-8", errors="replace", timeout=_SECONDS
        ).stderr
    except subprocess.TimeoutExpired:
        return None
    match = _DURATION.search(said)
    if match is None or _GUESSED in said:
        return None
    return 3600 * int(match[1]) + 60 * int(match[2]) + float(match[3])
