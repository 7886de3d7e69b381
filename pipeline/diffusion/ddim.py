"""The sampler of denoising diffusion implicit models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import torch
from torch import Tensor

from pipeline.diffusion.noise import NoiseSource
from pipeline.diffusion.steps import (
    Step,
    check_eta,
    check_timesteps,
    ddim_step,
    estimate,
    noise_levels,
)
from pipeline.protocols import Denoiser


def sample_ddim(
    denoiser: Denoiser,
    x: Tensor,
    timesteps: Sequence[int],
    *,
    eta: float,
    generator: NoiseSource,
) -> Iterator[Step]:
    """The steps that turn `x`, noised to `timesteps[0]`, into a picture (Song et al. 2021, eq. 12).

    `timesteps` descend; the last `x` is the last `denoised`. `eta` in [0, 1] goes from the
    deterministic sampler to ancestral sampling (eq. 16), whose noise comes from `generator`.

    Raises:
        ValueError: `eta` or `timesteps` are out of range, or the timesteps do not descend.
    """
    check_eta(eta)
    check_timesteps(denoiser.schedule, timesteps)
    return _steps(denoiser, x, timesteps, eta, generator)


def _steps(
    denoiser: Denoiser, x: Tensor, timesteps: Sequence[int], eta: float, generator: NoiseSource
) -> Iterator[Step]:
    levels = pairwise(noise_levels(denoiser.schedule, timesteps))
    for index, (t, (abar, abar_next)) in enumerate(zip(timesteps, levels, strict=True)):
        # Not a `with` around the loop: a generator would leave gradients off in its caller.
        with torch.no_grad():
            denoised = estimate(denoiser, x, t)
            x = ddim_step(x, denoised, abar, abar_next, eta=eta, generator=generator)
        yield Step(index, t, x, denoised)
