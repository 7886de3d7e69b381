"""Each loss alone gives the guidance of its formula, through the gradient that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.conditions import ClipTarget, PictureLoss, clip_loss, make_cond_fn, weighted
from pipeline.diffusion.cut_schedule import CutSchedule
from pipeline.diffusion.fuzzy import fuzzy
from pipeline.diffusion.gradient import Estimator, fixed_noise, through_denoiser, through_secondary
from pipeline.diffusion.guidance import guide
from pipeline.diffusion.losses import range_loss, saturation_loss, tv_loss
from pipeline.diffusion.perceptual import Features, PerceptualDistance, pyramid_features
from pipeline.networks.bundle import Networks
from pipeline.render.guided_denoiser import guided_denoiser
from pipeline.render.randomness import generator_for
from pipeline.spec.frame import FrameSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.render.guided import VECTORS, T, over, prompted, spec_with
from tests.pipeline.toy_networks import NO_GUIDANCE, PaleSecondary, flat, halves


@pytest.mark.parametrize(
    ("perceptual", "features"), [("pyramid", pyramid_features), ("lpips", halves)]
)
def test_the_init_alone_is_the_distance_of_the_blend_from_it(
    models: Networks, x: Tensor, perceptual: str, features: Features
) -> None:
    spec = spec_with(
        replace(NO_GUIDANCE, init_scale=StepSchedule.constant(3.0), perceptual=perceptual)
    )
    denoiser = prompted(models, spec)
    distance = PerceptualDistance(features).toward(flat("blue"))
    cond_fn = make_cond_fn(denoiser.schedule, blend_losses=[weighted(distance, 3.0)])
    expected = guide(denoiser, cond_fn, clamp_max=0.1)(x, T)
    assert torch.equal(guided_denoiser(models, spec, over(flat("blue")))(x, T), expected)


@pytest.mark.parametrize(
    ("gradient", "estimator"),
    [
        ("denoiser", through_denoiser),
        ("secondary", through_secondary(PaleSecondary())),
        ("none", fixed_noise),
    ],
)
def test_the_gradient_goes_the_way_that_it_is_told(
    models: Networks, x: Tensor, gradient: str, estimator: Estimator
) -> None:
    spec = spec_with(replace(NO_GUIDANCE, gradient=gradient, tv_scale=StepSchedule.constant(0.01)))
    denoiser = prompted(models, spec)
    cond_fn = make_cond_fn(denoiser.schedule, blend_losses=[weighted(tv_loss, 0.01)])
    expected = guide(denoiser, cond_fn, estimator=estimator, clamp_max=0.1)(x, T)
    assert torch.equal(guided_denoiser(models, spec)(x, T), expected)
    assert models.secondary.asked == (gradient == "secondary")


def test_fuzzy_prompts_are_copies_of_the_frames_own(models: Networks, x: Tensor) -> None:
    guidance = replace(
        NO_GUIDANCE, clip_guidance_scale=StepSchedule.constant(200.0), fuzzy_prompt=5, rand_mag=0.4
    )
    spec = spec_with(guidance)
    copies = fuzzy(
        torch.stack([VECTORS["red"], VECTORS["green"]]),
        torch.tensor([0.7, -0.3]),
        count=5,
        strength=0.4,
        generator=generator_for(spec, "fuzzy", "starter"),
    )
    loss = clip_by_hand(models, spec, 1, ClipTarget(*copies))
    denoiser = prompted(models, spec)
    cond_fn = make_cond_fn(denoiser.schedule, blend_losses=[loss])
    expected = guide(denoiser, cond_fn, clamp_max=0.1)(x, T)
    assert torch.equal(guided_denoiser(models, spec)(x, T), expected)


TARGET = ClipTarget(torch.stack([VECTORS["red"], VECTORS["green"]]), torch.tensor([0.7, -0.3]))


def clip_by_hand(
    models: Networks, spec: FrameSpec, batches: int, target: ClipTarget = TARGET
) -> PictureLoss:
    numbers = (2.0, 4.0, 1.0, 0.5)
    return clip_loss(
        models.encoders["starter"].encoder,
        target,
        CutSchedule(*map(StepSchedule.constant, numbers)),
        weight=200.0 / batches,
        generator=generator_for(spec, "cutouts", "starter"),
    )


@pytest.mark.parametrize(("name", "loss"), [("tv_scale", tv_loss), ("sat_scale", saturation_loss)])
def test_one_loss_of_the_blend_alone(
    models: Networks, x: Tensor, name: str, loss: Callable[[Tensor], Tensor]
) -> None:
    spec = spec_with(replace(NO_GUIDANCE, **{name: StepSchedule.constant(5.0)}))
    denoiser = prompted(models, spec)
    cond_fn = make_cond_fn(denoiser.schedule, blend_losses=[weighted(loss, 5.0)])
    expected = guide(denoiser, cond_fn, clamp_max=0.1)(x, T)
    assert torch.equal(guided_denoiser(models, spec)(x, T), expected)


def test_range_alone_judges_the_estimate(models: Networks, x: Tensor) -> None:
    spec = spec_with(
        replace(
            NO_GUIDANCE,
            cfg_scale=StepSchedule.constant(1.2),
            range_scale=StepSchedule.constant(20.0),
        )
    )
    denoiser = prompted(models, spec)
    cond_fn = make_cond_fn(denoiser.schedule, denoised_losses=[weighted(range_loss, 20.0)])
    expected = guide(denoiser, cond_fn, clamp_max=0.1)(x, T)
    assert torch.equal(guided_denoiser(models, spec)(x, T), expected)


@pytest.mark.parametrize("batches", [1, 3])
def test_clip_alone_is_the_mean_over_its_batches(models: Networks, x: Tensor, batches: int) -> None:
    guidance = replace(
        NO_GUIDANCE, clip_guidance_scale=StepSchedule.constant(200.0), cutn_batches=batches
    )
    spec = spec_with(guidance)
    denoiser = prompted(models, spec)
    losses = [clip_by_hand(models, spec, batches)] * batches
    expected = guide(denoiser, make_cond_fn(denoiser.schedule, blend_losses=losses), clamp_max=0.1)(
        x, T
    )
    assert torch.equal(guided_denoiser(models, spec)(x, T), expected)
