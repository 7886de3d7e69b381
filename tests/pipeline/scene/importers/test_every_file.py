"""Every settings file becomes a scene without a mistake, and no key of it is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.errors import Error
from pipeline.scene.importers.kinds import import_settings
from pipeline.scene.importers.loose_json import read_settings
from pipeline.scene.importers.notes import Severity
from pipeline.scene.load import read_scene
from tests.pipeline.scene.importers.files import FILES, SETTINGS, imported, settings_of

KINDS = ("disco", "deforum", "parseq")


def test_there_are_five_files_of_each_kind() -> None:
    assert all(sum(name.startswith(kind) for name in FILES) >= 5 for kind in KINDS)


@pytest.mark.parametrize("name", FILES)
def test_the_scene_has_no_mistakes(name: str, tmp_path: Path) -> None:
    made = imported(name, tmp_path)
    scene = tmp_path / "scene.yaml"
    scene.write_text(made.text, encoding="utf-8")

    assert made.kind == name.partition("_")[0]
    assert read_scene(scene).scene.frame_count >= 1


@pytest.mark.parametrize("name", FILES)
def test_the_scene_says_what_is_not_as_in_the_original(name: str, tmp_path: Path) -> None:
    made = imported(name, tmp_path)
    head = made.text.partition("\n\n")[0]

    assert name in head
    for note in made.notes:
        assert (f"# - {note}" in head) == (note.severity <= Severity.DIFFERS)


@pytest.mark.parametrize("name", FILES)
def test_every_key_is_asked_for_or_told(name: str, tmp_path: Path) -> None:
    """A key with another name is listed as unknown; so none that is not listed was overlooked."""
    made = imported(name, tmp_path)
    path = tmp_path / name
    for key in read_settings((SETTINGS / name).read_text("utf-8")).data:
        text = (SETTINGS / name).read_text("utf-8")
        path.write_text(re.sub(rf"([\"']){key}\1 *:", '"a_stranger":', text), "utf-8")
        other = import_settings(path, tmp_path, made.kind) if key != "rendered_frames" else None
        assert other is None or "a_stranger" in str(other.notes)


def test_an_unknown_key_is_listed(tmp_path: Path) -> None:
    for name, key in (("disco_video.txt", "my_own_note"), ("deforum_odd.txt", "whatever")):
        (note,) = [n for n in imported(name, tmp_path).notes if n.severity == Severity.UNKNOWN]
        assert key in note.names


def test_a_file_without_telling_names_asks_for_the_kind(tmp_path: Path) -> None:
    with pytest.raises(Error, match=r"own\.txt: .*--kind disco, deforum or parseq"):
        settings_of('{"a": 1}', tmp_path)
