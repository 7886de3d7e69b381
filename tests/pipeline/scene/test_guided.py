"""What guides a camera, by its geometry: points that stay, circles that close, sizes that keep."""

from __future__ import annotations

from itertools import accumulate
from math import radians, tan
from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.camera.maps import PinholeMap
from pipeline.camera.poses import poses
from pipeline.plan.make import make_plan
from pipeline.scene.motion import compose, matrix_3d, way_3d
from pipeline.spec.camera import CameraMotion
from pipeline.spec.frame import FrameId
from tests.pipeline.scene.paths.made_paths import winding, write_path
from tests.pipeline.scene_files import BASE, load

WIDTH = HEIGHT = 64


def views(folder: Path, text: str) -> list[np.ndarray]:
    """What all motions up to each of 48 frames do, as the specs of the plan have them."""
    specs = make_plan(load(folder, BASE + text)).frames
    steps = [np.eye(4), *(compose(*map(matrix_3d, spec.motions)) for spec in specs[1:])]
    return list(accumulate(steps, lambda before, step: step @ before))


def seen(view: np.ndarray, point: list[float], fov: float) -> np.ndarray:
    """The pixels from the middle of the picture at which a point is seen."""
    x, y, z, _ = view @ [*point, 1.0]
    assert z > 0
    return np.array([x, y]) / z * HEIGHT / 2 / tan(radians(fov) / 2)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("translate_x: 8, look_at: 1.5", [0, 0, 1.5]),
        ("translate_x: 8, translate_y: -3, translate_z: 2, look_at: {z: 2}", [0, 0, 2]),
        ("translate_x: 5 * sin(t), rotate_y: 1, roll: 0.5, look_at: 1.5", [0, 0, 1.5]),
    ],
)
def test_the_point_that_is_looked_at_stays_in_the_middle(
    tmp_path: Path, text: str, point: list[float]
) -> None:
    found = views(tmp_path, f"camera: {{{text}}}")
    assert max(np.abs(seen(view, point, 40)).max() for view in found) < 0.01
    # Something moves at all: a point beside it does not stay.
    beside = [seen(view, [0.3, 0.0, point[2]], 40) for view in found]
    assert np.ptp(beside, axis=0).max() > 1


def test_a_point_beside_the_way_is_in_the_middle_from_the_first_frame(tmp_path: Path) -> None:
    """The way of the camera is that of its translation alone: it turns, and does not bend."""
    found = views(tmp_path, "camera: {translate_z: 4, look_at: {x: 1, y: -0.5, z: 2}}")
    far = np.sqrt(1 + 0.25 + 4)
    assert max(np.abs(seen(view, [0, 0, far], 40)).max() for view in found) < 0.01
    gone = [np.linalg.inv(view)[:3, 3] for view in found]
    lengths = np.linalg.norm(np.diff(gone, axis=0), axis=1)
    np.testing.assert_allclose(lengths, 4 / 200, atol=1e-9)
    np.testing.assert_allclose(gone[-1], 47 * np.array(gone[1]), atol=1e-9)


def test_a_point_that_moves_is_followed(tmp_path: Path) -> None:
    found = views(tmp_path, "camera: {look_at: {x: {0: 0, 47: 2}, z: 2}}")
    for number, view in enumerate(found):
        assert np.abs(seen(view, [2 * number / 47, 0, 2], 40)).max() < 0.01
    assert np.linalg.inv(found[-1])[:3, 3] == pytest.approx(np.zeros(3))


@pytest.mark.parametrize("tilt", [0, 25, -10])
def test_an_orbit_stays_on_its_circle_and_closes(tmp_path: Path, tilt: float) -> None:
    text = f"camera: {{orbit: {{around: 1.6, turn: 360, tilt: {tilt}}}}}"
    found = views(tmp_path, text)
    centre = [0.0, 0.0, 1.6]
    assert max(np.abs(seen(view, centre, 40)).max() for view in found) < 0.01
    gone = [np.linalg.norm(np.linalg.inv(view)[:3, 3] - centre) for view in found]
    np.testing.assert_allclose(gone, 1.6, atol=1e-9)
    # One frame behind the last the turn is whole: 48 equal steps of a circle.
    step = found[1]
    np.testing.assert_allclose(step @ found[-1], np.eye(4), atol=1e-9)


def test_an_orbit_goes_to_the_right_and_turns_left(tmp_path: Path) -> None:
    found = views(tmp_path, "camera: {orbit: {around: 2, turn: 90}}")
    place = np.linalg.inv(found[24])
    half = radians(45)
    np.testing.assert_allclose(place[:3, 3], [2 * np.sin(half), 0, 2 - 2 * np.cos(half)], atol=1e-9)
    assert place[0, 2] < 0, "it looks to the left"
    assert np.linalg.inv(views(tmp_path, "camera: {orbit: {around: 2, turn: -90}}")[24])[0, 3] < 0


def test_an_orbit_by_bars_goes_on(tmp_path: Path) -> None:
    music = "music: {bpm: 120}\n"
    found = views(tmp_path, music + "camera: {orbit: {around: 2, turn: 180, every: 1s}}")
    np.testing.assert_allclose(found[24][:3, :3], np.diag([-1, 1, -1]), atol=1e-9)
    assert found[47][0, 0] == pytest.approx(np.cos(radians(47 * 7.5)))


def test_distance_and_height_of_an_orbit_move(tmp_path: Path) -> None:
    text = "camera: {orbit: {around: {0: 2, 47: 1}, turn: 0, tilt: {0: 0, 47: 30}}}"
    place = np.linalg.inv(views(tmp_path, text)[47])
    high = radians(30)
    np.testing.assert_allclose(place[:3, 3], [0, -np.sin(high), 2 - np.cos(high)], atol=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "subject: 1.5, fov: {0: 40, 47: 15}",
        "subject: 1.5, fov: 40 + 20 * sin(t)",
        "distance: {0: 1.5, 47: 0.9}",
    ],
)
def test_the_subject_of_a_dolly_zoom_keeps_its_size(tmp_path: Path, text: str) -> None:
    scene = load(tmp_path, f"{BASE}camera: {{dolly_zoom: {{{text}}}}}")
    where = poses(make_plan(scene).frames)
    sizes, behind, fovs = [], [], []
    for number in range(48):
        pose = where[FrameId(number)]
        fovs.append(pose.camera.fov)
        sizes.append(seen(pose.matrix, [0.4, 0, 1.5], pose.camera.fov)[0])
        behind.append(seen(pose.matrix, [0.4, 0, 3], pose.camera.fov)[0])
    assert np.ptp(sizes) / sizes[0] < 1e-3
    assert np.ptp(behind) / behind[0] > 0.1, "what is behind it grows or shrinks"
    assert fovs[0] == pytest.approx(40) and np.ptp(fovs) > 5


def test_a_lens_enlarges_what_is_seen(tmp_path: Path) -> None:
    """The specs alone: the picture before a frame was taken by the lens of the frame before."""
    scene = load(tmp_path, f"{BASE}camera: {{dolly_zoom: {{subject: 1.5, fov: {{0: 40, 9: 31}}}}}}")
    specs = make_plan(scene).frames
    assert [spec.camera.taken for spec in specs[1:4]] == pytest.approx([40, 39, 38])
    assert [spec.camera.fov for spec in specs[1:4]] == pytest.approx([39, 38, 37])
    assert {spec.camera.taken for spec in specs[10:]} == {None}


def test_what_is_written_goes_on_top_and_does_not_bend_the_path(tmp_path: Path) -> None:
    write_path(tmp_path, winding(48, step=0.02))
    plain = views(tmp_path, "camera: {path: flight.json, fov: 40}")
    aside = views(tmp_path, "camera: {path: flight.json, fov: 40, rotate_y: 1}")
    for number, (one, other) in enumerate(zip(plain, aside, strict=True)):
        turned = np.linalg.matrix_power(compose(np.eye(4), matrix_3d_of(rotate_y=1)), number)
        np.testing.assert_allclose(other, turned @ one, atol=1e-9)
        np.testing.assert_allclose(
            np.linalg.inv(other)[:3, 3], np.linalg.inv(one)[:3, 3], atol=1e-9
        )


def matrix_3d_of(**motion: float) -> np.ndarray:
    return matrix_3d(CameraMotion(**motion))


def test_zoom_stays_what_is_written(tmp_path: Path) -> None:
    text = "camera: {orbit: {around: 2}, zoom: 1.01}"
    specs = make_plan(load(tmp_path, BASE + text)).frames
    assert {spec.motions[0].zoom for spec in specs[1:]} == {1.01}


def test_a_shot_begins_its_own_and_one_that_continues_goes_on(tmp_path: Path) -> None:
    write_path(tmp_path, winding(48, step=0.02))
    text = (
        "prompts: a\nvideo: {size: [64, 64], duration: 48}\ncamera: {path: flight.json}\nshots:\n"
        "  - {name: one, until: 24}\n"
        "  - {name: two, enter: continue, camera: {path: {file: flight.json, start: 1s}}}\n"
    )
    specs = make_plan(load(tmp_path, text)).frames
    whole = make_plan(load(tmp_path, BASE + "camera: {path: flight.json}")).frames
    assert [spec.motions for spec in specs[1:24]] == [spec.motions for spec in whole[1:24]]
    for mine, other in zip(specs[24:], whole[24:], strict=True):
        for name in ("translate_x", "rotate_y", "roll"):
            expected = getattr(other.motions[0], name)
            assert getattr(mine.motions[0], name) == pytest.approx(expected, abs=1e-9)


def test_a_way_over_frames_that_are_only_moved_has_the_lens_at_its_ends(tmp_path: Path) -> None:
    """Its pose is that of frame after frame, and the picture moves by it in one warp."""
    text = "camera: {dolly_zoom: {subject: 1.5, fov: {0: 40, 9: 31}}, rotate_y: 1}\n"
    every = poses(make_plan(load(tmp_path, BASE + text)).frames)
    third = BASE + text + 'sampler: {strength: {then: "0.5 * (frame % 3 == 0)"}}\n'
    specs = make_plan(load(tmp_path, third)).frames
    assert [len(spec.motions) for spec in specs[4:7]] == [1, 2, 3]
    assert [spec.camera.taken for spec in specs[4:7]] == pytest.approx([37, 37, 37])
    assert [spec.camera.fov for spec in specs[4:7]] == pytest.approx([36, 35, 34])
    for frame, pose in poses(specs).items():
        np.testing.assert_allclose(pose.matrix, every[frame].matrix, atol=1e-12)
        assert pose.camera.fov == pytest.approx(every[frame].camera.fov)


def test_the_next_painted_frame_is_seen_back_through_the_lens(tmp_path: Path) -> None:
    """A point goes from where the next frame shows it to where the true camera has it now."""
    text = "camera: {dolly_zoom: {subject: 1.5, fov: {0: 40, 9: 31}}, rotate_y: 1}\n"
    scene = load(tmp_path, BASE + text + "sampler: {every: 3, inbetween: blend}\n")
    specs = make_plan(scene).frames
    where = poses(make_plan(load(tmp_path, BASE + text)).frames)
    tried = 0
    for spec in specs[4:9]:
        if spec.between is None or not spec.between.onward:
            continue
        tried += 1
        way = np.linalg.inv(way_3d(spec.between.onward, spec.between.camera))
        after = where[FrameId(spec.frame + len(spec.between.onward))]
        here = where[spec.id]
        point = [0.2, -0.1, 1.7]
        z = (after.matrix @ [*point, 1.0])[2]
        depth = torch.full((1, 1, HEIGHT, WIDTH), z, dtype=torch.float64)
        pixel = seen(after.matrix, point, after.camera.fov) + (HEIGHT - 1) / 2
        back = PinholeMap(depth, way, spec.between.camera.fov)
        found = back.forward(*(torch.tensor([one], dtype=torch.float64) for one in pixel))
        expected = seen(here.matrix, point, here.camera.fov) + (HEIGHT - 1) / 2
        np.testing.assert_allclose([one.item() for one in found[:2]], expected, atol=1e-9)
    assert tried >= 3
