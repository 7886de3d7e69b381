"""Where the camera stands before a clip: all of its motions, whatever frames start from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.plan import clip_poses
from pipeline.plan.columns import Times
from pipeline.plan.make import make_plan
from pipeline.plan.ways import Step, camera_steps
from pipeline.scene.camera import Camera
from pipeline.scene.motion import Matrix, compose, matrix_2d, matrix_3d
from pipeline.spec.camera import CameraMotion
from pipeline.spec.clip import ClipPose
from pipeline.spec.plan import Plan
from tests.media import drifting, write_clip
from tests.pipeline.scene_files import load

HEAD = "video: {size: [32, 16], fps: 8, duration: clip, input: clip.mkv}\nprompts: red\n"
STEP = CameraMotion(translate_x=2, roll=3, zoom=1.1)
FLAT = "camera: {mode: 2d, translate_x: 2, roll: 3, zoom: 1.1}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_clip(tmp_path / "clip.mkv", drifting(8, 40, 20))
    return tmp_path


def plan_of(folder: Path, text: str) -> Plan:
    return make_plan(load(folder, HEAD + text))


def near(pose: ClipPose | None, expected: Matrix) -> bool:
    return pose is not None and np.allclose(pose.matrix, expected.ravel(), atol=1e-8)


def flat(count: int) -> Matrix:
    return compose(np.eye(3), *[matrix_2d(STEP, 32, 16)] * count)


def test_motions_add_up_from_the_shots_first_frame_on(folder: Path) -> None:
    plan = plan_of(folder, FLAT)
    carried = [one.carry for one in plan.frames[1:]]
    assert carried[0] is not None and carried[0].stood is None
    for place, carry in enumerate(carried, start=1):
        assert carry is not None and near(carry.stands, flat(place))
        assert place == 1 or near(carry.stood, flat(place - 1))


@pytest.mark.parametrize("blend", ["", "clip: {flow_blend: 0}\n"])
def test_a_frame_that_starts_from_noise_keeps_its_place(folder: Path, blend: str) -> None:
    text = FLAT + "sampler: {strength: {0: 0.5, 3f: 0.5, 4f: 1, 5f: 0.5}}\n" + blend
    plan = plan_of(folder, text + "guidance: {init_hold: 0}\n")
    assert plan[4].inputs == ()
    after = plan[5].carry
    assert after is not None
    assert near(after.stood, flat(4))
    assert near(after.stands, flat(5))


def test_frames_that_are_not_painted_go_along_as_the_others_do(folder: Path) -> None:
    plan = plan_of(folder, FLAT + "sampler: {every: 3}\n")
    carry = plan[5].carry
    assert carry is not None
    assert near(carry.stood, flat(4))
    assert near(carry.stands, flat(5))


def test_a_camera_that_does_not_move_has_no_pose(folder: Path) -> None:
    plan = plan_of(folder, "camera: {mode: 2d}\n")
    assert {(one.carry.stood, one.carry.stands) for one in plan if one.carry} == {(None, None)}


def test_a_shot_that_goes_on_begins_where_the_one_before_ended(folder: Path) -> None:
    shots = (
        "shots: [{name: a, until: 3, camera: {mode: 2d, translate_x: 2, roll: 3, zoom: 1.1}}, "
        "{name: b, until: 5, enter: continue, camera: {mode: 3d}}, "
        "{name: c, until: 7, enter: continue, camera: {mode: 2d, zoom: 2}}, {name: d}]\n"
    )
    plan = plan_of(folder, shots)
    begun, rest, on = plan[3].carry, plan[4].carry, plan[5].carry
    assert begun is not None and near(begun.stood, flat(2)) and near(begun.stands, flat(2))
    assert rest is not None and near(rest.stands, flat(2))
    assert plan[4].camera.mode == "2d"
    further = compose(flat(2), matrix_2d(CameraMotion(zoom=2), 32, 16))
    assert on is not None and near(on.stood, flat(2)) and near(on.stands, further)
    assert plan[7].carry is None


def test_each_shot_is_asked_once_however_many_go_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shots = (
        "shots: [{name: a, until: 2}, {name: b, until: 4, enter: continue}, "
        "{name: c, until: 6, enter: continue}, {name: d, enter: continue}]\n"
    )
    scene = load(folder, HEAD + shots)
    asked: list[int] = []

    def counted(camera: Camera, frames: Times) -> list[Step]:
        asked.append(int(frames[0]))
        return camera_steps(camera, frames)

    monkeypatch.setattr(clip_poses, "camera_steps", counted)
    make_plan(scene)
    assert asked == [0, 2, 4, 6]


def test_a_camera_of_another_mode_begins_at_the_clip(folder: Path) -> None:
    shots = (
        "shots: [{name: a, until: 3, camera: {mode: 2d, zoom: 1.1}}, "
        "{name: b, enter: continue, camera: {mode: 3d, translate_x: 7}}]\n"
    )
    carry = plan_of(folder, shots)[4].carry
    assert carry is not None and carry.stands is not None
    assert near(carry.stands, compose(*[matrix_3d(CameraMotion(translate_x=7))] * 2))


def test_what_was_seen_stays_in_its_place_when_the_field_of_view_changes(folder: Path) -> None:
    """Pixels of a plane at depth 1, moved by hand, each step by the field of view of its time."""
    fovs = (30.0, 40.0, 70.0)
    curve = "{0: 30, 1f: 30, 2f: 40, 3f: 70}"
    plan = plan_of(folder, f"camera: {{mode: 3d, fov: {curve}, translate_x: 9, roll: 4}}\n")
    step = matrix_3d(CameraMotion(translate_x=9, roll=4))
    # Half a height is one unit of a pixel here.
    seen = np.array([0.3, -0.4, 1.0])
    for frame, fov in enumerate(fovs, start=1):
        half = np.tan(np.radians(fov) / 2)
        point = step @ np.array([*(seen[:2] * half), 1.0, 1.0])
        seen = np.array([*(point[:2] / point[2] / half), 1.0])
        carry = plan[frame].carry
        assert carry is not None and carry.stands is not None
        assert carry.stands.fov == fov
        whole = np.reshape(carry.stands.matrix, (4, 4)) @ np.array([0.3 * half, -0.4 * half, 1, 1])
        np.testing.assert_allclose(whole[:2] / whole[2] / half, seen[:2], atol=1e-7)
