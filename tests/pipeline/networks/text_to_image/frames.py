"""Frames as the loop samples them, from noise and conditions that a test gives."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.diffusion.guidance import classifier_free
from pipeline.diffusion.samplers import SAMPLERS
from pipeline.diffusion.schedule import add_noise
from pipeline.networks.text_to_image.parts.network import Size, Steered, TextToImage
from pipeline.protocols import Denoiser
from pipeline.spec.denoise import SamplerSpec
from pipeline.spec.samplers import respaced, skip


def drawn(shape: tuple[int, ...], seed: int = 0) -> Tensor:
    """Normal numbers: what a pipeline draws from a generator of this seed."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def guided(
    network: TextToImage,
    prompts: Sequence[Prompt] | Steered,
    sampler: SamplerSpec,
    cfg_scale: float,
    size: Size = (64, 64),
) -> Denoiser:
    """The denoiser under prompts, or a condition, with classifier-free guidance; none at 1."""
    ready = network.for_sampling(sampler, size)
    condition = prompts if isinstance(prompts, Steered) else ready.condition(prompts)
    if cfg_scale == 1:
        return ready.bind(condition)
    return classifier_free(ready.bind(condition, ready.opposite(condition)), cfg_scale)


@torch.no_grad()
def stepped(
    denoiser: Denoiser,
    sampler: SamplerSpec,
    noise: Tensor,
    init: Tensor | None = None,
    generator: torch.Generator | None = None,
) -> Tensor:
    """The last `x` from unit `noise`, `(1, C, h, w)`, alone or over an `init` in that space.

    Without a `generator` fresh noise comes from that of seed 0, after it has drawn `noise`.
    """
    schedule = denoiser.schedule
    timesteps = skip(respaced(len(schedule), sampler.steps), sampler.skip_steps)
    start = torch.zeros_like(noise) if init is None else init
    begins_with_noise = init is None and schedule.unit
    x = noise if begins_with_noise else add_noise(schedule, start, noise, timesteps[0])
    if generator is None:
        generator = torch.Generator().manual_seed(0)
        torch.randn(noise.shape, generator=generator)
    *_, last = SAMPLERS[sampler.name](denoiser, x, timesteps, eta=sampler.eta, generator=generator)
    return last.x


def sampled(
    network: TextToImage,
    prompts: Sequence[Prompt] | Steered,
    sampler: SamplerSpec,
    noise: Tensor,
    *,
    init: Tensor | None = None,
    cfg_scale: float = 1.0,
    generator: torch.Generator | None = None,
) -> Tensor:
    """The last `x` in a network's space from `noise`, `(1, C, h, w)`, alone or over `init`."""
    *_, h, w = noise.shape
    size = (w * network.space.factor, h * network.space.factor)
    denoiser = guided(network, prompts, sampler, cfg_scale, size)
    return stepped(denoiser, sampler, noise, init, generator)
