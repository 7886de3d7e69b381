"""`music.file` is a sound that can become that of the video, or it is a mistake of the scene."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.media import write_silence
from tests.pipeline.scene_files import BASE, complaints, load, write_picture


def test_a_sound_is_found_from_the_scenes_folder(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    song = write_silence(tmp_path / "music" / "song of 50%.wav", 0.1)
    assert load(tmp_path, BASE + "music: {file: music/song of 50%.wav}\n").music.file == song


def test_what_is_no_sound_is_a_mistake_at_its_place(tmp_path: Path) -> None:
    song = tmp_path / "song.mp3"
    song.write_text("la la la")
    text = BASE + "music: {bpm: 120, file: song.mp3}\nseed: x\n"
    assert complaints(tmp_path, text) == [
        f'3:25: music.file: "{song}" is not a sound that can be read (a text); allowed are WAV, '
        "FLAC, MP3, M4A or Ogg files and the like",
        '4:7: seed: expected a whole number from 0 to 9223372036854775807, found "x"',
    ]


@pytest.mark.parametrize("name", ["cover.png", "."])
def test_a_picture_and_a_folder_are_no_sound(tmp_path: Path, name: str) -> None:
    write_picture(tmp_path / "cover.png")
    (complaint,) = complaints(tmp_path, BASE + f"music: {{file: {name}}}\n")
    assert complaint.startswith("3:15: music.file: ")
    assert ("holds pictures and no sound" if name != "." else "is a folder") in complaint
