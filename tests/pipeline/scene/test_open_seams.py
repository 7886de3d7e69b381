"""Pictures that go round: what opens the seam is told, and what tells players so."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.plan.make import make_plan
from tests.pipeline.scene_files import BASE, complaints, load, warnings

ROUND = BASE + "sampler: {seamless: true}\n"


def told(folder: Path, text: str) -> list[str]:
    return [one for one in warnings(folder, ROUND + text) if "seamless" in one]


@pytest.mark.parametrize(
    ("camera", "words"),
    [
        ("{mode: 3d, translate_z: 1}", "a 3d camera looks ahead"),
        ("{mode: 2d, padding: border, translate_x: 2}", "camera.padding is border; write wrap"),
        ("{mode: 2d, roll: 1}", "camera.roll moves the picture as one that ends at its edges"),
        ("{mode: 2d, zoom: {0: 1, 40: 1.1}}", "camera.zoom moves the picture"),
        ("{mode: 2d, translate_y: -1}", "camera.translate_y moves the picture"),
        ("{mode: 2d, offset: {x: 3}}", "camera.offset.x moves the picture as one that ends"),
        ("{mode: 2d, offset: {zoom: '1 + 0.1 * (t > 1)'}}", "camera.offset.zoom moves the"),
    ],
)
def test_what_opens_the_seam_is_told(tmp_path: Path, camera: str, words: str) -> None:
    (found,) = told(tmp_path, f"camera: {camera}\n")
    assert words in found


def test_what_goes_round_is_not(tmp_path: Path) -> None:
    assert told(tmp_path, "camera: {mode: 2d, translate_x: 3, padding: wrap}\n") == []
    assert told(tmp_path, "camera: {mode: 2d, translate_x: 3}\n") == []
    assert told(tmp_path, "camera: {mode: 2d, offset: {brightness: 1.2, zoom: 1}}\n") == []


def test_the_edges_meet_unless_the_author_says_otherwise(tmp_path: Path) -> None:
    """Also where what comes into sight would be painted afresh: nothing does."""
    text = "camera: {mode: 2d, translate_x: 3}\n"
    made = make_plan(load(tmp_path, ROUND + text))
    assert made[1].camera.padding == "wrap"
    assert made[1].painting.sampler.seamless
    assert make_plan(load(tmp_path, BASE + text))[1].camera.padding == "border"


def test_only_some_files_tell_players(tmp_path: Path) -> None:
    text = BASE + "output: {file: a.webm, spherical: true}\n"
    (found,) = complaints(tmp_path, text)
    assert found.endswith(
        "output.spherical: only .mp4, .m4v and .mov can say that a picture goes all around; write "
        "another file, or remove it"
    )


def test_two_eyes_do_not_go_round(tmp_path: Path) -> None:
    text = BASE + "output: {stereo: {}, spherical: true}\n"
    (found,) = complaints(tmp_path, text)
    assert "the eyes of stereo look straight ahead, and not all around" in found
    assert make_plan(load(tmp_path, BASE + "output: {stereo: {}, spherical: false}\n"))


def test_a_map_of_all_around_is_twice_as_wide_as_high(tmp_path: Path) -> None:
    square = BASE + "outputs: [{file: a.mp4, spherical: true, size: [64, 64]}]\n"
    (found,) = [one for one in warnings(tmp_path, square) if "spherical" in one]
    assert "has 64 x 64 pixels: players stretch it; write size: [128, 64]" in found
    fitting = BASE + "output: {spherical: true, size: [128, 64], fit: stretch}\n"
    assert not [one for one in warnings(tmp_path, fitting) if "spherical" in one]


def test_a_panorama_may_be_wide(tmp_path: Path) -> None:
    """Several things all around are meant; a strip in which nothing has room is not."""
    wide = "video: {size: [192, 96], duration: 48}\nprompts: a castle\n"
    sampler = "sampler: {seamless: true}\n"
    assert [one for one in warnings(tmp_path, wide) if "video.size" in one]
    assert not [one for one in warnings(tmp_path, wide + sampler) if "video.size" in one]
    strip = wide.replace("96]", "16]") + sampler
    assert [one for one in warnings(tmp_path, strip) if "video.size" in one]
