"""Files that are no scene: not there, a folder, settings of another program."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyframes.quoting import quoted_path
from pipeline.errors import Error, SceneError
from pipeline.scene.load import load_scene
from tests.pipeline.scene.importers.files import SETTINGS


def test_no_such_file(tmp_path: Path) -> None:
    path = tmp_path / "no.yaml"
    with pytest.raises(Error) as caught:
        load_scene(path)
    assert str(caught.value) == (
        f"{path}: there is no such scene file; check the name and the folder"
    )


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(Error) as caught:
        load_scene(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: this is a folder; name a scene file in it, such as scene.yaml"
    )


@pytest.mark.parametrize("name", ["nihgt.yaml", "night"])
def test_a_name_that_is_mistyped_has_the_near_one(name: str, tmp_path: Path) -> None:
    for other in ("night.yaml", "castle.yml", "night.png"):
        (tmp_path / other).write_text("")
    with pytest.raises(Error, match=r'no such scene file \(did you mean "night.yaml"\?\); check'):
        load_scene(tmp_path / name)


def test_a_name_in_a_folder_that_is_not_there_has_none(tmp_path: Path) -> None:
    with pytest.raises(Error, match="no such scene file; check the name and the folder"):
        load_scene(tmp_path / "there" / "night.yaml")


@pytest.mark.parametrize(
    ("file", "program"),
    [("deforum_3d.txt", "Deforum"), ("disco_3d.txt", "Disco Diffusion")],
)
def test_settings_of_another_program_are_told_in_one_message(file: str, program: str) -> None:
    with pytest.raises(Error) as caught:
        load_scene(SETTINGS / file)
    shown = quoted_path(SETTINGS / file)
    assert not isinstance(caught.value, SceneError)
    assert str(caught.value) == (
        f"{shown}: these are settings of {program}, and no scene; make one of them with "
        f"discoreel import {shown} --output {Path(file).stem}.yaml"
    )


@pytest.mark.parametrize(
    "text", ['{"seed": 1, 2: 3}', '{"seed": 1, "text_prompts": {}, "video": 1}']
)
def test_a_scene_may_be_json_and_its_mistakes_are_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(text)
    with pytest.raises(SceneError):
        load_scene(path)
