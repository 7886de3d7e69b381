"""Lays the depth of one picture onto the depth of another where both show the same things."""

from __future__ import annotations

import torch
from torch import Tensor

_ROUNDS = 8
"""Rounds of weighing: with a fifth of outliers depth is then within 0.01% of where it ends."""
_LEAST_OVERLAP = 0.02
"""Share of the picture that has to be known for a fit."""
_LEAST_SPREAD = 0.01
"""Deviation of inverse depth, relative to its mean, at which the scale is drawn halfway to 1."""
_SMALLEST = 1e-6
"""Least median error: where all fit exactly, none is an outlier."""


def fit_depth(depth: Tensor, known: Tensor, weight: Tensor) -> Tensor:
    """`depth` with the scale and shift of its inverse under which it is nearest to `known`.

    All are `(1, 1, H, W)`, depths above 0, weights in [0, 1]. Of inverse depth a network knows all
    but scale and shift (Ranftl et al. 2020, eq. 1), and some of what it says of one picture is no
    longer true in the next: so the squares are reweighted by Cauchy's function of the error over
    its median, which a fifth of outliers leaves alone. Where the overlap is flat, and tells no
    scale, the scale stays as it is; where it is less than a fiftieth of the picture, all does.
    """
    if float(weight.mean()) < _LEAST_OVERLAP:
        return depth
    u, v = 1 / depth.double(), 1 / known.double()
    overlap = weight.double()
    trust = overlap
    for _ in range(_ROUNDS):
        scale, shift = _line(u, v, trust)
        error = (scale * u + shift - v).abs()
        middle = error[overlap > 0.5 * float(overlap.max())].median().clamp(min=_SMALLEST)
        trust = overlap / (1 + (error / (1.5 * middle)).square())
    # Nothing moves farther away than ten times the farthest that is known.
    least = 0.1 * v[overlap > 0].min()
    return (1 / (scale * u + shift).clamp(min=least)).to(depth.dtype)


def _line(u: Tensor, v: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Scale and shift that bring u to v; the scale is drawn to 1 where u hardly varies."""
    total = weight.sum()
    mean_u, mean_v = (weight * u).sum() / total, (weight * v).sum() / total
    spread = (weight * (u - mean_u).square()).sum() / total
    shared = (weight * (u - mean_u) * (v - mean_v)).sum() / total
    ridge = (_LEAST_SPREAD * mean_u).square()
    scale = ((shared + ridge) / (spread + ridge)).clamp(0.1, 10.0)
    return scale, mean_v - scale * mean_u


def beyond_an_edge(depth: Tensor, ratio: float) -> Tensor:
    """Whether a pixel of `depth`, `(1, 1, H, W)`, lies behind a neighbour by more than `ratio`.

    Such pixels are on the far side of an outline: they hold a mixture of two colours and, in what
    networks say, a depth between two surfaces.
    """
    nearest = -torch.nn.functional.max_pool2d(-depth, 3, stride=1, padding=1)
    return depth > ratio * nearest
