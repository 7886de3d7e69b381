"""Guidance as a frame's spec asks for it: off at 0, held to an init, and thresholds after all."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.diffusion.holds import hold, hold_details
from pipeline.diffusion.space import PIXELS
from pipeline.networks.bundle import Networks
from pipeline.render.guided_denoiser import guided_denoiser
from pipeline.render.sampling import sample
from pipeline.render.start import Start
from pipeline.spec.frame import FrameSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.render.guided import T, over, prompted, spec_with
from tests.pipeline.toy_networks import (
    ALL_GUIDANCE,
    CPU,
    NO_GUIDANCE,
    PaintNetwork,
    QuartersEncoder,
    flat,
    toy_networks,
    toy_spec,
)


def picture(spec: FrameSpec, models: Networks) -> Tensor:
    *_, last = sample(None, spec, guided_denoiser(models, spec), CPU)
    return last.x


def test_a_held_picture_has_the_coarse_part_of_its_init(models: Networks, x: Tensor) -> None:
    spec = spec_with(replace(NO_GUIDANCE, init_hold=StepSchedule.constant(0.75)))
    expected = hold(prompted(models, spec), flat("blue"), 0.75)(x, T)
    assert torch.equal(guided_denoiser(models, spec, over(flat("blue")))(x, T), expected)


def test_a_held_picture_has_the_details_of_its_init_and_the_coarse_part_of_its_form(
    models: Networks, x: Tensor
) -> None:
    shares = {"init_hold": StepSchedule.constant(0.75), "detail_hold": StepSchedule.constant(0.5)}
    spec = spec_with(replace(NO_GUIDANCE, **shares))
    init, kept, grown = x.flip(3), x[:, :1] > 0, x[:, 1:2] > 0
    start = Start(init, flat("blue"), kept.float(), grown.float())
    formed = hold(prompted(models, spec), flat("blue"), 0.75, start.kept)
    expected = hold_details(formed, init, 0.5, start.kept, start.grown)(x, T)
    assert torch.equal(guided_denoiser(models, spec, start.within(PIXELS))(x, T), expected)


def test_without_an_init_there_is_nothing_to_keep_to(models: Networks, x: Tensor) -> None:
    names = ("init_scale", "init_hold", "detail_hold")
    keeping = dict.fromkeys(names, StepSchedule.constant(1.0))
    spec = spec_with(replace(NO_GUIDANCE, **keeping))
    assert torch.equal(guided_denoiser(models, spec)(x, T), models.denoiser.bind(None)(x, T))


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


def test_without_scales_it_is_the_network_alone(
    models: Networks, x: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even a layer that does nothing: a layer costs a backward pass."""
    monkeypatch.setattr(torch.autograd, "grad", pytest.fail)
    assert torch.equal(guided_denoiser(models, spec_with())(x, T), models.denoiser.bind(None)(x, T))


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
