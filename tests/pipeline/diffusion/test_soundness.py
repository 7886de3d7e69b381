from __future__ import annotations

import pytest
import torch

from pipeline.diffusion.guidance import static_threshold, with_schedule
from pipeline.diffusion.soundness import check_numbers, checked
from tests.pipeline.diffusion.analytic import GaussianDenoiser
from tests.pipeline.toy_networks import SCHEDULE, noise

T = torch.tensor([60])


def test_sound_estimates_pass_as_they_are() -> None:
    denoiser = GaussianDenoiser(SCHEDULE, torch.zeros(1), 0.2)
    assert checked(denoiser).schedule is SCHEDULE
    x = noise().requires_grad_()
    found = checked(denoiser)(x, T)
    assert torch.equal(found, denoiser(x, T)) and found.requires_grad


@pytest.mark.parametrize("value", [torch.inf, -torch.inf, torch.nan])
def test_what_a_clamp_would_hide_is_found_before_it(value: float) -> None:
    def broken(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return x.where(x < 2, value)

    count = int((noise() >= 2).sum())
    assert count
    with pytest.raises(FloatingPointError) as caught:
        static_threshold(checked(with_schedule(SCHEDULE, broken)))(noise(), T)
    assert str(caught.value) == (
        f"the denoiser's estimate at timestep 60 holds {count} of 360 numbers that are infinite or "
        "not a number"
    )


def test_large_numbers_are_finite_though_their_sum_is_not() -> None:
    check_numbers(torch.full((1, 3, 64, 64), 6e4, dtype=torch.float16), "the picture")
