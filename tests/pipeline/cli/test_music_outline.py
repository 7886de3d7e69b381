"""What was heard in a song, in lines for people."""

from __future__ import annotations

import numpy as np

from pipeline.cli.music_outline import clock, doubts, outline
from tests.pipeline.music.grids import even_grid, grid, heard


def test_a_song_is_outlined() -> None:
    assert list(outline(heard())) == [
        "song.ogg: 0:17.00",
        "  tempo  120 beats a minute (confidence 0.90 of 1)",
        "         or counted as half 60 (0.20), double 240 (0.01), 180 (0.15); --bpm settles it",
        "  bars   9 bars of 4 beats, bar 1 at 0.500 s (confidence 0.80 of 1)",
        "  beats  33 beats, from 0.500 s to 16.500 s",
        "sections, as a proposal",
        "  0:00.50  bar 1  verse   4 bars  energy 0.60",
        "  0:08.50  bar 5  chorus  4 bars  energy 1.00",
    ]
    assert list(doubts(heard(), hinted=False)) == []


def test_a_tempo_that_moves_is_told_with_its_bounds() -> None:
    beats = np.cumsum(np.concatenate([np.full(20, 0.5), np.full(20, 0.4)]))
    told = list(outline(heard(grid(beats, 133.0))))
    assert told[1] == "  tempo  133 beats a minute, from 120 to 150 (confidence 0.90 of 1)"


def test_beats_that_sway_around_one_tempo_are_told_as_played() -> None:
    beats = 0.5 * np.arange(40) + np.where(np.arange(40) % 16 < 8, 0.0, 0.05)
    told = list(outline(heard(grid(beats, 120.0))))
    assert told[1] == "  tempo  120 beats a minute, freely played (confidence 0.90 of 1)"


def test_what_has_no_rhythm_is_said_with_what_to_do() -> None:
    song = heard(even_grid(confidence=0.2))
    assert list(outline(song)) == [
        "song.ogg: 0:17.00",
        "  no rhythm that can be trusted (confidence 0.20 of 1)",
        "sections, as a proposal",
        "  0:00.50  verse   8 s  energy 0.60",
        "  0:08.50  chorus  8 s  energy 1.00",
    ]
    (first,), (again,) = (list(doubts(song, hinted=hinted)) for hinted in (False, True))
    assert first == (
        "warning: song.ogg: no rhythm is heard in it that beats could be laid on; if it has one, "
        "give bounds for its tempo, such as `--bpm 80-110`, or write the seconds of its beats into "
        "a file, one a line, and name that in the scene: `beats: beats.txt`"
    )
    assert "give other bounds, such as" in again


def test_bars_that_are_not_heard_are_doubted() -> None:
    (told,) = doubts(heard(even_grid(bar_confidence=0.1)), hinted=False)
    assert "which of them begin a bar (confidence 0.10 of 1)" in told and "--click" in told


def test_a_clock_has_minutes_and_hundredths() -> None:
    assert [clock(second) for second in (0.5, 59.999, 3661.234)] == [
        "0:00.50",
        "1:00.00",
        "61:01.23",
    ]
