"""Cameras of Blender, as a few lines of Python in Blender write them to JSON.

    {"fps": 24, "frames": [{"frame": 1, "matrix_world": [[...], [...], [...], [...]], "fov": 40}]}

Convention:
    `matrix_world` is camera to world, in rows, with the place in its last column. Blender's world
    has x right, y forward and z up; its cameras look along their own -z, with y up. `fov` is the
    vertical field of view in degrees. In its place may stand `lens` in millimetres, with `size`
    (width and height of the picture) and `sensor`, the millimetres of its longer side, 36.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import atan, degrees
from pathlib import Path
from typing import Any

import numpy as np

from keyframes.mistakes import found
from pipeline.files.texts import fault
from pipeline.scene.paths.faults import (
    Places,
    all_or_none,
    check_count,
    check_rotations,
    checked,
    frame_times,
)
from pipeline.scene.paths.json_numbers import (
    check_names,
    listed,
    number_of,
    numbers_of,
    rate_of,
)
from pipeline.scene.paths.poses import BOTTOM_UP, Array, Poses, to_turns

MARK = "frames"
SENSOR = 36.0
"""Millimetres of the longer side of a sensor that nobody changed."""
_NAMES = ("fps", "frames", "size", "sensor")
_OF_A_FRAME = ("frame", "matrix_world", "fov", "lens")
_LAST_ROW = 1e-6

WORLD = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""From Blender's world to ours; its transpose leads back."""


def read_blender(data: Mapping[str, Any], path: Path, fps: float) -> Poses:
    """The poses of a camera of Blender; ValueError with the file, the frame and the remedy.

    `fps` counts where the file says none.
    """
    check_names(data, _NAMES, path, "in the path")
    written = listed(data, "frames", path)
    check_count(len(written), path, '{"frame": 1, "matrix_world": [...]} for each')
    frames, matrices = [], []
    for number, one in enumerate(written):
        here = _place(number)
        if not isinstance(one, Mapping):
            raise fault(path, f"{here}: expected {{frame, matrix_world}}, found {found(one)}")
        check_names(one, _OF_A_FRAME, path, f"in {here}")
        frames.append(_frame(one.get("frame"), path, here))
        matrices.append(_matrix(one.get("matrix_world"), path, f"{here}, matrix_world"))
    rate = rate_of(data["fps"], path) if "fps" in data else fps
    where, there = Places(path, word="frames, number"), np.array(matrices)
    check_rotations(there[:, :3, :3], where)
    return checked(
        Poses(
            times=frame_times(frames, rate, where),
            places=there[:, :3, 3] @ WORLD.T,
            turns=to_turns(WORLD @ there[:, :3, :3] @ BOTTOM_UP),
            fovs=_fovs(written, data, path),
        ),
        where,
    )


def blender_lines(poses: Poses, fps: float) -> Iterator[str]:
    """The lines of a path as Blender's own would be, from frame 1 on."""
    turns = WORLD.T @ poses.matrices @ BOTTOM_UP
    places = poses.places @ WORLD
    rate = round(fps) if fps == round(fps) else fps
    yield f'{{"fps": {rate}, "frames": ['
    frames, last = np.rint(poses.times * fps).astype(int) + 1, len(places) - 1
    for number, (frame, turn, place) in enumerate(zip(frames, turns, places, strict=True)):
        rows = (*(_row((*turn[row], place[row])) for row in range(3)), "[0, 0, 0, 1]")
        fov = "" if poses.fovs is None else f', "fov": {poses.fovs[number]:.15g}'
        comma = "" if number == last else ","
        yield f'{{"frame": {frame}, "matrix_world": [{", ".join(rows)}]{fov}}}{comma}'
    yield "]}"


def _place(number: int) -> str:
    return f"frames, number {number} (of 0 and up)"


def _row(values: Sequence[float]) -> str:
    return f"[{', '.join(f'{value + 0.0:.15g}' for value in values)}]"


def _frame(value: Any, path: Path, here: str) -> int:
    frame = number_of(value, path, f"{here}, frame")
    if frame != round(frame):
        raise fault(path, f"{here}: the frame {frame:g} is no whole number")
    return round(frame)


def _matrix(value: Any, path: Path, here: str) -> list[list[float]]:
    if not isinstance(value, list) or len(value) != 4:
        there = f"{len(value)} rows" if isinstance(value, list) else found(value)
        raise fault(path, f"{here}: expected 4 rows of 4 numbers, found {there}")
    rows = [numbers_of(row, 4, path, here) for row in value]
    if any(abs(a - b) > _LAST_ROW for a, b in zip(rows[3], (0, 0, 0, 1), strict=True)):
        raise fault(
            path,
            f"{here}: expected [0, 0, 0, 1] as the last row, found {rows[3]}; write the matrix in "
            "rows, with the place in the last column",
        )
    return rows


def _fovs(frames: Sequence[Any], data: Mapping[str, Any], path: Path) -> Array | None:
    """The field of view of each frame, as it is or from its lens; None where no frame tells."""
    fovs = [
        _fov(one, data, path, _place(number))
        for number, one in enumerate(frames)
        if "fov" in one or "lens" in one
    ]
    return all_or_none(fovs, len(frames), path)


def _fov(one: Mapping[str, Any], data: Mapping[str, Any], path: Path, here: str) -> float:
    if "fov" in one:
        return number_of(one["fov"], path, f"{here}, fov")
    if "size" not in data:
        raise fault(path, f"{here}: a lens needs the picture's size; write it, or fov for lens")
    size = numbers_of(data["size"], 2, path, "size")
    sensor = number_of(data.get("sensor", SENSOR), path, "sensor")
    lens = number_of(one["lens"], path, f"{here}, lens")
    if min(lens, sensor, *size) <= 0:
        raise fault(path, f"{here}: lens, sensor and size are above 0")
    return degrees(2 * atan(sensor * size[1] / max(size) / 2 / lens))
