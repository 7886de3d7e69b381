"""Samples of a text-to-image network as the frame loop takes them, without the loop."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.diffusion.guidance import classifier_free
from pipeline.diffusion.samplers import SAMPLERS
from pipeline.diffusion.schedule import add_noise
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.protocols import Denoiser
from pipeline.spec.denoise import SamplerSpec


def guided(
    network: TextToImage, prompts: Sequence[Prompt], sampler: SamplerSpec, scale: float
) -> Denoiser:
    """The denoiser of prompts under classifier-free guidance."""
    ready = network.for_sampling(sampler, (64, 64))
    condition = ready.condition(prompts)
    return classifier_free(ready.bind(condition, ready.opposite(condition)), scale)


def painted(
    denoiser: Denoiser,
    sampler: SamplerSpec,
    noise: Tensor,
    init: Tensor | None = None,
    generator: torch.Generator | None = None,
) -> Tensor:
    """The last sample from unit `noise`, or from an `init`, in the network's space.

    Without another generator it is that of seed 0 after it has drawn `noise`.
    """
    if generator is None:
        generator = torch.Generator().manual_seed(0)
        torch.randn(noise.shape, generator=generator)
    times = list(range(sampler.steps))[::-1][sampler.skip_steps :]
    x = noise if init is None else add_noise(denoiser.schedule, init, noise, times[0])
    with torch.no_grad():
        *_, last = SAMPLERS[sampler.name](denoiser, x, times, eta=sampler.eta, generator=generator)
    return last.x


def unit_noise(*shape: int) -> Tensor:
    """The first noise of the generator of seed 0."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))
