"""What holds for chosen noise levels, whatever the sampler."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest
import torch

from pipeline.diffusion.schedule import linear_schedule, scaled_linear_schedule, zero_terminal_snr
from pipeline.diffusion.spacing import spaced
from pipeline.diffusion.trained_noise import TrainedNoise
from pipeline.errors import ModelError
from pipeline.spec.samplers import SamplerName, Spacing
from pipeline.spec.spacing import most_spaced

SCHEDULE = scaled_linear_schedule(40)
EVERY = sorted(product(get_args(SamplerName), get_args(Spacing)))


@pytest.mark.parametrize(("name", "spacing"), EVERY)
@pytest.mark.parametrize("offset", [0, 1])
def test_as_many_steps_as_there_are_said_to_be_can_be_taken_and_no_more(
    name: SamplerName, spacing: Spacing, offset: int
) -> None:
    trained = TrainedNoise(SCHEDULE, steps_offset=offset)
    most = most_spaced(name, spacing, 40, steps_offset=offset)
    for steps in range(1, most + 1):
        schedule = spaced(trained, name, steps, spacing)
        assert len(schedule) == steps
        told = schedule.told(torch.arange(steps))
        assert told.min() >= 0 and told.max() <= 39 and bool((told.diff() >= 0).all())
        assert schedule.alphas_cumprod.min() >= SCHEDULE.alphas_cumprod.min() - 1e-12
    with pytest.raises(ModelError) as error:
        spaced(trained, name, most + 1, spacing)
    assert str(error.value) == (
        f"steps is {most + 1}; {name} with {spacing} spacing allows 1 to {most} with this network"
    )


def test_a_consistency_model_knows_the_timesteps_of_its_distillation() -> None:
    trained = TrainedNoise(SCHEDULE, distilled_steps=8)
    schedule = spaced(trained, "lcm", 8)
    assert schedule.told(torch.arange(8)).tolist() == [4, 9, 14, 19, 24, 29, 34, 39]
    with pytest.raises(ModelError) as error:
        spaced(trained, "lcm", 9)
    assert str(error.value) == (
        "steps is 9; lcm as it was distilled allows 1 to 8 with this network"
    )
    assert most_spaced("lcm", None, 40, distilled_steps=8) == 8


def test_no_steps_are_refused() -> None:
    with pytest.raises(ModelError) as error:
        spaced(TrainedNoise(SCHEDULE), "ddim", 0)
    assert str(error.value) == (
        "steps is 0; ddim with leading spacing allows 1 to 40 with this network"
    )


def test_what_is_not_said_goes_by_the_network() -> None:
    levels = {
        spacing: spaced(TrainedNoise(SCHEDULE), "euler", 5, spacing).alphas_cumprod
        for spacing in get_args(Spacing)
    }
    for spacing in ("leading", "trailing", "linspace"):
        trained = TrainedNoise(SCHEDULE, spacing=spacing)
        assert torch.equal(spaced(trained, "euler", 5).alphas_cumprod, levels[spacing])
    karras = TrainedNoise(SCHEDULE, karras=True)
    assert torch.equal(spaced(karras, "euler", 5).alphas_cumprod, levels["karras"])
    assert torch.equal(spaced(karras, "euler", 5, "linspace").alphas_cumprod, levels["linspace"])


def test_noise_at_every_timestep_is_the_training_again() -> None:
    schedule = spaced(TrainedNoise(linear_schedule()), "ddim", 1000)
    assert torch.equal(schedule.alphas_cumprod, linear_schedule().alphas_cumprod)
    assert schedule.told(torch.tensor([0, 500, 999])).tolist() == [0, 500, 999]


@pytest.mark.parametrize(("name", "spacing"), EVERY)
def test_nothing_is_left_at_pure_noise_or_next_to_nothing(
    name: SamplerName, spacing: Spacing
) -> None:
    """Alpha 0 stays where a step can be taken from it, which eps does not say the way of."""
    trained = zero_terminal_snr(SCHEDULE)
    assert trained.alphas_cumprod[-1] == 0
    exact = name in ("ddim", "plms", "lcm") and spacing != "karras"
    for prediction, least in (("v_prediction", 0.0 if exact else 2**-24), ("epsilon", 2**-24)):
        schedule = spaced(TrainedNoise(trained, prediction, "trailing"), name, 4, spacing)
        if spacing != "leading":
            assert schedule.alpha(3, torch.float64) ** 2 == pytest.approx(least)
        else:
            assert schedule.alpha(3) > 2**-12
