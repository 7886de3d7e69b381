"""Flights that leave what they see behind in one step are told, with their frame."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.scene.passing_through import NEAREST
from tests.pipeline.scene_files import BASE, warnings

MOVED = "sampler: {strength: {then: %s}}\n"


def test_a_step_beyond_the_nearest_plane(tmp_path: Path) -> None:
    (told,) = warnings(tmp_path, BASE + "camera: {translate_z: {0: 0, 30: 0, 31: 170, 32: 0}}\n")
    assert told == (
        "3:23: camera.translate_z: at frame 31 (0:01.29) the camera passes through what it sees: "
        "it has gone 0.85 units forward since the picture that was painted last, whose nearest "
        "things are 0.8 away; write less than 160 a frame"
    )


def test_steps_of_frames_that_are_only_moved_add_up(tmp_path: Path) -> None:
    (told,) = warnings(tmp_path, BASE + "camera: {translate_z: 30}\n" + MOVED % 0)
    assert ": at frame 6 (0:00.25) the camera passes" in told and "gone 0.9 units" in told
    every_fifth = '"0.5 * (frame % 5 == 0)"'
    assert warnings(tmp_path, BASE + "camera: {translate_z: 30}\n" + MOVED % every_fifth) == []
    (told,) = warnings(tmp_path, BASE + "camera: {translate_z: 30}\nsampler: {every: 8}\n")
    assert ": at frame 6 (0:00.25) the camera passes" in told
    assert warnings(tmp_path, BASE + "camera: {translate_z: 30}\nsampler: {every: 5}\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "camera: {translate_z: 150}",
        "camera: {translate_z: -500}",
        "camera: {projection: disco, translate_z: 500}",
        "camera: {mode: 2d, zoom: 9}",
    ],
)
def test_what_stays_before_it(tmp_path: Path, text: str) -> None:
    assert warnings(tmp_path, f"{BASE}{text}\n") == []


@pytest.mark.slow
def test_the_numbers_are_those_of_the_render() -> None:
    from pipeline.networks.depth.scale import FIELD

    assert FIELD.near == NEAREST
