"""Guidance as a frame's spec asks for it: connected, in the right direction, and off at 0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import pytest
import torch
from torch import Tensor
from torch.nn.functional import normalize

from keyframes.prompts import Prompt
from pipeline.diffusion.conditions import (
    ClipTarget,
    PictureLoss,
    clip_loss,
    make_cond_fn,
    weighted,
)
from pipeline.diffusion.cut_schedule import CutSchedule
from pipeline.diffusion.guidance import classifier_free, guide
from pipeline.diffusion.losses import range_loss, saturation_loss, tv_loss
from pipeline.diffusion.step_schedule import StepSchedule
from pipeline.models.bundle import Models
from pipeline.protocols import Denoiser
from pipeline.randomness import generator_for
from pipeline.sample import sample
from pipeline.spec import FrameSpec, GuidanceSpec
from pipeline.steer import prompt_vector, steer
from tests.pipeline.toy_models import (
    ALL_GUIDANCE,
    CPU,
    NO_GUIDANCE,
    OTHER_GUIDANCE,
    PaintNetwork,
    QuartersEncoder,
    embeddings,
    flat,
    toy_models,
    toy_spec,
    vectors,
)

EMBEDDINGS, VECTORS = embeddings(), vectors()
T = torch.tensor([60])


@pytest.fixture
def models() -> Models:
    """Pure colours lie beyond [-1, 1], so that range and saturation have something to say."""
    return toy_models(denoiser=PaintNetwork(brightness=1.4))


@pytest.fixture
def x() -> Tensor:
    return torch.randn(1, 3, 10, 12, generator=torch.Generator().manual_seed(0))


def spec_with(guidance: GuidanceSpec = NO_GUIDANCE, **changes: object) -> FrameSpec:
    return replace(toy_spec(guidance=guidance), **changes)


def picture(spec: FrameSpec, models: Models) -> Tensor:
    *_, last = sample(None, spec, steer(models, spec, EMBEDDINGS), CPU)
    return last.x


def test_every_setting_is_changed_below() -> None:
    assert OTHER_GUIDANCE.keys() == {setting.name for setting in fields(GuidanceSpec)}


@pytest.mark.parametrize("name", OTHER_GUIDANCE)
def test_every_setting_changes_the_estimate(models: Models, x: Tensor, name: str) -> None:
    changed = replace(ALL_GUIDANCE, **{name: OTHER_GUIDANCE[name]})
    one, other = (
        steer(models, spec_with(guidance), EMBEDDINGS)(x, T) for guidance in (ALL_GUIDANCE, changed)
    )
    assert (one - other).abs().max() > 1e-4


@pytest.mark.parametrize("name", ["cut_overview", "cut_innercut", "cut_ic_pow", "cut_icgray_p"])
def test_cutouts_follow_the_progress(models: Models, x: Tensor, name: str) -> None:
    """A schedule that changes at half the noise is one value before and another after."""
    (_, before), *_ = getattr(ALL_GUIDANCE, name)
    ((_, after),) = OTHER_GUIDANCE[name]

    def estimate(t: int, *steps: tuple[float, float]) -> Tensor:
        guidance = replace(ALL_GUIDANCE, **{name: steps})
        return steer(models, spec_with(guidance), EMBEDDINGS)(x, torch.tensor([t]))

    changing = ((0.0, before), (0.5, after))
    assert torch.equal(estimate(80, *changing), estimate(80, (0.0, before)))
    assert torch.equal(estimate(20, *changing), estimate(20, (0.0, after)))
    assert not torch.equal(estimate(20, *changing), estimate(20, (0.0, before)))


def prompted(models: Models, spec: FrameSpec) -> Denoiser:
    vector = prompt_vector(spec.prompts, VECTORS)
    if not spec.guidance.cfg_scale:
        return models.denoiser.bind(None)
    both = torch.stack([vector, torch.zeros_like(vector)])
    return classifier_free(models.denoiser.bind(both), spec.guidance.cfg_scale)


def clip_by_hand(models: Models, spec: FrameSpec, batches: int) -> PictureLoss:
    target = ClipTarget(torch.stack([VECTORS["red"], VECTORS["green"]]), torch.tensor([0.7, -0.3]))
    numbers = (2.0, 4.0, 1.0, 0.5)
    return clip_loss(
        models.encoders["starter"],
        target,
        CutSchedule(*map(StepSchedule.constant, numbers)),
        weight=200.0 / batches,
        generator=generator_for(spec, "cutouts", "starter"),
    )


def test_without_scales_it_is_the_network_alone(models: Models) -> None:
    """Not even a layer that does nothing: a layer costs a backward pass."""
    network = models.denoiser.bind(None)
    assert isinstance(steer(models, spec_with(), EMBEDDINGS), type(network))


@pytest.mark.parametrize(("name", "loss"), [("tv_scale", tv_loss), ("sat_scale", saturation_loss)])
def test_one_loss_of_the_blend_alone(
    models: Models, x: Tensor, name: str, loss: Callable[[Tensor], Tensor]
) -> None:
    spec = spec_with(replace(NO_GUIDANCE, **{name: 5.0}))
    denoiser = prompted(models, spec)
    cond_fn = make_cond_fn(denoiser.schedule, blend_losses=[weighted(loss, 5.0)])
    expected = guide(denoiser, cond_fn, clamp_max=0.1)(x, T)
    assert torch.equal(steer(models, spec, EMBEDDINGS)(x, T), expected)


def test_range_alone_judges_the_estimate(models: Models, x: Tensor) -> None:
    spec = spec_with(replace(NO_GUIDANCE, cfg_scale=1.2, range_scale=20.0))
    denoiser = prompted(models, spec)
    cond_fn = make_cond_fn(denoiser.schedule, denoised_losses=[weighted(range_loss, 20.0)])
    expected = guide(denoiser, cond_fn, clamp_max=0.1)(x, T)
    assert torch.equal(steer(models, spec, EMBEDDINGS)(x, T), expected)


@pytest.mark.parametrize("batches", [1, 3])
def test_clip_alone_is_the_mean_over_its_batches(models: Models, x: Tensor, batches: int) -> None:
    guidance = replace(NO_GUIDANCE, clip_guidance_scale=200.0, cutn_batches=batches)
    spec = spec_with(guidance)
    denoiser = prompted(models, spec)
    losses = [clip_by_hand(models, spec, batches)] * batches
    expected = guide(denoiser, make_cond_fn(denoiser.schedule, blend_losses=losses), clamp_max=0.1)(
        x, T
    )
    assert torch.equal(steer(models, spec, EMBEDDINGS)(x, T), expected)


@pytest.mark.parametrize(("batches", "seen"), [(1, 6), (3, 18)])
def test_a_batch_is_a_set_of_cutouts(x: Tensor, batches: int, seen: int) -> None:
    encoder = QuartersEncoder()
    models = toy_models(encoder=encoder)
    steer(models, spec_with(replace(ALL_GUIDANCE, cutn_batches=batches)), EMBEDDINGS)(x, T)
    assert encoder.seen == seen


def test_a_clip_scale_of_0_leaves_the_encoder_alone(x: Tensor) -> None:
    encoder = QuartersEncoder()
    models = toy_models(encoder=encoder)
    steer(models, spec_with(replace(ALL_GUIDANCE, clip_guidance_scale=0.0)), EMBEDDINGS)(x, T)
    assert encoder.seen == 0


@pytest.mark.parametrize(
    ("cfg_scale", "network"), [(0.0, None), (1.0, prompt_vector(toy_spec().prompts, VECTORS))]
)
def test_the_prompt_at_0_and_at_1(
    models: Models, x: Tensor, cfg_scale: float, network: Tensor | None
) -> None:
    spec = spec_with(replace(NO_GUIDANCE, cfg_scale=cfg_scale))
    expected = models.denoiser.bind(network)(x, T)
    assert torch.equal(steer(models, spec, EMBEDDINGS)(x, T), expected)


def test_a_clamp_of_0_is_no_guidance(models: Models) -> None:
    clamped = spec_with(replace(ALL_GUIDANCE, clamp_max=0.0))
    without = spec_with(replace(NO_GUIDANCE, cfg_scale=ALL_GUIDANCE.cfg_scale))
    assert torch.equal(picture(clamped, models), picture(without, models))


def test_the_prompt_vector_is_the_direction_of_the_weighted_sum() -> None:
    vector = prompt_vector((Prompt("red", 0.8), Prompt("blue", -0.2)), VECTORS)
    expected = normalize(0.8 * VECTORS["red"] - 0.2 * VECTORS["blue"], dim=0)
    torch.testing.assert_close(vector, expected)


def thresholded(models: Models, **settings: object) -> Tensor:
    guidance = replace(ALL_GUIDANCE, cfg_scale=1.0)
    spec = spec_with(guidance, prompts=(Prompt("red", 1.0),))
    spec = replace(spec, sampler=replace(spec.sampler, **settings))
    return steer(models, spec, EMBEDDINGS)(flat("red"), T)


def test_thresholds_come_after_all_guidance(models: Models) -> None:
    free = thresholded(models)
    assert free.abs().max() > 1.1
    assert torch.equal(thresholded(models, clip_denoised=True), free.clamp(-1, 1))
    limit = free.abs().flatten().kthvalue(round(0.5 * free.numel())).values
    expected = free.clamp(-limit, limit) / limit
    torch.testing.assert_close(thresholded(models, dynamic_threshold=0.5), expected)


def test_a_static_threshold_wins_over_a_dynamic_one(models: Models) -> None:
    both = thresholded(models, clip_denoised=True, dynamic_threshold=0.5)
    assert torch.equal(both, thresholded(models, clip_denoised=True))
