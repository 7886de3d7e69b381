from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from keyframes.tempo import Tempo
from pipeline.music.marks.beat_list import Mark
from pipeline.music.marks.rekordbox import cue_marks, grid_beats
from tests.pipeline.music.marks.said import FILE, said

SONG = Path("music", "my song.mp3")
COLLECTION = """\
<?xml version="1.0" encoding="UTF-8"?>
<DJ_PLAYLISTS Version="1.0.0"><PRODUCT Name="rekordbox"/><COLLECTION Entries="2">
<TRACK TrackID="1" Name="Other" Location="file://localhost/C:/Music/other.mp3">
  <TEMPO Inizio="0.100" Bpm="100.00" Metro="4/4" Battito="1"/></TRACK>
<TRACK TrackID="2" Name="My song" Location="file://localhost/C:/Music/my%20song.mp3">
  <TEMPO Inizio="3.300" Bpm="60.00" Metro="3/4" Battito="3"/>
  <TEMPO Inizio="0.300" Bpm="120.00" Metro="3/4" Battito="3"/>
  <POSITION_MARK Name="Drop" Type="0" Start="12.500" Num="0"/>
  <POSITION_MARK Name="" Type="0" Start="14.000" Num="1"/></TRACK>
</COLLECTION></DJ_PLAYLISTS>
"""


def test_the_grid_of_the_song() -> None:
    beats = grid_beats(COLLECTION, FILE, SONG)
    halves = tuple(Fraction(3, 10) + Fraction(n, 2) for n in range(6))
    assert beats.seconds == (*halves, *(Fraction("3.3") + n for n in range(4)))
    assert (beats.first, beats.beats_per_bar) == (1, 3)
    tempo = Tempo.of_beats(beats.seconds, beats.first, 3)
    assert tempo == Tempo(120, Fraction("0.8"), 3, ((5, 60),))


@pytest.mark.parametrize(
    ("on", "first"), [(1, "0.1"), (2, "1.9"), (3, "1.3"), (4, "0.7"), (6, "1.9")]
)
def test_a_steady_grid_may_begin_on_any_beat_of_a_bar(on: int, first: str) -> None:
    grid = COLLECTION.replace('Metro="4/4" Battito="1"', f'Metro="4/4" Battito="{on}"')
    beats = grid_beats(grid, FILE, Path("other.mp3"))
    tempo = Tempo.of_beats(beats.seconds, beats.first, 4)
    assert tempo == Tempo(100, Fraction(first), 4)


def test_a_grid_of_many_digits() -> None:
    grid = COLLECTION.replace(
        '"0.100" Bpm="100.00"', '"0.10000000000000001" Bpm="100.0000000000001"'
    )
    beats = grid_beats(grid, FILE, Path("other.mp3"))
    assert Tempo.of_beats(beats.seconds) == Tempo(100, Fraction(1, 10))


def test_a_grid_may_change_before_its_first_bar() -> None:
    grid = COLLECTION.replace('Inizio="3.300"', 'Inizio="0.800"').replace('"3/4"', '"5/4"')
    beats = grid_beats(grid, FILE, SONG)
    tempo = Tempo.of_beats(beats.seconds, beats.first, 5)
    assert tempo == Tempo(120, Fraction("2.8"), 5, ((-2, 60),))


def test_the_named_cue_points_of_the_song() -> None:
    assert cue_marks(COLLECTION, FILE, SONG) == (Mark("Drop", 12.5),)


def test_a_collection_of_one_song_is_about_that() -> None:
    alone = COLLECTION[: COLLECTION.index('<TRACK TrackID="2')] + "</COLLECTION></DJ_PLAYLISTS>"
    assert grid_beats(alone, FILE, None).seconds[:2] == (Fraction(1, 10), Fraction(7, 10))
    assert said(lambda: cue_marks(alone, FILE, SONG)) == (
        "no cue point of this song has a name; give them names, and export again"
    )


@pytest.mark.parametrize(
    ("text", "song", "message"),
    [
        (
            COLLECTION,
            Path("third.mp3"),
            'holds 2 songs, and none of them is "third.mp3"; export this song alone',
        ),
        (COLLECTION, None, "holds 2 songs, and music.file is not set; export this song alone"),
        (
            COLLECTION.replace('Inizio="3.300"', 'Inizio="x"'),
            SONG,
            'Inizio of a TEMPO is "x", not a number',
        ),
        (COLLECTION.replace("120.00", "0"), SONG, 'a TEMPO with Bpm "0" cannot be read'),
        (
            COLLECTION.replace("TEMPO", "OTHER"),
            SONG,
            "this song has no beat grid (TEMPO); analyse it, and export again",
        ),
        (
            COLLECTION.replace("3.300", "999999.0"),
            SONG,
            "the grid has more than 200,000 beats",
        ),
        (
            COLLECTION.replace("?>", "?><!DOCTYPE a [<!ENTITY b 'c'>]>", 1),
            SONG,
            "this XML defines its own entities (DOCTYPE), which are not read",
        ),
        (
            "<DJ_PLAYLISTS>",
            SONG,
            "this is not XML that can be read (no element found: line 1, column 14); export it "
            "again",
        ),
    ],
)
def test_no_grid(text: str, song: Path | None, message: str) -> None:
    assert said(lambda: grid_beats(text, FILE, song)) == message


def test_of_two_grids_that_begin_together_the_last_counts() -> None:
    """By its tempo and by its bars, however the two compare."""
    first = '<TEMPO Inizio="0.300" Bpm="60.00" Metro="4/4" Battito="1"/>'
    twice = COLLECTION.replace('<TEMPO Inizio="0.300"', f'{first}<TEMPO Inizio="0.300"')
    assert grid_beats(twice, FILE, SONG) == grid_beats(COLLECTION, FILE, SONG)
