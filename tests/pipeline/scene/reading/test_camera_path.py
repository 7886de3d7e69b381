"""Reading `camera.path`: the file, how it is flown, and what is wrong with either."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.scene.paths.flight import Flight
from tests.pipeline.scene.paths.made_paths import winding, write_path
from tests.pipeline.scene_files import BASE, assert_told, load


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a path of two seconds, in two formats."""
    write_path(tmp_path, winding(48))
    write_path(tmp_path, winding(48, fovs=False), "chan")
    return tmp_path


def flight(folder: Path, text: str) -> Flight:
    path = load(folder, f"{BASE}camera: {{path: {text}}}\n").camera.path
    assert path is not None
    return path


def test_a_name_alone(folder: Path) -> None:
    read = flight(folder, "flight.json")
    assert (read.file, read.fps, read.scale, read.start) == ("flight.json", 24, 1, 0)
    assert read.over is None and read.ease is None and read.has_lens
    assert len(read.poses.times) == 48


def test_all_that_can_be_said(folder: Path) -> None:
    read = flight(
        folder,
        "{file: flight.chan, format: chan, scale: 0.1, fps: 12, start: 1s, over: 4s, "
        "ease: [0.4, 0, 0.2, 1], rotation_order: XYZ}",
    )
    assert (read.scale, read.start, read.over) == (0.1, 1.0, 96)
    assert read.poses.times[1] == 1 / 12
    assert not read.has_lens, "the file has no field of view"
    assert read.ease is not None and read.ease(np.array([0.5]))[0] != 0.5


@pytest.mark.parametrize("start", ["0", "0s", "0 bars", "0.0", "'0 beats'"])
def test_a_start_may_be_none(folder: Path, start: str) -> None:
    music = f"{BASE}music: {{bpm: 120}}\n"
    path = load(folder, f"{music}camera: {{path: {{file: flight.json, start: {start}}}}}\n").camera
    assert path.path is not None and path.path.start == 0


def test_poses_a_second_that_are_written_hold_over_those_of_the_file(folder: Path) -> None:
    assert flight(folder, "{file: flight.json, fps: 48}").poses.times[1] == 1 / 48
    assert flight(folder, "{file: flight.json}").poses.times[1] == 1 / 24


def test_a_field_of_view_that_is_written_holds(folder: Path) -> None:
    text = f"{BASE}camera: {{fov: 50, path: flight.json}}\n"
    read = load(folder, text).camera.path
    assert read is not None and not read.has_lens


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nowhere.json", '3:16: camera.path: "nowhere.json" does not exist; names are rel'),
        ("7", "3:16: camera.path: expected the name of a file, found 7"),
        ("{scale: 2}", "3:16: camera.path: file is missing; write file: beside scale"),
        ("{file: flight.json, speed: 2}", "3:36: camera.path.speed: unknown key; allowed: file, "),
        ("{file: flight.json, scale: 0}", "3:43: camera.path.scale: found 0; allowed: from 1e-09"),
        ('{file: flight.json, scale: "1,5"}', "3:43: camera.path.scale: expected a number, from"),
        ("{file: flight.json, format: fbx}", "3:44: camera.path.format: expected auto, json, bl"),
        ("{file: flight.json, start: 9s}", "3:16: camera.path: start is 9s, and the path lasts 1"),
        ("{file: flight.json, start: true}", "3:43: camera.path.start: expected a length such as"),
        ("{file: flight.json, start: -1s}", "3:43: camera.path.start: a duration cannot be nega"),
        ("{file: flight.json, over: 0}", "3:42: camera.path.over: found 0; a length is above 0"),
        ("{file: flight.json, over: 1}", "3:42: camera.path.over: found 1, which is 1 frames; a"),
        ("{file: flight.json, over: -2s}", "3:42: camera.path.over: "),
        ("{file: flight.json, ease: hold}", "3:42: camera.path.ease: hold goes through keys, and"),
        ("{file: flight.json, ease: smoth}", '3:42: camera.path.ease: unknown ease "smoth"'),
        ("{file: flight.json, fps: 0}", "3:41: camera.path.fps: a frame rate is a number above 0"),
        ("{file: flight.json, format: tum}", '3:16: camera.path: "flight.json" line 1: expected 8'),
    ],
)
def test_what_is_wrong(folder: Path, text: str, told: str) -> None:
    assert_told(folder, f"{BASE}camera: {{path: {text}}}\n", told)


def test_a_format_that_is_not_read_is_told_with_a_way_out(folder: Path) -> None:
    (folder / "scene.abc").write_bytes(b"Ogawa")
    told = '3:16: camera.path: "scene.abc" is of a format that is not read; export the camera'
    assert_told(folder, f"{BASE}camera: {{path: scene.abc}}\n", told)


@pytest.mark.parametrize(
    ("camera", "told"),
    [
        ("mode: 2d, path: flight.json", "3:26: camera.path: path is for a 3d camera: write mode:"),
        (
            "mode: 2d, look_at: 2",
            "3:29: camera.look_at: look_at is for a 3d camera: write mode: 3d",
        ),
        (
            "projection: disco, path: flight.json",
            "3:35: camera.path: path is for a pinhole camera, and projection: disco is none: writ",
        ),
        (
            "path: flight.json, orbit: {around: 2}",
            "3:36: camera.orbit: path says where the camera is or looks already; remove path or",
        ),
        (
            "orbit: {around: 2}, look_at: 2",
            "3:39: camera.look_at: orbit says where the camera is or looks already; remove orbit",
        ),
        (
            "path: flight.json, dolly_zoom: {distance: 2}",
            "3:41: camera.dolly_zoom: path says where the camera is or looks already; remove path",
        ),
    ],
)
def test_what_does_not_go_together(folder: Path, camera: str, told: str) -> None:
    assert_told(folder, f"{BASE}camera: {{{camera}}}\n", told)


def test_none_is_no_path_also_in_2d(folder: Path) -> None:
    assert load(folder, f"{BASE}camera: {{mode: 2d, path: none}}\n").camera.path is None


def test_a_shot_takes_the_place_of_what_the_scene_has(folder: Path) -> None:
    text = (
        "video: {size: [64, 64], duration: 48}\nprompts: a castle\ncamera: {path: flight.json}\n"
        "shots:\n  - {name: a, until: 12}\n  - {name: b, until: 24, camera: {orbit: {around: 2}}}\n"
        "  - {name: c, until: 36, camera: {mode: 2d}}\n  - {name: d, camera: {path: none}}\n"
    )
    cameras = [shot.settings.camera for shot in load(folder, text).all_shots]
    assert [one.path is not None for one in cameras] == [True, False, False, False]
    assert cameras[1].orbit is not None
