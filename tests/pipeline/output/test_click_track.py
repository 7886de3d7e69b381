"""Clicks on a song, found again in the file to the sample."""

from __future__ import annotations

import tracemalloc
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.output.click_track import BAR_HZ, BEAT_HZ, RATE, with_clicks, write_click_track
from tests.media import write_silence, write_tone
from tests.pipeline.music.grids import even_grid, grid


def read(path: Path) -> NDArray[np.float64]:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32767


def test_a_click_begins_with_the_sample_of_its_beat_and_bars_are_higher(tmp_path: Path) -> None:
    found = grid((0.1, 0.4321, 0.9, 1.3, 1.77), 140.0, first=1, beats_per_bar=3)
    target = tmp_path / "click.wav"
    write_click_track(target, write_silence(tmp_path / "song.wav", 2.0), found)
    sound = read(target)
    assert len(sound) == 2 * RATE
    for number, beat in enumerate(found.beats):
        first = round(beat * RATE)
        assert not sound[first - 200 : first].any() and sound[first] > 0.4
        spectrum = np.abs(np.fft.rfft(sound[first : first + RATE // 100]))
        expected = BAR_HZ if number in (1, 4) else BEAT_HZ
        assert spectrum.argmax() * 100 == pytest.approx(expected, abs=101)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_the_song_is_under_them_at_half_its_loudness(tmp_path: Path) -> None:
    target = tmp_path / "click.wav"
    write_click_track(target, write_tone(tmp_path / "song.wav", 1.0), even_grid(count=1))
    sound = read(target)
    assert np.abs(sound[: RATE // 2 - 1]).max() == pytest.approx(0.5 * 20000 / 32768, rel=0.02)


def test_a_click_goes_on_in_the_next_block() -> None:
    silence = np.zeros(2 * RATE, np.float32)
    found = even_grid(count=4, first_beat=0.25)
    (whole,) = with_clicks([silence], found)
    cut = np.concatenate(list(with_clicks(np.split(silence, [11030, 11500, 40000]), found)))
    assert np.array_equal(whole, cut)


def test_a_folder_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    song = write_silence(tmp_path / "song.wav", 0.5)
    with pytest.raises(FileNotFoundError):
        write_click_track(tmp_path / "nowhere" / "click.wav", song, even_grid())


def test_a_long_song_needs_no_more_memory_than_a_short_one() -> None:
    def most(blocks: int) -> int:
        found = even_grid(count=40 * blocks)
        tracemalloc.start()
        for _ in with_clicks((np.zeros(20 * RATE, np.float32) for _ in range(blocks)), found):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert most(12) < 1.2 * most(3)
