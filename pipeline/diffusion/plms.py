"""The pseudo linear multistep sampler: DDIM's step along an eps extrapolated from earlier steps."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

import torch
from torch import Tensor

from pipeline.diffusion.heun import heun_step
from pipeline.diffusion.steps import (
    Step,
    along,
    check_timesteps,
    estimate,
    noise_in,
    noise_levels,
)
from pipeline.protocols import Denoiser

ADAMS_BASHFORTH: Mapping[int, tuple[float, ...]] = {
    2: (3 / 2, -1 / 2),
    3: (23 / 12, -16 / 12, 5 / 12),
    4: (55 / 24, -59 / 24, 37 / 24, -9 / 24),
}
"""The weights of the last eps, newest first, by how many there are (Liu et al. 2022, eq. 12)."""


def sample_plms(
    denoiser: Denoiser, x: Tensor, timesteps: Sequence[int], *, order: int = 4
) -> Iterator[Step]:
    """The steps that turn `x`, noised to `timesteps[0]`, into a picture; no noise is drawn.

    Liu et al. 2022 (arXiv:2202.09778) in the form that the field calls PLMS: the first step is an
    improved Euler step, which asks the denoiser twice, and later ones mix up to `order` eps. It
    converges at the second order whatever `order` is. A high `order` magnifies the noise of a
    guidance that draws cutouts (four eps 3.7 times, two 1.6 times); Disco Diffusion takes 2.
    `timesteps` descend; the last `x` is the last `denoised`.

    Raises:
        ValueError: `order` is not 2, 3 or 4, or the timesteps are out of range or do not descend.
    """
    if order not in ADAMS_BASHFORTH:
        raise ValueError(f"order is {order}; it is 2, 3 or 4")
    check_timesteps(denoiser.schedule, timesteps)
    return _steps(denoiser, x, timesteps, order)


def _steps(denoiser: Denoiser, x: Tensor, timesteps: Sequence[int], order: int) -> Iterator[Step]:
    levels = noise_levels(denoiser.schedule, timesteps)
    newest_first: deque[Tensor] = deque(maxlen=order)
    for index, (t, t_next) in enumerate(pairwise(timesteps)):
        abar, abar_next = levels[index : index + 2]
        with torch.no_grad():
            denoised = estimate(denoiser, x, t)
            newest_first.appendleft(noise_in(x, denoised, abar))
            if index:
                x = along(_mixed(newest_first), x, abar, abar_next)
            else:
                x = heun_step(denoiser, x, denoised, t_next, abar, abar_next)
        yield Step(index, t, x, denoised)
    with torch.no_grad():
        denoised = estimate(denoiser, x, timesteps[-1])
        x = (
            along(noise_in(x, denoised, levels[-2]), x, *levels[-2:])
            if levels[-1] < 1
            else denoised
        )
    yield Step(len(timesteps) - 1, timesteps[-1], x, denoised)


def _mixed(newest_first: Collection[Tensor]) -> Tensor:
    weights = ADAMS_BASHFORTH[len(newest_first)]
    terms = [weight * eps for weight, eps in zip(weights, newest_first, strict=True)]
    return torch.stack(terms).sum(0)
