"""Camera paths in our own form, JSON.

    {"discoreel": "camera path", "fps": "24",
     "poses": [{"position": [0, 0, 0], "rotation": [1, 0, 0, 0], "fov": 40}, ...]}

Convention:
    Camera to world, x right, y down, z forward. A rotation is a unit quaternion (w, x, y, z), a fov
    the vertical field of view in degrees, which all poses have or none. Poses follow each other at
    `fps`, poses a second.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from keyframes.mistakes import found
from pipeline.files.texts import fault
from pipeline.scene.paths.faults import Places, all_or_none, check_count, check_quaternions, checked
from pipeline.scene.paths.json_numbers import (
    check_names,
    listed,
    number_of,
    numbers_of,
    rate_of,
)
from pipeline.scene.paths.poses import Poses

MARK = "discoreel"
WHAT = "camera path"
_NAMES = (MARK, "fps", "poses")
_OF_A_POSE = ("position", "rotation", "fov")


def read_ours(data: Mapping[str, Any], path: Path, fps: float) -> Poses:
    """The poses of a path; ValueError with the file, the pose and the remedy.

    `fps` counts where the file says none.
    """
    check_names(data, _NAMES, path, "in the path")
    if data.get(MARK) != WHAT:
        raise fault(path, f'expected "{MARK}": "{WHAT}", found {found(data.get(MARK))}')
    poses = listed(data, "poses", path)
    check_count(len(poses), path, '{"position": [0, 0, 0], "rotation": [1, 0, 0, 0]} for each')
    places, turns, fovs = [], [], []
    for number, pose in enumerate(poses):
        here = f"poses, number {number} (of 0 and up)"
        if not isinstance(pose, Mapping):
            raise fault(path, f"{here}: expected {{position, rotation}}, found {found(pose)}")
        check_names(pose, _OF_A_POSE, path, f"in {here}")
        places.append(numbers_of(pose.get("position"), 3, path, f"{here}, position"))
        turns.append(numbers_of(pose.get("rotation"), 4, path, f"{here}, rotation"))
        if "fov" in pose:
            fovs.append(number_of(pose["fov"], path, f"{here}, fov"))
    rate = rate_of(data["fps"], path) if "fps" in data else fps
    where = Places(path)
    made = Poses(
        times=np.arange(len(poses)) / rate,
        places=np.array(places),
        turns=np.array(turns),
        fovs=all_or_none(fovs, len(poses), path),
    )
    check_quaternions(made.turns, where)
    return checked(made, where)


def our_lines(poses: Poses, fps: str) -> Iterator[str]:
    """The lines of a path; `fps` is a number, or a fraction such as `30000/1001`."""
    yield f'{{"{MARK}": "{WHAT}", "fps": {json.dumps(fps)}, "poses": ['
    last = len(poses.times) - 1
    for number, (place, turn) in enumerate(zip(poses.places, poses.turns, strict=True)):
        position, rotation = (_list(values) for values in (place, turn))
        fov = "" if poses.fovs is None else f', "fov": {poses.fovs[number]:.15g}'
        comma = "" if number == last else ","
        yield f'{{"position": {position}, "rotation": {rotation}{fov}}}{comma}'
    yield "]}"


def _list(values: Any) -> str:
    return f"[{', '.join(f'{value:.15g}' for value in values)}]"
