"""DPM-Solver++(2M): DDIM's step towards an estimate extrapolated from the last two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log

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


def sample_dpmpp_2m(
    denoiser: Denoiser,
    x: Tensor,
    timesteps: Sequence[int],
    *,
    eta: float,
    generator: NoiseSource,
) -> Iterator[Step]:
    """The steps that turn `x`, noised to `timesteps[0]`, into a picture.

    `eta` 0 is DPM-Solver++(2M) (Lu et al. 2022b, algorithm 2, arXiv:2211.01095), 1 is
    SDE-DPM-Solver++(2M) of the same paper. Between them a step draws `eta` times the noise of the
    latter, as in DDIM. The first and the last step are DDIM's: one has no estimate before it, the
    other no finite log-SNR after it. `timesteps` descend; the last `x` is the last `denoised`.

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
    leads = [0.0, *_leads(levels[:-1]), 0.0][: len(timesteps)]
    previous = x  # Any picture will do: the lead over it is 0.
    for index, (t, (abar, abar_next)) in enumerate(zip(timesteps, pairwise(levels), strict=True)):
        with torch.no_grad():
            denoised = estimate(denoiser, x, t)
            target = denoised + leads[index] * (denoised - previous)
            x = ddim_step(x, target, abar, abar_next, eta=eta, generator=generator)
        previous = denoised
        yield Step(index, t, x, denoised)


def _leads(levels: Sequence[float]) -> list[float]:
    """For each inner level, how far ahead the middle of the next step is, in units of the last one.

    Steps are measured in lambda = log(alpha / sigma).
    """
    lambdas = [log(abar / (1 - abar)) / 2 for abar in levels]
    steps = [after - before for before, after in pairwise(lambdas)]
    return [ahead / (2 * behind) for behind, ahead in pairwise(steps)]
