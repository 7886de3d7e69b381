"""Where the camera of each frame stands: all motions since the picture began, in one matrix."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from pipeline.camera.poses import poses
from pipeline.camera.warp import pinhole_sources
from pipeline.scene.motion import compose, matrix_2d, matrix_3d
from pipeline.spec.camera import CameraMotion, CameraSpec
from pipeline.spec.frame import FrameId, FrameSpec, SavedFrame

FLAT, DEEP = CameraSpec(), CameraSpec(mode="3d")
TURN = CameraMotion(roll=3, translate_x=2, zoom=1.02)
FLY = CameraMotion(translate_z=8, rotate_y=1)


def frame(
    number: int, *motions: CameraMotion, camera: CameraSpec = FLAT, grows_from: int | None = None
) -> FrameSpec:
    before = number - 1 if grows_from is None else grows_from
    inputs = (SavedFrame(before),) if motions else ()
    return FrameSpec(number, (32, 24), inputs=inputs, motions=motions, camera=camera)


def test_motions_add_up_from_the_frame_that_starts_anew() -> None:
    found = poses([frame(0), frame(1, TURN), frame(2, TURN)])
    step = matrix_2d(TURN, 32, 24)
    assert found[FrameId(2)].start == FrameId(0)
    np.testing.assert_allclose(found[FrameId(2)].matrix, step @ step)
    np.testing.assert_allclose(found[FrameId(0)].matrix, np.eye(3))


def test_a_frame_goes_the_way_from_the_one_that_it_grows_from() -> None:
    found = poses(
        [frame(0), frame(1, FLY, camera=DEEP), frame(2, FLY, FLY, camera=DEEP, grows_from=0)]
    )
    np.testing.assert_allclose(found[FrameId(2)].matrix, compose(*[matrix_3d(FLY)] * 2))


def test_what_starts_anew_stands_before_the_camera_of_the_next_frames() -> None:
    found = poses([frame(0), frame(1, FLY, camera=DEEP), frame(2), frame(3)])
    assert found[FrameId(0)].camera == DEEP
    np.testing.assert_array_equal(found[FrameId(0)].matrix, np.eye(4))
    assert found[FrameId(3)].start == FrameId(3) and found[FrameId(3)].camera.mode == "2d"


def test_a_picture_keeps_its_size_while_the_angle_of_view_changes() -> None:
    wide = replace(DEEP, fov=80)
    found = poses([frame(0), frame(1, FLY, camera=DEEP), frame(2, FLY, camera=wide)])
    depth = torch.full((1, 1, 24, 32), 1.5)
    # The render looks at its last picture by the new angle: a plane moves as by these two warps.
    x, _ = pinhole_sources(depth, matrix_3d(FLY), 40)
    new_x, _ = pinhole_sources(depth - 8 / 200, matrix_3d(FLY), 80)
    row, column = 12, 20
    inner = new_x[0, row, column].item()
    low = int(inner)
    both = x[0, row, low] + (inner - low) * (x[0, row, low + 1] - x[0, row, low])
    at_once, _ = pinhole_sources(depth, _seen_by(found[FrameId(2)].matrix, 40, 80), 80)
    assert abs(both.item() - at_once[0, row, column].item()) < 0.02


def _seen_by(matrix: np.ndarray, old: float, new: float) -> np.ndarray:
    """A motion from a picture of one angle of view, told for a picture of another."""
    narrower = np.tan(np.radians(old) / 2) / np.tan(np.radians(new) / 2)
    return matrix @ np.diag([narrower, narrower, 1, 1])


def test_a_camera_that_turns_from_2d_to_3d_starts_anew() -> None:
    found = poses(
        [frame(0), frame(1, TURN), frame(2, FLY, camera=DEEP), frame(3, FLY, camera=DEEP)]
    )
    assert found[FrameId(3)].start == FrameId(2)
    np.testing.assert_allclose(found[FrameId(3)].matrix, matrix_3d(FLY))
