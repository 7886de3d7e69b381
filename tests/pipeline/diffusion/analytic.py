"""Denoisers in closed form: the exact posterior mean E[x_0 | x_t] where the pictures are known.

They stand where a network would, so that samplers and guidance can be compared with exact results.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from pipeline.diffusion.schedule import NoiseSchedule


@dataclass(frozen=True, slots=True, eq=False)
class GaussianDenoiser:
    """Pictures whose values are independent and normal: x_0 ~ N(mean, variance I).

    `mean` broadcasts against `(N, 3, H, W)`; `variance` is positive.
    """

    schedule: NoiseSchedule
    mean: Tensor
    variance: float

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        """The conditional mean of two jointly normal variables: linear in `x`."""
        alpha, sigma = self.schedule.at(x, t)
        gain = alpha * self.variance / (alpha.square() * self.variance + sigma.square())
        mean = self.mean.to(x)
        return mean + gain * (x - alpha * mean)


@dataclass(frozen=True, slots=True, eq=False)
class PicturesDenoiser:
    """Equally likely pictures, `(K, 3, H, W)`, and no others."""

    schedule: NoiseSchedule
    pictures: Tensor

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        """The pictures, averaged by how likely each is to have become `x`."""
        pictures = self.pictures.to(x.device, torch.float64)
        vectors, seen = pictures.flatten(1), x.double()
        alpha, sigma = (level.flatten(1) for level in self.schedule.at(seen, t))
        # -|x - alpha p|^2 / 2, less the |x|^2 that is common to all pictures.
        likelihood = alpha * seen.flatten(1) @ vectors.T
        likelihood = likelihood - alpha.square() / 2 * vectors.square().sum(1)
        weights = (likelihood / sigma.square()).softmax(dim=1)
        return torch.einsum("nk,kchw->nchw", weights, pictures).to(x.dtype)
