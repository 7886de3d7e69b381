"""Envelopes follow what is known of the sound: its gain, its frequencies, its moments."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from pipeline.music.envelopes import NAMES, Measured, measure, measure_band, values
from pipeline.music.features import RATE
from pipeline.music.sound import HOP, Samples

Sound = np.ndarray


def clock(seconds: float) -> Sound:
    return np.arange(round(seconds * RATE)) / RATE


def cut(samples: Sound, length: int = 20 * RATE) -> Iterator[Samples]:
    """A sound in blocks."""
    for first in range(0, len(samples), length):
        yield samples[first : first + length].astype(np.float32)


def measured(samples: Sound) -> Measured:
    return measure(cut(samples))


def envelope(samples: Sound, name: str) -> Sound:
    return values(measured(samples).envelopes[name])


def tone(hertz: float, seconds: float) -> Sound:
    return 0.7 * np.sin(2 * np.pi * hertz * clock(seconds))


def slow_gain(seconds: float) -> Sound:
    """A known course of the loudness: it swells three times and reaches 1."""
    return np.asarray(0.55 + 0.45 * np.sin(2 * np.pi * 3 * clock(seconds) / seconds))


@pytest.mark.parametrize(
    ("hertz", "name"),
    [(40, "low"), (60, "low"), (110, "low"), (440, "mid"), (1000, "mid"), (5000, "high")],
)
def test_a_tone_under_a_known_gain(hertz: float, name: str) -> None:
    gain = slow_gain(9)
    found = measured(gain * tone(hertz, 9)).envelopes

    for one in (name, "loudness"):
        inside = slice(10, 1790)  # the windows at the ends are half empty
        assert np.allclose(values(found[one])[inside], gain[:: RATE // 200][inside], atol=0.02)


def test_noise_under_a_known_gain() -> None:
    gain = slow_gain(30)
    noise = 0.1 * np.random.default_rng(1).standard_normal(len(gain))
    found = measured(gain * noise).envelopes

    for name in ("loudness", "high"):  # in a narrower band half a second of noise is little
        # Noise is loud by chance. The mean over half a second is not, and shows the gain but for
        # a factor: the largest value, which is 1, was one of chance.
        smooth = np.convolve(values(found[name])[:6000], np.ones(101) / 101, "valid")
        known = np.convolve(gain[:: RATE // 200], np.ones(101) / 101, "valid")
        factor = (smooth @ known) / (known @ known)
        assert 0.5 < factor < 1
        assert np.abs(smooth / factor - known).max() < 0.02, name


def test_the_level_of_a_song_does_not_matter() -> None:
    sound = slow_gain(4) * tone(80, 4) + 0.2 * np.random.default_rng(1).standard_normal(4 * RATE)
    loud, soft = measured(sound), measured(0.01 * sound)

    for name in NAMES:
        assert np.allclose(values(loud.envelopes[name]), values(soft.envelopes[name]), atol=1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_every_envelope_runs_from_nothing_to_one(name: str) -> None:
    burst = np.where(clock(3) < 1, 0, np.exp(-(clock(3) - 1) / 0.1))
    noise = np.random.default_rng(1).standard_normal(len(burst))
    found = envelope(burst * (tone(60, 3) + 0.2 * noise), name)

    assert len(found) == 601
    assert found.min() == 0 and found.max() <= 1
    assert found.max() == 1 or name in ("kick", "snare", "hat")


@pytest.mark.parametrize("seconds", [0.0, 0.003, 0.02, 0.1, 41.0])
def test_silence_is_nothing(seconds: float) -> None:
    dither = np.random.default_rng(1).integers(-1, 2, round(seconds * RATE)) / 32768
    for sound in (np.zeros(len(dither)), dither):
        found = measured(sound)
        assert found.duration == pytest.approx(seconds, abs=1 / RATE)
        assert {name: int(levels.max(initial=0)) for name, levels in found.envelopes.items()} == (
            dict.fromkeys(NAMES, 0)
        )
        lengths = {len(levels) for levels in found.envelopes.values()}
        assert lengths <= {len(sound) // 110 + 1}


def test_a_constant_offset_is_no_sound() -> None:
    sound = 0.3 * tone(440, 3)

    assert np.allclose(
        envelope(sound + 0.2, "loudness")[20:-20], envelope(sound, "loudness")[20:-20], atol=0.02
    )


def test_a_band_hears_between_its_limits() -> None:
    parts = {55: 0.5, 130: 1.5, 300: 2.5, 4000: 3.5}
    sound = sum(
        tone(hertz, 4) * np.exp(-(((clock(4) - at) / 0.2) ** 2)) for hertz, at in parts.items()
    )
    for (low, high), at in {(30, 70): 0.5, (200, 400): 2.5, (3000, 5000): 3.5}.items():
        found = values(measure_band(cut(np.asarray(sound)), low, high))
        assert abs(found.argmax() * HOP - at) < 0.02
        others = [found[round(other / HOP)] for other in parts.values() if other != at]
        assert max(others) < 0.1


@pytest.mark.parametrize("name", ["loudness", "high", "onset"])
def test_a_click_is_where_it_is(name: str) -> None:
    for time in (0.5, 0.7525, 1.2):
        sound = np.zeros(2 * RATE)
        sound[round(time * RATE)] = 0.9
        assert abs(envelope(sound, name).argmax() * HOP - time) < 1.01 * HOP


@pytest.mark.parametrize("hertz", [80.0, 440.0, 3000.0])
def test_an_onset_is_where_a_tone_begins(hertz: float) -> None:
    sound = np.where(clock(2) < 1, 0, np.sin(2 * np.pi * hertz * (clock(2) - 1)))
    found = envelope(0.5 * sound, "onset")

    assert abs(found[:300].argmax() * HOP - 1) < 1.01 * HOP
    assert found[260:380].max() < 0.1, "while it sounds, nothing begins"


def test_blocks_of_any_length_give_the_same() -> None:
    sound = slow_gain(3) * (tone(70, 3) + 0.2 * np.random.default_rng(1).standard_normal(3 * RATE))
    whole, pieces = measured(sound), measure(cut(sound, 777))

    for name in NAMES:
        assert np.allclose(
            values(whole.envelopes[name]), values(pieces.envelopes[name]), atol=1e-4
        ), name
