"""Every setting of guidance has a say, at every time that its schedule gives it one."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
import torch
from torch import Tensor

from pipeline.networks.bundle import Networks
from pipeline.render.guided_denoiser import guided_denoiser
from pipeline.spec.denoise import GuidanceSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.render.guided import T, over, spec_with
from tests.pipeline.toy_networks import (
    ALL_GUIDANCE,
    NO_GUIDANCE,
    OTHER_GUIDANCE,
    QuartersEncoder,
    flat,
    toy_networks,
)


def test_every_setting_is_changed_below() -> None:
    of_the_picture, of_the_sampling = {"repaint", "discover"}, {"recurrence"}
    names = {setting.name for setting in fields(GuidanceSpec)}
    assert OTHER_GUIDANCE.keys() == names - of_the_picture - of_the_sampling


@pytest.mark.parametrize("name", OTHER_GUIDANCE)
def test_every_setting_changes_the_estimate(models: Networks, x: Tensor, name: str) -> None:
    changed = replace(ALL_GUIDANCE, **{name: OTHER_GUIDANCE[name]})
    one, other = (
        guided_denoiser(models, spec_with(guidance), over(flat("blue")))(x, T)
        for guidance in (ALL_GUIDANCE, changed)
    )
    assert (one - other).abs().max() > 1e-4


@pytest.mark.parametrize("name", ["cut_overview", "cut_innercut", "cut_ic_pow", "cut_icgray_p"])
def test_cutouts_follow_the_progress(models: Networks, x: Tensor, name: str) -> None:
    """A schedule that changes at half the noise is one value before and another after."""
    before, *_ = getattr(ALL_GUIDANCE, name).values
    (after,) = OTHER_GUIDANCE[name].values

    def estimate(t: int, *steps: tuple[float, float]) -> Tensor:
        guidance = replace(ALL_GUIDANCE, **{name: StepSchedule(steps)})
        return guided_denoiser(models, spec_with(guidance))(x, torch.tensor([t]))

    changing = ((0.0, before), (0.5, after))
    assert torch.equal(estimate(80, *changing), estimate(80, (0.0, before)))
    assert torch.equal(estimate(20, *changing), estimate(20, (0.0, after)))
    assert not torch.equal(estimate(20, *changing), estimate(20, (0.0, before)))


SCALES = (
    *("cfg_scale", "clip_guidance_scale", "tv_scale", "range_scale", "sat_scale", "init_scale"),
    *("init_hold", "clamp_max"),
)


@pytest.mark.parametrize("name", SCALES)
def test_scales_follow_the_progress(models: Networks, x: Tensor, name: str) -> None:
    (before,) = getattr(ALL_GUIDANCE, name).values
    (after,) = OTHER_GUIDANCE[name].values

    def estimate(t: int, *steps: tuple[float, float]) -> Tensor:
        guidance = replace(ALL_GUIDANCE, **{name: StepSchedule(steps)})
        denoiser = guided_denoiser(models, spec_with(guidance), over(flat("blue")))
        return denoiser(x, torch.tensor([t]))

    changing = ((0.0, before), (0.5, after))
    assert torch.equal(estimate(80, *changing), estimate(80, (0.0, before)))
    assert torch.equal(estimate(20, *changing), estimate(20, (0.0, after)))
    assert not torch.equal(estimate(20, *changing), estimate(20, (0.0, before)))


def test_a_loss_that_is_off_for_now_asks_nobody(x: Tensor) -> None:
    encoder = QuartersEncoder()
    guidance = replace(NO_GUIDANCE, clip_guidance_scale=StepSchedule(((0.0, 0.0), (0.5, 200.0))))
    models = toy_networks(encoder=encoder)
    denoiser = guided_denoiser(models, spec_with(guidance))
    assert torch.equal(denoiser(x, torch.tensor([80])), models.denoiser.bind(None)(x, T + 20))
    assert encoder.seen == 0
    denoiser(x, torch.tensor([20]))
    assert encoder.seen == 6


def test_the_prompt_rests_where_its_scale_is_1(models: Networks, x: Tensor) -> None:
    guidance = replace(NO_GUIDANCE, cfg_scale=StepSchedule(((0.0, 3.0), (0.5, 1.0))))
    denoiser = guided_denoiser(models, spec_with(guidance))
    alone = models.denoiser.bind(models.denoiser.condition(spec_with().painting.prompts))
    assert torch.equal(denoiser(x, torch.tensor([20])), alone(x, torch.tensor([20])))
    assert not torch.equal(denoiser(x, torch.tensor([80])), alone(x, torch.tensor([80])))
