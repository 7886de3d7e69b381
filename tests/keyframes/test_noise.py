from __future__ import annotations

import numpy as np

from keyframes.noise import PERIOD, noise

MASK = 2**64 - 1


def splitmix(index: int) -> float:
    """The value at a whole number, in Python's integers."""
    z = (index + 1) * 0x9E3779B97F4A7C15 & MASK
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return ((z ^ z >> 31) >> 11) / 2**52 - 1


def test_whole_numbers_have_the_values_of_splitmix64() -> None:
    """The first output for seed 0 is 0xE220A8397B1DCDAF in the generator's reference code."""
    assert splitmix(0) == (0xE220A8397B1DCDAF >> 11) / 2**52 - 1
    expected = [splitmix(i) for i in range(50)]
    assert noise(np.arange(50.0)).tolist() == expected
    assert noise(np.array([-1.0])).tolist() == [splitmix(2**32 - 1)]


def test_halfway_is_the_mean() -> None:
    values = noise(np.array([7.0, 7.5, 8.0]))
    np.testing.assert_allclose(values[1], (values[0] + values[2]) / 2, rtol=1e-12)


def test_range_and_spread() -> None:
    values = noise(np.arange(-5000.0, 5000.0))
    assert -1 <= values.min() < -0.99
    assert 0.99 < values.max() < 1
    assert abs(values.mean()) < 0.03
    assert abs(np.corrcoef(values[:-1], values[1:])[0, 1]) < 0.03


def test_slope_and_curvature_are_continuous() -> None:
    """Both are 0 at whole numbers, from either side."""
    h = 1e-4
    for whole in (-3.0, 0.0, 12.0):
        before, at, after = noise(np.array([whole - h, whole, whole + h]))
        assert abs(before - at) < 40 * h**3
        assert abs(after - at) < 40 * h**3


def test_repeats_after_the_period_and_is_nan_without_a_number() -> None:
    x = np.array([0.25, 3.5])
    np.testing.assert_array_equal(noise(x + PERIOD), noise(x))
    with np.errstate(invalid="ignore"):
        values = noise(np.array([np.nan, np.inf, -np.inf, 1e300]))
    assert np.isnan(values[:3]).all()
    assert -1 <= values[3] < 1
