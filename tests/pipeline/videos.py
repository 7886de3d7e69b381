"""Small videos for tests: plain frames, assembled as fast as x264 can."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from pipeline.files.png import encode_png
from pipeline.output.ffmpeg import assemble

FPS = Fraction(12)
DIGEST = "0123456789abcdef" * 4


def write_frames(folder: Path, count: int, width: int = 32, height: int = 16) -> list[Path]:
    """Plain grey frames, each a little lighter than the one before."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{frame:06d}.png" for frame in range(count)]
    for frame, path in enumerate(paths):
        grey = np.full((height, width, 3), 20 + 8 * frame, np.uint8)
        path.write_bytes(encode_png(grey))
    return paths


def make(frames: list[Path], out: Path, **options: object) -> Path:
    """The video `out` of `frames`, with `options` of `assemble`."""
    defaults: dict[str, object] = {"fps": FPS, "title": "pulse", "digest": DIGEST}
    return assemble(frames, out, **(defaults | {"preset": "ultrafast"} | options))  # type: ignore[arg-type]
