"""Sounds to put into a video, and what is in a video."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import imageio_ffmpeg


def write_silence(path: Path, seconds: float) -> Path:
    """A WAV file, mono, of 8000 samples a second."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(2 * round(8000 * seconds)))
    return path


def streams(video: Path) -> str:
    """ffmpeg's own description of what a file holds."""
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-i", str(video)]
    return subprocess.run(argv, capture_output=True, encoding="utf-8").stderr
