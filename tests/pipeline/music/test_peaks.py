"""The outline of a wave."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.music.peaks import PEAK_HOP, wave_peaks
from pipeline.music.sound import RATE


def test_each_stretch_has_its_lowest_and_highest_sample_however_it_is_cut() -> None:
    sound = np.random.default_rng(1).standard_normal(RATE + 50).astype(np.float32)
    whole, cut = wave_peaks([sound]), wave_peaks(np.split(sound, [3, 200, 9000]))
    assert np.array_equal(whole, cut)
    assert len(whole) == 151 and pytest.approx(1 / 150) == PEAK_HOP
    assert whole[2].tolist() == [sound[294:441].min(), sound[294:441].max()]
    assert whole[-1].tolist() == [sound[-50:].min(), sound[-50:].max()]


def test_nothing_has_no_peaks() -> None:
    assert wave_peaks([]).shape == (0, 2)
