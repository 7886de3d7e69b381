"""Sounds to put into a video, and what is in a video."""

from __future__ import annotations

import math
import re
import struct
import wave
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import numpy as np

from pipeline.files.png import Pixels
from tests import child

RATE = 8000
"""Samples a second of the sounds that are written."""


def write_silence(path: Path, seconds: float) -> Path:
    """A WAV file, mono."""
    return _write_wav(path, bytes(2 * round(RATE * seconds)))


def write_tone(path: Path, seconds: float, silent: float = 0.0) -> Path:
    """The same with a tone of 440 Hz after `silent` seconds of silence."""
    tone = (
        int(20000 * math.sin(2 * math.pi * 440 * n / RATE)) if n >= silent * RATE else 0
        for n in range(round(seconds * RATE))
    )
    return _write_wav(path, b"".join(struct.pack("<h", value) for value in tone))


def streams(video: Path) -> str:
    """ffmpeg's own description of what a file holds."""
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-i", str(video)]
    return child.run(argv, capture_output=True, encoding="utf-8").stderr


@dataclass(frozen=True)
class Video:
    """What ffmpeg finds when it decodes a file."""

    pixels: Pixels
    """`(frames, height, width, 3)`."""
    words: str
    """Its description of the streams."""

    @property
    def duration(self) -> float:
        """In seconds, as ffmpeg tells it."""
        match = re.search(r"Duration: (\d+):(\d+):([\d.]+)", self.words)
        assert match is not None
        return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3])


def look(path: Path) -> Video:
    """A video, decoded."""
    words = streams(path)
    size = re.search(r"Video: .*?, ([1-9]\d*)x(\d+)", words)
    assert size is not None, words
    raw = _decoded(path, "-f", "rawvideo", "-pix_fmt", "rgb24")
    pixels = np.frombuffer(raw, np.uint8).reshape(-1, int(size[2]), int(size[1]), 3)
    return Video(pixels, words)


def sound_of(path: Path) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The first channel of a video's sound, -1 to 1, `RATE` samples a second."""
    raw = _decoded(path, "-vn", "-ac", "1", "-ar", str(RATE), "-f", "s16le")
    return np.frombuffer(raw, "<i2") / 32768.0


def _decoded(path: Path, *form: str) -> bytes:
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), *form, "-"]
    return child.run(argv, capture_output=True, check=True).stdout


def _write_wav(path: Path, samples: bytes) -> Path:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples)
    return path
