"""The published models by name, and which of them each preset needs. Imports no torch.

The files keep the names under which they were published, so that those of an earlier tool can be
copied into the store as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from keyframes.nearest import nearest
from pipeline.catalogue.publication import NOT_STATED, Published, Role
from pipeline.catalogue.published_companions import COMPANIONS
from pipeline.catalogue.published_denoisers import DENOISERS
from pipeline.catalogue.published_depth import DEPTH_ESTIMATORS
from pipeline.catalogue.published_encoders import ENCODERS
from pipeline.catalogue.published_flow import FLOW_ESTIMATORS
from pipeline.catalogue.published_pipelines import PIPELINES
from pipeline.catalogue.published_stable_diffusion import STABLE_DIFFUSIONS
from pipeline.errors import ModelError

_PERCEPTUAL = (
    Published(
        name="vgg16",
        role=Role.PERCEPTUAL,
        file="vgg16-397923af.pth",
        mirrors=("https://download.pytorch.org/models/vgg16-397923af.pth",),
        size=553_433_881,
        licence=NOT_STATED,
        sha256="397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0",
        architecture="vgg16",
    ),
    Published(
        name="lpips_vgg",
        role=Role.PERCEPTUAL,
        file="lpips_vgg-a78928a0.pth",
        mirrors=(
            "https://raw.githubusercontent.com/richzhang/PerceptualSimilarity/master/lpips/"
            "weights/v0.1/vgg.pth",
        ),
        size=None,
        licence="BSD-2-Clause",
        sha256="a78928a0af1e5f0fcb1f3b9e8f8c3a2a5a3de244d830ad5c1feddc79b8432868",
        architecture="lpips_vgg",
        numbers=1_472,
    ),
)
"""VGG16 and the linear heads on it that make LPIPS (Zhang et al. 2018)."""

LPIPS = tuple(entry.name for entry in _PERCEPTUAL)
"""What a distance by LPIPS needs, by the names in `PUBLISHED`."""

PUBLISHED: Mapping[str, Published] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            *DENOISERS,
            *ENCODERS,
            *DEPTH_ESTIMATORS,
            *FLOW_ESTIMATORS,
            *_PERCEPTUAL,
            *STABLE_DIFFUSIONS,
            *PIPELINES,
            *COMPANIONS,
        )
    }
)

# Disco's defaults; the denoiser is what its presets differ in.
_DEPTH = "dpt_large"
_DISCO = ("secondary", "ViT-B-32/openai", "ViT-B-16/openai", "RN50/openai", _DEPTH)

NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "starter": (),
        "disco": ("512x512_diffusion_uncond_finetune_008100", *_DISCO),
        "disco-256": ("256x256_diffusion_uncond", *_DISCO),
        "pixelart": ("pixelartdiffusion4k", *_DISCO),
        "watercolor": ("watercolordiffusion_2", *_DISCO),
        "sd15": ("sd15", _DEPTH),
        "sdxl": ("sdxl", _DEPTH),
        "sd-turbo": ("sd-turbo", _DEPTH),
        "lcm": ("lcm-dreamshaper", _DEPTH),
    }
)
"""What a preset needs beyond the package, by the names in `PUBLISHED`.

What it names and does not use unless a scene asks, such as CLIP beside Stable Diffusion, is not
among it.
"""


def needed_by(preset: str) -> tuple[Published, ...]:
    """What `preset` needs beyond the package; `ModelError` if there is no such preset."""
    if preset not in NEEDS:
        raise ModelError(
            f'there is no preset "{preset}"{nearest(preset, NEEDS)}; known: {", ".join(NEEDS)}'
        )
    return tuple(PUBLISHED[name] for name in NEEDS[preset])
