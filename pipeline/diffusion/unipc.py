"""UniPC of order 2: DPM-Solver++(2M), each of whose steps the next estimate corrects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import expm1, inf

import torch
from torch import Tensor

from pipeline.diffusion.dpm_solver import half_log_snr
from pipeline.diffusion.noise import NoiseSource
from pipeline.diffusion.steps import (
    Step,
    check_no_eta,
    check_timesteps,
    ddim_step,
    estimate,
    noise_levels,
)
from pipeline.protocols import Denoiser


def sample_unipc(
    denoiser: Denoiser,
    x: Tensor,
    timesteps: Sequence[int],
    *,
    eta: float,
    generator: NoiseSource,
) -> Iterator[Step]:
    """The steps that turn `x`, noised to `timesteps[0]`, into a picture; no noise is drawn.

    UniPC-2 of the data prediction with B(h) = e^h - 1 (Zhao et al. 2023, algorithms 5 to 8,
    arXiv:2302.04867). The first and the last step are of order 1. An estimate is asked once: that
    of the predicted x corrects x, and is the next step's too. `timesteps` descend.

    Raises:
        ValueError: `eta` is not 0, or the timesteps are out of range or do not descend.
    """
    check_no_eta("UniPC", eta)
    check_timesteps(denoiser.schedule, timesteps)
    return _steps(denoiser, x, timesteps, generator)


@dataclass(frozen=True, slots=True, eq=False)
class _Taken:
    """A step that was taken: from x, by the estimate there and the one before it."""

    x: Tensor
    denoised: Tensor
    lead: Tensor
    """The difference from the estimate before it to `denoised`, in the step's own length."""
    order: int


def _steps(
    denoiser: Denoiser, x: Tensor, timesteps: Sequence[int], generator: NoiseSource
) -> Iterator[Step]:
    levels = noise_levels(denoiser.schedule, timesteps)
    taken: _Taken | None = None
    for index, (t, (abar, abar_next)) in enumerate(zip(timesteps, pairwise(levels), strict=True)):
        with torch.no_grad():
            denoised = estimate(denoiser, x, t)
            if taken is not None:
                aim = _corrected(levels, index - 1, taken, denoised)
                x = ddim_step(taken.x, aim, levels[index - 1], abar, eta=0.0, generator=generator)
            taken = _taken(levels, index, x, denoised, taken)
            aim = denoised + taken.lead / 2
            x = ddim_step(x, aim, abar, abar_next, eta=0.0, generator=generator)
        yield Step(index, t, x, denoised)


def _taken(
    levels: Sequence[float], index: int, x: Tensor, denoised: Tensor, before: _Taken | None
) -> _Taken:
    if before is None or index == len(levels) - 2:
        return _Taken(x, denoised, torch.zeros_like(x), order=1)
    return _Taken(x, denoised, (denoised - before.denoised) / _ratio(levels, index), order=2)


def _ratio(levels: Sequence[float], index: int) -> float:
    """The length of the step before `index` over that of `index`, in lambda = log(alpha / sigma).

    It is infinite where the step before came from pure noise.
    """
    before, here, after = (half_log_snr(abar) for abar in levels[index - 1 : index + 2])
    return (here - before) / (after - here)


def _corrected(levels: Sequence[float], index: int, taken: _Taken, ahead: Tensor) -> Tensor:
    """The picture that step `index` should have gone towards, now that the estimate `ahead` of its
    end is known (Zhao et al. 2023, eq. 9).
    """
    if taken.order == 1:
        return taken.denoised + (ahead - taken.denoised) / 2
    here, after = (half_log_snr(abar) for abar in levels[index : index + 2])
    first, second = _moments(after - here)
    past = (first - second) / (1 + _ratio(levels, index))
    return taken.denoised + past * taken.lead + (first - past) * (ahead - taken.denoised)


def _moments(h: float) -> tuple[float, float]:
    """The right side of eq. 5 for a step of length `h` in lambda: b_1 and b_2 over B(h)."""
    if h == inf:
        return 1.0, 1.0
    whole = expm1(-h)
    phi = whole / -h - 1
    return phi / whole, 2 * (phi / -h - 1 / 2) / whole
