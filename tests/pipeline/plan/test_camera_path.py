"""A path of Blender moves the camera as its matrices say, in numbers and in pixels."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from math import atan, degrees, radians, tan
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.camera.maps import PinholeMap
from pipeline.camera.poses import poses
from pipeline.plan.camera_path import shot_path
from pipeline.plan.make import make_plan
from pipeline.render.camera_step import move
from pipeline.scene.motion import compose, matrix_3d, way_3d
from pipeline.scene.shots import Shot
from pipeline.spec.frame import FrameId, FrameSpec
from tests.pipeline.scene_files import load

COUNT = 100
SCALE = 0.25
LEVEL = 2 / 255
"""A level of a picture in [-1, 1]."""
LOOKS = np.diag([1.0, -1.0, -1.0, 1.0])
"""Between a camera of Blender, y up and looking along -z, and ours."""


def turned(axis: int, degrees_: float) -> np.ndarray:
    """Blender's own rotation matrix about an axis, counter-clockwise as seen from its tip."""
    a, b = [(1, 2), (2, 0), (0, 1)][axis]
    made = np.eye(4)
    made[a, a] = made[b, b] = np.cos(radians(degrees_))
    made[b, a], made[a, b] = np.sin(radians(degrees_)), -np.sin(radians(degrees_))
    return made


def matrix_world(number: int) -> np.ndarray:
    """A camera that flies an arc over the ground and looks at it from above, rolling a little."""
    at = number / COUNT
    place = np.eye(4)
    place[:3, 3] = [2 * np.sin(2 * at), -6 + 3 * at, 1.5 + 0.5 * np.cos(4 * at)]
    upright = turned(0, 80 + 5 * np.sin(5 * at))
    return place @ turned(2, 25 * np.sin(3 * at)) @ upright @ turned(2, 6 * np.sin(7 * at))


def fov(number: int) -> float:
    return 40 + 8 * np.sin(number / 30)


CAMERAS = [matrix_world(number) for number in range(COUNT)]
FOVS = [fov(number) for number in range(COUNT)]


def scene_with(
    folder: Path, cameras: Sequence[np.ndarray], *, size: tuple[int, int] = (96, 64), more: str = ""
) -> Shot:
    frames = [
        {"frame": number + 1, "matrix_world": camera.tolist(), "fov": FOVS[number]}
        for number, camera in enumerate(cameras)
    ]
    (folder / "camera.json").write_text(json.dumps({"fps": 24, "frames": frames}))
    scene = load(
        folder,
        f"video: {{size: {list(size)}, duration: {len(cameras)}}}\nprompts: a castle\n"
        f"camera: {{path: {{file: camera.json, scale: {SCALE}}}, memory: frame{more}}}\n",
    )
    return scene.all_shots[0]


def specs_of(shot: Shot) -> tuple[FrameSpec, ...]:
    return make_plan(shot.settings).frames  # type: ignore[arg-type]


def between(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """The way of points before one camera of Blender to those before the next, in our axes."""
    step = LOOKS @ np.linalg.inv(after) @ before @ LOOKS
    step[:3, 3] *= SCALE
    return step


def test_every_frame_moves_as_the_matrices_say(tmp_path: Path) -> None:
    specs = specs_of(scene_with(tmp_path, CAMERAS))
    assert len(specs) == COUNT
    for spec, (before, after) in zip(specs[1:], pairwise(CAMERAS), strict=True):
        (motion,) = spec.motions
        assert motion.zoom == 1
        np.testing.assert_allclose(matrix_3d(motion), between(before, after), atol=1e-9)
        assert spec.camera.fov == FOVS[spec.frame]
        assert spec.camera.taken == FOVS[spec.frame - 1]


def test_all_motions_lead_to_where_the_matrices_say(tmp_path: Path) -> None:
    where = poses(specs_of(scene_with(tmp_path, CAMERAS)))
    for number, camera in enumerate(CAMERAS):
        pose = where[FrameId(number)]
        np.testing.assert_allclose(pose.matrix, between(CAMERAS[0], camera), atol=1e-9)
        assert pose.camera.fov == pytest.approx(FOVS[number], abs=1e-12)


def test_matrices_in_single_precision_are_the_nearest_rotations(tmp_path: Path) -> None:
    """Blender keeps seven digits: the steps are rigid all the same, and as near as that."""
    cameras = [camera.astype(np.float32).astype(np.float64) for camera in CAMERAS]
    specs = specs_of(scene_with(tmp_path, cameras))
    for spec, (before, after) in zip(specs[1:], pairwise(CAMERAS), strict=True):
        found = matrix_3d(spec.motions[0])
        np.testing.assert_allclose(found, between(before, after), atol=2e-6)
        np.testing.assert_allclose(found[:3, :3] @ found[:3, :3].T, np.eye(3), atol=1e-14)


def test_a_camera_comes_back_out_as_it_went_in(tmp_path: Path) -> None:
    found = shot_path(scene_with(tmp_path, CAMERAS), 24)
    assert found.stretched < 1e-12
    assert found.poses.fovs is not None
    np.testing.assert_allclose(found.poses.fovs, FOVS, atol=1e-12)
    for number, camera in enumerate(CAMERAS):
        there = np.linalg.inv(between(CAMERAS[0], camera))
        np.testing.assert_allclose(found.poses.places[number], there[:3, 3], atol=1e-9)
        np.testing.assert_allclose(found.poses.matrices[number], there[:3, :3], atol=1e-9)


class Ground:
    """What a camera of Blender sees of the ground, z = 0, with a pattern of known form."""

    def __init__(self, number: int, height: int, width: int) -> None:
        self.camera, self.height, self.width = CAMERAS[number], height, width
        self.focal = height / 2 / tan(radians(FOVS[number]) / 2)
        row, column = np.mgrid[:height, :width].astype(np.float64)
        rays = np.stack(
            (
                (column - (width - 1) / 2) / self.focal,
                -(row - (height - 1) / 2) / self.focal,
                -np.ones_like(row),
            ),
            axis=-1,
        )
        world = rays @ self.camera[:3, :3].T
        down = np.minimum(world[..., 2], -1e-9)
        self.reach = -self.camera[2, 3] / down
        self.points = self.camera[:3, 3] + self.reach[..., None] * world
        self.is_seen = self.reach < 25

    def picture(self) -> Tensor:
        x, y = self.points[..., 0], self.points[..., 1]
        waves = (np.sin(2 * x) * np.cos(y), np.sin(x + y), np.cos(1.5 * y - 0.5 * x))
        levels = np.where(self.is_seen, 0.6 * np.stack(waves), 0.0)
        return torch.from_numpy(levels)[None]

    def depth(self) -> Tensor:
        return torch.from_numpy(np.minimum(self.reach, 25) * SCALE)[None, None]

    def places(self, points: np.ndarray) -> np.ndarray:
        """Column and row at which points of the world are seen."""
        seen = (points - self.camera[:3, 3]) @ self.camera[:3, :3]
        across, down = seen[..., 0] / -seen[..., 2], -seen[..., 1] / -seen[..., 2]
        return np.stack(
            (
                self.focal * across + (self.width - 1) / 2,
                self.focal * down + (self.height - 1) / 2,
            ),
            axis=-1,
        )


@pytest.mark.parametrize("number", [1, 20, 47, 99])
def test_places_of_the_ground_go_where_the_new_camera_sees_them(
    number: int, tmp_path: Path
) -> None:
    spec = specs_of(scene_with(tmp_path, CAMERAS))[number]
    before, after = Ground(number - 1, 64, 96), Ground(number, 64, 96)
    way = PinholeMap(before.depth(), way_3d(spec.motions, spec.camera), spec.camera.fov)
    row, column = np.nonzero(before.is_seen)
    x, y, _ = way.forward(torch.from_numpy(column).double(), torch.from_numpy(row).double())
    expected = after.places(before.points[row, column])
    np.testing.assert_allclose(np.column_stack((x, y)), expected, atol=1e-6)
    assert np.abs(expected - np.column_stack((column, row))).max() > 0.3, "the camera moves"


@pytest.mark.parametrize("number", [1, 20, 47, 99])
def test_pictures_of_the_ground_are_what_the_new_camera_sees(number: int, tmp_path: Path) -> None:
    spec = specs_of(scene_with(tmp_path, CAMERAS))[number]
    before, after = Ground(number - 1, 64, 96), Ground(number, 64, 96)
    moved = move(before.picture(), spec.motions, spec.camera, lambda picture: before.depth())
    wanted = after.picture()
    # Where the pattern is wide against a pixel, and came from inside of the picture.
    near = torch.from_numpy((before.reach < 9) & (after.reach < 9))
    near[:4], near[-4:], near[:, :4], near[:, -4:] = False, False, False, False
    assert near.sum() > 500
    off = (moved - wanted)[0, :, near].abs().mean().item()
    unmoved = (before.picture() - wanted)[0, :, near].abs().mean().item()
    assert off < LEVEL / 2 and unmoved > 3 * off


def test_zoom_is_told_as_a_lens(tmp_path: Path) -> None:
    text = "video: {size: [96, 64], duration: 4}\nprompts: a\ncamera: {zoom: 1.1, fov: 40}\n"
    found = shot_path(load(tmp_path, text).all_shots[0], 24)
    narrower = [degrees(2 * atan(tan(radians(20)) / 1.1**n)) for n in range(4)]
    assert found.poses.fovs is not None
    np.testing.assert_allclose(found.poses.fovs, narrower)
    np.testing.assert_allclose(found.poses.places, 0, atol=1e-12)
    assert found.stretched < 1e-12


def test_a_zoom_that_is_turned_is_no_camera_and_says_so(tmp_path: Path) -> None:
    text = "video: {size: [96, 64], duration: 9}\nprompts: a\ncamera: {zoom: 1.1, rotate_y: 5}\n"
    assert shot_path(load(tmp_path, text).all_shots[0], 24).stretched > 0.01


def test_the_steps_of_a_plain_camera_are_its_path(tmp_path: Path) -> None:
    text = (
        "video: {size: [96, 64], duration: 30}\nprompts: a\n"
        "camera: {translate_x: 3, translate_z: 2 * sin(t), rotate_y: 1, roll: -0.5}\n"
    )
    scene = load(tmp_path, text)
    steps = [matrix_3d(spec.motions[0]) for spec in make_plan(scene).frames[1:]]
    found = shot_path(scene.all_shots[0], 24).poses
    last = np.linalg.inv(compose(np.eye(4), *steps))
    np.testing.assert_allclose(found.places[-1], last[:3, 3], atol=1e-12)
    np.testing.assert_allclose(found.matrices[-1], last[:3, :3], atol=1e-12)
