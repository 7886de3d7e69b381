"""Each format is found by the name of its file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from pipeline.music.marks.formats import read_beats, read_marks
from tests.pipeline.music.marks.said import said
from tests.pipeline.music.marks.test_ableton import live_set
from tests.pipeline.music.marks.test_audacity import LABELS
from tests.pipeline.music.marks.test_edl import edl
from tests.pipeline.music.marks.test_midi_tempo import midi, tempo
from tests.pipeline.music.marks.test_rekordbox import COLLECTION, SONG

FPS = Fraction(24)


@pytest.mark.parametrize(
    ("name", "text", "seconds", "mark"),
    [
        ("labels.txt", LABELS, [0.5, 1.25], "4"),
        ("markers.EDL", edl("01:00:00:12", "01:00:01:00"), [0.5, 1.0], "part 1"),
        ("collection.xml", COLLECTION, [0.3, 0.8], "Drop"),
    ],
)
def test_texts(tmp_path: Path, name: str, text: str, seconds: list[float], mark: str) -> None:
    (tmp_path / name).write_text(text)
    beats = read_beats(tmp_path / name, SONG, FPS).seconds
    assert [float(second) for second in beats[:2]] == seconds
    assert read_marks(tmp_path / name, SONG, FPS)[0].name == mark


def test_files_that_are_no_texts(tmp_path: Path) -> None:
    assert read_marks(live_set(tmp_path, {}), None, FPS)[1].name == "Drop"
    assert read_beats(tmp_path / "song.als", None, FPS).seconds[1] == 0.5
    song = midi(tmp_path, tempo(400_000))
    assert read_beats(song, None, FPS).seconds[1] == Fraction(2, 5)
    assert said(lambda: read_marks(song, None, FPS)) == (
        "MIDI files have no marks here; write beats: for their tempo"
    )


def test_other_names_are_plain_lists_of_beats(tmp_path: Path) -> None:
    (tmp_path / "song.beats").write_text("0.5\n1.0\n")
    assert read_beats(tmp_path / "song.beats", None, FPS).seconds == (Fraction(1, 2), 1)
    assert said(lambda: read_marks(tmp_path / "song.beats", None, FPS)) == (
        'line 1: expected a label, start, end and name with tabs between them, found "0.5"'
    )
