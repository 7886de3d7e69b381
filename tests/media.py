"""Sounds to put into a video, and what is in a video."""

from __future__ import annotations

import re
import wave
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from pipeline.files.png import Pixels
from tests import child

RATE = 8000
"""Samples a second of sounds of which the pitch alone matters."""

CD_RATE = 44100
"""Samples a second of sounds whose moments matter."""


def write_wav(path: Path, samples: NDArray[np.floating[Any]], rate: int = CD_RATE) -> Path:
    """A WAV file of 16 bits; `samples`, from -1 to 1, has one column a channel, or is mono."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes((np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes())
    return path


def write_silence(path: Path, seconds: float) -> Path:
    """A WAV file, mono, of silence."""
    return write_wav(path, np.zeros(round(RATE * seconds)), RATE)


def write_tone(path: Path, seconds: float, silent: float = 0.0) -> Path:
    """A WAV file, mono, of a tone of 440 Hz after `silent` seconds of silence."""
    t = np.arange(round(seconds * RATE)) / RATE
    return write_wav(path, np.where(t >= silent, 0.61 * np.sin(2 * np.pi * 440 * t), 0.0), RATE)


def write_clicks(path: Path, times: Iterable[float], seconds: float) -> Path:
    """A WAV file, mono, of short clicks that begin at these times."""
    length = 900
    click = 0.9 * np.exp(-np.arange(length) / 150) * np.cos(np.arange(length) * 0.43)
    samples = np.zeros(round(CD_RATE * seconds) + length)
    for time in times:
        start = round(CD_RATE * time)
        samples[start : start + length] += click
    return write_wav(path, samples)


def write_clip(path: Path, pictures: Sequence[Pixels], fps: str = "8", *form: str) -> Path:
    """A video of these pictures, one after the other, without loss unless `form` says otherwise."""
    height, width, _ = pictures[0].shape
    raw = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", fps, "-i", "-")
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *raw]
    lossless = ("-c:v", "libx264rgb", "-crf", "0", "-threads", "1")
    data = b"".join(one.tobytes() for one in pictures)
    child.run([*argv, *(form or lossless), str(path)], input=data, check=True)
    return path


def drifting(
    count: int, width: int, height: int, seed: int = 0, finest: float = 1.2
) -> list[Pixels]:
    """Pictures of waves of colour that drift by 2 pixels to the right with each.

    The `finest` of them turn by so many radians a pixel.
    """
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    waves = rng.uniform(0.1, finest, (3, 12, 2)) * rng.choice((-1, 1), (3, 12, 2))
    phases = rng.uniform(0, 2 * np.pi, (3, 12, 1, 1))
    made = []
    for place in range(count):
        along = waves[..., :1, None] * (x - 2 * place) + waves[..., 1:, None] * y
        level = np.sin(along + phases).mean(axis=1)
        made.append(np.rint(127.5 + 120 * level / np.abs(level).max()).astype(np.uint8))
    return [np.ascontiguousarray(one.transpose(1, 2, 0)) for one in made]


def frame_times(video: Path) -> NDArray[np.float64]:
    """When each frame of a file is shown, in seconds, as a player counts them."""
    return _times(video, "-map", "0:v:0", "-fps_mode", "passthrough")


def sound_start(video: Path) -> float:
    """When the first sample of a file's sound is heard, in seconds, by the clock of its frames."""
    return float(_times(video, "-map", "0:a:0", "-t", "1")[0])


def _times(video: Path, *form: str) -> NDArray[np.float64]:
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-copyts", "-i", str(video), *form]
    said = child.run([*argv, "-f", "framecrc", "-"], capture_output=True, text=True, check=True)
    scale = re.search(r"#tb 0: (\d+)/(\d+)", said.stdout)
    assert scale is not None, said.stdout
    lines = [line for line in said.stdout.splitlines() if line and not line.startswith("#")]
    ticks = np.array([int(line.split(",")[2]) for line in lines])
    return ticks * (int(scale[1]) / int(scale[2]))


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
    # By itself ffmpeg converts in a hurry: levels come out two too dark, some of them never.
    exact = "scale=flags=lanczos+accurate_rnd+full_chroma_int+full_chroma_inp"
    passed = ("-fps_mode", "passthrough", "-vf", exact)
    raw = _decoded(path, *passed, "-f", "rawvideo", "-pix_fmt", "rgb24")
    pixels = np.frombuffer(raw, np.uint8).reshape(-1, int(size[2]), int(size[1]), 3)
    return Video(pixels, words)


def sound_of(path: Path, rate: int = RATE) -> NDArray[np.float64]:
    """The first channel of a video's sound, -1 to 1, `rate` samples a second."""
    raw = _decoded(path, "-vn", "-ac", "1", "-ar", str(rate), "-f", "s16le")
    return np.frombuffer(raw, "<i2") / 32768.0


def _decoded(path: Path, *form: str) -> bytes:
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), *form, "-"]
    return child.run(argv, capture_output=True, check=True).stdout
