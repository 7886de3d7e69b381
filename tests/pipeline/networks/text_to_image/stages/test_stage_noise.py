"""What the stages of a cascade share: their scheduler's file, thresholding, ancestral sampling."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import DDPMScheduler
from torch import Tensor

from pipeline.catalogue.config import read_config
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.stages.stage_noise import (
    StageScheduler,
    sample_stage,
    strided_timesteps,
)
from tests.pipeline.networks.text_to_image.tiny_cascade import if_scheduler


def read(**options: Any) -> StageScheduler:
    return StageScheduler.model_validate_json(if_scheduler(**options).to_json_string())


def wide(shape: tuple[int, ...] = (3, 3, 5, 7)) -> Tensor:
    return 2 * torch.randn(shape, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("ratio", [0.5, 0.95, 0.995, 1.0])
def test_thresholding_is_that_of_diffusers(ratio: float) -> None:
    options = {"dynamic_thresholding_ratio": ratio, "sample_max_value": 3.0}
    expected = if_scheduler(**options)._threshold_sample(wide())
    assert torch.allclose(read(**options).kept(wide()), expected, atol=1e-6)


def test_a_picture_within_range_is_left_alone() -> None:
    picture = wide().clamp(-1, 1)
    assert torch.equal(read().kept(picture), picture)
    free = read(thresholding=False, clip_sample=False)
    assert torch.equal(free.kept(wide()), wide())


def test_without_thresholding_a_picture_is_clamped() -> None:
    kept = read(thresholding=False, clip_sample_range=1.25).kept(wide())
    assert torch.equal(kept, wide().clamp(-1.25, 1.25))


def test_timesteps_are_those_of_the_scheduler() -> None:
    scheduler = DDPMScheduler()
    for steps in (1, 7, 27, 50, 1000):
        scheduler.set_timesteps(steps)
        assert strided_timesteps(1000, steps) == scheduler.timesteps.tolist()


def test_an_ideal_network_brings_the_picture_back_whatever_the_noise() -> None:
    picture, schedule = wide((1, 3, 4, 4)).clamp(-1, 1), read().schedule()

    def ask(x: Tensor, t: int) -> tuple[Tensor, Tensor]:
        return (x - schedule.alpha(t) * picture) / schedule.sigma(t), torch.zeros_like(x)

    times = strided_timesteps(1000, 6)
    found = sample_stage(ask, wide((1, 3, 4, 4)), read(), times, torch.Generator())
    assert torch.allclose(found, picture, atol=1e-5)


@pytest.mark.parametrize(("v", "is_upper"), [(-1.0, False), (1.0, True)])
def test_a_learned_variance_lies_between_its_bounds(v: float, is_upper: bool) -> None:
    scheduler, times = read(), [600, 300]
    abar, after = scheduler.schedule().alphas_cumprod[times].tolist()
    beta = 1 - abar / after
    variance = beta if is_upper else (1 - after) / (1 - abar) * beta
    seen: list[Tensor] = []

    def ask(x: Tensor, t: int) -> tuple[Tensor, Tensor]:
        seen.append(x)
        # An estimate of 0, of which only the noise of the step is left.
        return x / math.sqrt(1 - scheduler.schedule().alphas_cumprod[t].item()), x * 0 + v

    sample_stage(ask, torch.zeros(1, 3, 64, 64), scheduler, times, torch.Generator().manual_seed(0))
    expected = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(seen[1], math.sqrt(variance) * expected, atol=1e-5)


def test_the_last_step_draws_nothing() -> None:
    generator = torch.Generator().manual_seed(0)
    before = generator.get_state()
    sample_stage(lambda x, t: (x, x), wide(), read(), [20], generator)
    assert torch.equal(generator.get_state(), before)


def test_another_scheduler_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scheduler_config.json"
    settings = {**dict(if_scheduler().config), "beta_schedule": "linear"}
    path.write_text(json.dumps({**settings, "_class_name": "DDPMScheduler"}), encoding="utf-8")
    with pytest.raises(ModelError, match=r"beta_schedule: found .linear.; it should be 'squared"):
        read_config(path, StageScheduler)
