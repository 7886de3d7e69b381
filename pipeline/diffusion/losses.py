"""Losses of pictures: distances and penalties, each with a gradient where it is due.

Convention:
    Pictures are `(N, 3, H, W)` in [-1, 1], values beyond are allowed and are what `range_loss` and
    `saturation_loss` see. Every picture loss gives `(N,)`, one number a picture, 0 at best.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad


def spherical_distance(u: Tensor, v: Tensor) -> Tensor:
    """Half the squared angle between unit vectors `(..., D)`, broadcast; from 0 to pi^2 / 2.

    The value is `2 arcsin(|u - v| / 2)^2`, the distance of CLIP-guided diffusion, by way of Kahan's
    arctangent, whose slope stays finite between opposite vectors.
    """
    apart = torch.linalg.vector_norm(u - v, dim=-1)
    together = torch.linalg.vector_norm(u + v, dim=-1)
    return 2 * torch.atan2(apart, together).square()


def tv_loss(pictures: Tensor) -> Tensor:
    """Roughness: the mean squared difference to the right and lower neighbours, summed (L2 TV)."""
    padded = pad(pictures, (0, 1, 0, 1), mode="replicate")
    right = padded[..., :-1, 1:] - pictures
    below = padded[..., 1:, :-1] - pictures
    return (right.square() + below.square()).mean(dim=(1, 2, 3))


def range_loss(pictures: Tensor) -> Tensor:
    """The mean squared excess over [-1, 1]."""
    return (pictures - pictures.clamp(-1, 1)).square().mean(dim=(1, 2, 3))


def saturation_loss(pictures: Tensor) -> Tensor:
    """The mean absolute excess over [-1, 1]."""
    return (pictures - pictures.clamp(-1, 1)).abs().mean(dim=(1, 2, 3))
