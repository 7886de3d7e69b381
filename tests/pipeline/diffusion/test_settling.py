"""Who stays where: every pixel has at most one particle, every particle at most one pixel."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.diffusion.settling import REACH, settle

Floats = NDArray[np.float64]


def holders(x: list[float], y: list[float], z: list[float] | None = None) -> list[list[int]]:
    """The holders of a picture of 4 x 2 pixels, row by row."""
    made = settle(*map(np.array, (x, y, z or [1.0] * len(x))), width=4, height=2)
    return [list(map(int, row)) for row in made.reshape(2, 4)]


def test_a_particle_settles_in_the_pixel_that_it_is_in() -> None:
    assert holders([0.4, 2.6], [0.2, 0.9]) == [[0, -1, -1, -1], [-1, -1, -1, 1]]


def test_where_two_meet_the_nearer_to_the_centre_stays_and_the_other_goes_next_door() -> None:
    assert holders([1.4, 1.1], [0.0, 0.0]) == [[-1, 1, 0, -1], [-1, -1, -1, -1]]


def test_one_that_is_held_up_on_all_sides_moves_another_that_can_step_aside() -> None:
    """The third is too far from every free pixel, the first is not."""
    x, y = [1.4, 0.0, 0.9, 0.0, 1.0, 2.0], [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    assert holders(x, y) == [[1, 2, 0, -1], [3, 4, 5, -1]]


def test_of_equals_the_first_stays() -> None:
    made = settle(np.zeros(3), np.zeros(3), np.ones(3), width=1, height=1)
    assert made.tolist() == [0]


def test_what_is_behind_another_or_behind_the_camera_is_gone() -> None:
    assert holders([1.0, 1.3, 3.0], [0.0, 0.0, 0.0], [4.0, 2.0, -1.0])[0] == [-1, 1, -1, -1]
    assert holders([1.0, 1.3], [0.0, 0.0], [2.05, 2.0])[0] == [-1, 0, 1, -1]


@pytest.mark.parametrize("far", [np.inf, -np.inf, np.nan, 1e30])
def test_what_is_nowhere_settles_nowhere(far: float) -> None:
    assert np.all(np.array(holders([far, 1.0], [0.0, far])) == -1)


@pytest.mark.parametrize("seed", range(5))
def test_whoever_settles_is_alone_and_within_reach(seed: int) -> None:
    draw = np.random.default_rng(seed)
    x, y = draw.uniform(-3, 43, 900), draw.uniform(-3, 23, 900)
    made = settle(x, y, np.ones(900), width=40, height=20)
    held = np.flatnonzero(made >= 0)
    who = made[held]
    assert len(set(who.tolist())) == len(held) > 600
    assert np.hypot(x[who] - held % 40, y[who] - held // 40).max() <= REACH
