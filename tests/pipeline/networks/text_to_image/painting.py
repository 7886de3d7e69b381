"""Pictures painted by a text-to-image network as the frame loop paints them, without the loop."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.diffusion.guidance import classifier_free
from pipeline.diffusion.samplers import SAMPLERS
from pipeline.diffusion.schedule import add_noise
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.spec.denoise import SamplerSpec
from pipeline.spec.samplers import respaced, skip


def painted(
    network: TextToImage,
    prompts: Sequence[Prompt],
    sampler: SamplerSpec,
    noise: Tensor,
    *,
    cfg_scale: float = 1.0,
    init: Tensor | None = None,
    seed: int = 0,
    generator: torch.Generator | None = None,
) -> Tensor:
    """The sample in the network's space, `(1, C, h, w)`, from unit `noise` and an `init` there."""
    h, w = noise.shape[-2:]
    factor = network.space.factor
    ready = network.for_sampling(sampler, (w * factor, h * factor))
    condition = ready.condition(prompts)
    both = (condition, ready.opposite(condition))
    denoiser = (
        ready.bind(condition) if cfg_scale == 1 else classifier_free(ready.bind(*both), cfg_scale)
    )
    timesteps = skip(respaced(len(denoiser.schedule), sampler.steps), sampler.skip_steps)
    start = torch.zeros_like(noise) if init is None else init
    x = add_noise(denoiser.schedule, start, noise, timesteps[0])
    if init is None and denoiser.schedule.unit:
        x = noise
    generator = generator or torch.Generator().manual_seed(seed)
    steps = SAMPLERS[sampler.name](denoiser, x, timesteps, eta=sampler.eta, generator=generator)
    with torch.no_grad():
        *_, last = steps
    return last.x
