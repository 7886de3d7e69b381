"""Pictures that go round: what a network does at the edge is not seen at the seam."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, pad

from pipeline.diffusion.schedule import NoiseSchedule, linear_schedule
from pipeline.diffusion.seamless import Seamless

T = [0, 1, 37, 500, 999]


@dataclass
class Blur:
    """A mean of nine columns; `mode` is how it pads the picture."""

    mode: str
    schedule: NoiseSchedule
    passes: int = 0

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        self.passes += 1
        padded = pad(x, (4, 4, 0, 0), mode=self.mode)
        return avg_pool2d(padded, (1, 9), stride=1)


def picture(width: int = 64) -> Tensor:
    return torch.rand(1, 3, 8, width, generator=torch.Generator().manual_seed(1)) * 2 - 1


@pytest.mark.parametrize("t", T)
@pytest.mark.parametrize("width", [64, 63])
def test_a_network_that_pads_with_black_paints_as_one_that_goes_round(t: int, width: int) -> None:
    """By less than a hundredth, where the padding alone makes errors of up to a half."""
    schedule, x, step = linear_schedule(), picture(width), torch.tensor([t])
    inside = Blur("constant", schedule)
    round_it = Blur("circular", schedule)(x, step)
    alone = (inside(x, step) - round_it).abs().max()
    found = (Seamless(inside)(x, step) - round_it).abs().max()
    assert alone > 0.1
    assert found < 0.02
    assert inside.passes == 3


@pytest.mark.parametrize("t", T)
def test_a_network_that_knows_no_edge_is_left_alone(t: int) -> None:
    schedule, x, step = linear_schedule(), picture(), torch.tensor([t])
    round_it = Blur("circular", schedule)
    torch.testing.assert_close(Seamless(round_it)(x, step), round_it(x, step))
    assert Seamless(round_it).schedule is schedule


def test_it_is_differentiable() -> None:
    x = picture().requires_grad_()
    Seamless(Blur("constant", linear_schedule()))(x, torch.tensor([9])).sum().backward()
    assert x.grad is not None
    torch.testing.assert_close(x.grad, torch.ones_like(x), atol=0.02, rtol=0)
