"""What is known of published text-to-image networks before they are fetched. Imports no torch.

A single file of one's own names one of these too, as nothing in it says what it was trained as.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.catalogue.pipelines import Family, PipelineFacts


def _facts(
    family: Family, factor: int, multiple: int, advised: int, timesteps: int = 1000
) -> PipelineFacts:
    return PipelineFacts(
        family=family,
        factor=factor,
        size_multiple=multiple,
        advised_multiple=advised,
        least_area=multiple**2,
        timesteps=timesteps,
    )


_STABLE_DIFFUSION = _facts(Family.STABLE_DIFFUSION, 8, 8, 64)
_XL = _facts(Family.STABLE_DIFFUSION_XL, 8, 8, 32)

ARCHITECTURES: Mapping[str, PipelineFacts] = MappingProxyType(
    {
        "sd15": _STABLE_DIFFUSION,
        "sd21": _STABLE_DIFFUSION,
        "sd21-base": _STABLE_DIFFUSION,
        "sdxl": _XL,
        "sdxl-refiner": _facts(Family.STABLE_DIFFUSION_XL, 8, 8, 64),
        "sd3": _facts(Family.STABLE_DIFFUSION_3, 8, 16, 16),
        "flux": _facts(Family.FLUX, 8, 16, 16),
        "pixart": _facts(Family.PIXART, 8, 16, 16),
        "kandinsky22": _facts(Family.KANDINSKY_22, 8, 64, 64),
        "karlo": _facts(Family.UNCLIP, 1, 32, 32),
        "deepfloyd-if": _facts(Family.DEEPFLOYD_IF, 1, 8, 8),
        "glide": _facts(Family.GLIDE, 1, 32, 32),
    }
)
"""By the architectures of published models, and by the `config` of a file of one's own."""
