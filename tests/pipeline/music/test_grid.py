"""Beats and bars of synthesised tracks whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from pipeline.music.first_beat import find_first_beat
from pipeline.music.grid import BeatGrid, find_grid, median_bpm
from pipeline.music.onsets import Onsets, find_onsets
from pipeline.music.sound import RATE, blocks
from tests.media import write_wav
from tools.band.playing import Track
from tools.band.scores import TOLERANCE, Score, hint, octave, score
from tools.band.tracks import Recipe, rhythmic_tracks, tracks_without_rhythm

RHYTHMIC = {recipe.name: recipe for recipe in rhythmic_tracks()}
OTHERS = {recipe.name: recipe for recipe in tracks_without_rhythm()}
CHANGING = {"rock 100 then 120", "house 130 then 98", "rock gliding 96 to 124"}
STEADY = sorted(RHYTHMIC.keys() - CHANGING)


@dataclass(frozen=True)
class Heard:
    """A track and what is found in it."""

    track: Track
    onsets: Onsets
    free: BeatGrid
    """With no hint."""
    grid: BeatGrid
    """With a hint that leaves the octave in no doubt, where there is a rhythm."""


@cache
def hear(recipe: Recipe) -> Heard:
    """A track, made and heard once for all tests."""
    track = recipe()
    onsets = find_onsets([track.samples])
    free = find_grid(onsets)
    return Heard(track, onsets, free, find_grid(onsets, *hint(track)) if track.beats.size else free)


@pytest.mark.slow
def test_there_are_enough_tracks_of_all_tempos() -> None:
    tempos = [hear(recipe).track.bpm for recipe in RHYTHMIC.values()]
    assert len(tempos) >= 24
    assert min(tempos) == 60 and max(tempos) == 180
    assert {hear(recipe).track.beats_per_bar for recipe in RHYTHMIC.values()} == {3, 4, 6}


@pytest.mark.slow
def test_95_percent_of_the_beats_are_met_and_95_percent_of_the_found_ones_are_beats() -> None:
    scores = [score(heard.track, heard.grid) for heard in map(hear, RHYTHMIC.values())]
    assert sum(one.met for one in scores) >= 0.99 * sum(one.true for one in scores)
    assert sum(one.right for one in scores) >= 0.99 * sum(one.found for one in scores)


@pytest.mark.slow
@pytest.mark.parametrize("name", RHYTHMIC)
def test_a_hint_settles_the_octave_and_each_track_has_its_beats(name: str) -> None:
    heard = hear(RHYTHMIC[name])
    one = score(heard.track, heard.grid)
    assert one.f_measure > 0.95
    assert abs(one.offset) < 0.01
    if name not in CHANGING:
        assert heard.grid.bpm == pytest.approx(heard.track.bpm, rel=0.002)


@pytest.mark.slow
@pytest.mark.parametrize("name", RHYTHMIC)
def test_bars_are_right_where_they_are_marked(name: str) -> None:
    heard = hear(RHYTHMIC[name])
    if heard.track.bar_is_marked:
        assert score(heard.track, heard.grid).bars_right
        assert heard.grid.bar_confidence > 0.5
    else:
        assert heard.grid.bar_confidence < 0.5


@pytest.mark.slow
@pytest.mark.parametrize("name", RHYTHMIC)
def test_without_a_hint_the_tempo_is_right_or_among_the_first_three(name: str) -> None:
    heard = hear(RHYTHMIC[name])
    assert heard.free.candidates[0].bpm == heard.free.bpm
    bpm = float(np.median(60 / np.diff(heard.track.beats)))
    near = [abs(one.bpm / bpm - 1) < 0.1 for one in heard.free.candidates]
    assert any(near)
    for low, high in ((bpm / 1.4, bpm * 1.4), (bpm / 1.1, bpm * 1.4), (bpm / 1.4, bpm * 1.1)):
        if name not in CHANGING:
            found = find_grid(heard.onsets, low, high)
            assert 0.97 < octave(heard.track, found) < 1.03


@pytest.mark.slow
def test_without_a_hint_the_octave_is_right_in_four_of_five() -> None:
    free = [octave(heard.track, heard.free) for heard in map(hear, RHYTHMIC.values())]
    assert np.mean([0.9 < ratio < 1.1 for ratio in free]) > 0.79


@pytest.mark.slow
@pytest.mark.parametrize("name", RHYTHMIC)
def test_a_rhythm_is_trusted(name: str) -> None:
    heard = hear(RHYTHMIC[name])
    assert heard.free.trusted and heard.grid.trusted
    assert heard.free.confidence > 0.75


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_what_has_no_rhythm_is_not_trusted(name: str) -> None:
    heard = hear(OTHERS[name])
    assert not heard.free.trusted
    assert heard.free.confidence < 0.3
    assert not find_grid(heard.onsets, 80, 130).trusted


@pytest.mark.slow
@pytest.mark.parametrize("name", STEADY)
def test_with_the_tempo_given_the_first_bar_is_found_to_5_ms(name: str) -> None:
    heard = hear(RHYTHMIC[name])
    track = heard.track
    # Where nothing marks the bars, any beat will do.
    begins = track.downbeats[:1] if track.bar_is_marked else range(len(track.beats))
    found = find_first_beat(heard.onsets, track.bpm, track.beats_per_bar)
    assert np.abs(track.beats[list(begins)] - found).min() < 0.0051


@pytest.mark.slow
def test_a_saved_track_gives_the_grid_of_its_samples(tmp_path: Path) -> None:
    heard = hear(RHYTHMIC["silence 3.7 s then house 122"])
    found = find_grid(
        find_onsets(blocks(write_wav(tmp_path / "track.wav", heard.track.samples, RATE)))
    )
    np.testing.assert_allclose(found.beats, heard.free.beats, atol=1e-3)


GRID = BeatGrid(tuple(0.5 * n for n in range(12)), 2, 4, 120.0, (), 0.9, 0.8)


def test_bars_begin_with_the_first_whole_one() -> None:
    assert GRID.downbeats == (1.0, 3.0, 5.0)


def test_the_tempo_is_the_median_of_16_beats() -> None:
    beats = np.concatenate([np.arange(0, 30, 0.5), np.arange(30, 34, 0.7)])
    assert median_bpm(beats) == pytest.approx(120)
    assert median_bpm(np.array([1.0, 1.75])) == pytest.approx(80)
    assert median_bpm(np.array([1.0])) == 0.0


def clicks(*seconds: float, length: float = 10.0) -> Onsets:
    """The onsets of single clicks."""
    tape = np.zeros(round(length * RATE), np.float32)
    tape[[round(second * RATE) for second in seconds]] = 1.0
    return find_onsets([tape])


@pytest.mark.parametrize("length", [0.0, 1e-4, 0.3, 0.99, 10.0])
def test_no_sound_and_less_than_two_seconds_have_no_beats(length: float) -> None:
    for grid in (find_grid(clicks(length=length)), find_grid(clicks(length=length), 80, 120, 3)):
        assert grid.beats == () and grid.bpm == 0.0 and grid.candidates == ()
        assert not grid.trusted
        assert grid.downbeats == ()
    assert find_first_beat(clicks(length=length), 120) == 0.0


def test_a_single_click_is_no_rhythm() -> None:
    grid = find_grid(clicks(5.0))
    assert grid.beats == () and not grid.trusted
    assert find_first_beat(clicks(5.0), 120) == 0.0


def test_two_and_three_clicks_are_not_trusted() -> None:
    assert not find_grid(clicks(4.0, 7.0)).trusted
    assert not find_grid(clicks(4.0, 4.5, 7.3)).trusted


def test_a_click_track_is_found_to_4_ms() -> None:
    truth = np.arange(0.5, 9.6, 0.5)
    grid = find_grid(clicks(*truth), 100, 140)
    np.testing.assert_allclose(grid.beats, truth, atol=0.004)
    assert grid.trusted


@pytest.mark.parametrize(("low", "high"), [(2, 20), (110, 110), (300, 600), (900, 1000), (1, 1000)])
def test_any_range_of_tempos_gives_beats_that_rise(low: float, high: float) -> None:
    grid = find_grid(clicks(*np.arange(0.5, 9.6, 0.5)), low, high)
    assert np.all(np.diff(grid.beats) > 0)
    assert len(grid.beats) < 10 * high / 60 * 1.1 + 2


def test_a_score_counts_what_is_near() -> None:
    track = Track(
        "t", np.zeros(1, np.float32), np.arange(1.0, 5.0, 0.5), (0, 4), 120.0, 4, True, True
    )
    late = tuple(track.beats + 0.8 * TOLERANCE)
    assert score(track, BeatGrid(late, 0, 4, 120, (), 1, 1)) == Score(
        8, 8, 8, 8, pytest.approx(0.8 * TOLERANCE), True
    )
    assert not score(track, BeatGrid(late, 1, 4, 120, (), 1, 1)).bars_right
    half = score(track, BeatGrid(late[::2], 0, 4, 60, (), 1, 1))
    assert (half.met, half.right, half.found) == (4, 4, 4)
    assert half.f_measure == pytest.approx(2 / 3)
    assert not half.bars_right
