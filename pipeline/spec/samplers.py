"""The samplers by name, what is known of each without running it, and the timesteps they visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

SamplerName = Literal[
    "ddim",
    "plms",
    "dpmpp_2m",
    "dpmpp_2m_sde",
    "euler",
    "euler_a",
    "heun",
    "lcm",
    "unipc",
]
Spacing = Literal["leading", "trailing", "linspace", "karras"]
"""How the timesteps of a sampling are chosen out of those of the training.

The first three are those of Lin et al. 2023, table 2 (arXiv:2305.08891); `karras` spreads noise
levels as Karras et al. 2022, eq. 5 (arXiv:2206.00364).
"""
Ahead = Literal["never", "first", "each"]
Timesteps = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SamplerFacts:
    """How a sampler behaves: the noise it draws, and the estimates it makes."""

    eta: float
    """Share of fresh noise, 0 to 1, unless a scene or its preset says otherwise."""
    order: int
    """Order of the solver: how many estimates, present and earlier, a step is made of."""
    draws_noise: bool = True
    """Whether the sampler can draw fresh noise at all."""
    asks_ahead: Ahead = "never"
    """At which steps the denoiser is asked a second time, at the timestep that they step to."""
    distilled: bool = False
    """Whether the timesteps are those of a distillation, unless a scene names another spacing."""
    ends_between: bool = False
    """Whether a spacing has one timestep more, in the place of which comes the clean picture."""

    def asked(self, timesteps: Timesteps) -> Timesteps:
        """The timesteps at which the denoiser is asked, once for each time."""
        return _ASKED[self.asks_ahead](timesteps)


def _twice_each(timesteps: Timesteps) -> Timesteps:
    return timesteps[:1] + tuple(t for t in timesteps[1:] for _ in range(2))


_ASKED: Mapping[Ahead, Callable[[Timesteps], Timesteps]] = {
    "never": lambda timesteps: timesteps,
    "first": lambda timesteps: timesteps[:2] + timesteps[1:],
    "each": _twice_each,
}

_SECOND_ORDER = SamplerFacts(eta=0.0, order=2, ends_between=True)

SAMPLER_FACTS: Mapping[SamplerName, SamplerFacts] = MappingProxyType(
    {
        "ddim": SamplerFacts(eta=0.8, order=1),
        "plms": SamplerFacts(eta=0.0, order=2, draws_noise=False, asks_ahead="first"),
        "dpmpp_2m": _SECOND_ORDER,
        "dpmpp_2m_sde": replace(_SECOND_ORDER, eta=1.0),
        "euler": SamplerFacts(eta=0.0, order=1, draws_noise=False),
        "euler_a": SamplerFacts(eta=1.0, order=1),
        "heun": SamplerFacts(eta=0.0, order=2, draws_noise=False, asks_ahead="each"),
        "lcm": SamplerFacts(eta=1.0, order=1, distilled=True),
        "unipc": replace(_SECOND_ORDER, draws_noise=False),
    }
)


def respaced(schedule_len: int, steps: int) -> Timesteps:
    """`steps` timesteps, evenly spread over `schedule_len`, descending, always ending at 0.

    Where `steps` divides `schedule_len` these are the timesteps of Song et al. 2021 (DDIM,
    appendix D.2, tau_i = floor(c i)), guided-diffusion's `ddimN`; elsewhere they are spread as
    evenly as integers can be.

    Raises:
        ValueError: `steps` is not in 1..`schedule_len`.
    """
    if not 1 <= steps <= schedule_len:
        raise ValueError(f"steps is {steps}; this network allows 1 to {schedule_len}")
    return tuple(i * schedule_len // steps for i in reversed(range(steps)))


def skip(timesteps: Timesteps, skip_steps: int) -> Timesteps:
    """The timesteps that stay when the first, noisiest `skip_steps` are left out.

    Raises:
        ValueError: `skip_steps` is negative or leaves no timestep.
    """
    if not 0 <= skip_steps < len(timesteps):
        raise ValueError(
            f"skip_steps is {skip_steps} of {len(timesteps)} steps; "
            f"at least one step must stay, so it is 0 to {len(timesteps) - 1}"
        )
    return timesteps[skip_steps:]


def progress(schedule_len: int, t: int) -> float:
    """How far the denoising is at timestep `t`: 0 at the noisiest, 1 - 1/T at 0, of T timesteps."""
    # Not 1 - (t + 1) / T, which rounds to either side of the shares that scenes write.
    return (schedule_len - 1 - t) / schedule_len
