"""Heun's sampler: an Euler step, and the same step along the mean of both its ends' eps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import sqrt

import torch
from torch import Tensor

from pipeline.diffusion.noise import NoiseSource
from pipeline.diffusion.steps import (
    Step,
    along,
    check_no_eta,
    check_timesteps,
    ddim_step,
    estimate,
    noise_in,
    noise_levels,
)
from pipeline.protocols import Denoiser


def sample_heun(
    denoiser: Denoiser,
    x: Tensor,
    timesteps: Sequence[int],
    *,
    eta: float,
    generator: NoiseSource,
) -> Iterator[Step]:
    """The steps that turn `x`, noised to `timesteps[0]`, into a picture; no noise is drawn.

    Karras et al. 2022, algorithm 1 (arXiv:2206.00364), whose time is sigma / alpha. Each step but
    the last asks the denoiser twice, at both of its ends. `timesteps` descend.

    Raises:
        ValueError: `eta` is not 0, or the timesteps are out of range or do not descend.
    """
    check_no_eta("Heun's sampler", eta)
    check_timesteps(denoiser.schedule, timesteps)
    return _steps(denoiser, x, timesteps, generator)


def _steps(
    denoiser: Denoiser, x: Tensor, timesteps: Sequence[int], generator: NoiseSource
) -> Iterator[Step]:
    levels = noise_levels(denoiser.schedule, timesteps)
    for index, (t, t_next) in enumerate(pairwise(timesteps)):
        abar, abar_next = levels[index : index + 2]
        with torch.no_grad():
            denoised = estimate(denoiser, x, t)
            x = heun_step(denoiser, x, denoised, t_next, abar, abar_next)
        yield Step(index, t, x, denoised)
    with torch.no_grad():
        denoised = estimate(denoiser, x, timesteps[-1])
        x = ddim_step(x, denoised, *levels[-2:], eta=0.0, generator=generator)
    yield Step(len(timesteps) - 1, timesteps[-1], x, denoised)


def heun_step(
    denoiser: Denoiser, x: Tensor, denoised: Tensor, t_next: int, abar: float, abar_next: float
) -> Tensor:
    """`x` moved from `abar` to `abar_next`, the level of `t_next`, where the denoiser is asked.

    From pure noise (`abar` 0) sigma / alpha has infinitely far to go. There the trapezoid is one of
    x / sigma over alpha / sigma, whose derivative is the estimate of x_0.
    """
    eps = noise_in(x, denoised, abar)
    if abar == 0:
        ahead = sqrt(abar_next) * denoised + sqrt(1 - abar_next) * eps
        mean = (denoised + estimate(denoiser, ahead, t_next)) / 2
        return sqrt(abar_next) * mean + sqrt(1 - abar_next) * eps
    ahead = along(eps, x, abar, abar_next)
    eps_ahead = noise_in(ahead, estimate(denoiser, ahead, t_next), abar_next)
    return along((eps + eps_ahead) / 2, x, abar, abar_next)
