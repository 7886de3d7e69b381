"""The sound of a file as numbers, in blocks: an hour of it needs no more memory than a minute.

Conventions:
    Samples are float32, mono (the mean of two channels; of more, a mean by ffmpeg's weights),
    nominally in [-1, 1], at `RATE` a second whatever the file's own rate. The first sample is the
    file's first, time 0.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
from numpy.typing import NDArray

from keyframes.quoting import quoted_path
from pipeline.errors import Error
from pipeline.files.ffmpeg import ffmpeg
from pipeline.files.sound import sound_fault, sound_input

RATE = 22050
"""Samples a second; what is above 11 kHz is cut off."""

HOP = 0.005
"""Seconds between two values of whatever is told of a sound every 5 ms; value k is at k * HOP."""

Samples = NDArray[np.float32]

_BLOCK = 20 * RATE
_BYTES = 4
_TO_MONO = "ochl=mono:rematrix_maxval=1:lfe_mix_level=1"
"""Options of ffmpeg's resampler: the weights of all channels, the deepest too, add up to 1."""
_COUNTED = 1000
"""Samples a second where they are only counted, of a byte each."""
_START, _END = 0.1, 0.5
"""Seconds at the beginning and at the end of a sound in which a fault moves nothing else."""
_LEAP = 0.05
"""Seconds left out between the time stamps of packets that are a loss: where Vorbis changes from
long blocks to short ones, stamps leave out some, and nothing is lost; Opus leaves out 10 ms."""
_MOST_SAID = 10_000


def blocks(file: Path, rate: int = RATE) -> Iterator[Samples]:
    """The samples of the first sound in `file`, in blocks of 20 s; the last one is shorter.

    Raises:
        Error: the file holds no sound that can be read; or, after what could be read, it is
            damaged somewhere before its end, so that times behind that place mean nothing. What
            does not belong to a sound behind its end, as many programs leave it, is passed over.
    """
    if fault := sound_fault(file):
        raise Error(f"the sound {quoted_path(file)} {fault}")
    argv = _decoding(file, rate, "-f", "f32le", "-")
    read = 0
    with (
        TemporaryFile() as words,  # a pipe that nobody reads would fill up and stop ffmpeg
        subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=words) as process,
    ):
        assert process.stdout is not None  # Popen is given PIPE
        try:
            while data := process.stdout.read(_BLOCK * _BYTES):
                read += len(data)
                yield np.frombuffer(data[: len(data) // _BYTES * _BYTES], dtype="<f4")
        finally:
            process.stdout.close()
        failed = process.wait() != 0
        words.seek(0)
        said = words.read(_MOST_SAID).decode(errors="replace").strip()
    if failed or said:
        _check_whole(file, read / _BYTES / rate, said or "it stopped")


def noted(sound: Iterable[Samples], lengths: list[int]) -> Iterator[Samples]:
    """The blocks of a sound; the length of each is put into `lengths` as it passes."""
    for block in sound:
        lengths.append(len(block))
        yield block


def _decoding(file: Path, rate: int, *result: str, strict: bool = False) -> list[str]:
    """The command that decodes the first sound to mono; a strict one stops at the first fault."""
    argv = [ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error"]
    argv += ["-xerror"] if strict else []
    argv += [*sound_input(file), "-map", "0:a:0", "-af", f"aresample={rate}:{_TO_MONO}"]
    return [*argv, "-ac", "1", *result]


def _check_whole(file: Path, seconds: float, said: str) -> None:
    """Raises Error if what ffmpeg complains of moves what comes after it."""
    place = _first_fault(file)
    if place is None or not _START <= place <= seconds - _END:
        return
    words = said.splitlines()[0].rpartition("] ")[2]
    raise Error(
        f"the sound {quoted_path(file)} is damaged after {place:.2f} s (ffmpeg: {words}), so that "
        "beats behind that would be wrong; export it again"
    )


def _first_fault(file: Path) -> float | None:
    """Seconds of sound before the first fault, which ffmpeg either stops at or leaps over."""
    counting = _decoding(file, _COUNTED, "-f", "u8", "-", strict=True)
    with subprocess.Popen(counting, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None  # Popen is given PIPE
        count = 0
        while data := process.stdout.read(1 << 16):
            count += len(data)
    return count / _COUNTED if process.returncode else _first_gap(file)


def _first_gap(file: Path) -> float | None:
    """Where the time stamps of a sound's packets leave out something; None if nowhere."""
    argv = [ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "quiet", *sound_input(file)]
    argv += ["-map", "0:a:0", "-c", "copy", "-f", "framecrc", "-"]
    listed = subprocess.run(argv, capture_output=True, encoding="utf-8", errors="replace").stdout
    base = re.search(r"^#tb 0: (\d+)/(\d+)", listed, re.M)
    packets = re.findall(r"^0, *-?\d+, *(-?\d+), *(\d+),", listed, re.M)
    times = [(int(start), int(length)) for start, length in packets]
    tick = int(base[1]) / int(base[2]) if base else 0.0
    for (start, length), (following, _) in pairwise(times):
        if (following - start - length) * tick > _LEAP:
            return (start + length) * tick
    return None
