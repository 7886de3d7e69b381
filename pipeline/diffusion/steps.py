"""What samplers share: the state after a step, the checks, DDIM's step and a loop around it.

Convention:
    `x_t = alpha_t x_0 + sigma_t eps`, and `abar` is alpha squared. A sampler sees a `Denoiser` and
    timesteps, nothing else: guidance is a denoiser around a denoiser, so the eps that a sampler
    derives from the estimate is the guided one, and skipped steps are a shorter list of timesteps.
    After the last timestep comes the clean picture (alpha 1, sigma 0): the last `x` is the last
    estimate, unless the schedule ends at another `final`. Most samplers take the step of DDIM, and
    differ in the estimate that they step with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Protocol

import torch
from torch import Tensor

from pipeline.diffusion.noise import NoiseSource, standard_normal
from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.protocols import Denoiser


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """The state after one step of a sampler."""

    index: int
    """Number of the step, counted from 0."""
    t: int
    """The timestep at which the denoiser was asked."""
    x: Tensor
    """The sample at the next timestep; after the last step, the finished picture."""
    denoised: Tensor
    """The estimate of x_0 at `t`: the preview."""


class SampleFn(Protocol):
    """Turns noise into a picture, step by step."""

    def __call__(
        self,
        denoiser: Denoiser,
        x: Tensor,
        timesteps: Sequence[int],
        *,
        eta: float,
        generator: NoiseSource,
    ) -> Iterator[Step]:
        """The steps that turn `x`, noised to `timesteps[0]`, into a picture.

        `timesteps` descend. `eta` in [0, 1] is the share of fresh noise, drawn from `generator`.
        """
        ...


Target = Callable[[Sequence[float], int, Tensor, Tensor], Tensor]
"""`(levels, index, denoised, previous) -> target`, pictures `(N, 3, H, W)`.

The picture that step `index` goes towards: `denoised` is the estimate there, `previous` the one
before it (the first step has none before it and is given its x), `levels` those of `noise_levels`.
"""


def check_timesteps(schedule: NoiseSchedule, timesteps: Sequence[int]) -> None:
    """Raise ValueError unless `timesteps` descend within `schedule`."""
    if not timesteps:
        raise ValueError("there are no timesteps; a picture takes at least one")
    if not all(later < earlier for earlier, later in pairwise(timesteps)):
        raise ValueError(f"the timesteps {list(timesteps)} do not descend")
    if not 0 <= timesteps[-1] <= timesteps[0] < len(schedule):
        raise ValueError(
            f"the timesteps go from {timesteps[0]} to {timesteps[-1]}; "
            f"this network knows {len(schedule) - 1} to 0"
        )


def check_eta(eta: float) -> None:
    """Raise ValueError unless `eta` is in [0, 1]."""
    if not 0 <= eta <= 1:
        raise ValueError(f"eta is {eta:g}; it goes from 0 (deterministic) to 1 (ancestral)")


def check_no_eta(sampler: str, eta: float) -> None:
    """Raise ValueError unless `eta` is 0, for a sampler that draws no noise."""
    if eta:
        raise ValueError(f"eta is {eta:g}; {sampler} draws no noise, so it is 0")


def noise_levels(schedule: NoiseSchedule, timesteps: Sequence[int]) -> list[float]:
    """`abar` at each of `timesteps`, and the one that the schedule ends at."""
    return [*schedule.alphas_cumprod[list(timesteps)].tolist(), schedule.final]


def estimate(denoiser: Denoiser, x: Tensor, t: int) -> Tensor:
    """The estimate of x_0 for pictures that share the timestep `t`."""
    return denoiser(x, torch.full((len(x),), t, device=x.device))


def noise_in(x: Tensor, denoised: Tensor, abar: float) -> Tensor:
    """The eps that `x` holds if x_0 is `denoised`."""
    return (x - sqrt(abar) * denoised) / sqrt(1 - abar)


def along(eps: Tensor, x: Tensor, abar: float, abar_next: float) -> Tensor:
    """DDIM's deterministic step along any `eps`, from an `abar` above 0 (Liu et al. 2022, eq. 11).

    In x / alpha that is Euler's step, over sigma / alpha.
    """
    denoised = (x - sqrt(1 - abar) * eps) / sqrt(abar)
    return sqrt(abar_next) * denoised + sqrt(1 - abar_next) * eps


def ddim_step(
    x: Tensor,
    denoised: Tensor,
    abar: float,
    abar_next: float,
    *,
    eta: float,
    generator: NoiseSource,
) -> Tensor:
    """`x` moved from `abar` to `abar_next` (Song et al. 2021, eq. 12, with the noise of eq. 16).

    Noise comes from `generator`, on the CPU and as float32, so that it is the same on every device;
    none is drawn where it would be scaled by 0.
    """
    variance = eta**2 * (1 - abar_next) / (1 - abar) * (1 - abar / abar_next)
    x = sqrt(abar_next) * denoised + sqrt(1 - abar_next - variance) * noise_in(x, denoised, abar)
    if variance == 0:
        return x
    noise = standard_normal(x.shape, generator)
    return x + sqrt(variance) * noise.to(x)


def steps_towards(
    target: Target,
    denoiser: Denoiser,
    x: Tensor,
    timesteps: Sequence[int],
    *,
    eta: float,
    generator: NoiseSource,
) -> Iterator[Step]:
    """DDIM's steps from `x`, noised to `timesteps[0]`, each towards what `target` makes of it.

    Raises:
        ValueError: `eta` or `timesteps` are out of range, or the timesteps do not descend.
    """
    check_eta(eta)
    check_timesteps(denoiser.schedule, timesteps)
    return _steps_towards(target, denoiser, x, timesteps, eta, generator)


def _steps_towards(
    target: Target,
    denoiser: Denoiser,
    x: Tensor,
    timesteps: Sequence[int],
    eta: float,
    generator: NoiseSource,
) -> Iterator[Step]:
    levels = noise_levels(denoiser.schedule, timesteps)
    previous = x
    for index, (t, (abar, abar_next)) in enumerate(zip(timesteps, pairwise(levels), strict=True)):
        # Not a `with` around the loop: a generator would leave gradients off in its caller.
        with torch.no_grad():
            denoised = estimate(denoiser, x, t)
            aim = target(levels, index, denoised, previous)
            x = ddim_step(x, aim, abar, abar_next, eta=eta, generator=generator)
        previous = denoised
        yield Step(index, t, x, denoised)
