from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from pipeline.music.onsets import Onsets, find_onsets
from pipeline.music.sound import HOP, RATE
from tools.band import voices
from tools.band.voices import Sound


def onsets_of(sound: Sound) -> Onsets:
    """The onsets of a sound that comes in one block."""
    return find_onsets([sound.astype(np.float32)])


def at(sound: Sound, second: float, length: float = 2.0) -> Sound:
    """A sound after so many seconds of silence, within `length` seconds."""
    tape = np.zeros(round(length * RATE))
    begin = round(second * RATE)
    tape[begin : begin + len(sound)] += sound[: len(tape) - begin]
    return tape


@pytest.mark.parametrize("second", [0.5, 1.0, 1.2345])
def test_a_click_is_the_greatest_rise_at_its_own_time(second: float) -> None:
    found = onsets_of(at(np.ones(1), second))
    assert np.argmax(found.full) * HOP == pytest.approx(second, abs=HOP)


@pytest.mark.parametrize(("voice", "band"), [("kick", "low"), ("hat", "high"), ("bass", "low")])
def test_a_voice_is_strongest_in_its_band_within_10_ms_of_its_start(voice: str, band: str) -> None:
    rng = np.random.default_rng(0)
    sound = voices.bass(33, 0.4) if voice == "bass" else getattr(voices, voice)(rng)
    found = onsets_of(at(sound, 1.0))
    peaks = {name: getattr(found, name).max() for name in ("low", "mid", "high")}
    assert max(peaks, key=lambda name: peaks[name]) == band
    assert np.argmax(getattr(found, band)) * HOP == pytest.approx(1.0, abs=0.0101)


def test_blocks_of_any_size_give_the_same() -> None:
    sound = voices.pad((57, 60), 3.0, 0.3) + at(voices.snare(np.random.default_rng(1)), 1.3, 3.0)
    samples = sound.astype(np.float32)
    whole = find_onsets([samples])
    for cuts in ([1, 2, 40000], [100, 5000, 5001], list(range(997, len(samples), 997))):
        parts = find_onsets(np.split(samples, cuts))
        np.testing.assert_allclose(parts.full, whole.full, atol=1e-6)
        np.testing.assert_allclose(parts.chords, whole.chords, atol=1e-6)
        np.testing.assert_allclose(parts.level, whole.level, atol=1e-6)


def test_a_sound_a_hundred_times_quieter_is_ten_times_less_strong() -> None:
    sound = at(voices.kick(np.random.default_rng(2)), 0.7)
    loud, quiet = onsets_of(sound), onsets_of(0.01 * sound)
    np.testing.assert_allclose(quiet.full, 0.1 * loud.full, atol=1e-5)
    np.testing.assert_allclose(quiet.level, 0.01 * loud.level, atol=1e-6)


def test_there_is_a_value_for_each_5_ms_and_a_chord_for_each_50() -> None:
    found = onsets_of(np.zeros(round(1.5 * RATE)))
    assert found.duration == 1.5
    # One at either end.
    for name in ("low", "mid", "high", "full", "level"):
        assert getattr(found, name).shape == (301,)
    assert found.chords.shape == (31, 12)


def test_a_chord_is_known_by_its_pitch_classes() -> None:
    chord = onsets_of(voices.chord((60, 64, 67), 2.0)).chords[8:30].mean(0)
    assert set(np.argsort(chord)[-3:]) == {0, 4, 7}


def test_vibrato_rises_less_than_a_twentieth_of_a_soft_stroke() -> None:
    pad = onsets_of(voices.pad((57, 64, 69), 4.0, vibrato=0.4))
    stroke = onsets_of(0.3 * voices.chord((57, 64, 69), 1.0))
    assert pad.full[200:600].max() < 0.1 * stroke.full.max()
    assert pad.full[200:600].mean() < 0.05 * stroke.full.max()


def test_sound_begins_and_ends_where_it_is_heard() -> None:
    sound = at(voices.chord((60,), 1.0), 2.5, 6.0)
    first, last = onsets_of(sound).sounding
    assert first == pytest.approx(2.5, abs=0.01)
    assert last == pytest.approx(3.5, abs=0.03)


@pytest.mark.parametrize("samples", [0, 1, 50, 3000])
def test_hardly_any_sound_and_silence_have_no_onsets(samples: int) -> None:
    found = onsets_of(np.zeros(samples))
    assert not found.full.any()
    assert found.sounding == (0.0, 0.0)
    assert len(found.chords) <= 3


def test_a_stream_without_blocks_is_empty() -> None:
    found = find_onsets([])
    assert len(found.full) == 0 and found.duration == 0.0


@pytest.mark.slow
def test_memory_is_a_block_and_20_megabytes_an_hour() -> None:
    block = np.random.default_rng(3).normal(size=20 * RATE).astype(np.float32)
    tracemalloc.start()
    find_onsets(block for _ in range(3))
    _, short = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    long = find_onsets(block for _ in range(15))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    kept = sum(getattr(long, name).nbytes for name in ("low", "mid", "high", "full", "level"))
    kept += long.chords.nbytes
    assert kept * 3600 / long.duration < 20e6
    # What is kept is there twice while the parts are put together.
    assert peak - short < 3 * kept
    assert peak < 200e6
