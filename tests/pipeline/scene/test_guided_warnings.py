"""Paths and orbits that do not look as meant are told, with the frame and what to write."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.scene.paths.poses import Poses
from tests.pipeline.scene.paths.made_paths import winding, write_path
from tests.pipeline.scene_files import BASE, warnings


def straight(count: int, step: float) -> Poses:
    """A path forward by so much with each pose."""
    places = np.zeros((count, 3))
    places[:, 2] = step * np.arange(count)
    return Poses(np.arange(count) / 24, places, np.tile([1.0, 0, 0, 0], (count, 1)))


def path(folder: Path, poses: Poses, more: str = "") -> list[str]:
    write_path(folder, poses)
    return warnings(folder, f"{BASE}camera: {{path: {{file: flight.json{more}}}}}\n")


@pytest.mark.parametrize("count", [47, 48, 49])
def test_a_path_as_long_as_its_shot_is_right(tmp_path: Path, count: int) -> None:
    assert path(tmp_path, winding(count)) == []


def test_a_path_that_is_too_short(tmp_path: Path) -> None:
    (told,) = path(tmp_path, winding(24))
    assert told == (
        "3:16: camera.path: flight.json ends at frame 23 (0:00.96), and the camera stands from "
        "there on; write over: 48 beside file to fly it in the whole shot"
    )
    assert path(tmp_path, winding(24), ", over: 48") == []


def test_a_path_that_is_too_long(tmp_path: Path) -> None:
    (told,) = path(tmp_path, winding(96))
    assert told == (
        "3:16: camera.path: flight.json goes on for 2s after the shot, which nobody sees; write "
        "over: 48 beside file to fly all of it in the shot"
    )


def test_a_path_in_other_units(tmp_path: Path) -> None:
    """Centimetres for metres: the camera would be far behind all that it sees in one frame."""
    told = path(tmp_path, straight(48, 12.5))
    assert told[0].startswith("3:16: camera.path: at frame 1 (0:00.04) the camera passes through")
    assert told[1] == (
        "3:16: camera.path: to frame 1 (0:00.04) the camera goes 12.5 units of depth in one frame "
        "(scale is 1), and what it sees lies 0.8 to 2.6 away; write a smaller scale"
    )
    assert path(tmp_path, straight(48, 12.5), ", scale: 0.001") == []


def test_a_path_on_which_nothing_moves(tmp_path: Path) -> None:
    (told,) = path(tmp_path, straight(48, 1e-5))
    assert told == (
        "3:16: camera.path: the camera covers 0.00047 units of depth in the whole shot (scale is "
        "1), and turns by 0 degrees, which nobody sees; write a larger scale, or remove it"
    )


def test_a_camera_that_turns_too_fast(tmp_path: Path) -> None:
    (told,) = warnings(tmp_path, f"{BASE}camera: {{orbit: {{around: 1, turn: 360, every: 15}}}}\n")
    assert told == (
        "3:17: camera.orbit: to frame 1 (0:00.04) the camera turns by 24 degrees in one frame, "
        "more than half of what it sees; as good as nothing of the picture before is left: turn "
        "slower"
    )
    slow = f"{BASE}camera: {{orbit: {{around: 1, turn: 360, every: 48}}}}\n"
    assert warnings(tmp_path, slow) == []


def test_a_camera_that_goes_through_what_it_looks_at(tmp_path: Path) -> None:
    told = warnings(tmp_path, f"{BASE}camera: {{translate_z: 20, look_at: 2.05}}\n")
    assert [line.partition(" the camera ")[2][:22] for line in told] == ["turns by 180 degrees i"]


def test_images_that_were_not_placed_are_counted(tmp_path: Path) -> None:
    lines = (f"{n} 1 0 0 0 {-0.02 * n} 0 0 1 {n:04d}.png\n\n" for n in range(48) if n not in (7, 8))
    (tmp_path / "images.txt").write_text("".join(lines))
    (told,) = warnings(tmp_path, f"{BASE}camera: {{path: images.txt}}\n")
    assert told == "3:16: camera.path: images.txt leaves 2 frames out, as its names have it"


@pytest.mark.parametrize(
    "camera",
    [
        "fov: 50, orbit: {around: 2, turn: 20}, padding: reflection, memory: frame",
        "dolly_zoom: {distance: {0: 2, end: 1.5}}, padding: reflection, memory: frame",
        "fov: 50, look_at: {x: {0: 0, 47: 1}, z: 2}, sampling: bilinear",
    ],
)
def test_what_a_guided_camera_uses_is_not_idle(tmp_path: Path, camera: str) -> None:
    assert warnings(tmp_path, f"{BASE}camera: {{{camera}}}\n") == []
