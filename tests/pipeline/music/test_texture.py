"""The texture of tones and silences whose powers are known."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.music.sound import RATE
from pipeline.music.texture import BAND_HZ, TEXTURE_HOP, texture_of


def tone(hertz: float, seconds: float = 2.0) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE).astype(np.float32)


def test_blocks_of_any_length_give_the_texture_of_the_whole() -> None:
    sound = tone(440) * np.linspace(0, 1, 2 * RATE, dtype=np.float32)
    whole = texture_of([sound])
    cut = texture_of(np.split(sound, [1, 700, 30000, 30001]))
    assert whole.duration == cut.duration == 2
    assert len(whole.bands) == len(cut.bands) == pytest.approx(2 / TEXTURE_HOP, abs=2)
    assert np.allclose(whole.bands, cut.bands, rtol=1e-3)
    assert np.allclose(whole.chroma, cut.chroma, rtol=1e-3)


@pytest.mark.parametrize("band", range(len(BAND_HZ)))
def test_a_tone_is_in_its_band(band: int) -> None:
    heard = texture_of([tone(BAND_HZ[band])]).bands[5:-5].mean(axis=0)
    assert heard[band] > 0.9 * heard.sum()


@pytest.mark.parametrize(("hertz", "pitch_class"), [(261.63, 0), (440.0, 9), (1479.98, 6)])
def test_a_tone_has_its_pitch_class(hertz: float, pitch_class: int) -> None:
    heard = texture_of([tone(hertz)]).chroma[5:-5].mean(axis=0)
    assert heard.argmax() == pitch_class
    # The window spreads low tones over their neighbours.
    assert heard[pitch_class] > 0.5 * heard.sum()


def test_a_row_belongs_to_the_middle_of_its_window() -> None:
    sound = np.zeros(2 * RATE, np.float32)
    sound[RATE] = 1.0
    rows = texture_of([sound]).bands.sum(axis=1)
    assert (len(rows) - 1) * TEXTURE_HOP == pytest.approx(2.0, abs=TEXTURE_HOP), "to the end"
    loudest = rows.argmax()
    assert loudest * TEXTURE_HOP == pytest.approx(1.0, abs=TEXTURE_HOP)


def test_no_samples_have_no_rows() -> None:
    nothing = texture_of([])
    assert nothing.duration == 0 and len(nothing.bands) <= 1
