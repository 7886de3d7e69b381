"""Reconstructions of COLMAP as text: `images.txt`, and `cameras.txt` beside it.

Convention:
    World to camera: `IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME`, and a line of points behind
    each. Axes as ours, x right, y down, z forward. The images' names say their order, and by the
    number at their end which frame each is; an image that could not be placed is left out there,
    and the way across it is interpolated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import atan, degrees, radians, tan
from pathlib import Path, PurePosixPath

import numpy as np

from keyframes.mistakes import found
from keyframes.quoting import quoted
from pipeline.files.texts import fault, read_text
from pipeline.scene.paths.faults import (
    Places,
    check_count,
    check_most,
    check_quaternions,
    checked,
    numbers,
)
from pipeline.scene.paths.poses import Array, Poses, to_matrices

COLUMNS = "IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME"
CAMERAS = "cameras.txt"
_NUMBER = re.compile(r"[0-9]{1,9}$")
_FOCAL: Mapping[str, int] = {
    **dict.fromkeys(("SIMPLE_PINHOLE", "SIMPLE_RADIAL", "RADIAL"), 0),
    **dict.fromkeys(("SIMPLE_RADIAL_FISHEYE", "RADIAL_FISHEYE"), 0),
    **dict.fromkeys(("PINHOLE", "OPENCV", "OPENCV_FISHEYE", "FULL_OPENCV"), 1),
    **dict.fromkeys(("FOV", "THIN_PRISM_FISHEYE"), 1),
}
"""Which of a camera model's parameters is the focal length down the picture, in pixels."""


@dataclass(frozen=True, slots=True)
class _Image:
    line: int
    frame: int | None
    """The number at the end of its name."""
    name: str
    camera: str
    pose: list[float]


def read_colmap(text: str, path: Path, fps: float) -> Poses:
    """The poses of `images.txt`; ValueError with the file, its line and the remedy."""
    images = _images(text, path)
    check_count(len(images), path, f"a line with {COLUMNS} for each")
    images, frames = _in_order(images)
    where = Places(path, [one.line for one in images])
    _check_frames(images, frames, where)
    table = np.array([one.pose for one in images])
    check_quaternions(table[:, :4], where)
    inverse = to_matrices(table[:, :4]).transpose(0, 2, 1)
    turns = table[:, :4] * [1, -1, -1, -1]
    return checked(
        Poses(
            times=(frames - frames[0]) / fps,
            places=-(inverse @ table[:, 4:, None])[:, :, 0],
            turns=turns,
            fovs=_fovs(images, path.with_name(CAMERAS)),
            missing=_missing(frames),
        ),
        where,
    )


def colmap_lines(poses: Poses, fps: float) -> Iterator[str]:
    """The lines of `images.txt`; images are `frame000000.png` and on, and have no points.

    A camera is counted for each field of view, in the order of `camera_lines`.
    """
    places = -(poses.matrices.transpose(0, 2, 1) @ poses.places[:, :, None])[:, :, 0] + 0.0
    turns = poses.turns * [1, -1, -1, -1] + 0.0
    cameras = _camera_numbers(poses)
    yield f"# {COLUMNS}"
    yield "# POINTS2D[] as (X, Y, POINT3D_ID)"
    frames = np.rint(poses.times * fps).astype(int)
    for number, (frame, turn, place, camera) in enumerate(
        zip(frames, turns, places, cameras, strict=True), start=1
    ):
        row = " ".join(f"{value:.15g}" for value in (*turn, *place))
        yield f"{number} {row} {camera} frame{frame:06d}.png"
        yield ""


def camera_lines(poses: Poses, size: tuple[int, int]) -> Iterator[str]:
    """The lines of `cameras.txt` for pictures of a `size`, a camera for each field of view."""
    width, height = size
    yield "# CAMERA_ID MODEL WIDTH HEIGHT PARAMS[]"
    known = {} if poses.fovs is None else dict(zip(_camera_numbers(poses), poses.fovs, strict=True))
    for number, fov in known.items():
        focal = height / 2 / tan(radians(fov) / 2)
        yield f"{number} SIMPLE_PINHOLE {width} {height} {focal:.15g} {width / 2:g} {height / 2:g}"


def _camera_numbers(poses: Poses) -> list[int]:
    if poses.fovs is None:
        return [1] * len(poses.times)
    numbers_of: dict[float, int] = {}
    return [numbers_of.setdefault(float(fov), len(numbers_of) + 1) for fov in poses.fovs]


def _images(text: str, path: Path) -> list[_Image]:
    images: list[_Image] = []
    is_image = True
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip().startswith("#"):
            continue
        if not is_image:
            is_image = True
            continue
        words = line.split(maxsplit=9)
        if not words:
            continue
        if len(words) != 10:
            raise fault(
                path,
                f"expected {COLUMNS}, found {len(words)} columns: {found(line.strip())}; each "
                "image has a second line, which may be empty",
                number,
            )
        stem = PurePosixPath(words[9]).stem
        match = _NUMBER.search(stem)
        pose = numbers(words[1:8], path, number)
        frame = int(match[0]) if match else None
        images.append(_Image(number, frame, words[9], words[8], pose))
        check_most(len(images), path)
        is_image = False
    return images


def _in_order(images: list[_Image]) -> tuple[list[_Image], Array]:
    """The images in the order of time, and their frames: numbers of the names if all have one.

    Otherwise the images follow each other in the order of their names.
    """
    numbered = [(one.frame, one.name, one) for one in images if one.frame is not None]
    if len(numbered) < len(images):
        named = sorted(images, key=lambda one: one.name)
        return named, np.arange(len(images), dtype=np.float64)
    numbered.sort(key=lambda one: one[:2])
    return [one[2] for one in numbered], np.array([one[0] for one in numbered], dtype=np.float64)


def _check_frames(images: list[_Image], frames: Array, where: Places) -> None:
    """Raises ValueError for the first two images of one frame."""
    for at in range(1, len(frames)):
        if frames[at] == frames[at - 1]:
            both = f"{quoted(images[at - 1].name)} and {quoted(images[at].name)}"
            raise where.fault(
                at, f"{both} are both frame {frames[at]:.0f}; keep the images of one camera"
            )


def _missing(frames: Array) -> int:
    """Frames that are left out of those that rise by the usual step."""
    steps = np.diff(frames.astype(np.int64))
    return int((frames[-1] - frames[0]) // np.gcd.reduce(steps)) + 1 - len(frames)


def _fovs(images: list[_Image], path: Path) -> Array | None:
    """The field of view of each image; None where no file tells the cameras."""
    if not path.is_file():
        return None
    known: dict[str, float] = {}
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        words = line.partition("#")[0].split()
        if words:
            known[words[0]] = _fov(words, path, number)
    if unknown := next((one for one in images if one.camera not in known), None):
        raise fault(path, f"there is no camera {quoted(unknown.camera)}, which {unknown.name} has")
    return np.array([known[one.camera] for one in images])


def _fov(words: list[str], path: Path, line: int) -> float:
    model = words[1] if len(words) > 1 else ""
    if model not in _FOCAL:
        raise fault(
            path, f"found the camera model {found(model)}; known: {', '.join(_FOCAL)}", line
        )
    values = numbers(words[2:], path, line)
    if len(values) < 5 or values[1] <= 0 or values[2 + _FOCAL[model]] <= 0:
        raise fault(
            path,
            "expected CAMERA_ID MODEL WIDTH HEIGHT PARAMS[], a height and a focal length above 0",
            line,
        )
    return degrees(2 * atan(values[1] / 2 / values[2 + _FOCAL[model]]))
