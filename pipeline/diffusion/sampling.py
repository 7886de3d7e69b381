"""From noise to picture: the sampler of denoising diffusion implicit models.

Convention:
    `x_t = alpha_t x_0 + sigma_t eps`. A sampler sees a `Denoiser` and timesteps, nothing else:
    guidance is a denoiser around a denoiser, and skipped steps are a shorter list of timesteps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

import torch
from torch import Tensor

from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.protocols import Denoiser


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What one step leaves behind."""

    index: int
    """Counts the steps from 0."""
    t: int
    """The timestep at which the denoiser was asked."""
    x: Tensor
    """The sample at the next timestep; after the last step, the finished picture."""
    denoised: Tensor
    """The estimate of x_0 at `t`: the preview."""


def sample_ddim(
    denoiser: Denoiser,
    x: Tensor,
    timesteps: Sequence[int],
    *,
    eta: float,
    generator: torch.Generator,
) -> Iterator[Step]:
    """The steps that turn `x`, noised to `timesteps[0]`, into a picture (Song et al. 2021, eq. 12).

    `timesteps` descend; the step after the last one is the clean picture (alpha 1, sigma 0), so
    that the last `x` is the last `denoised`. `eta` in [0, 1] goes from the deterministic sampler
    to ancestral sampling (eq. 16). Noise comes from `generator`, on the CPU and as float32, so that
    it is the same on every device; none is drawn where it would be scaled by 0.

    Raises:
        ValueError: `eta` or `timesteps` are out of range, or the timesteps do not descend.
    """
    _check(denoiser.schedule, timesteps, eta)
    return _steps(denoiser, x, timesteps, eta, generator)


def _steps(
    denoiser: Denoiser, x: Tensor, timesteps: Sequence[int], eta: float, generator: torch.Generator
) -> Iterator[Step]:
    levels = [denoiser.schedule.alphas_cumprod[t].item() for t in timesteps] + [1.0]
    for index, (t, (abar, abar_next)) in enumerate(zip(timesteps, pairwise(levels), strict=True)):
        # Not a `with` around the loop: a generator would leave gradients off in its caller.
        with torch.no_grad():
            denoised = denoiser(x, torch.full((len(x),), t, device=x.device))
            x = _ddim_step(x, denoised, abar, abar_next, eta, generator)
        yield Step(index, t, x, denoised)


def _ddim_step(
    x: Tensor,
    denoised: Tensor,
    abar: float,
    abar_next: float,
    eta: float,
    generator: torch.Generator,
) -> Tensor:
    """Song et al. 2021, eq. 12, with the noise of eq. 16; `abar` is their alpha."""
    eps = (x - sqrt(abar) * denoised) / sqrt(1 - abar)
    variance = eta**2 * (1 - abar_next) / (1 - abar) * (1 - abar / abar_next)
    x = sqrt(abar_next) * denoised + sqrt(1 - abar_next - variance) * eps
    if variance == 0:
        return x
    noise = torch.randn(x.shape, generator=generator, dtype=torch.float32)
    return x + sqrt(variance) * noise.to(x)


def _check(schedule: NoiseSchedule, timesteps: Sequence[int], eta: float) -> None:
    if not 0 <= eta <= 1:
        raise ValueError(f"eta is {eta:g}; it goes from 0 (deterministic) to 1 (ancestral)")
    if not timesteps:
        raise ValueError("there are no timesteps; a picture takes at least one")
    if not all(later < earlier for earlier, later in pairwise(timesteps)):
        raise ValueError(f"the timesteps {list(timesteps)} do not descend")
    if not 0 <= timesteps[-1] <= timesteps[0] < len(schedule):
        raise ValueError(
            f"the timesteps go from {timesteps[0]} to {timesteps[-1]}; "
            f"this network knows {len(schedule) - 1} to 0"
        )
