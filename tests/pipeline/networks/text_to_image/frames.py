"""Frames as the loop samples them, from noise and conditions that a test gives."""

from __future__ import annotations

import torch
from torch import Tensor

from pipeline.diffusion.guidance import classifier_free
from pipeline.diffusion.samplers import SAMPLERS
from pipeline.diffusion.schedule import add_noise
from pipeline.networks.text_to_image.parts.network import Steered, TextToImage
from pipeline.spec.denoise import SamplerSpec
from pipeline.spec.samplers import respaced, skip


def drawn(shape: tuple[int, ...], seed: int) -> Tensor:
    """Normal numbers: what a pipeline draws from a generator of this seed."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@torch.no_grad()
def sampled(
    network: TextToImage,
    prompt: Steered,
    sampler: SamplerSpec,
    noise: Tensor,
    *,
    init: Tensor | None = None,
    cfg_scale: float = 1.0,
) -> Tensor:
    """The last `x`, in the network's space, from `noise`, `(1, C, h, w)`, alone or over `init`."""
    *_, h, w = noise.shape
    factor = network.space.factor
    ready = network.for_sampling(sampler, (w * factor, h * factor))
    denoiser = ready.bind(prompt)
    if cfg_scale != 1:
        denoiser = classifier_free(ready.bind(prompt, ready.opposite(prompt)), cfg_scale)
    timesteps = skip(respaced(len(denoiser.schedule), sampler.steps), sampler.skip_steps)
    x = noise if init is None else add_noise(denoiser.schedule, init, noise, timesteps[0])
    generator = torch.Generator().manual_seed(0)
    *_, last = SAMPLERS[sampler.name](denoiser, x, timesteps, eta=sampler.eta, generator=generator)
    return last.x
