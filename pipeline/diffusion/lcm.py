"""The sampler of latent consistency models: an estimate, noised anew to the next level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import sqrt

import torch
from torch import Tensor

from pipeline.diffusion.noise import NoiseSource, standard_normal
from pipeline.diffusion.steps import (
    Step,
    check_eta,
    check_timesteps,
    estimate,
    noise_in,
    noise_levels,
)
from pipeline.protocols import Denoiser

_SIGMA_DATA = 0.5
_TIME_SCALE = 10.0


def sample_lcm(
    denoiser: Denoiser,
    x: Tensor,
    timesteps: Sequence[int],
    *,
    eta: float,
    generator: NoiseSource,
) -> Iterator[Step]:
    """The steps that turn `x`, noised to `timesteps[0]`, into a picture.

    Multistep consistency sampling (Song et al. 2023, algorithm 1, arXiv:2303.01469) as latent
    consistency models have it (Luo et al. 2023, section 4.1, arXiv:2310.04378). The consistency
    function is the estimate of x_0, but x itself where no noise is left. `eta` 1 forgets all noise
    of x at each step; less keeps a share of it, as in DDIM, and 0 draws none. `timesteps` descend.

    Raises:
        ValueError: `eta` or `timesteps` are out of range, or the timesteps do not descend.
    """
    check_eta(eta)
    check_timesteps(denoiser.schedule, timesteps)
    return _steps(denoiser, x, timesteps, eta, generator)


def _steps(
    denoiser: Denoiser, x: Tensor, timesteps: Sequence[int], eta: float, generator: NoiseSource
) -> Iterator[Step]:
    levels = noise_levels(denoiser.schedule, timesteps)
    for index, (t, (abar, abar_next)) in enumerate(zip(timesteps, pairwise(levels), strict=True)):
        with torch.no_grad():
            denoised = estimate(denoiser, x, t)
            clean = _consistent(x, denoised, denoiser.schedule.told(torch.tensor([t])).item())
            # Whatever level a schedule ends at, the last answer of such a model is its picture.
            is_last = index == len(timesteps) - 1
            x = clean if is_last else _noised(x, clean, abar, abar_next, eta, generator)
        yield Step(index, t, x, denoised)


def _consistent(x: Tensor, denoised: Tensor, time: float) -> Tensor:
    """c_skip x + c_out denoised at a timestep of the training (Luo et al. 2023, appendix C)."""
    scaled = _TIME_SCALE * time
    energy = scaled**2 + _SIGMA_DATA**2
    return _SIGMA_DATA**2 / energy * x + scaled / sqrt(energy) * denoised


def _noised(
    x: Tensor, clean: Tensor, abar: float, abar_next: float, eta: float, generator: NoiseSource
) -> Tensor:
    sigma = sqrt(1 - abar_next)
    kept = sqrt(abar_next) * clean + sigma * sqrt(1 - eta**2) * noise_in(x, clean, abar)
    if eta == 0:
        return kept
    return kept + sigma * eta * standard_normal(x.shape, generator).to(x)
