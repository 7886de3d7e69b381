"""How often the denoiser is asked, beside how often it was."""

from __future__ import annotations

from functools import partial
from typing import get_args

import pytest
import torch

from pipeline.diffusion.recurrence import recurring
from pipeline.diffusion.samplers import SAMPLERS
from pipeline.diffusion.schedule import linear_schedule
from pipeline.plan.passes import network_passes
from pipeline.spec.samplers import SamplerName, respaced, skip
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.diffusion.toy_denoisers import EpsDenoiser, Watched

SCHEDULE = linear_schedule()


@pytest.mark.parametrize("name", get_args(SamplerName))
@pytest.mark.parametrize(
    "recurrence",
    [((0, 1),), ((0, 3),), ((0, 2), (0.5, 1)), ((0, 1), (0.5, 2), (0.8, 1))],
    ids=["once", "thrice", "twice at first", "twice later"],
)
def test_the_denoiser_is_asked_as_often_as_the_plan_says(
    name: SamplerName, recurrence: tuple[tuple[float, float], ...]
) -> None:
    watched, times = Watched(EpsDenoiser(SCHEDULE), []), StepSchedule(recurrence)
    generator = torch.Generator().manual_seed(0)
    sample = partial(SAMPLERS[name], watched, eta=0.0, generator=generator)
    x = torch.randn(1, 3, 4, 4, generator=generator, dtype=torch.float64)
    *_, _ = recurring(sample, SCHEDULE, times, generator)(x, skip(respaced(1000, 10), 2))
    scale = StepSchedule(((0, 1), (0.6, 3)))
    asked = network_passes(name, 10, 2, scale, 1000, times)
    # From 60% of the denoising on the prompt is weighed against none.
    assert asked == sum(2 if t < 400 else 1 for t, _ in watched.asked)
