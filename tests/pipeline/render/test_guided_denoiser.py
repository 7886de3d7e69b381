"""Guidance as a frame's spec asks for it: connected, in the right direction, and off at 0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import pytest
import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.diffusion.conditions import (
    ClipTarget,
    PictureLoss,
    clip_loss,
    make_cond_fn,
    weighted,
)
from pipeline.diffusion.cut_schedule import CutSchedule
from pipeline.diffusion.fuzzy import fuzzy
from pipeline.diffusion.gradient import (
    Estimator,
    fixed_noise,
    through_denoiser,
    through_secondary,
)
from pipeline.diffusion.guidance import classifier_free, guide, hold
from pipeline.diffusion.losses import range_loss, saturation_loss, tv_loss
from pipeline.diffusion.perceptual import Features, PerceptualDistance, pyramid_features
from pipeline.networks.bundle import Networks
from pipeline.protocols import Denoiser
from pipeline.render.guided_denoiser import guided_denoiser
from pipeline.render.randomness import generator_for
from pipeline.render.sampling import sample
from pipeline.spec.denoise import GuidanceSpec
from pipeline.spec.frame import FrameSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plans import painted
from tests.pipeline.toy_networks import (
    ALL_GUIDANCE,
    CPU,
    NO_GUIDANCE,
    OTHER_GUIDANCE,
    PaintNetwork,
    PaleSecondary,
    QuartersEncoder,
    flat,
    halves,
    noise,
    toy_networks,
    toy_spec,
    vectors,
)

VECTORS = vectors()
T = torch.tensor([60])


@pytest.fixture
def models() -> Networks:
    """Pure colours lie beyond [-1, 1], so that range and saturation have something to say."""
    return toy_networks(denoiser=PaintNetwork(brightness=1.4))


@pytest.fixture
def x() -> Tensor:
    return noise()


def spec_with(guidance: GuidanceSpec = NO_GUIDANCE, **changes: object) -> FrameSpec:
    return painted(toy_spec(guidance=guidance), **changes)


def picture(spec: FrameSpec, models: Networks) -> Tensor:
    *_, last = sample(None, spec, guided_denoiser(models, spec), CPU)
    return last.x


def test_every_setting_is_changed_below() -> None:
    assert OTHER_GUIDANCE.keys() == {setting.name for setting in fields(GuidanceSpec)}


@pytest.mark.parametrize("name", OTHER_GUIDANCE)
def test_every_setting_changes_the_estimate(models: Networks, x: Tensor, name: str) -> None:
    changed = replace(ALL_GUIDANCE, **{name: OTHER_GUIDANCE[name]})
    one, other = (
        guided_denoiser(models, spec_with(guidance), flat("blue"))(x, T)
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
        denoiser = guided_denoiser(models, spec_with(guidance), flat("blue"))
        return denoiser(x, torch.tensor([t]))

    changing = ((0.0, before), (0.5, after))
    assert torch.equal(estimate(80, *changing), estimate(80, (0.0, before)))
    assert torch.equal(estimate(20, *changing), estimate(20, (0.0, after)))
    assert not torch.equal(estimate(20, *changing), estimate(20, (0.0, before)))


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
    assert torch.equal(guided_denoiser(models, spec, flat("blue"))(x, T), expected)


def test_a_held_picture_has_the_coarse_part_of_its_init(models: Networks, x: Tensor) -> None:
    spec = spec_with(replace(NO_GUIDANCE, init_hold=StepSchedule.constant(0.75)))
    expected = hold(prompted(models, spec), flat("blue"), 0.75)(x, T)
    assert torch.equal(guided_denoiser(models, spec, flat("blue"))(x, T), expected)


def test_without_an_init_there_is_nothing_to_keep_to(models: Networks) -> None:
    keeping = {"init_scale": StepSchedule.constant(3.0), "init_hold": StepSchedule.constant(1.0)}
    spec = spec_with(replace(NO_GUIDANCE, **keeping))
    assert isinstance(guided_denoiser(models, spec), type(models.denoiser.bind(None)))


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


def test_a_gradient_through_a_secondary_model_needs_one() -> None:
    spec = spec_with(replace(ALL_GUIDANCE, gradient="secondary"))
    with pytest.raises(ValueError, match=r"^guidance.gradient is secondary; load the models with"):
        guided_denoiser(toy_networks(secondary=None), spec)


def test_without_augmentations_cutouts_are_shown_as_they_are(x: Tensor) -> None:
    """One overview of a flat picture: an augmented one is at least noised."""
    encoder = QuartersEncoder()
    shown: list[Tensor] = []
    encoder.encode_pictures = lambda cuts: (  # type: ignore[method-assign]
        shown.append(cuts.detach()) or QuartersEncoder().encode_pictures(cuts)
    )
    for skip_augs in (True, False):
        guidance = replace(
            ALL_GUIDANCE,
            skip_augs=skip_augs,
            cut_overview=StepSchedule.constant(0.0),
            cut_icgray_p=StepSchedule.constant(0.0),
        )
        denoiser = guided_denoiser(toy_networks(encoder=encoder), spec_with(guidance))
        denoiser(flat("red"), torch.tensor([0]))
    plain, augmented = (cuts.flatten(2).std(dim=2).max() for cuts in shown)
    assert plain < 1e-4 < augmented


def prompted(models: Networks, spec: FrameSpec) -> Denoiser:
    (cfg_scale,) = spec.painting.guidance.cfg_scale.values
    if not cfg_scale:
        return models.denoiser.bind(None)
    told = models.denoiser.condition(spec.painting.prompts)
    return classifier_free(models.denoiser.bind(told, None), cfg_scale)


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


def test_without_scales_it_is_the_network_alone(models: Networks) -> None:
    """Not even a layer that does nothing: a layer costs a backward pass."""
    network = models.denoiser.bind(None)
    assert isinstance(guided_denoiser(models, spec_with()), type(network))


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


@pytest.mark.parametrize(("batches", "seen"), [(1, 6), (3, 18)])
def test_a_batch_is_a_set_of_cutouts(x: Tensor, batches: int, seen: int) -> None:
    encoder = QuartersEncoder()
    models = toy_networks(encoder=encoder)
    guided_denoiser(models, spec_with(replace(ALL_GUIDANCE, cutn_batches=batches)))(x, T)
    assert encoder.seen == seen


def test_a_clip_scale_of_0_leaves_the_encoder_alone(x: Tensor) -> None:
    encoder = QuartersEncoder()
    models = toy_networks(encoder=encoder)
    guided_denoiser(
        models,
        spec_with(replace(ALL_GUIDANCE, clip_guidance_scale=StepSchedule.constant(0.0))),
    )(x, T)
    assert encoder.seen == 0


@pytest.mark.parametrize(
    ("cfg_scale", "told"),
    [(0.0, None), (1.0, PaintNetwork().condition(toy_spec().painting.prompts))],
)
def test_the_prompt_at_0_and_at_1(
    models: Networks, x: Tensor, cfg_scale: float, told: Tensor | None
) -> None:
    spec = spec_with(replace(NO_GUIDANCE, cfg_scale=StepSchedule.constant(cfg_scale)))
    expected = models.denoiser.bind(told)(x, T)
    assert torch.equal(guided_denoiser(models, spec)(x, T), expected)


def test_a_clamp_of_0_is_no_guidance(models: Networks) -> None:
    clamped = spec_with(replace(ALL_GUIDANCE, clamp_max=StepSchedule.constant(0.0)))
    without = spec_with(replace(NO_GUIDANCE, cfg_scale=ALL_GUIDANCE.cfg_scale))
    assert torch.equal(picture(clamped, models), picture(without, models))


def thresholded(models: Networks, **settings: object) -> Tensor:
    guidance = replace(ALL_GUIDANCE, cfg_scale=StepSchedule.constant(1.0))
    spec = spec_with(guidance, prompts=(Prompt("red", 1.0),), **settings)
    return guided_denoiser(models, spec)(flat("red"), T)


def test_thresholds_come_after_all_guidance(models: Networks) -> None:
    free = thresholded(models)
    assert free.abs().max() > 1.1
    assert torch.equal(thresholded(models, clip_denoised=True), free.clamp(-1, 1))
    limit = free.abs().flatten().kthvalue(round(0.5 * free.numel())).values
    expected = free.clamp(-limit, limit) / limit
    torch.testing.assert_close(thresholded(models, dynamic_threshold=0.5), expected)


def test_a_static_threshold_wins_over_a_dynamic_one(models: Networks) -> None:
    both = thresholded(models, clip_denoised=True, dynamic_threshold=0.5)
    assert torch.equal(both, thresholded(models, clip_denoised=True))
