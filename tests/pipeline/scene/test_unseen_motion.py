"""Motions that come to less than half a pixel of the video are told."""

from __future__ import annotations

from math import hypot, log, pi
from pathlib import Path

import pytest

from pipeline.scene.passing_through import NEAREST
from tests.pipeline.scene_files import warnings

VIDEO = "video: {size: [144, 96], duration: 48}\nprompts: a castle\n"
PLAIN = VIDEO + "output: {upscale: none}\n"


def camera(text: str) -> str:
    return f"{PLAIN}camera: {{{text}}}\n"


CORNER = hypot(144, 96) / 2
EDGES = {
    "mode: 2d, translate_x": 0.5 / 48,
    "mode: 2d, translate_y": 0.5 / 48,
    "mode: 2d, roll": 0.5 / 48 / CORNER * 180 / pi,
    "mode: 2d, angle": 0.5 / 48 / CORNER * 180 / pi,
    "fov: 90, translate_x": 0.5 / 48 / 48 * 200 * NEAREST,
    "fov: 90, translate_y": 0.5 / 48 / 48 * 200 * NEAREST,
    "translate_z": 0.5 / 48 / CORNER * 200 * NEAREST,
    "fov: 90, rotate_x": 0.5 / 48 / (48 + CORNER**2 / 48) * 180 / pi,
    "fov: 90, rotate_y": 0.5 / 48 / (48 + CORNER**2 / 48) * 180 / pi,
    "offset: {x": 0.5,
    "offset: {y": 0.5,
    "offset: {roll": 0.5 / CORNER * 180 / pi,
}
"""The least of each motion that is seen, over 48 frames of 144 x 96."""


@pytest.mark.parametrize("setting", EDGES)
def test_half_a_pixel_is_seen(tmp_path: Path, setting: str) -> None:
    close = "}" if "{" in setting else ""
    (told,) = warnings(tmp_path, camera(f"{setting}: {0.99 * EDGES[setting]:.9f}{close}"))
    assert ": all that this moves in the whole video is 0.5 pixels, which nobody sees" in told
    assert warnings(tmp_path, camera(f"{setting}: {1.01 * EDGES[setting]:.9f}{close}")) == []


def test_a_zoom_counts_by_its_logarithm(tmp_path: Path) -> None:
    least = 0.5 / 48 / CORNER
    assert len(warnings(tmp_path, camera(f"zoom: {1 + 0.99 * least:.9f}"))) == 1
    assert warnings(tmp_path, camera(f"zoom: {1 + 1.01 * least:.9f}")) == []
    assert log(1 + least) == pytest.approx(least, rel=1e-3)


@pytest.mark.parametrize(("name", "least"), [("brightness", 0.5 / 255), ("saturation", 0.5 / 255)])
def test_half_a_level_is_seen(tmp_path: Path, name: str, least: float) -> None:
    (told,) = warnings(tmp_path, camera(f"offset: {{{name}: {1 - 0.99 * least:.6f}}}"))
    assert "0.5 levels of 256" in told
    assert warnings(tmp_path, camera(f"offset: {{{name}: {1 - 1.02 * least:.6f}}}")) == []


@pytest.mark.parametrize(
    "text",
    [
        "mode: 2d, translate_x: 0",
        "zoom: 1",
        'mode: 2d, translate_x: "0.4 * sin(tau * frame / 48)"',
        "mode: 2d, translate_x: {0: 0, 47: 0.1}",
        "projection: disco, translate_z: 0.001",
        "offset: {zoom: 1, brightness: 1}",
    ],
)
def test_what_is_at_rest_or_is_seen(tmp_path: Path, text: str) -> None:
    assert warnings(tmp_path, camera(text)) == []


def test_a_lens_is_that_of_the_frames_of_its_shot(tmp_path: Path) -> None:
    """Before it its formula may have no value, and be narrower."""
    told = []
    for lens in ("80 + 10 * sqrt(shot_progress)", "80 if shot_t >= 0 else 1"):
        shots = f'shots: [{{name: a, until: 24f}}, {{name: b, camera: {{fov: "{lens}", rotate_y: '
        told.append(warnings(tmp_path, f"{PLAIN}{shots}0.004}}}}]\n"))
    assert all(len(one) == 1 and "0.3 pixels" in one[0] for one in told), told


def test_a_tremble_adds_up_to_nothing(tmp_path: Path) -> None:
    (told,) = warnings(tmp_path, camera('mode: 2d, translate_x: "0.1 * (frame % 2) - 0.05"'))
    assert "is 0.05 pixels" in told


def test_a_pixel_is_one_of_the_video(tmp_path: Path) -> None:
    """Which the starter makes eight times as wide."""
    motion = "camera: {mode: 2d, translate_x: 0.005}\n"
    assert len(warnings(tmp_path, PLAIN + motion)) == 1
    assert warnings(tmp_path, VIDEO + motion) == []
    outputs = "outputs: [{file: a.mp4, upscale: none}, {file: b.mp4, scale: 4}]\n"
    assert warnings(tmp_path, VIDEO + motion + outputs) == []
