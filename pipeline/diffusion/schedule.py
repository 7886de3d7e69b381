"""Noise levels: how much of a picture is left at each timestep.

Convention:
    `x_t = alpha_t x_0 + sigma_t eps` with `alpha_t^2 + sigma_t^2 = 1`. Timesteps count from 0
    (nearly clean) to `len(schedule) - 1` (nearly noise). `alphas_cumprod` is alpha squared, the
    alpha-bar of Ho et al. 2020. Tables are float64 on the CPU; look-ups come back in the type and
    on the device that the caller works with.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from pipeline.spec.samplers import progress


@dataclass(frozen=True, slots=True, eq=False)
class NoiseSchedule:
    """The noise levels at which a network is asked: those of its training, or some between them.

    `alphas_cumprod`, `(T,)` float64 on the CPU, falls strictly and stays within (0, 1); at the
    noisiest timestep it may be 0, where nothing of the picture is left.

    Raises:
        ValueError: a table of another shape, type, device or range; an end below its last level.
    """

    alphas_cumprod: Tensor
    seen: Tensor | None = None
    """What the network is told of each timestep, `(T,)` float64 on the CPU, whole or not; None
    where that is the timestep itself."""
    final: float = 1.0
    """alpha-bar after the last step, up to 1: the clean picture."""
    unit: bool = False
    """Whether a sampling from nothing begins with noise of variance 1, whatever the first level;
    otherwise with mid-grey noised to it."""

    def __post_init__(self) -> None:
        for name, table in (("alphas_cumprod", self.alphas_cumprod), ("seen", self.seen)):
            if table is not None:
                _check_vector(name, table)
        table = self.alphas_cumprod
        within = bool(((table >= 0) & (table < 1)).all())
        if not len(table) or not within or not bool((table.diff() < 0).all()):
            raise ValueError("alphas_cumprod must fall strictly and stay between 0 and 1")
        if self.seen is not None and len(self.seen) != len(table):
            raise ValueError(f"seen has {len(self.seen)} values for {len(table)} timesteps")
        if not table[0] <= self.final <= 1:
            raise ValueError(f"final is {self.final:g}; it is {table[0]:g} to 1")

    @classmethod
    def from_betas(cls, betas: Tensor) -> NoiseSchedule:
        """The schedule whose step t adds noise of variance `betas[t]`, `(T,)` in (0, 1)."""
        return cls((1 - betas.double()).cumprod(0))

    def __len__(self) -> int:
        """T, the number of timesteps."""
        return len(self.alphas_cumprod)

    def alpha(self, t: int | Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
        """The share of the picture in x_t, in [0, 1), with the shape `()` or `(N,)` of `t`."""
        return _lookup(self.alphas_cumprod.sqrt(), t, dtype)

    def sigma(self, t: int | Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
        """The standard deviation of the noise in x_t, in (0, 1], with the shape of `t`."""
        return _lookup((1 - self.alphas_cumprod).sqrt(), t, dtype)

    def at(self, x: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        """Noise levels `(alpha, sigma)`, `(N, 1, 1, 1)` each, on the device and dtype of `x`."""
        t = t.to(x.device)
        alpha, sigma = self.alpha(t, x.dtype), self.sigma(t, x.dtype)
        return alpha.view(-1, 1, 1, 1), sigma.view(-1, 1, 1, 1)

    def told(self, t: Tensor) -> Tensor:
        """What the network is told of the timesteps `t`, `(N,)`: those of its training, `(N,)`."""
        return t if self.seen is None else _lookup(self.seen, t, torch.float32)

    def progress(self, t: int) -> float:
        """Progress of the denoising at timestep `t`: 0 at T - 1, and 1 - 1/T at 0."""
        return progress(len(self), t)


def _check_vector(name: str, table: Tensor) -> None:
    if table.dtype != torch.float64 or table.ndim != 1 or table.device.type != "cpu":
        raise ValueError(
            f"{name} is {table.dtype} {tuple(table.shape)} on {table.device}; "
            "it is a float64 vector on the CPU"
        )


def _lookup(table: Tensor, t: int | Tensor, dtype: torch.dtype) -> Tensor:
    index = torch.as_tensor(t)
    # gather refuses a negative index, where plain indexing would wrap around to the noise.
    return table.to(dtype).to(index.device).gather(0, index)


def linear_schedule(
    steps: int = 1000, beta_start: float = 1e-4, beta_end: float = 0.02
) -> NoiseSchedule:
    """Variances that grow linearly (Ho et al. 2020, section 4, arXiv:2006.11239).

    Both ends are given for 1000 steps and scaled by 1000 / steps, so that any number of steps
    ends at about the same noise (Nichol & Dhariwal 2021, guided-diffusion).
    """
    scale = 1000 / steps
    return NoiseSchedule.from_betas(
        torch.linspace(scale * beta_start, scale * beta_end, steps, dtype=torch.float64)
    )


def scaled_linear_schedule(
    steps: int = 1000, beta_start: float = 0.00085, beta_end: float = 0.012
) -> NoiseSchedule:
    """Variances whose roots grow linearly (Rombach et al. 2022, latent diffusion).

    The ends hold for any number of steps, as in the published configurations.
    """
    roots = torch.linspace(beta_start**0.5, beta_end**0.5, steps, dtype=torch.float64)
    return NoiseSchedule.from_betas(roots.square())


def cosine_schedule(steps: int = 1000, s: float = 0.008, max_beta: float = 0.999) -> NoiseSchedule:
    """alpha-bar that falls as a squared cosine (Nichol & Dhariwal 2021, eq. 17, arXiv:2102.09672).

    `s` keeps the first variances from vanishing; `max_beta` keeps the last ones below 1.
    """
    time = torch.linspace(0, 1, steps + 1, dtype=torch.float64)
    alphas_cumprod = torch.cos((time + s) / (1 + s) * math.pi / 2).square()
    betas = 1 - alphas_cumprod[1:] / alphas_cumprod[:-1]
    return NoiseSchedule.from_betas(betas.clamp(max=max_beta))


def zero_terminal_snr(schedule: NoiseSchedule) -> NoiseSchedule:
    """`schedule` moved and stretched until its last level is noise alone.

    The first level stays (Lin et al. 2023, algorithm 1, arXiv:2305.08891).
    """
    alphas = schedule.alphas_cumprod.sqrt()
    first, last = alphas[0], alphas[-1]
    return NoiseSchedule(((alphas - last) * first / (first - last)).square())


def add_noise(schedule: NoiseSchedule, x0: Tensor, noise: Tensor, t: int | Tensor) -> Tensor:
    """x_t, `(N, 3, H, W)`, for clean pictures and unit noise of that shape (Ho et al. 2020, eq. 4).

    `t` is one timestep for all pictures, or `(N,)`.
    """
    alpha, sigma = schedule.at(x0, torch.as_tensor(t, device=x0.device))
    return alpha * x0 + sigma * noise
