"""Disco Diffusion's two eyes: its distance and its angle are a scene's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.scene.importers.kinds import import_settings
from pipeline.scene.load import load_scene
from pipeline.spec.stereo import StereoSpec

SETTINGS = {
    "animation_mode": "3D",
    "text_prompts": {"0": ["a castle"]},
    "max_frames": 24,
    "translation_z": "0: (2)",
    "width_height": [128, 64],
    "clip_guidance_scale": 5000,
}


def eyes(folder: Path, **settings: object) -> StereoSpec | None:
    path, scene = folder / "disco.txt", folder / "scene.yaml"
    path.write_text(json.dumps({**SETTINGS, **settings}))
    scene.write_text(import_settings(path, folder).text)
    return load_scene(scene).output.stereo


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"vr_mode": True}, StereoSpec(5.0, 0.5)),
        ({"vr_mode": True, "vr_ipd": 3.5, "vr_eye_angle": 1}, StereoSpec(3.5, 1.0)),
        ({"vr_mode": True, "vr_ipd": 500, "vr_eye_angle": -3}, StereoSpec(50.0, 0.0)),
        ({"vr_mode": False, "vr_ipd": 3.5}, None),
        ({"vr_mode": True, "animation_mode": "2D"}, None),
    ],
)
def test_they_are_those_of_the_video(
    tmp_path: Path, settings: dict[str, object], expected: StereoSpec | None
) -> None:
    assert eyes(tmp_path, **settings) == expected


def test_what_differs_is_told(tmp_path: Path) -> None:
    path = tmp_path / "disco.txt"
    path.write_text(json.dumps({**SETTINGS, "vr_mode": True}))
    told = [note.message for note in import_settings(path, tmp_path).notes]
    assert any(one.startswith("one video shows both eyes, side by side") for one in told)
