"""The names of shots: in any script, and such as a folder can have on every disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import BASE, complaints, load, write_picture

NAMES = ("サビ", "हिन्दी", "ไทยก่", "refrain 2", "חורף", "cinéma", "post-chorus_1", "con 2")
NO_NAMES = ("a/b", "..", "", " ", " lead", "-x", "a.b", "a\tb", "\u0301a", "😀", "12:30")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_may_be_of_any_script(tmp_path: Path, name: str) -> None:
    (only,) = load(tmp_path, BASE + f'shots: [{{name: "{name}"}}]\n').shots
    assert only.name == name


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_that_no_folder_should_have_is_told(tmp_path: Path, name: str) -> None:
    (told,) = complaints(tmp_path, BASE + f'shots: [{{name: "{name}"}}]\n')
    assert told.startswith("3:16: shots.0.name: expected a name of letters, digits, blanks, -")


@pytest.mark.parametrize("name", ["CON", "nul", "Com1", "lpt9"])
def test_the_name_of_a_device_is_told(tmp_path: Path, name: str) -> None:
    assert complaints(tmp_path, BASE + f"shots: [{{name: {name}}}]\n") == [
        f'3:16: shots.0.name: found "{name}", which is a device in Windows; write another name'
    ]


@pytest.mark.parametrize("pair", [("a", "a"), ("Chorus", "chorus"), ("caf\u00e9", "cafe\u0301")])
def test_two_names_that_some_disk_takes_for_one_are_told(
    tmp_path: Path, pair: tuple[str, str]
) -> None:
    written = f'shots: [{{name: "{pair[0]}", until: 24}}, {{name: "{pair[1]}"}}]\n'
    (told,) = complaints(tmp_path, BASE + written)
    assert "which another shot is called; write another name" in told
    assert told.startswith("3:") and "shots.1.name" in told


def test_a_start_where_the_shot_continues_is_told(tmp_path: Path) -> None:
    write_picture(tmp_path / "one.png")
    second = "{name: b, enter: continue, start: one.png}"
    (told,) = complaints(tmp_path, BASE + f"shots: [{{name: a, until: 24}}, {second}]\n")
    assert "keep one of start and enter: continue" in told
