"""What is wrong with a file of a camera's path, in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from keyframes.mistakes import found
from keyframes.number_slips import write_instead
from keyframes.time_words import counted
from pipeline.files.texts import fault
from pipeline.scene.paths.poses import FARTHEST, LARGEST, MOST_POSES, Array, Poses

_STRAIGHT = 1e-3
"""How far from a rotation a matrix may be, and from 1 the length of a quaternion: more than four
digits lose."""


class Places:
    """Where in a file each pose stands, for messages: its line, or its place in a list."""

    def __init__(self, path: Path, lines: list[int] | None = None, word: str = "pose") -> None:
        self._path, self._lines, self._word = path, lines, word

    def fault(self, number: int, message: str) -> ValueError:
        """The error about the pose `number`, counted from 0."""
        if self._lines is not None:
            return fault(self._path, message, self._lines[number])
        return fault(self._path, f"{self._word} {number} (of 0 and up): {message}")


def numbers(words: list[str], path: Path, line: int) -> list[float]:
    """The numbers that are written on a line; ValueError with the line where one is none.

    All are finite, and `LARGEST` at most.
    """
    values = []
    for word in words:
        try:
            value = float(word)
        except ValueError:
            instead = write_instead(word)
            comma = "; decimals have a point" if "," in word and not instead else ""
            raise fault(
                path, f"expected a number, found {found(word)}{instead}{comma}", line
            ) from None
        if not abs(value) <= LARGEST:
            raise fault(
                path, f"found {word}, which is no place for a camera; export the path again", line
            )
        values.append(value)
    return values


def check_places(places: Array, where: Places) -> None:
    """Raises ValueError for the first place that is beyond `FARTHEST`."""
    far = np.flatnonzero((np.abs(places) > FARTHEST).any(axis=1))
    if far.size:
        raise where.fault(
            int(far[0]), f"the camera is farther than {FARTHEST:g} units from the origin"
        )


def check_quaternions(turns: Array, where: Places) -> None:
    """Raises ValueError for the first quaternion whose length is not 1."""
    wrong = np.flatnonzero(np.abs(np.linalg.norm(turns, axis=1) - 1) > _STRAIGHT)
    if wrong.size:
        length = float(np.linalg.norm(turns[wrong[0]]))
        raise where.fault(
            int(wrong[0]),
            f"the quaternion's length is {length:.4g}, and that of a rotation is 1; "
            "are its four numbers in the right columns?",
        )


def check_rotations(matrices: Array, where: Places) -> None:
    """Raises ValueError for the first matrix `(n, 3, 3)` that scales, shears or mirrors."""
    squares = matrices.transpose(0, 2, 1) @ matrices
    lengths = np.sqrt(np.diagonal(squares, axis1=1, axis2=2))
    scaled = (np.abs(lengths - 1) > _STRAIGHT).any(axis=1)
    sheared = (np.abs(squares - np.eye(3)) > _STRAIGHT).any(axis=(1, 2))
    mirrored = np.linalg.det(matrices) < 0
    for wrong, words in (
        (scaled, "the camera is scaled: apply its scale and that of its parents"),
        (mirrored, "the matrix mirrors, and a camera cannot: give its scale no minus sign"),
        (
            sheared,
            "the axes are not at right angles: apply the scale of the camera's parents",
        ),
    ):
        if wrong.any():
            number = int(np.argmax(wrong))
            factor = ", ".join(f"{length:.4g}" for length in lengths[number])
            by = f" (its axes are {factor} long)" if wrong is scaled else ""
            raise where.fault(number, f"{words}{by}, and export the path again")


def check_fovs(fovs: Array, where: Places) -> None:
    """Raises ValueError for the first field of view outside 0 to 180 degrees."""
    wrong = np.flatnonzero(~((fovs > 0) & (fovs < 180)))
    if wrong.size:
        value = fovs[wrong[0]]
        raise where.fault(
            int(wrong[0]), f"the field of view is {value:g}; it is above 0 and below 180 degrees"
        )


def check_count(count: int, path: Path, what: str) -> None:
    """Raises ValueError for a path of fewer than two poses, or of too many."""
    if count < 2:
        there = "no pose" if count == 0 else "one pose"
        raise fault(path, f"found {there}; a path has two or more: {what}")
    check_most(count, path)


def check_most(count: int, path: Path) -> None:
    """Raises ValueError for more poses than a path may have."""
    if count > MOST_POSES:
        raise fault(path, f"found more than {MOST_POSES:,} poses; fly the path in parts")


def all_or_none(fovs: list[float], count: int, path: Path) -> Array | None:
    """Fields of view `(n,)` of the poses, `count` in all; None where the file tells none.

    Raises ValueError where some poses have one and others none.
    """
    if fovs and len(fovs) != count:
        raise fault(
            path,
            f"{len(fovs)} of {count} poses have a field of view; give it to all or none",
        )
    return np.array(fovs) if fovs else None


def frame_times(frames: list[int], fps: float, where: Places) -> Array:
    """Seconds from the first frame of frames that follow each other in equal steps.

    Raises ValueError for a frame that is missing, or out of order.
    """
    steps = np.diff(np.array(frames, dtype=np.float64))
    wrong = np.flatnonzero(steps <= 0)
    if wrong.size:
        at = int(wrong[0]) + 1
        raise where.fault(
            at,
            f"frame {frames[at]} comes after frame {frames[at - 1]}; frames rise from pose to pose",
        )
    uneven = np.flatnonzero(steps != steps.min())
    if uneven.size:
        at, step = int(uneven[0]) + 1, int(steps.min())
        absent = (frames[at] - frames[at - 1]) // step - 1
        raise where.fault(
            at,
            f"frame {frames[at]} comes after frame {frames[at - 1]}: "
            f"{counted(max(absent, 1), 'frame')} between them missing; export every frame",
        )
    return (np.array(frames, dtype=np.float64) - frames[0]) / fps


def checked(poses: Poses, where: Places) -> Poses:
    """The poses, if each is one; ValueError, with its place, for the first that is none."""
    check_places(poses.places, where)
    if poses.fovs is not None:
        check_fovs(poses.fovs, where)
    return poses
