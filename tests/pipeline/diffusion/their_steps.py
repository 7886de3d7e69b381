"""Trajectories of diffusers' schedulers, beside ours.

The network is a curved function of x, noised as ours is, and of the timestep that it is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import diffusers
import torch
from torch import Tensor

from pipeline.diffusion.samplers import SAMPLERS
from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.networks.denoisers.scheduler import PREDICTIONS
from pipeline.spec.samplers import SamplerName

STABLE = {
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "steps_offset": 1,
}
"""The noise of Stable Diffusion, as its scheduler files have it."""

CLASSES: dict[SamplerName, str] = {
    "ddim": "DDIMScheduler",
    "euler": "EulerDiscreteScheduler",
    "euler_a": "EulerAncestralDiscreteScheduler",
    "heun": "HeunDiscreteScheduler",
    "dpmpp_2m": "DPMSolverMultistepScheduler",
    "dpmpp_2m_sde": "DPMSolverMultistepScheduler",
    "unipc": "UniPCMultistepScheduler",
    "lcm": "LCMScheduler",
}


def network(x: Tensor, time: Tensor | float) -> Tensor:
    """What a network predicts of `x` at a timestep of its training."""
    return 0.8 * x + 0.4 * torch.sin(2 * x + time / 200)


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(5)


def start() -> Tensor:
    return torch.randn(2, 4, 6, 6, generator=torch.Generator().manual_seed(7))


def their_scheduler(name: SamplerName, options: dict[str, Any]) -> Any:
    extra = {"algorithm_type": "sde-dpmsolver++"} if name == "dpmpp_2m_sde" else {}
    return getattr(diffusers, CLASSES[name])(**options, **extra)


def their_steps(
    name: SamplerName, theirs: Any, x: Tensor, *, eta: float, skip: int
) -> list[Tensor]:
    """x after each step, variance preserving, from such an `x` at the first one."""
    drawn = generator()
    options = {"ddim": {"eta": eta}}.get(name, {})
    takes = {"ddim", "euler_a", "dpmpp_2m_sde", "lcm"}
    options = {**options, "generator": drawn} if name in takes else options
    # Heun's timesteps are listed as often as they are asked at.
    first = 2 * skip if name == "heun" else skip
    if hasattr(theirs, "set_begin_index"):
        theirs.set_begin_index(first)
    sample, after = x * _scale(theirs, first, name), []
    for place, t in enumerate(theirs.timesteps[first:], first):
        seen = theirs.scale_model_input(sample, t)
        sample = theirs.step(network(seen, t.item()), t, sample, **options).prev_sample
        after.append(sample / _scale(theirs, place + 1, name))
    return after[1::2] + after[-1:] if name == "heun" else after


def _scale(theirs: Any, place: int, name: SamplerName) -> Tensor | float:
    """1 / alpha where their x is x_0 + sigma eps; elsewhere 1."""
    if name not in ("euler", "euler_a", "heun"):
        return 1.0
    return (1 + theirs.sigmas[place].double() ** 2).sqrt().float()


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A denoiser that is told the timesteps of a schedule."""

    schedule: NoiseSchedule
    prediction: str
    network: Callable[[Tensor, Tensor], Tensor] = network

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        output = self.network(x, self.schedule.told(t).view(-1, 1, 1, 1))
        return PREDICTIONS[self.prediction](x, output, *self.schedule.at(x, t))


def our_steps(
    name: SamplerName, schedule: NoiseSchedule, x: Tensor, *, prediction: str, eta: float, skip: int
) -> list[Tensor]:
    timesteps = tuple(reversed(range(len(schedule) - skip)))
    denoiser = Told(schedule, prediction)
    steps = SAMPLERS[name](denoiser, x, timesteps, eta=eta, generator=generator())
    return [step.x for step in steps]
