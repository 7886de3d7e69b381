"""A scene is shortened for a look: what lies behind its end is no mistake, and curves keep on."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.plan.make import make_plan
from pipeline.scene.load import read_scene
from tests.pipeline.scene_files import write

CURVES = """\
video: {size: [96, 96], fps: 24, duration: LENGTH}
prompts: a castle
camera:
  mode: 2d
  zoom: {0s: 1, 4s: 1.4, 1h: {value: 9, ease: in_out}}
  roll: "0: (0), 96: (96)"
  translate_x: {start: 0, end: 24, end + 2s: {value: 24, ease: hold}}
"""

SHOTS = """\
video: {size: [96, 96], fps: 24, duration: 4s}
prompts: a castle
camera: {mode: 2d}
shots:
  - {name: a, until: 2s, camera: {zoom: {0s: 1, end: 2, end + 1s: 5, 1:00:00: 7}}}
  - {name: b, camera: {roll: {shot 0s: 0, end: 4, end + 1 minute: 4}}}
"""


@pytest.mark.parametrize("length", ["2s", "8s"])
def test_keys_behind_the_end_shape_curves_without_a_word(tmp_path: Path, length: str) -> None:
    read = read_scene(write(tmp_path, CURVES.replace("LENGTH", length)))
    camera = read.scene.camera
    assert read.warnings == ()
    assert len(make_plan(read.scene)) == 24 * int(length[0])
    assert camera.zoom(24) == pytest.approx(1.1)
    assert camera.roll(24) == 24
    assert camera.translate_x(24) == pytest.approx(24 / int(length[0]))


def test_also_behind_the_end_of_a_shot(tmp_path: Path) -> None:
    read = read_scene(write(tmp_path, SHOTS))
    first, second = (shot.settings.camera for shot in read.scene.shots)
    assert read.warnings == ()
    assert first.zoom(24) == pytest.approx(1.5)
    assert second.roll(72) == pytest.approx(2)


def test_a_prompt_behind_the_end_is_a_warning(tmp_path: Path) -> None:
    text = "video: {size: [96, 96], duration: 2s}\nprompts: {0s: a castle, 1h: a ship}\n"
    read = read_scene(write(tmp_path, text))
    (warning,) = read.warnings
    assert "this is never shown" in warning.message
    assert len(make_plan(read.scene)) == 48
