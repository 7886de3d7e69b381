"""The denoiser of one frame: the network, bound to its prompts and guided as the frame's spec says.

Guidance is a stack of denoisers around denoisers, and a scale of 0 leaves its layer out:

    network -> classifier-free guidance -> CLIP and picture losses -> holds -> thresholding
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.diffusion.conditions import (
    ClipTarget,
    PictureLoss,
    clip_loss,
    make_cond_fn,
    scheduled_loss,
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
from pipeline.diffusion.guidance import (
    CondFn,
    classifier_free,
    composed,
    dynamic_threshold,
    guide,
    scheduled,
    shared_scales,
    static_threshold,
)
from pipeline.diffusion.holds import hold, hold_details
from pipeline.diffusion.losses import range_loss, saturation_loss, tv_loss
from pipeline.diffusion.perceptual import Features, PerceptualDistance, pyramid_features
from pipeline.diffusion.seamless import Seamless
from pipeline.diffusion.soundness import checked
from pipeline.networks.bundle import Networks
from pipeline.networks.encoders.prompt_encoder import PromptEncoder
from pipeline.protocols import Condition, Denoiser, PromptedNetwork, Secondary
from pipeline.render.hints import added_to
from pipeline.render.randomness import generator_for
from pipeline.render.start import ANEW, Canvas
from pipeline.spec.denoise import (
    EncoderSpec,
    GradientPath,
    GuidanceSpec,
    Perceptual,
    SamplerSpec,
)
from pipeline.spec.frame import FrameSpec
from pipeline.spec.step_schedule import StepSchedule

_Asked = tuple[float, Condition]
"""A condition, and the share of `cfg_scale` by which guidance leads to it."""


def guided_denoiser(networks: Networks, spec: FrameSpec, canvas: Canvas = ANEW) -> Denoiser:
    """The denoiser of the frame `spec`, conditioned on its prompts and guided.

    `canvas` is what the frame is painted over: the picture that `init_scale` and `detail_hold` keep
    it to, and the form that `init_hold` does.
    """
    held = partial(_held, guidance=spec.painting.guidance, canvas=canvas)
    denoise, guidance = spec.painting, spec.painting.guidance
    network = networks.denoiser.for_sampling(denoise.sampler, spec.size)
    network = network.adapted(added_to(spec, canvas.picture, networks))
    asked = _asked(network, denoise.prompts) if not guidance.cfg_scale.is_zero else ()
    around: Callable[[Denoiser], Denoiser] = Seamless if denoise.sampler.seamless else _as_it_is
    prompted = scheduled(guidance.cfg_scale, lambda scale: around(_prompted(network, asked, scale)))
    blend_losses = _blend_losses(networks, spec, canvas.picture)
    denoised_losses = _scaled((range_loss, guidance.range_scale))
    if not blend_losses and not denoised_losses:
        return _thresholded(held(prompted), denoise.sampler)
    cond_fn = make_cond_fn(
        prompted.schedule,
        blend_losses=blend_losses,
        denoised_losses=denoised_losses,
        space=network.space,
    )
    guided = scheduled(
        guidance.clamp_max,
        partial(_guided, prompted, cond_fn, _ESTIMATORS[guidance.gradient](networks)),
    )
    return _thresholded(held(guided), denoise.sampler)


def _guided(denoiser: Denoiser, cond_fn: CondFn, estimator: Estimator, cap: float) -> Denoiser:
    return guide(denoiser, cond_fn, estimator=estimator, clamp_max=cap)


_ESTIMATORS: Mapping[GradientPath, Callable[[Networks], Estimator]] = {
    "denoiser": lambda networks: through_denoiser,
    "secondary": lambda networks: through_secondary(_secondary(networks)),
    "none": lambda networks: fixed_noise,
}


def _secondary(networks: Networks) -> Secondary:
    if networks.secondary is None:
        raise ValueError("guidance.gradient is secondary; load the models with the secondary one")
    return networks.secondary


def _as_it_is(denoiser: Denoiser) -> Denoiser:
    return denoiser


def _asked(network: PromptedNetwork, prompts: Sequence[Prompt]) -> Sequence[_Asked]:
    """The conditions that the prompts make; none for a network that reads no prompts."""
    made = [(share, network.condition(part)) for share, part in network.apart(prompts)]
    return [(share, condition) for share, condition in made if condition is not None]


def _prompted(network: PromptedNetwork, asked: Sequence[_Asked], cfg_scale: float) -> Denoiser:
    """The network under classifier-free guidance, without the pass that has no share, if any."""
    scales = shared_scales(cfg_scale, [share for share, _ in asked])
    conditions = [one for _, one in asked]
    if not any(scales):
        return checked(network.bind(None))
    if scales == [1]:
        return checked(network.bind(*conditions))
    each = checked(network.bind(*conditions, network.opposite(conditions[0])))
    return classifier_free(each, *scales) if len(scales) == 1 else composed(each, scales)


def _blend_losses(networks: Networks, spec: FrameSpec, picture: Tensor | None) -> list[PictureLoss]:
    guidance = spec.painting.guidance
    return [
        *_clip_losses(networks, spec),
        *_smoothness_losses(guidance),
        *_init_losses(networks, guidance, picture),
    ]


def _clip_losses(networks: Networks, spec: FrameSpec) -> list[PictureLoss]:
    """The CLIP losses of all encoders, each with its own cutouts."""
    encoders = spec.painting.encoders
    return [loss for one in encoders for loss in _encoder_losses(networks, spec, one)]


def _encoder_losses(networks: Networks, spec: FrameSpec, encoder: EncoderSpec) -> list[PictureLoss]:
    guidance, scale = spec.painting.guidance, spec.painting.clip_scale(encoder)
    if scale.is_zero:
        return []
    prompted = networks.encoders[encoder.name]
    target = _target(spec, encoder, prompted)
    cutouts, generator = _cut_schedule(guidance), generator_for(spec, "cutouts", encoder.name)

    def weighing(scale: float) -> PictureLoss:
        return clip_loss(
            prompted.encoder,
            target,
            cutouts,
            weight=scale / guidance.cutn_batches,
            generator=generator,
            augment=not guidance.skip_augs,
        )

    # One loss, listed once a batch: each evaluation draws its next cutouts.
    return [scheduled_loss(scale, weighing)] * guidance.cutn_batches


def _target(spec: FrameSpec, encoder: EncoderSpec, embed: PromptEncoder) -> ClipTarget:
    """The embeddings of the frame's prompts, or noisy copies of them drawn for this encoder."""
    guidance, prompts = spec.painting.guidance, spec.painting.prompts
    target = torch.stack([embed(prompt) for prompt in prompts])
    weights = torch.tensor([prompt.weight for prompt in prompts])
    if guidance.fuzzy_prompt:
        target, weights = fuzzy(
            target,
            weights,
            count=guidance.fuzzy_prompt,
            strength=guidance.rand_mag,
            generator=generator_for(spec, "fuzzy", encoder.name),
        )
    return ClipTarget(target, weights)


def _cut_schedule(guidance: GuidanceSpec) -> CutSchedule:
    return CutSchedule(
        guidance.cut_overview,
        guidance.cut_innercut,
        guidance.cut_ic_pow,
        guidance.cut_icgray_p,
    )


def _smoothness_losses(guidance: GuidanceSpec) -> list[PictureLoss]:
    return _scaled((tv_loss, guidance.tv_scale), (saturation_loss, guidance.sat_scale))


def _init_losses(
    networks: Networks, guidance: GuidanceSpec, init: Tensor | None
) -> list[PictureLoss]:
    if init is None or guidance.init_scale.is_zero:
        return []
    distance = PerceptualDistance(_FEATURES[guidance.perceptual](networks))
    return _scaled((distance.toward(init), guidance.init_scale))


def _lpips(networks: Networks) -> Features:
    if networks.lpips is None:
        raise ValueError("guidance.perceptual is lpips; load the models with LPIPS")
    return networks.lpips


_FEATURES: Mapping[Perceptual, Callable[[Networks], Features]] = {
    "pyramid": lambda networks: pyramid_features,
    "lpips": _lpips,
}


def _scaled(*losses: tuple[Callable[[Tensor], Tensor], StepSchedule]) -> list[PictureLoss]:
    """The losses whose scales are not 0 throughout."""
    return [
        scheduled_loss(scale, partial(weighted, loss))
        for loss, scale in losses
        if not scale.is_zero
    ]


def _held(denoiser: Denoiser, guidance: GuidanceSpec, canvas: Canvas) -> Denoiser:
    x, form = canvas.x, canvas.form
    if x is None or form is None:
        return denoiser
    formed = scheduled(guidance.init_hold, partial(hold, denoiser, form, kept=canvas.kept))
    return scheduled(
        guidance.detail_hold,
        partial(hold_details, formed, x, kept=canvas.kept, grown=canvas.grown),
    )


def _thresholded(denoiser: Denoiser, sampler: SamplerSpec) -> Denoiser:
    if sampler.clip_denoised:
        return static_threshold(denoiser)
    if sampler.dynamic_threshold is not None:
        return dynamic_threshold(denoiser, sampler.dynamic_threshold)
    return denoiser
