"""Every format is read as it was written, and says the same when it is written again."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from pipeline.scene.paths.formats import (
    FORMATS,
    PathFormat,
    Told,
    kind_for,
    path_files,
    read_path,
)
from pipeline.scene.paths.poses import Poses, rounded
from tests.pipeline.scene.paths.made_paths import NAMES, SIZE, winding, write_path

TOLD = Told(24.0)


def as_read(folder: Path, poses: Poses, kind: PathFormat) -> Poses:
    return read_path(write_path(folder, poses, kind), TOLD)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_path_is_read_as_it_was_written(tmp_path: Path, kind: PathFormat) -> None:
    poses = winding(100)
    found = as_read(tmp_path, poses, kind)
    np.testing.assert_allclose(found.places, poses.places, atol=1e-9)
    np.testing.assert_allclose(found.matrices, poses.matrices, atol=1e-9)
    np.testing.assert_allclose(found.times, poses.times, atol=1e-9)
    if kind == "tum":
        assert found.fovs is None
    else:
        assert found.fovs is not None and poses.fovs is not None
        np.testing.assert_allclose(found.fovs, poses.fovs, atol=1e-9)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("fps", [Fraction(24), Fraction(30000, 1001), Fraction(25, 2)])
def test_what_was_read_is_written_to_the_same_bytes(
    tmp_path: Path, kind: PathFormat, fps: Fraction
) -> None:
    """Also after all the sums of a flight, whose last digits are none of the file's."""
    poses, rng = winding(100, float(fps)), np.random.default_rng(0)
    path = tmp_path / NAMES[kind]
    texts = path_files(poses, path, kind, fps=fps, size=SIZE)
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8")
    found = read_path(path, Told(float(fps)))
    flown = Poses(
        times=found.times,
        places=found.places + 1e-13 * rng.normal(size=(100, 3)),
        turns=found.turns + 1e-15 * rng.normal(size=(100, 4)),
        fovs=found.fovs,
    )
    assert path_files(flown, path, kind, fps=fps, size=SIZE) == texts


def test_turns_by_half_a_circle_keep_their_sign(tmp_path: Path) -> None:
    """A quaternion and its negative are one turn: which of them is written must not be chance."""
    around = np.radians(np.arange(0, 720, 7.5)) / 2
    turns = np.column_stack((np.cos(around), 0 * around, np.sin(around), 0 * around))
    count = len(around)
    poses = Poses(np.arange(count) / 24, np.zeros((count, 3)), turns)
    path = write_path(tmp_path, poses)
    again = path_files(read_path(path, TOLD), path, "json", fps=Fraction(24), size=SIZE)
    assert again == {path: path.read_text()}
    assert (np.einsum("ij,ij->i", rounded(poses).turns[1:], rounded(poses).turns[:-1]) > 0).all()


BEFORE_THE_CAMERA: Mapping[PathFormat, str] = {
    "json": '{"discoreel": "camera path", "fps": 24, "poses": ['
    '{"position": [0, 0, 0], "rotation": [1, 0, 0, 0], "fov": 40}, '
    '{"position": [1, -2, 3], "rotation": [1, 0, 0, 0], "fov": 40}]}',
    # Blender: right is x, forward y, up z; an upright camera is turned by 90 degrees about x.
    "blender": '{"fps": 24, "frames": ['
    '{"frame": 1, "matrix_world": [[1,0,0,0],[0,0,-1,0],[0,1,0,0],[0,0,0,1]], "fov": 40}, '
    '{"frame": 2, "matrix_world": [[1,0,0,1],[0,0,-1,3],[0,1,0,2],[0,0,0,1]], "fov": 40}]}',
    "chan": "1 0 0 0 0 0 0 40\n2 1 2 -3 0 0 0 40\n",
    "colmap": "1 1 0 0 0 0 0 0 1 a1.png\n\n2 1 0 0 0 -1 2 -3 1 a2.png\n\n",
    "tum": "1700000000.5 0 0 0 0 0 0 1\n1700000000.75 1 -2 3 0 0 0 1\n",
}
"""A camera that goes 1 to the right, 2 up and 3 forward, as each program would say it."""


@pytest.mark.parametrize("kind", FORMATS)
def test_right_up_and_forward_in_every_program(tmp_path: Path, kind: PathFormat) -> None:
    path = tmp_path / NAMES[kind]
    path.write_text(BEFORE_THE_CAMERA[kind], encoding="utf-8")
    found = read_path(path, TOLD)
    np.testing.assert_allclose(found.places, [[0, 0, 0], [1, -2, 3]], atol=1e-12)
    np.testing.assert_allclose(found.matrices, [np.eye(3)] * 2, atol=1e-12)
    assert found.times.tolist() == ([0, 0.25] if kind == "tum" else [0, 1 / 24])


def looks(found: Poses) -> np.ndarray:
    """Where the second camera looks, and which way its picture is up."""
    return np.concatenate((found.matrices[1] @ [0, 0, 1], found.matrices[1] @ [0, -1, 0]))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        # Turned by 90 degrees to the left about the axis that is up there.
        ("chan", "1 0 0 0 0 0 0\n2 0 0 0 0 90 0\n"),
        (
            "blender",
            '{"frames": [{"frame": 1, "matrix_world": [[1,0,0,0],[0,0,-1,0],[0,1,0,0],[0,0,0,1]]}, '
            '{"frame": 2, "matrix_world": [[0,0,1,0],[1,0,0,0],[0,1,0,0],[0,0,0,1]]}]}',
        ),
        ("colmap", "1 1 0 0 0 0 0 0 1 a\n\n2 0.70710678 0 0.70710678 0 0 0 0 1 b\n\n"),
        ("tum", "0 0 0 0 0 0 0 1\n1 0 0 0 0 -0.70710678 0 0.70710678\n"),
    ],
)
def test_to_the_left_in_every_program(tmp_path: Path, kind: PathFormat, text: str) -> None:
    path = tmp_path / NAMES[kind]
    path.write_text(text, encoding="utf-8")
    np.testing.assert_allclose(looks(read_path(path, TOLD)), [-1, 0, 0, 0, -1, 0], atol=1e-7)


def test_channels_turn_in_the_order_that_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.chan"
    path.write_text("1 0 0 0 0 0 0\n2 0 0 0 90 90 0\n", encoding="utf-8")
    # About x first the camera looks up, and turns about the axis that it looks along.
    by_nuke = read_path(path, TOLD)
    np.testing.assert_allclose(looks(by_nuke), [0, -1, 0, 1, 0, 0], atol=1e-12)
    # About y first it looks left, and then rolls about that, so that its top leans backward.
    other = read_path(path, Told(24.0, order="YXZ"))
    np.testing.assert_allclose(looks(other), [-1, 0, 0, 0, 0, -1], atol=1e-12)


def test_a_lens_of_blender_is_a_field_of_view(tmp_path: Path) -> None:
    """36 mm along the longer side: 50 mm see 22.9 degrees of height in 16:9, 39.6 in 9:16."""
    matrix = "[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]"
    frames = ", ".join(f'{{"frame": {n}, "matrix_world": {matrix}, "lens": 50}}' for n in (1, 2))
    path = tmp_path / "a.json"
    for size, fov in (("[1920, 1080]", 22.895), ("[1080, 1920]", 39.598)):
        path.write_text(f'{{"size": {size}, "frames": [{frames}]}}', encoding="utf-8")
        found = read_path(path, TOLD).fovs
        assert found is not None
        assert found[0] == pytest.approx(fov, abs=1e-3)


def test_images_that_could_not_be_placed_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "images.txt"
    lines = (f"{n} 1 0 0 0 {-n} 0 0 1 clip/frame_{n:04d}.png\n\n" for n in (2, 0, 1, 5))
    path.write_text("".join(lines), encoding="utf-8")
    found = read_path(path, TOLD)
    assert found.missing == 2
    assert found.places[:, 0].tolist() == [0, 1, 2, 5]
    np.testing.assert_allclose(found.times, np.array([0, 1, 2, 5]) / 24)


def test_images_of_which_some_have_no_number_go_by_their_names(tmp_path: Path) -> None:
    path = tmp_path / "images.txt"
    names = ("c.png", "a9.png", "b7.png")
    lines = (f"{n} 1 0 0 0 {-n} 0 0 1 {name}\n\n" for n, name in enumerate(names))
    path.write_text("".join(lines), encoding="utf-8")
    found = read_path(path, TOLD)
    assert found.places[:, 0].tolist() == [1, 2, 0]
    np.testing.assert_allclose(found.times, np.arange(3) / 24)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.json", "json"), ("a.CHAN", "chan"), ("images.txt", "colmap"), ("a.txt", "tum")],
)
def test_the_name_says_what_is_written(name: str, kind: PathFormat) -> None:
    assert kind_for(Path(name)) == kind


def test_a_name_that_says_nothing() -> None:
    with pytest.raises(ValueError, match=r"a\.fbx: the name tells no format; write \.json, \.chan"):
        kind_for(Path("a.fbx"))
