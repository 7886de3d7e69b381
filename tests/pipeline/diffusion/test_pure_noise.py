"""Levels at which nothing is left of a picture: alpha 0, as flow matching begins."""

from __future__ import annotations

import pytest
import torch
from diffusers import DDIMScheduler

from pipeline.diffusion.gradient import Estimator, fixed_noise, through_denoiser
from pipeline.diffusion.guidance import guide
from pipeline.diffusion.schedule import (
    NoiseSchedule,
    add_noise,
    cosine_schedule,
    linear_schedule,
    scaled_linear_schedule,
    zero_terminal_snr,
)
from tests.pipeline.diffusion.analytic import GaussianDenoiser

SCHEDULE = zero_terminal_snr(linear_schedule(50))
X = torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(1))


def test_a_schedule_may_end_in_noise_alone() -> None:
    assert SCHEDULE.alpha(49) == 0 and SCHEDULE.sigma(49) == 1
    assert torch.equal(add_noise(SCHEDULE, X.flip(0), X, 49), X)


def test_stretching_a_schedule_is_that_of_diffusers() -> None:
    theirs = DDIMScheduler(
        rescale_betas_zero_snr=True,
        beta_schedule="scaled_linear",
        beta_start=0.00085,
        beta_end=0.012,
    )
    ours = zero_terminal_snr(scaled_linear_schedule()).alphas_cumprod
    torch.testing.assert_close(ours, theirs.alphas_cumprod.double(), rtol=1e-4, atol=1e-6)
    assert ours[0] == scaled_linear_schedule().alphas_cumprod[0]


@pytest.mark.parametrize("estimator", [through_denoiser, fixed_noise])
@pytest.mark.parametrize("clamp_max", [None, 0.05])
@pytest.mark.parametrize("schedule", [SCHEDULE, cosine_schedule(1000)], ids=["none", "a trace"])
def test_guidance_leaves_the_estimate_of_pure_noise_alone(
    estimator: Estimator, clamp_max: float | None, schedule: NoiseSchedule
) -> None:
    """The cosine schedule ends at 5e-5 of a picture, and 1 / alpha would be 20,000."""

    def cond_fn(x: torch.Tensor, t: torch.Tensor, judged: torch.Tensor) -> torch.Tensor:
        (gradient,) = torch.autograd.grad(-((judged - 1) ** 2).sum(), x)
        return gradient + 1

    gaussian = GaussianDenoiser(schedule, torch.tensor(0.2), 0.3)
    t = torch.tensor([len(schedule) - 1, len(schedule) // 2])
    guided = guide(gaussian, cond_fn, estimator=estimator, clamp_max=clamp_max)(X, t)
    plain = gaussian(X, t)
    assert torch.equal(guided[0], plain[0])
    assert not torch.allclose(guided[1], plain[1], atol=1e-3)


TABLE = torch.tensor([0.9, 0.5], dtype=torch.float64)


@pytest.mark.parametrize(
    ("seen", "final", "message"),
    [
        (
            torch.tensor([1.0, 2.0]),
            1.0,
            "seen is torch.float32 (2,) on cpu; it is a float64 vector",
        ),
        (TABLE[:1], 1.0, "seen has 1 values for 2 timesteps"),
        (None, 0.8, "final is 0.8; it is 0.9 to 1"),
        (None, 1.1, "final is 1.1; it is 0.9 to 1"),
    ],
)
def test_other_facts_of_a_schedule_are_refused(
    seen: torch.Tensor | None, final: float, message: str
) -> None:
    with pytest.raises(ValueError) as error:
        NoiseSchedule(TABLE, seen, final)
    assert str(error.value).startswith(message)


def test_a_network_is_told_what_is_seen_or_else_the_timestep() -> None:
    t = torch.tensor([1, 0])
    assert NoiseSchedule(TABLE).told(t) is t
    told = NoiseSchedule(TABLE, TABLE.new_tensor([20.0, 500.5])).told(t)
    assert told.tolist() == [500.5, 20.0] and told.dtype == torch.float32
