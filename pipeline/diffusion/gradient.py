"""Through which network guidance is differentiated: what its gradient costs, and what it is worth.

Guidance judges an estimate of x_0 and asks how x must change for a better one, d estimate / d x.
An `Estimator` gives the estimate to guide, and the one to judge and differentiate:

    through_denoiser    the denoiser's own, through the denoiser. The truest gradient: it says which
                        changes the network takes for a picture. Costs a backward pass, about twice
                        the time of the forward one, and the memory of all activations.
    through_secondary   a small network's, as Disco Diffusion does by default. Costs the forward
                        pass of the denoiser, without activations, and both passes of the small
                        network. Good for composition; blind to details the small one cannot see.
    fixed_noise         the denoiser's own, with its predicted noise held fixed. Costs nothing but
                        the forward pass. The losses move every pixel by itself, as no network says
                        which changes look natural.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from pipeline.protocols import Denoiser

Estimator = Callable[[Denoiser, Tensor, Tensor], tuple[Tensor, Tensor]]
"""Estimates of x_0: `(denoiser, x, t) -> (denoised, judged)`, both `(N, 3, H, W)`.

`x` requires grad, and gradients are on. `denoised` is the denoiser's estimate, which guidance
corrects; `judged` depends on `x`, and is what the losses see.
"""


def through_denoiser(denoiser: Denoiser, x: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
    """The denoiser's estimate as both `denoised` and `judged`, differentiated through it."""
    denoised = denoiser(x, t)
    return denoised, denoised


def through_secondary(secondary: Callable[[Tensor, Tensor, Tensor], Tensor]) -> Estimator:
    """An `Estimator` that judges and differentiates `secondary(x, alpha, sigma)` alone."""

    def estimate(denoiser: Denoiser, x: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        return _without_graph(denoiser, x, t), secondary(x, *denoiser.schedule.at(x, t))

    return estimate


def fixed_noise(denoiser: Denoiser, x: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
    """x_0 = (x - sigma eps) / alpha with a constant eps: d x_0 / d x is 1 / alpha.

    1 / alpha grows without bound towards pure noise, so this wants a `clamp_max` in `guide`; at
    pure noise it counts as 0.
    """
    denoised = _without_graph(denoiser, x, t)
    alpha, _ = denoiser.schedule.at(x, t)
    alpha = alpha.masked_fill(alpha == 0, math.inf)
    # The difference adds 0; only its gradient is of interest.
    return denoised, denoised + (x - x.detach()) / alpha


def _without_graph(denoiser: Denoiser, x: Tensor, t: Tensor) -> Tensor:
    with torch.no_grad():
        return denoiser(x.detach(), t)
