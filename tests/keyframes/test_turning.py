"""How far changes are under way."""

from __future__ import annotations

import numpy as np

from keyframes.turning import turning

STARTS, LENGTHS = np.array([-np.inf, 2.5, 8.5, 20.0]), np.array([0.0, 6.0, 4.0, 0.0])


def test_changes_that_touch_and_one_that_stands_alone() -> None:
    found = turning(np.arange(24.0), STARTS, LENGTHS).tolist()
    assert found[:3] == [0, 0, 0]
    assert np.allclose(found[3:6], np.array([0.5, 1.5, 2.5]) / 3)
    # The first ends at 8.5, and frame 9 is the first whole one behind that.
    assert found[6:10] == [1, 1, 1, 1] and found[10] == 0.75
    assert found[11:14] == [1, 1, 1] and found[14:20] == [0] * 6
    assert found[20:] == [1, 0, 0, 0]


def test_one_position_is_a_number_without_a_shape() -> None:
    found = turning(np.asarray(4.0), STARTS, LENGTHS)
    assert found.shape == () and float(found) == 0.5
