"""Denoisers for tests.

Those of samplers are curved, so that no two ways of stepping agree by accident.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from pipeline.diffusion.schedule import NoiseSchedule, linear_schedule
from tools.references.samplers import toy_eps, toy_gradient

SCHEDULE = linear_schedule()


@dataclass(frozen=True, slots=True, eq=False)
class EpsDenoiser:
    """The formula `toy_eps`, told the time on a scale of 1000 as guided-diffusion's networks are.

    Its weight of 1 / alpha makes any two orders of rounding differ, hence float64 in tests.
    """

    schedule: NoiseSchedule

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        alpha, sigma = self.schedule.at(x, t)
        return (x - sigma * toy_eps(x, self.time(t))) / alpha

    def time(self, t: Tensor) -> Tensor:
        return t * (1000 / len(self.schedule))

    def cond_fn(self, x: Tensor, t: Tensor, denoised: Tensor) -> Tensor:
        """A gradient for `guide`."""
        return toy_gradient(x, self.time(t))


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """A denoiser that notes the timesteps it is asked at, and whether gradients were on."""

    denoiser: EpsDenoiser
    asked: list[tuple[int, bool]]

    @property
    def schedule(self) -> NoiseSchedule:
        return self.denoiser.schedule

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        self.asked.append((int(t[0]), torch.is_grad_enabled()))
        return self.denoiser(x, t)


@dataclass
class Fixed:
    """A denoiser with one answer, which notes what it is asked."""

    answer: Tensor
    schedule: NoiseSchedule = SCHEDULE
    asked: list[tuple[Tensor, Tensor]] = field(default_factory=list)

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        self.asked.append((x, t))
        return self.answer + 0 * x
