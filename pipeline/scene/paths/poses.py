"""Where a camera stood, one pose after the other.

Convention:
    Axes of the world and of the camera: x right, y down, z forward (right-handed). A pose is camera
    to world: its place is the camera's, and its turn, a unit quaternion (w, x, y, z), carries
    directions before the camera into the world. Fields of view are vertical, in degrees.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOST_POSES = 100_000
"""The most poses of a path: more than an hour at 24 a second, which is read in 3 seconds."""
MOST_BYTES = 100_000_000
"""The most bytes of a file, which in COLMAP's are points of the images for the most part."""
MOST_OF_JSON = 40_000_000
"""The most characters of JSON: `MOST_POSES` matrices with all their digits. As many of empty lists
take 2.4 seconds and 1.1 GB."""
LARGEST = 1e100
"""The largest number of a file: its square, and sums of such, are finite."""
FARTHEST = 1e9
"""How far from the origin a camera may stand, in the units of its file."""
GRID = 10
"""Decimals to which places, turns and fields of view are rounded before they are written."""
_LEADING = 0.499
"""The least size of the part of a quaternion that follows from the others. One is always 0.5."""

BOTTOM_UP = np.diag([1.0, -1.0, -1.0])
"""Between our axes and those of a camera with y up that looks along -z; its own inverse."""


@dataclass(frozen=True, slots=True, eq=False)
class Poses:
    """The poses of a path in the order of time."""

    times: Array
    """Seconds from the first pose, rising, `(n,)`."""
    places: Array
    """Places in the units of the file, `(n, 3)`."""
    turns: Array
    """Unit quaternions `(n, 4)`."""
    fovs: Array | None = None
    """Fields of view `(n,)`; None where the file tells none."""
    missing: int = 0
    """Frames between the first pose and the last that the file leaves out."""

    @property
    def matrices(self) -> Array:
        """The turns as rotation matrices `(n, 3, 3)`."""
        return to_matrices(self.turns)


def to_matrices(turns: Array) -> Array:
    """Rotation matrices `(n, 3, 3)` of quaternions `(n, 4)` of any length but 0."""
    from scipy.spatial.transform import Rotation

    return np.asarray(Rotation.from_quat(np.roll(turns, -1, axis=1)).as_matrix())


def to_turns(matrices: Array) -> Array:
    """Unit quaternions `(n, 4)` of rotation matrices `(n, 3, 3)`, the nearest where one is none."""
    from scipy.spatial.transform import Rotation

    return np.roll(Rotation.from_matrix(matrices).as_quat(), 1, axis=1)


def rounded(poses: Poses) -> Poses:
    """Poses that come out the same after they were written, read, flown and rounded again.

    Three parts of each turn are rounded, and a large one follows from them, so that its length
    stays 1. Of the two quaternions of a turn it is the one nearer to that of the pose before.
    """
    return Poses(
        times=poses.times,
        places=np.round(poses.places, GRID) + 0.0,
        turns=_rounded_turns(poses.turns),
        fovs=None if poses.fovs is None else np.round(poses.fovs, GRID),
        missing=poses.missing,
    )


def _rounded_turns(turns: Array) -> Array:
    grid = np.round(turns, GRID)
    rows = np.arange(len(turns))
    leading = np.argmax(np.abs(turns) >= _LEADING, axis=1)
    signs = np.sign(turns[rows, leading])
    grid[rows, leading] = 0.0
    grid[rows, leading] = signs * np.sqrt(1.0 - (grid**2).sum(axis=1))
    grid *= np.sign(grid[0, leading[0]])
    along = np.sign((grid[1:] * grid[:-1]).sum(axis=1))
    grid[1:] *= np.cumprod(np.where(along == 0, 1.0, along))[:, None]
    return grid + 0.0
