"""Powers are those of the sound, at the hop they are said to be of."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.music.features import (
    HIGHEST,
    LONG,
    LOWEST,
    RATE,
    SHORT,
    STEP,
    Spectra,
    band_power,
    spectra,
)
from pipeline.music.sound import HOP


def clock(seconds: float) -> np.ndarray:
    return np.arange(round(seconds * RATE)) / RATE


def found(samples: np.ndarray, length: int = 20 * RATE) -> Spectra:
    """All at once, from blocks of a length."""
    blocks = (
        samples[first : first + length].astype(np.float32)
        for first in range(0, len(samples), length)
    )
    parts = list(spectra(blocks))
    names = ("long", "short", "sub")
    return Spectra(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def test_hops_do_not_drift() -> None:
    assert STEP == HOP * RATE


@pytest.mark.parametrize("samples", [0, 1, 109, 110, 111, 1023, 1024, 44000, 44001])
def test_there_is_a_hop_each_5_ms_from_the_first_sample_on(samples: int) -> None:
    for length in (300, 20 * RATE):
        sound = np.random.default_rng(1).standard_normal(samples).astype(np.float32)
        blocks = (sound[first : first + length] for first in range(0, samples, length))
        assert sum(len(part.long) for part in spectra(blocks)) == samples // STEP + 1


@pytest.mark.parametrize("window", ["long", "short"])
def test_a_sine_of_amplitude_1_has_a_power_of_one_half(window: str) -> None:
    powers = getattr(found(np.sin(2 * np.pi * 1234 * clock(1))), window)

    assert np.allclose(band_power(powers, LOWEST, HIGHEST)[10:-10], 0.5, rtol=1e-3)
    assert np.allclose(band_power(powers, 1000, 1500)[10:-10], 0.5, rtol=2e-2)


@pytest.mark.parametrize(("window", "length"), [("long", LONG), ("short", SHORT)])
def test_a_click_is_in_the_windows_around_it(window: str, length: int) -> None:
    click = np.zeros(RATE)
    click[50 * STEP] = 1
    power = band_power(getattr(found(click), window), 1000, HIGHEST)

    assert power.argmax() == 50
    heard = np.flatnonzero(power > 1e-12)
    assert heard[0] + heard[-1] == 100
    assert (heard[-1] - heard[0] + 2) * STEP >= length > (heard[-1] - heard[0]) * STEP


def test_the_power_of_noise_lies_evenly() -> None:
    powers = found(np.random.default_rng(1).standard_normal(5 * RATE)).long

    assert band_power(powers, LOWEST, HIGHEST).mean() == pytest.approx(1, rel=0.02)
    assert band_power(powers, 2000, 3100).mean() == pytest.approx(0.1, rel=0.03)
    assert band_power(powers, 2000, 2005).mean() == pytest.approx(5 / 11000, rel=0.3)


@pytest.mark.parametrize("hertz", [60, 700, 6000])
def test_a_tone_is_between_its_limits_only(hertz: float) -> None:
    # Its ends are soft: a tone that begins at once is a click in every band.
    soft = np.minimum(1, np.minimum(clock(4), 4 - clock(4)) / 0.5)
    powers = found(soft * np.sin(2 * np.pi * hertz * clock(4))).long

    for low, high in ((20, 150), (150, 2500), (2500, 11000)):
        power = band_power(powers, low, high).max()
        assert power == pytest.approx(0.5, rel=1e-2) if low < hertz < high else power < 1e-5


def test_the_lowest_tones_have_their_phase() -> None:
    sub = found(np.sin(2 * np.pi * 60 * clock(1))).sub

    assert sub.shape == (201, 5)
    strongest = sub[50:150, np.abs(sub[100]).argmax()]
    turns = np.angle(strongest[1:] * np.conj(strongest[:-1])) / (2 * np.pi * HOP)
    assert np.allclose(turns, 60, atol=1)


def test_a_constant_offset_has_no_power() -> None:
    offset = found(np.full(RATE, 0.5))

    assert band_power(offset.long, LOWEST, HIGHEST)[10:-10].max() < 1e-9
