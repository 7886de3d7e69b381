"""Channels of Nuke (`.chan`): `frame tx ty tz rx ry rz` a line, and the field of view behind it.

Convention:
    Camera to world, y up; the camera looks along -z. Rotations are degrees about x, y and z, made
    one after the other about the world's axes in the order that the reader is told, which the file
    does not say: a camera of Nuke has `ZXY` unless it was changed, and Blender writes what its
    exporter is told. The field of view is the vertical one, in degrees.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np

from keyframes.mistakes import found
from pipeline.files.texts import fault
from pipeline.scene.paths.faults import (
    Places,
    check_count,
    check_most,
    checked,
    frame_times,
    numbers,
)
from pipeline.scene.paths.poses import BOTTOM_UP, Array, Poses, to_turns

RotationOrder = Literal["XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX"]
NUKES: RotationOrder = "ZXY"
"""The order of a camera of Nuke that nobody changed."""
COLUMNS = "frame tx ty tz rx ry rz"


def read_chan(text: str, path: Path, fps: float, order: RotationOrder = NUKES) -> Poses:
    """The poses of a file of channels; ValueError with the file, its line and the remedy."""
    from scipy.spatial.transform import Rotation

    rows, lines = _rows(text, path)
    check_count(len(rows), path, f"a line with {COLUMNS} for each")
    table, where = np.array([row[:7] for row in rows]), Places(path, lines)
    frames = table[:, 0]
    odd = np.flatnonzero(frames != np.round(frames))
    if odd.size:
        raise where.fault(int(odd[0]), f"the frame {frames[odd[0]]:g} is no whole number")
    there = Rotation.from_euler(order.lower(), table[:, _columns(order)], degrees=True).as_matrix()
    return checked(
        Poses(
            frame_times([int(frame) for frame in frames], fps, where),
            table[:, 1:4] @ BOTTOM_UP,
            to_turns(BOTTOM_UP @ there @ BOTTOM_UP),
            np.array([row[7] for row in rows]) if len(rows[0]) == 8 else None,
        ),
        where,
    )


def chan_lines(poses: Poses, fps: float, order: RotationOrder = NUKES) -> Iterator[str]:
    """The lines of a file of channels, whose first frame is 1."""
    angles = _angles(poses.matrices, order)
    places = poses.places @ BOTTOM_UP + 0.0
    fovs = [()] * len(places) if poses.fovs is None else [(one,) for one in poses.fovs]
    frames = np.rint(poses.times * fps).astype(int) + 1
    for frame, place, angle, fov in zip(frames, places, angles, fovs, strict=True):
        yield " ".join((str(frame), *(f"{value:.15g}" for value in (*place, *angle, *fov))))


def _rows(text: str, path: Path) -> tuple[list[list[float]], list[int]]:
    """The numbers of each line that is no remark, and the lines' numbers."""
    rows: list[list[float]] = []
    lines = []
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) not in (7, 8):
            raise fault(
                path,
                f"expected {COLUMNS}, and a field of view or none, found {len(words)} columns: "
                f"{found(line.strip())}",
                number,
            )
        if rows and len(words) != len(rows[0]):
            raise fault(
                path,
                f"found {len(words)} columns, and {len(rows[0])} before: all lines have a field "
                "of view, or none has",
                number,
            )
        rows.append(numbers(words, path, number))
        check_most(len(rows), path)
        lines.append(number)
    return rows, lines


def _columns(order: RotationOrder) -> list[int]:
    """The columns of a line that hold the angles, in the order of the rotations."""
    return [4 + "XYZ".index(axis) for axis in order]


def _angles(matrices: Array, order: RotationOrder) -> Array:
    """Degrees about x, y and z, `(n, 3)`, of poses of our axes."""
    from scipy.spatial.transform import Rotation

    there = Rotation.from_matrix(BOTTOM_UP @ matrices @ BOTTOM_UP)
    with warnings.catch_warnings():
        # Where two of the axes fall together any of the angles that make the turn will do.
        warnings.simplefilter("ignore", UserWarning)
        made = there.as_euler(order.lower(), degrees=True)
    angles = np.empty_like(made)
    for place, axis in enumerate(order):
        angles[:, "XYZ".index(axis)] = made[:, place]
    return np.asarray(angles + 0.0)
