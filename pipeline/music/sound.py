"""The sound of a file as numbers, in blocks: an hour of it needs no more memory than a minute.

Conventions:
    Samples are float32, mono (the mean of all channels), nominally in [-1, 1], at `RATE` a second
    whatever the file's own rate. The first sample is the file's first, time 0.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import Error
from pipeline.files.ffmpeg import ffmpeg
from pipeline.files.sound import sound_fault, sound_input

RATE = 22050
"""Samples a second; what is above 11 kHz is cut off."""

Samples = NDArray[np.float32]

_BLOCK = 20 * RATE
_BYTES = 4


def blocks(file: Path, rate: int = RATE) -> Iterator[Samples]:
    """The samples of the first sound in `file`, in blocks of 20 s; the last one is shorter.

    Raises:
        Error: the file holds no sound that can be read, or ffmpeg stops within it.
    """
    if fault := sound_fault(file):
        raise Error(f"the sound {file} {fault}")
    argv = [ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error", *sound_input(file)]
    argv += ["-map", "0:a:0", "-ac", "1", "-ar", str(rate), "-f", "f32le", "-"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None  # Popen is given PIPE
        try:
            while data := process.stdout.read(_BLOCK * _BYTES):
                yield np.frombuffer(data[: len(data) // _BYTES * _BYTES], dtype="<f4")
        finally:
            process.stdout.close()
