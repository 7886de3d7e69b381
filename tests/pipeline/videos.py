"""Small videos for tests: plain frames, assembled as fast as x264 can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from pipeline.files.png import encode_png, read_size
from pipeline.output.ffmpeg import Film, assemble
from pipeline.run.footage import Layer
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import OutputSpec

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


def film_of(frames: Sequence[Path], fps: Fraction = FPS, title: str = "pulse") -> Film:
    """The pictures one after the other, as they are."""
    shown = tuple((Layer(path, FrameId(frame)),) for frame, path in enumerate(frames))
    size = read_size(frames[0]) if frames else (32, 16)
    return Film(shown, fps, size, title, DIGEST)


def make(
    frames: Sequence[Path],
    out: Path,
    *,
    fps: Fraction = FPS,
    title: str = "pulse",
    progress: Callable[[int], None] = lambda done: None,
    **options: object,
) -> Path:
    """The video `out` of `frames`; `options` are fields of `OutputSpec`."""
    asked: dict[str, object] = {"file": out.name, "preset": "ultrafast", **options}
    film = film_of(frames, fps, title)
    return assemble(film, OutputSpec(**asked), out.parent, progress)  # type: ignore[arg-type]
