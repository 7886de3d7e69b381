"""Denoisers that hold on to a picture: to what is coarse in it, and to its details.

Convention:
    As in `pipeline.diffusion.guidance`, each takes a `Denoiser` and gives one of the same schedule.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from pipeline.diffusion.blur import blurred
from pipeline.diffusion.guidance import with_schedule
from pipeline.protocols import Denoiser

FINEST = 1.0
"""Standard deviation in pixels of the blur that takes away the details that a picture which was
just magnified cannot have."""


def hold(denoiser: Denoiser, init: Tensor, share: float, kept: Tensor | None = None) -> Denoiser:
    """Pictures whose coarse part comes, for a `share` in [0, 1], from `init` `(1, 3, H, W)`.

    What is coarse stays where `init` has it and keeps its colour; details are the denoiser's own.
    Iterative latent variable refinement (Choi et al. 2021, eq. 8, arXiv:2108.02938) in the space of
    clean pictures: there is no noise in `denoised` that `init` would have to be given, too.

    `kept`, `(1, 1, H, W)` in [0, 1], says of each place how much of the share counts there. What is
    coarse is then found from what is kept alone, so that nothing bleeds out of where it is 0.

    Raises:
        ValueError: `share` is outside [0, 1].
    """
    _check_share(share)
    if share == 0:
        return denoiser
    missing = _missing(init) if kept is None else _missing_of(init, kept)

    def denoise(x: Tensor, t: Tensor) -> Tensor:
        denoised = denoiser(x, t)
        return denoised + share * missing(denoised)

    return with_schedule(denoiser.schedule, denoise)


def hold_details(
    denoiser: Denoiser,
    init: Tensor,
    share: float,
    kept: Tensor | None = None,
    grown: Tensor | None = None,
) -> Denoiser:
    """Pictures whose details come, for a `share` in [0, 1], from `init` `(1, 3, H, W)`.

    Details are what `coarse` takes away. At every step the estimate is drawn to those of `init`, so
    the sampler paints strokes where they were, rather than two sets of strokes being mixed.

    `kept` and `grown` are `(1, 1, H, W)` in [0, 1]: how much of the share counts at each place, and
    how far `init` was magnified there so that it lacks its finest detail. Where it was, what is
    finer than `FINEST` is the denoiser's own.

    Raises:
        ValueError: `share` is outside [0, 1].
    """
    _check_share(share)
    if share == 0:
        return denoiser
    weight = share if kept is None else share * kept

    def denoise(x: Tensor, t: Tensor) -> Tensor:
        denoised = denoiser(x, t)
        missing = init - denoised
        known = missing if grown is None else torch.lerp(missing, blurred(missing, FINEST), grown)
        return denoised + weight * (known - coarse(missing))

    return with_schedule(denoiser.schedule, denoise)


def _check_share(share: float) -> None:
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share:g}; it goes from 0 (none of the init) to 1 (all of it)")


def _missing(init: Tensor) -> Callable[[Tensor], Tensor]:
    """What a picture's coarse part lacks to be that of `init`."""
    held = coarse(init)
    return lambda denoised: held - coarse(denoised)


def _missing_of(init: Tensor, kept: Tensor) -> Callable[[Tensor], Tensor]:
    """What it lacks where `init` is kept, found by a blur with that for its weights."""
    around = coarse(kept).clamp(min=torch.finfo(kept.dtype).tiny)
    return lambda denoised: kept * coarse(kept * (init - denoised)) / around


def coarse(pictures: Tensor) -> Tensor:
    """What is left of `(N, 3, H, W)` under a Gaussian blur of 1/16 of the shorter side.

    So of a picture of 64 px stays what is larger than about 10 px. Borders are reflected.
    """
    return blurred(pictures, min(pictures.shape[-2:]) / 16, deviations=2)
