"""The denoiser of one frame: the network, bound to its prompts and guided as the frame's spec says.

Guidance is a stack of denoisers around denoisers, and a scale of 0 leaves its layer out:

    network -> classifier-free guidance -> CLIP and picture losses -> thresholding
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn.functional import normalize

from keyframes.prompts import Prompt
from pipeline.diffusion.conditions import (
    ClipTarget,
    PictureLoss,
    clip_loss,
    during,
    make_cond_fn,
    weighted,
)
from pipeline.diffusion.cut_schedule import CutSchedule
from pipeline.diffusion.guidance import (
    classifier_free,
    dynamic_threshold,
    guide,
    static_threshold,
)
from pipeline.diffusion.losses import range_loss, saturation_loss, tv_loss
from pipeline.diffusion.step_schedule import StepSchedule
from pipeline.models.bundle import Models, PromptedNetwork
from pipeline.models.embedding import Embeddings, Vectors
from pipeline.protocols import Denoiser
from pipeline.randomness import generator_for
from pipeline.spec import EncoderSpec, FrameSpec, GuidanceSpec, SamplerSpec


def steer(models: Models, spec: FrameSpec, embeddings: Embeddings) -> Denoiser:
    """The guided denoiser of the frame `spec`; its prompts' vectors come from `embeddings`."""
    guidance = spec.guidance
    network = models.denoiser.for_steps(spec.sampler.steps)
    prompted = _prompted(network, spec.prompts, embeddings.told, guidance.cfg_scale)
    blend_losses = [*_clip_losses(models, spec, embeddings), *_smoothness_losses(guidance)]
    denoised_losses = _scaled((range_loss, guidance.range_scale))
    if not blend_losses and not denoised_losses:
        return _thresholded(prompted, spec.sampler)
    cond_fn = make_cond_fn(
        prompted.schedule, blend_losses=blend_losses, denoised_losses=denoised_losses
    )
    return _thresholded(guide(prompted, cond_fn, clamp_max=guidance.clamp_max), spec.sampler)


def prompt_vector(prompts: Sequence[Prompt], vectors: Vectors) -> Tensor:
    """The unit vector `(D,)` in the direction of the weighted sum of the prompts."""
    return normalize(
        torch.stack([prompt.weight * vectors[prompt.text] for prompt in prompts]).sum(0), dim=0
    )


def _prompted(
    network: PromptedNetwork, prompts: Sequence[Prompt], vectors: Vectors, cfg_scale: float
) -> Denoiser:
    """The network under classifier-free guidance; where one of the two has no share, it rests."""
    if network.prompt_size is None:
        return network.bind(None)
    vector = prompt_vector(prompts, vectors)
    if cfg_scale in (0, 1):
        return network.bind(vector if cfg_scale else None)
    return classifier_free(network.bind(torch.stack([vector, torch.zeros_like(vector)])), cfg_scale)


def _clip_losses(models: Models, spec: FrameSpec, embeddings: Embeddings) -> list[PictureLoss]:
    """The losses of all encoders, each with its own cutouts."""
    scale = spec.guidance.clip_guidance_scale
    return [
        loss
        for encoder in spec.encoders
        if scale * encoder.weight
        for loss in _encoder_losses(models, spec, encoder, embeddings.sought[encoder.name])
    ]


def _encoder_losses(
    models: Models, spec: FrameSpec, encoder: EncoderSpec, vectors: Vectors
) -> list[PictureLoss]:
    guidance = spec.guidance
    target = ClipTarget(
        torch.stack([vectors[prompt.text] for prompt in spec.prompts]),
        torch.tensor([prompt.weight for prompt in spec.prompts]),
    )
    # One loss, listed once a batch: each time it is asked it draws its next cutouts.
    loss = clip_loss(
        models.encoders[encoder.name],
        target,
        _cut_schedule(guidance),
        weight=guidance.clip_guidance_scale * encoder.weight / guidance.cutn_batches,
        generator=generator_for(spec, "cutouts", encoder.name),
    )
    return [during(loss, encoder.start, encoder.until)] * guidance.cutn_batches


def _cut_schedule(guidance: GuidanceSpec) -> CutSchedule:
    return CutSchedule(
        StepSchedule(guidance.cut_overview),
        StepSchedule(guidance.cut_innercut),
        StepSchedule(guidance.cut_ic_pow),
        StepSchedule(guidance.cut_icgray_p),
    )


def _smoothness_losses(guidance: GuidanceSpec) -> list[PictureLoss]:
    return _scaled((tv_loss, guidance.tv_scale), (saturation_loss, guidance.sat_scale))


def _scaled(*losses: tuple[Callable[[Tensor], Tensor], float]) -> list[PictureLoss]:
    return [weighted(loss, scale) for loss, scale in losses if scale]


def _thresholded(denoiser: Denoiser, sampler: SamplerSpec) -> Denoiser:
    if sampler.clip_denoised:
        return static_threshold(denoiser)
    if sampler.dynamic_threshold is not None:
        return dynamic_threshold(denoiser, sampler.dynamic_threshold)
    return denoiser
