"""The name of a video: no longer than a file's name may be, in bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SceneError
from pipeline.scene.load import load_scene
from tests.pipeline.scene_files import BASE, complaints, load, write


@pytest.mark.parametrize("letter", ["a", "é", "灯"])
def test_the_longest_name_fits_and_one_letter_more_is_told(tmp_path: Path, letter: str) -> None:
    size = len(letter.encode())
    fits = letter * (251 // size) + ".mp4"
    assert load(tmp_path, f"{BASE}output: {{file: {fits}}}\n").output.file == fits
    length = len(fits.encode()) + size
    assert complaints(tmp_path, f"{BASE}output: {{file: {letter}{fits}}}\n") == [
        f"3:16: output.file: the name is {length} bytes long, a file's name may have 255, and a "
        "letter outside ASCII takes 2 to 4; write a shorter one"
    ]


def test_a_scene_of_the_longest_name_names_its_video(tmp_path: Path) -> None:
    stem = "s" * 250
    path = write(tmp_path, BASE, f"{stem}.yaml")
    assert load_scene(path).output.file == f"{stem}.mp4"


def test_a_scene_whose_name_leaves_no_room_for_the_suffix_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, BASE, "s" * 255)
    with pytest.raises(SceneError, match=r":1:1: output\.file: the name is 259 bytes long"):
        load_scene(path)
    named = write(tmp_path, BASE + "output: {file: short.mp4}\n", "s" * 255)
    assert load_scene(named).output.file == "short.mp4"
