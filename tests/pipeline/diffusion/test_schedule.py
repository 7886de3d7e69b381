from __future__ import annotations

import pytest
import torch
from diffusers import DDPMScheduler

from pipeline.diffusion.schedule import (
    NoiseSchedule,
    add_noise,
    cosine_schedule,
    linear_schedule,
    scaled_linear_schedule,
)
from pipeline.spec.samplers import respaced, skip
from tests.pipeline.diffusion.disco_spacing import disco_spacing


@pytest.mark.parametrize(
    ("ours", "options"),
    [
        (linear_schedule(), {"beta_schedule": "linear"}),
        (
            scaled_linear_schedule(),
            {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012},
        ),
        (cosine_schedule(), {"beta_schedule": "squaredcos_cap_v2"}),
        (
            cosine_schedule(100),
            {"beta_schedule": "squaredcos_cap_v2", "num_train_timesteps": 100},
        ),
    ],
)
def test_schedules_equal_those_of_diffusers(
    ours: NoiseSchedule, options: dict[str, object]
) -> None:
    theirs = DDPMScheduler(**options).alphas_cumprod.double()
    # Theirs is a product in float32.
    torch.testing.assert_close(ours.alphas_cumprod, theirs, rtol=1e-4, atol=1e-7)


def test_a_linear_schedule_of_fewer_steps_ends_at_about_the_same_noise() -> None:
    full, short = linear_schedule(1000), linear_schedule(250)
    assert len(short) == 250
    assert short.alpha(249).log().item() == pytest.approx(full.alpha(999).log().item(), rel=0.03)


def test_alpha_and_sigma_are_the_roots_of_the_table_and_share_the_energy() -> None:
    schedule = linear_schedule()
    t = torch.tensor([0, 17, 500, 999])
    alpha, sigma = schedule.alpha(t, torch.float64), schedule.sigma(t, torch.float64)
    torch.testing.assert_close(alpha.square(), schedule.alphas_cumprod[t])
    torch.testing.assert_close(alpha.square() + sigma.square(), torch.ones(4, dtype=torch.float64))
    assert schedule.sigma(0, torch.float64).item() == pytest.approx(0.01)


def test_a_level_has_the_shape_of_the_timestep_and_the_type_of_the_picture() -> None:
    schedule = linear_schedule()
    assert schedule.alpha(3).shape == () and schedule.alpha(3).dtype == torch.float32
    assert schedule.sigma(torch.tensor([1, 2])).shape == (2,)
    alpha, sigma = schedule.at(torch.zeros(2, 3, 8, 8, dtype=torch.float16), torch.tensor([1, 2]))
    assert alpha.shape == sigma.shape == (2, 1, 1, 1)
    assert alpha.dtype == sigma.dtype == torch.float16


@pytest.mark.parametrize("t", [-1, 1000])
def test_a_timestep_outside_of_the_schedule_does_not_wrap_around(t: int) -> None:
    with pytest.raises(RuntimeError, match=f"index {t} is out of bounds"):
        linear_schedule().alpha(t)


def test_progress_goes_from_zero_at_the_noise_to_just_below_one() -> None:
    schedule = linear_schedule()
    assert [schedule.progress(t) for t in (999, 499, 0)] == pytest.approx([0, 0.5, 0.999])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            torch.tensor([0.9, 0.5]),
            "alphas_cumprod is torch.float32 (2,) on cpu; it is a float64 vector on the CPU",
        ),
        (
            torch.tensor([[0.9, 0.5]], dtype=torch.float64),
            "alphas_cumprod is torch.float64 (1, 2) on cpu; it is a float64 vector on the CPU",
        ),
        (
            torch.tensor([0.5, 0.5], dtype=torch.float64),
            "alphas_cumprod must fall strictly and stay between 0 and 1",
        ),
        (
            torch.tensor([1.0, 0.5], dtype=torch.float64),
            "alphas_cumprod must fall strictly and stay between 0 and 1",
        ),
        (
            torch.tensor([], dtype=torch.float64),
            "alphas_cumprod must fall strictly and stay between 0 and 1",
        ),
    ],
)
def test_a_table_that_is_no_schedule_is_refused(table: torch.Tensor, message: str) -> None:
    with pytest.raises(ValueError) as error:
        NoiseSchedule(table)
    assert str(error.value) == message


@pytest.mark.parametrize("steps", [1, 25, 50, 250, 1000])
def test_respacing_by_a_divisor_gives_the_timesteps_of_ddim(steps: int) -> None:
    assert respaced(1000, steps) == tuple(reversed(range(0, 1000, 1000 // steps)))


@pytest.mark.parametrize("steps", [3, 7, 333, 501, 999])
def test_other_respacings_are_as_even_as_integers_can_be(steps: int) -> None:
    timesteps = respaced(1000, steps)
    gaps = {a - b for a, b in zip((1000, *timesteps), timesteps, strict=False)}
    assert len(timesteps) == steps and timesteps[-1] == 0
    assert gaps == {1000 // steps, 1000 // steps + 1}


@pytest.mark.parametrize("steps", [0, 1001])
def test_respacing_refuses_more_steps_than_there_are(steps: int) -> None:
    with pytest.raises(ValueError) as error:
        respaced(1000, steps)
    assert str(error.value) == f"steps is {steps}; this network allows 1 to 1000"


@pytest.mark.parametrize("steps", [1, 25, 250, 500, 1000])
def test_where_the_steps_divide_1000_discos_spacing_is_ours(steps: int) -> None:
    schedule, timesteps = disco_spacing(steps)
    torch.testing.assert_close(schedule.alphas_cumprod, linear_schedule().alphas_cumprod)
    assert timesteps == respaced(1000, steps)


@pytest.mark.parametrize(("steps", "length"), [(12, 996), (300, 900), (501, 501), (1500, 1500)])
def test_elsewhere_disco_makes_a_schedule_that_the_steps_divide(steps: int, length: int) -> None:
    schedule, timesteps = disco_spacing(steps)
    assert torch.equal(schedule.alphas_cumprod, linear_schedule(length).alphas_cumprod)
    assert timesteps == tuple(range(0, length, length // steps))[::-1]


@pytest.mark.parametrize(
    ("steps", "last"), [(12, 0.01), (251, 0.18), (300, 0.08), (501, 0.39), (987, 0.02)]
)
def test_ours_differs_by_as_much_as_its_docstring_says(steps: int, last: float) -> None:
    """Measured for 1 to 999 steps; here are the worst of them and some others."""
    schedule, timesteps = disco_spacing(steps)
    ours = half_log_snr(linear_schedule())[list(respaced(1000, steps))]
    apart = (half_log_snr(schedule)[list(timesteps)] - ours).abs()
    assert apart.max() < last
    assert apart[: -max(1, steps // 20)].max() < 0.05


def half_log_snr(schedule: NoiseSchedule) -> torch.Tensor:
    return schedule.alphas_cumprod.logit() / 2


def test_disco_has_no_schedule_without_steps() -> None:
    with pytest.raises(ValueError) as error:
        disco_spacing(0)
    assert str(error.value) == "steps is 0; it is 1 or more"


def test_skip_drops_the_noisiest_steps() -> None:
    assert skip((90, 60, 30, 0), 0) == (90, 60, 30, 0)
    assert skip((90, 60, 30, 0), 3) == (0,)


@pytest.mark.parametrize("skip_steps", [-1, 4])
def test_skip_leaves_at_least_one_step(skip_steps: int) -> None:
    with pytest.raises(ValueError) as error:
        skip((90, 60, 30, 0), skip_steps)
    assert str(error.value) == (
        f"skip_steps is {skip_steps} of 4 steps; at least one step must stay, so it is 0 to 3"
    )


def test_add_noise_equals_diffusers_for_one_timestep_and_for_one_each() -> None:
    x0, noise = torch.randn(2, 2, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    t = torch.tensor([10, 700])
    theirs = DDPMScheduler().add_noise(x0, noise, t)
    torch.testing.assert_close(add_noise(linear_schedule(), x0, noise, t), theirs)
    torch.testing.assert_close(add_noise(linear_schedule(), x0, noise, 700)[1], theirs[1])
