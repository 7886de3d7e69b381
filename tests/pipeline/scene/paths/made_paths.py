"""Camera paths for tests, and the files that they become."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from pipeline.scene.paths.formats import PathFormat, path_files
from pipeline.scene.paths.poses import Poses

NAMES: dict[PathFormat, str] = {
    "json": "flight.json",
    "blender": "blender.json",
    "chan": "flight.chan",
    "colmap": "images.txt",
    "tum": "flight.txt",
}
SIZE = (64, 48)


def winding(count: int = 24, fps: float = 24, *, fovs: bool = True, step: float = 0.02) -> Poses:
    """A path that winds through space, turns about all axes, and opens its lens."""
    rng = np.random.default_rng(count)
    begin = np.array([1, 0.1, -0.2, 0.05])
    turns = begin + np.cumsum(rng.normal(size=(count, 4)) * 0.01, axis=0)
    return Poses(
        times=np.arange(count) / fps,
        places=np.cumsum(rng.normal(size=(count, 3)) * step, axis=0),
        turns=turns / np.linalg.norm(turns, axis=1)[:, None],
        fovs=np.linspace(40, 48, count) if fovs else None,
    )


def write_path(folder: Path, poses: Poses, kind: PathFormat = "json", fps: int = 24) -> Path:
    """The file of a path in a format, with those beside it."""
    path = folder / NAMES[kind]
    for file, text in path_files(poses, path, kind, fps=Fraction(fps), size=SIZE).items():
        file.write_text(text, encoding="utf-8")
    return path
