"""Where a flight along a path is at each time: at its poses, between them, and behind its end."""

from __future__ import annotations

import numpy as np
import pytest

from keyframes.easing import EASINGS
from pipeline.scene.paths.flight import Flight
from pipeline.scene.paths.poses import Poses
from pipeline.scene.paths.rigid import inverse, seen_from, turn_y
from tests.pipeline.scene.paths.made_paths import winding


def line(count: int = 11, fps: float = 10, *, degrees: float = 5) -> Poses:
    """A path that goes 1 a second along x and yaws by so many degrees with each pose."""
    times = np.arange(count) / fps
    yaw = np.radians(degrees * np.arange(count)) / 2
    return Poses(
        times=times,
        places=np.column_stack((times, 0 * times, 0 * times)),
        turns=np.column_stack((np.cos(yaw), 0 * yaw, np.sin(yaw), 0 * yaw)),
        fovs=40 + times,
    )


def places(flight: Flight, *frames: float) -> list[float]:
    """How far along x the camera is at frames since the shot's first."""
    return inverse(flight.views(np.array(frames)))[:, 0, 3].round(9).tolist()


def test_a_frame_at_a_pose_has_that_pose_to_the_last_digit() -> None:
    poses = winding(100, 24)
    found = Flight("a", poses, fps=24).views(np.arange(100.0))
    np.testing.assert_array_equal(found, seen_from(poses.places, poses.matrices))


def test_also_where_times_were_rounded() -> None:
    poses = winding(100, 24)
    rough = Poses(poses.times.round(9), poses.places, poses.turns)
    found = Flight("a", rough, fps=24).views(np.arange(100.0))
    np.testing.assert_array_equal(found, seen_from(poses.places, poses.matrices))


def test_between_poses_the_camera_goes_and_turns_evenly() -> None:
    flight = Flight("a", line(), fps=25, has_lens=True)
    frames = np.arange(0.0, 26.0)
    np.testing.assert_allclose(places(flight, *frames), frames / 25, atol=1e-12)
    np.testing.assert_allclose(
        inverse(flight.views(frames))[:, :3, :3],
        np.linalg.inv(turn_y(frames / 25 * 50)),
        atol=1e-12,
    )
    fovs = flight.fovs(frames)
    assert fovs is not None
    np.testing.assert_allclose(fovs, 40 + frames / 25)


def test_a_curve_of_second_degree_is_hit_between_poses_too() -> None:
    times = np.array([0.0, 0.5, 0.7, 1.6, 2.0, 2.4])
    still = np.tile([1.0, 0, 0, 0], (6, 1))
    poses = Poses(times, np.column_stack((times**2, 3 - times, 2 * times**2)), still)
    frames = np.linspace(0.5, 2.0, 31)
    found = inverse(Flight("a", poses, fps=1).views(frames))[:, :3, 3]
    expected = np.column_stack((frames**2, 3 - frames, 2 * frames**2))
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_the_shorter_way_round_is_taken() -> None:
    turns = np.array([[np.cos(0.1), 0, np.sin(0.1), 0], [-np.cos(0.2), 0, -np.sin(0.2), 0]])
    poses = Poses(np.array([0.0, 1.0]), np.zeros((2, 3)), turns)
    (half,) = inverse(Flight("a", poses, fps=2).views(np.array([1.0])))
    assert np.degrees(np.arctan2(half[0, 2], half[2, 2])) == pytest.approx(np.degrees(0.3))


def test_before_its_first_pose_and_behind_its_last_the_camera_stands() -> None:
    flight = Flight("a", line(), fps=10)
    assert places(flight, -5, 0, 10, 11, 500) == [0, 0, 1, 1, 1]


def test_scale_start_and_over() -> None:
    assert places(Flight("a", line(), fps=10, scale=3), 5) == [1.5]
    late = Flight("a", line(), fps=10, start=0.4)
    assert places(late, -1, 0, 3, 6, 7) == [0.3, 0.4, 0.7, 1, 1]
    # 31 frames have 30 steps: the last of them is at the last pose.
    slow = Flight("a", line(), fps=10, over=31)
    assert places(slow, 0, 15, 30, 31) == [0, 0.5, 1, 1]
    assert places(Flight("a", line(), fps=10, start=0.4, over=31), 0, 15, 30) == [0.4, 0.7, 1]


def test_an_ease_is_of_the_whole_path() -> None:
    eased = Flight("a", line(), fps=10, ease=EASINGS["in_out_quad"])
    assert places(eased, 0, 2.5, 5, 7.5, 10, 12) == [0, 0.125, 0.5, 0.875, 1, 1]
    # An ease that swings beyond the end stands there.
    swings = Flight("a", line(), fps=10, ease=EASINGS["out_back"])
    assert max(places(swings, *range(11))) == 1


def test_the_pose_of_a_frame_in_words() -> None:
    flight = Flight("a", line(), fps=25)
    assert [flight.pose_at(at) for at in (0, 5, 25, 99)] == pytest.approx([0, 2, 10, 10])
