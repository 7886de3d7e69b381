"""Mirroring at chosen steps; test_disco_trajectories.py compares the whole with Disco's."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.symmetry import (
    mirror_horizontally,
    mirror_vertically,
    mirrors_at,
    steps_at,
)


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def noise(height: int = 4, width: int = 6) -> Tensor:
    return torch.randn(1, 3, height, width, generator=generator(), dtype=torch.float64)


def test_the_left_half_goes_to_the_right_and_the_upper_one_down() -> None:
    x = torch.arange(1.0, 13.0).view(1, 1, 3, 4)
    across = [[1, 2, 2, 1], [5, 6, 6, 5], [9, 10, 10, 9]]
    down = [[1, 2, 3, 4], [5, 6, 7, 8], [1, 2, 3, 4]]
    assert mirror_horizontally(x)[0, 0].tolist() == across
    assert mirror_vertically(x)[0, 0].tolist() == down
    # Transposed, the odd side is the other one.
    assert mirror_horizontally(x.mT)[0, 0].T.tolist() == down


@pytest.mark.parametrize("skip_steps", [0, 10, 100])
@pytest.mark.parametrize("share", [0.01, 0.09, 0.1, 0.5, 0.77, 1.0])
def test_the_steps_are_those_of_disco(share: float, skip_steps: int) -> None:
    """Which goes by the index of the timestep: the steps count down from `count - 1`."""
    count = 250 - skip_steps
    (index,) = steps_at([share], count)
    assert list(range(count))[::-1][index] == int(count * (1 - share))


def test_the_first_step_is_at_0_and_each_step_counts_once() -> None:
    assert steps_at([0, 0.01, 0.5, 1], 10) == {0, 4, 9}


def test_each_axis_is_mirrored_when_it_is_due() -> None:
    mirrors = mirrors_at([0.2, 0.5], [0.5, 0.8], 10)
    assert sorted(mirrors) == [1, 4, 8]
    x = noise()
    both = mirror_vertically(mirror_horizontally(x))
    for step, expected in ((1, mirror_horizontally(x)), (4, both), (8, mirror_vertically(x))):
        assert torch.equal(mirrors[step](x), expected)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_fraction_out_of_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError) as error:
        steps_at([0.5, share], 10)
    assert str(error.value) == f"the fractions are [0.5, {share}]; each is from 0 to 1"
