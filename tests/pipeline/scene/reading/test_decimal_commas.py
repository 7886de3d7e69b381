"""Numbers with a decimal comma, which braces take for two keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.scene.reading.yaml_source import read_yaml
from tests.pipeline.scene_files import BASE, complaints


def test_the_point_is_shown(tmp_path: Path) -> None:
    assert complaints(tmp_path, BASE + "camera: {mode: 2d, translate_y: -1,25, roll: 2}\n") == [
        "3:33: camera.translate_y: found -1,25; a decimal number has a point: -1.25"
    ]


@pytest.mark.parametrize("written", ["{0s: 1,5, 1s: 2}", "{0: {value: 1,5}}"])
def test_also_in_curves(tmp_path: Path, written: str) -> None:
    (said,) = complaints(tmp_path, BASE + f"camera: {{zoom: {written}}}\n")
    assert said.endswith("found 1,5; a decimal number has a point: 1.5")


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("{a: 1, 5: 2}", {"a": 1, 5: 2}),
        ("{a: 1,5: 2}", {"a": 1, 5: 2}),
        ("{a: 1, 5}", {"a": 1, 5: None}),
        ("[1,5]", [1, 5]),
        ("a: 1,5", {"a": "1,5"}),
    ],
)
def test_other_commas_are_those_of_yaml(text: str, data: object) -> None:
    document = read_yaml(text)
    assert (document.data, document.problems) == (data, ())
