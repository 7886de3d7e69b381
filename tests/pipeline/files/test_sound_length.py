from __future__ import annotations

from pathlib import Path

from pipeline.files.sound_length import stated_seconds
from tests.media import write_silence


def test_the_length_that_a_file_states(tmp_path: Path) -> None:
    assert stated_seconds(write_silence(tmp_path / "song.wav", 1.75)) == 1.75
    assert stated_seconds(write_silence(tmp_path / "long.wav", 61.5)) == 61.5


def test_what_states_no_length(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("la la la")
    assert stated_seconds(tmp_path / "words.txt") is None
