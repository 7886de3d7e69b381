"""Numbers that are none: found where a network gives them, before they become part of a picture.

Clamped, an infinite number passes for black or white, and every later frame grows from it.
"""

from __future__ import annotations

from torch import Tensor

from pipeline.diffusion.guidance import with_schedule
from pipeline.protocols import Denoiser


def check_numbers(values: Tensor, what: str) -> None:
    """Raise FloatingPointError, which calls the values `what`, unless all of them are finite."""
    # A sum is as finite as its parts, but where it is too large itself, and is found faster.
    if values.detach().sum().isfinite():
        return
    finite = values.detach().isfinite()
    if not finite.all():
        raise FloatingPointError(
            f"{what} holds {int((~finite).sum())} of {finite.numel()} numbers that are infinite or "
            "not a number"
        )


def checked(denoiser: Denoiser) -> Denoiser:
    """The denoiser, which raises FloatingPointError once an estimate of it is not finite."""

    def denoise(x: Tensor, t: Tensor) -> Tensor:
        denoised = denoiser(x, t)
        check_numbers(denoised, f"the denoiser's estimate at timestep {int(t.max())}")
        return denoised

    return with_schedule(denoiser.schedule, denoise)
