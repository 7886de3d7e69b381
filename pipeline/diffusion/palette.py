"""A picture with the colours of another one: by means, by covariances, by whole histograms.

Convention:
    Colours are `(N, 3)` in CIE L*a*b* (white point D65), in which equal distances look about
    equally large: L from 0 to 100, a and b around 0. A `Transfer` moves every colour of a picture
    by one function of its colour alone, so that what is painted stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from kornia.color import lab_to_rgb, rgb_to_lab
from torch import Tensor

Transfer = Callable[[Tensor, Tensor], Tensor]
"""`(colours, reference) -> moved`: `colours` `(N, 3)`, spread as `reference` `(M, 3)` is."""

TURNS = 12
"""Rotations that `histogram` goes through; after so many the distance no longer falls visibly."""
_LEAST_SPREAD = 0.1
"""Standard deviation in L*a*b* below which nothing is stretched: there is only rounding to see."""


def like(picture: Tensor, reference: Tensor, share: float, transfer: Transfer) -> Tensor:
    """`picture` `(1, 3, H, W)` in [-1, 1] with the colours of `reference` `(1, 3, h, w)`.

    The way is gone for a `share` in [0, 1], in a straight line through CIE L*a*b*; at 0 the picture
    is given back as it is. Colours that no screen shows are clamped.

    Raises:
        ValueError: `share` is outside [0, 1].
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share:g}; it goes from 0 (as it is) to 1 (the reference's)")
    if share == 0:
        return picture
    colours = to_colours(picture)
    moved = torch.lerp(colours, transfer(colours, to_colours(reference)), share)
    *_, height, width = picture.shape
    lab = moved.T.reshape(1, 3, height, width)
    shown: Tensor = lab_to_rgb(lab)
    return (2 * shown.clamp(0, 1) - 1).to(picture)


def to_colours(picture: Tensor) -> Tensor:
    """The colours `(H * W, 3)` of a picture `(1, 3, H, W)` in [-1, 1], as float64."""
    lab: Tensor = rgb_to_lab((picture.double().clamp(-1, 1) + 1) / 2)
    return lab[0].flatten(1).T


def mean(colours: Tensor, reference: Tensor) -> Tensor:
    """Each channel with the reference's mean and standard deviation (Reinhard et al. 2001)."""
    spread = _spread(colours).clamp(min=_LEAST_SPREAD)
    centred = colours - colours.mean(dim=0)
    return reference.mean(dim=0) + centred * (_spread(reference) / spread)


def covariance(colours: Tensor, reference: Tensor) -> Tensor:
    """The linear map to the reference's mean and covariance that moves colours least.

    The Monge-Kantorovich map between two normal distributions (Pitie & Kokaram 2007, eq. 12):
    `T = A^-1/2 (A^1/2 B A^1/2)^1/2 A^-1/2` with the covariances A and B.
    """
    spread, wanted = _covariance(colours), _covariance(reference)
    root, inverse = _power(spread, 0.5), _power(spread, -0.5)
    change = inverse @ _power(root @ wanted @ root, 0.5) @ inverse
    return reference.mean(dim=0) + (colours - colours.mean(dim=0)) @ change


def histogram(colours: Tensor, reference: Tensor) -> Tensor:
    """The reference's whole distribution, one axis after the other.

    In each of `TURNS` rotations every axis is matched by one-dimensional optimal transport, rank
    for rank (Pitie, Kokaram & Dahyot 2007, algorithm 1). Rotations are always the same.
    """
    generator = torch.Generator().manual_seed(0)
    moved = colours
    for _ in range(TURNS):
        numbers = torch.randn(3, 3, generator=generator, dtype=torch.float64)
        axes = torch.linalg.qr(numbers)[0].to(moved)
        moved = _by_rank(moved @ axes, reference @ axes) @ axes.T
    return moved


def _by_rank(values: Tensor, reference: Tensor) -> Tensor:
    """Each column of `values` `(N, 3)` with the numbers of `reference` `(M, 3)`, in its order."""
    n, m = len(values), len(reference)
    # The middles of N equal shares, as places among the middles of M.
    ranks = torch.arange(n, device=values.device, dtype=values.dtype)[:, None]
    places = ((ranks + 0.5) * (m / n) - 0.5).clamp(0, m - 1)
    below = places.floor().long()[:, 0]
    above = (below + 1).clamp(max=m - 1)
    ordered = reference.sort(dim=0).values
    wanted = torch.lerp(ordered[below], ordered[above], places.frac())
    return torch.empty_like(values).scatter_(0, values.argsort(dim=0), wanted)


def _spread(colours: Tensor) -> Tensor:
    return colours.std(dim=0, correction=0)


def _covariance(colours: Tensor) -> Tensor:
    centred = colours - colours.mean(dim=0)
    return centred.T @ centred / len(colours)


def _power(symmetric: Tensor, exponent: float) -> Tensor:
    """A power of a symmetric matrix, whose axes of no spread are taken for those of the least."""
    values, axes = torch.linalg.eigh(symmetric)
    least = _LEAST_SPREAD**2
    power: Tensor = axes * values.clamp(min=least).pow(exponent) @ axes.T
    return power
