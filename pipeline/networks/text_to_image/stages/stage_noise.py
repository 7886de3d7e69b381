"""The noise of a cascade's stages, and ancestral sampling with the variance that they predict.

Convention:
    `x_t = alpha_t x_0 + sigma_t eps`; `abar` is alpha squared. Networks predict eps and, some of
    them, `v`, `(N, 3, H, W)` about [-1, 1], which says where the variance of a step lies between
    its bounds, on a logarithmic scale (Nichol & Dhariwal 2021, eq. 15, arXiv:2102.09672).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import exp, log, sqrt
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor

from pipeline.catalogue.config import ForeignConfig
from pipeline.diffusion.noise import NoiseSource, standard_normal
from pipeline.diffusion.schedule import NoiseSchedule, cosine_schedule

Ask = Callable[[Tensor, int], tuple[Tensor, Tensor]]
"""A stage under guidance: `(x, t) -> (eps, v)`; `v` counts where the variance is learned."""


class StageScheduler(ForeignConfig):
    """`scheduler_config.json` of a stage, whose noise follows a squared cosine."""

    class_name: Literal["DDPMScheduler", "UnCLIPScheduler"] = Field(alias="_class_name")
    num_train_timesteps: Annotated[int, Field(ge=2, le=100_000)] = 1000
    beta_schedule: Literal["squaredcos_cap_v2"] = "squaredcos_cap_v2"
    prediction_type: Literal["epsilon"] = "epsilon"
    variance_type: Literal["fixed_small", "fixed_small_log", "learned_range"] = "fixed_small"
    clip_sample: bool = True
    clip_sample_range: Annotated[float, Field(gt=0)] = 1.0
    thresholding: bool = False
    dynamic_thresholding_ratio: Annotated[float, Field(gt=0, le=1)] = 0.995
    sample_max_value: Annotated[float, Field(ge=1)] = 1.0

    def schedule(self) -> NoiseSchedule:
        """The noise levels of the training."""
        return cosine_schedule(self.num_train_timesteps)

    @property
    def is_learned(self) -> bool:
        """Whether the variance of a step is what the network says."""
        return self.variance_type == "learned_range"

    def kept(self, denoised: Tensor) -> Tensor:
        """An estimate of x_0 brought back to the range of pictures.

        Thresholding divides each picture by the quantile of its absolute values, where that is
        above 1, and by `sample_max_value` at most (Saharia et al. 2022, section 2.3,
        arXiv:2205.11487).
        """
        if not self.thresholding:
            bound = self.clip_sample_range
            return denoised.clamp(-bound, bound) if self.clip_sample else denoised
        sizes = denoised.abs().flatten(1).float()
        s = _quantile(sizes, self.dynamic_thresholding_ratio).clamp(1, self.sample_max_value)
        s = s.to(denoised.dtype).view(-1, 1, 1, 1)
        return denoised.clamp(-s, s) / s


def _quantile(rows: Tensor, share: float) -> Tensor:
    """The quantile of each of `rows`, `(N, K)`, between two values where it lies between."""
    # Not torch.quantile, which refuses rows of more than 16 million values.
    _, count = rows.shape
    place = share * (count - 1)
    low = int(place)
    below = rows.kthvalue(low + 1).values
    above = rows.kthvalue(min(low + 2, count)).values
    return torch.lerp(below, above, place - low)


def strided_timesteps(trained: int, steps: int) -> list[int]:
    """`steps` timesteps, whole strides apart and ending at 0, as `DDPMScheduler` chooses them."""
    return [place * (trained // steps) for place in reversed(range(steps))]


@torch.no_grad()
def sample_stage(
    ask: Ask, x: Tensor, scheduler: StageScheduler, times: Sequence[int], noise: NoiseSource
) -> Tensor:
    """The picture that a stage makes of `x`, `(N, 3, H, W)`, noise at `times[0]`.

    `times` descend. The last step ends at its estimate; the others draw from `noise`, on the CPU.
    """
    levels = [*scheduler.schedule().alphas_cumprod[list(times)].tolist(), 1.0]
    for t, (abar, after) in zip(times, pairwise(levels), strict=True):
        eps, v = ask(x, t)
        denoised = scheduler.kept((x - sqrt(1 - abar) * eps) / sqrt(abar))
        deviation = _deviation(v if scheduler.is_learned else None, abar, after)
        beta = 1 - abar / after
        # The mean of x at the next level, given x and x_0 (Ho et al. 2020, eq. 7).
        x = (
            sqrt(after) * beta / (1 - abar) * denoised
            + sqrt(abar / after) * (1 - after) / (1 - abar) * x
        )
        if deviation is not None:
            x = x + deviation * standard_normal(x.shape, noise).to(x)
    return x


def _deviation(v: Tensor | None, abar: float, after: float) -> Tensor | float | None:
    """The standard deviation of the noise of a step from `abar` to `after`; None for the last."""
    if after == 1:
        return None
    beta = 1 - abar / after
    least = log((1 - after) / (1 - abar) * beta)
    if v is None:
        return exp(0.5 * least)
    return (
        torch.lerp(torch.full_like(v, least), torch.full_like(v, log(beta)), (v + 1) / 2)
        .mul(0.5)
        .exp()
    )
