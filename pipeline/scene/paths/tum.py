"""Trajectories as the TUM RGB-D benchmark writes them: `timestamp tx ty tz qx qy qz qw` a line.

Convention:
    Camera to world; axes as ours, x right, y down, z forward. Timestamps are seconds. What follows
    a # is a remark.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from keyframes.mistakes import found
from pipeline.files.texts import fault
from pipeline.scene.paths.faults import (
    Places,
    check_count,
    check_most,
    check_quaternions,
    checked,
    numbers,
)
from pipeline.scene.paths.poses import Poses

COLUMNS = "timestamp tx ty tz qx qy qz qw"


def read_tum(text: str, path: Path) -> Poses:
    """The poses of a trajectory; ValueError with the file, its line and the remedy."""
    lines, rows = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) != 8:
            raise fault(
                path,
                f"expected 8 numbers, {COLUMNS}, found {len(words)}: {found(line.strip())}",
                number,
            )
        rows.append(numbers(words, path, number))
        check_most(len(rows), path)
        lines.append(number)
    check_count(len(rows), path, f"a line with {COLUMNS} for each")
    table, where = np.array(rows), Places(path, lines)
    falls = np.flatnonzero(np.diff(table[:, 0]) <= 0)
    if falls.size:
        at = int(falls[0]) + 1
        raise where.fault(
            at,
            f"the time {table[at, 0]:.10g} comes after {table[at - 1, 0]:.10g}; times rise from "
            "line to line",
        )
    turns = np.roll(table[:, 4:], 1, axis=1)
    check_quaternions(turns, where)
    return checked(Poses(table[:, 0] - table[0, 0], table[:, 1:4], turns), where)


def tum_lines(poses: Poses, fps: float) -> Iterator[str]:
    """The lines of a trajectory, whose first time is 0."""
    yield f"# {COLUMNS}"
    for time, place, turn in zip(poses.times, poses.places, poses.turns, strict=True):
        row = (*place, *turn[1:], turn[0])
        yield " ".join((f"{time:.9f}", *(f"{value:.15g}" for value in row)))
