"""Random changes that keep CLIP from being fooled by pixels: every cutout gets its own.

Convention:
    Cutouts are `(N, 3, S, S)` in [-1, 1]; axes are x right and y down, in units of half a side, as
    in `grid_sample`. Strengths are those of Disco Diffusion's cutter, where all cutouts of a stack
    shared one draw. Every random number comes from the given CPU generator.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from pipeline.diffusion.colour import chroma_matrices, luma

FLIP_P = 0.5
"""Probability of a mirrored cutout."""
DEGREES = 10.0
"""Largest rotation in degrees, either way."""
SHIFT = 0.05
"""Largest shift along each axis, as a share of the cutout's side."""
GREY_P = 0.1
"""Probability of a grey cutout."""
JITTER = 0.1
"""Largest relative change of brightness, contrast and saturation; largest hue shift in turns."""
NOISE = 0.01
"""Standard deviation of the added Gaussian noise, as a share of the range [-1, 1]."""


def augmented(cuts: Tensor, generator: torch.Generator) -> Tensor:
    """The cutouts, each mirrored, turned, shifted, recoloured and noised by a draw of its own.

    Values may leave [-1, 1]; clamping them would cut their gradient.
    """
    placed = _placed(cuts, generator)
    coloured = _coloured(placed, generator)
    noise = torch.randn(cuts.shape, generator=generator)
    return coloured + 2 * NOISE * noise.to(cuts)


def _placed(cuts: Tensor, generator: torch.Generator) -> Tensor:
    """One bilinear resampling for the mirror, the turn and the shift; edges are reflected."""
    n = len(cuts)
    angle = math.radians(DEGREES) * _symmetric(generator, n)
    mirror = 1 - 2 * _event(FLIP_P, generator, n)
    shift = 2 * SHIFT * _symmetric(generator, n, 2)
    cos, sin = angle.cos(), angle.sin()
    turn = torch.stack([mirror * cos, -mirror * sin, sin, cos], dim=-1).view(n, 2, 2)
    theta = torch.cat([turn, shift[:, :, None]], dim=2).to(cuts)
    grid = affine_grid(theta, list(cuts.shape), align_corners=False)
    return grid_sample(cuts, grid, padding_mode="reflection", align_corners=False)


def _coloured(cuts: Tensor, generator: torch.Generator) -> Tensor:
    """Saturation and hue by a matrix, contrast about the mean luma, brightness about black."""
    n = len(cuts)
    brightness, contrast, saturation, turns = (JITTER * _symmetric(generator, 4, n)).unbind()
    colourful = 1 - _event(GREY_P, generator, n)
    matrices = chroma_matrices(colourful * (1 + saturation), turns).to(cuts)
    light = (torch.einsum("nij,njhw->nihw", matrices, cuts) + 1) / 2
    mean = luma(light).mean(dim=(1, 2, 3), keepdim=True)
    light = mean + _factor(contrast, cuts) * (light - mean)
    return light * _factor(brightness, cuts) * 2 - 1


def _factor(change: Tensor, cuts: Tensor) -> Tensor:
    """One factor a cutout, `(N, 1, 1, 1)`, from its relative change."""
    return (change + 1).to(cuts).view(-1, 1, 1, 1)


def _symmetric(generator: torch.Generator, *shape: int) -> Tensor:
    """Uniform random numbers in [-1, 1), of `shape`."""
    return 2 * torch.rand(shape, generator=generator) - 1


def _event(probability: float, generator: torch.Generator, n: int) -> Tensor:
    """`(n,)` random numbers: 1 with the given `probability`, otherwise 0."""
    return (torch.rand(n, generator=generator) < probability).float()
