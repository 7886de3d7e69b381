"""The depth that an author gives: which picture is whose, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene
from pipeline.spec.camera import DepthPictureSpec
from pipeline.spec.fingerprints import asks
from pipeline.spec.plan import Plan
from tests.pipeline.scene_files import complaints, write

SCENE = "video: {size: [64, 64], duration: 4}\nprompts: a castle\n"


def save(path: Path, channels: int = 1) -> None:
    path.parent.mkdir(exist_ok=True)
    levels = np.zeros((4, 4, channels), np.uint8)
    levels[..., -1] = 200
    cv2.imwrite(str(path), levels)


def planned(folder: Path, camera: str) -> Plan:
    return make_plan(load_scene(write(folder, f"{SCENE}camera: {camera}\n")))


def told(folder: Path, camera: str, before: str = "") -> list[str]:
    """What is wrong with a camera, as `column: path: message`."""
    lines = complaints(folder, f"{SCENE}{before}camera: {camera}\n")
    return [line.partition(":")[2].replace(str(folder.resolve()), "HERE") for line in lines]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scene's folder, with three depth pictures in `depth`."""
    for name in ("shot-0000.png", "shot-0001.png", "2.PNG"):
        save(tmp_path / "depth" / name)
    (tmp_path / "depth" / "notes-0001.txt").write_text("nothing to see")
    save(tmp_path / "depth" / "sheet.png")
    return tmp_path


def test_a_frame_moves_through_the_depth_of_the_one_before_it(folder: Path) -> None:
    here = folder.resolve() / "depth"
    given = [spec.camera.depth for spec in planned(folder, "{depth: depth}")]
    assert given == [
        None,
        *(DepthPictureSpec(str(here / n)) for n in ("shot-0000.png", "shot-0001.png", "2.PNG")),
    ]


def test_one_picture_is_for_all_frames(folder: Path) -> None:
    given = [spec.camera.depth for spec in planned(folder, "{depth: depth/sheet.png}")]
    assert given == [None, *[DepthPictureSpec(str(folder.resolve() / "depth/sheet.png"))] * 3]


@pytest.mark.parametrize("white", ["near", "far"])
def test_what_white_means_may_be_said(folder: Path, white: str) -> None:
    plan = planned(folder, f"{{depth: {{pictures: depth, white: {white}}}}}")
    assert {spec.camera.depth.white for spec in plan if spec.camera.depth} == {white}


def test_pictures_that_no_frame_asks_for_are_not_looked_at(folder: Path) -> None:
    (folder / "depth" / "0003.png").write_text("not a picture")
    planned(folder, "{depth: depth}")


def test_what_macos_leaves_beside_pictures_on_a_share_is_no_picture(folder: Path) -> None:
    (folder / "depth" / "._shot-0000.png").write_bytes(b"resource fork")
    given = [spec.camera.depth for spec in planned(folder, "{depth: depth}")]
    assert given[1] == DepthPictureSpec(str(folder.resolve() / "depth/shot-0000.png"))


def test_no_network_is_asked_where_pictures_are_given(folder: Path) -> None:
    assert not any(asks(spec, "depth") for spec in planned(folder, "{depth: depth}"))
    plan = planned(folder, "{mode: 3d}")
    assert [asks(spec, "depth") for spec in plan] == [False, True, True, True]
    assert not any(asks(spec, "depth") for spec in planned(folder, "{mode: 2d}"))


@pytest.mark.parametrize(
    ("camera", "problem"),
    [
        (
            "{depth: 3}",
            "17: camera.depth: expected the name of a grey picture, or of a folder with one for "
            "each frame; found 3",
        ),
        (
            "{depth: dpeth}",
            '17: camera.depth: "HERE/dpeth" does not exist; names are relative to the scene file',
        ),
        (
            "{depth: {pictures: dpeth}}",
            '28: camera.depth.pictures: "HERE/dpeth" does not exist; names are relative to the '
            "scene file",
        ),
        (
            "{depth: {pictures: depth, white: up}}",
            '42: camera.depth.white: expected near or far, found "up"',
        ),
        (
            "{depth: {picture: depth}}",
            '18: camera.depth.picture: unknown key (did you mean "pictures"?); '
            "allowed: pictures, white",
        ),
        ("{mode: 2d, depth: depth}", "27: camera.depth: depth is for a 3d camera: write mode: 3d"),
        (
            "{depth: scene.yaml}",
            "17: camera.depth: HERE/scene.yaml is not a depth picture that can be read; allowed",
        ),
    ],
)
def test_a_mistake_is_told_where_it_stands(folder: Path, camera: str, problem: str) -> None:
    assert any(line.startswith(problem) for line in told(folder, camera)), told(folder, camera)


def test_a_frame_without_a_picture_is_named(folder: Path) -> None:
    (folder / "depth" / "shot-0001.png").unlink()
    assert told(folder, "{depth: depth}") == [
        "17: camera.depth: HERE/depth: no depth picture for frame 1 (1 of 3 missing); "
        "name each by its frame, counted from 0, such as 000001.png"
    ]


def test_two_pictures_for_a_frame(folder: Path) -> None:
    save(folder / "depth" / "1.tif")
    assert told(folder, "{depth: depth}") == [
        "17: camera.depth: HERE/depth: 1.tif and shot-0001.png are both named for frame 1; "
        "a frame has one depth picture: move one away"
    ]


def test_a_colour_picture_is_found_before_anything_is_rendered(folder: Path) -> None:
    save(folder / "depth" / "2.PNG", channels=3)
    assert told(folder, "{depth: depth}") == [
        "17: camera.depth: HERE/depth/2.PNG has colour or transparency, and depth has neither; "
        "export it as a grey PNG"
    ]


def test_pictures_and_a_network_are_not_both_meant(folder: Path) -> None:
    models = "models: {depth: starter}\n"
    assert told(folder, "{depth: depth}", models) == [
        "17: camera.depth: models.depth is written too, and a camera moves through one of the "
        "two; remove one of them"
    ]


def test_the_presets_network_is_not_in_the_way(folder: Path) -> None:
    path = write(folder, f"{SCENE}models: {{preset: disco}}\ncamera: {{depth: depth}}\n")
    assert make_plan(load_scene(path))[1].camera.depth is not None


def test_a_video_of_unknown_length_still_has_its_pictures_looked_up(tmp_path: Path) -> None:
    save(tmp_path / "depth" / "0.png")
    text = "video: {size: [64, 64], duration: 4 yards}\nprompts: a castle\ncamera: {depth: %s}\n"
    assert len(complaints(tmp_path, text % "depth")) == 1
    assert len(complaints(tmp_path, text % "gone")) == 2
