"""Data augmentation: crops, blur and noise.

The CLIP model and the judge of a guided sampler look at half-finished pictures, so the networks are
trained on such. Every draw comes from the given generator.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample, interpolate


def square_views(pictures: Tensor, size: int, generator: torch.Generator) -> Tensor:
    """Views `(N, 3, size, size)`: for each picture the whole on a black square, or a random crop.

    The two are what a cutter shows to CLIP: overview cuts (half of the views) and inner cuts, with
    sides from 0.6 to 1.1 of the picture's height.
    """
    n, _, h, w = pictures.shape
    whole = torch.rand(n, generator=generator) < 0.5
    crop = 0.6 + 0.5 * torch.rand(n, generator=generator)
    overview = (max(h, w) / h) * (1 + 0.1 * torch.rand(n, generator=generator))
    side = torch.where(whole, overview, crop) * h
    # Half the freedom to move: how far the view's centre may leave the picture's centre.
    freedom = torch.stack([(w - side).abs() / w, (h - side).abs() / h], dim=1)
    shift = (2 * torch.rand(n, 2, generator=generator) - 1) * freedom
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = side / w
    theta[:, 1, 1] = side / h
    theta[:, :, 2] = shift
    grid = affine_grid(theta, [n, 3, size, size], align_corners=False)
    # Sampling zeros outside, of pictures shifted to be 0 at black.
    return grid_sample(pictures + 1, grid, mode="bilinear", align_corners=False) - 1


def soften_some(pictures: Tensor, generator: torch.Generator, share: float = 0.3) -> Tensor:
    """A share of the pictures blurred by going through a smaller size."""
    n, _, h, w = pictures.shape
    factor = 1 + 2 * float(torch.rand((), generator=generator))
    small = interpolate(
        pictures, size=(round(h / factor), round(w / factor)), mode="bilinear", antialias=True
    )
    soft = interpolate(small, size=(h, w), mode="bilinear", align_corners=False)
    chosen = torch.rand(n, generator=generator) < share
    return torch.where(chosen[:, None, None, None], soft, pictures)


def add_some_noise(
    pictures: Tensor, generator: torch.Generator, share: float = 0.3, most: float = 0.4
) -> Tensor:
    """A share of the pictures with Gaussian noise of a random strength up to `most`."""
    n = len(pictures)
    strength = most * torch.rand(n, generator=generator)
    strength *= torch.rand(n, generator=generator) < share
    noise = torch.randn(pictures.shape, generator=generator)
    return pictures + strength[:, None, None, None] * noise
