"""The presets: named sets of models, and the settings that suit them. Imports no torch.

A preset says which picture sizes its denoiser allows, and what a scene gets for every setting that
it does not write itself: in the section `models` its networks, in the others the settings that
they were tried with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Settings = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of models."""

    name: str
    size_multiple: int
    """Width and height of a frame are multiples of this."""
    defaults: Mapping[str, Settings]
    """Section of the scene -> setting -> value, beneath what the author wrote."""
    unprompted: Settings = field(default_factory=dict)
    """What `guidance` has in their place where the author leaves the network without prompt, by a
    `cfg_scale` of 0: CLIP alone then tells it what to paint, which takes a firmer hand."""


_STARTER = Preset(
    name="starter",
    size_multiple=2,
    defaults={
        "camera": {"memory": "shot"},
        "sampler": {
            "steps": 25,
            # From pure noise: a step cleaner, the noise's own coarse colours pass for a picture's.
            "spacing": "trailing",
            "clip_denoised": True,
            "skip_steps": {"first": 0, "then": "70%", "fade": 0},
            "eta": 0.8,
            "noise": "warped",
            "fresh_noise": 0.2,
            "noise_period": 12,
            "cross_fade": "key",
        },
        "guidance": {
            "cfg_scale": 2.5,
            "clip_guidance_scale": 300.0,
            "clamp_max": 0.05,
            "init_hold": {"first": 0, "then": 0.8, "fade": 0},
            "hold_memory": "forever",
            "detail_hold": {"first": 0, "then": 0.7, "fade": 0},
            "repaint": "auto",
            "discover": 0.8,
            # At 1 a long take's outlines grow bright rims.
            "keep_sharpness": 0.5,
            "cutn_batches": 1,
            "cut_overview": 2,
            "cut_innercut": 2,
        },
        "output": {"upscale": "starter", "sharpen": 0.4},
    },
    unprompted={
        "clip_guidance_scale": 3000.0,
        "clamp_max": 0.5,
        # Subject and ground are decided in the first half; more or longer won no more subjects. At
        # the noisiest step CLIP has no say yet, and taking it twice draws other noise.
        "recurrence": {0: 2, 0.5: 1},
    },
)

# Disco Diffusion's schedules, whose 1000 slots are our progress from 0 to 1.
_DISCO_CUTS: Settings = {
    "cut_overview": {0: 12, 0.4: 4},
    "cut_innercut": {0: 4, 0.4: 12},
    "cut_ic_pow": 1,
    "cut_icgray_p": {0: 0.2, 0.4: 0},
}
_PIXELART_CUTS: Settings = {
    "cut_overview": {0: 15, 0.2: 12, 0.4: 6, 0.5: 4, 0.6: 2, 0.8: 0},
    "cut_innercut": {0: 1, 0.2: 4, 0.4: 8, 0.6: 10},
    "cut_ic_pow": {0: 12, 0.5: 10},
    "cut_icgray_p": {
        **{0: 0.87, 0.1: 0.78, 0.15: 0.73, 0.2: 0.64, 0.26: 0.56},
        **{0.3: 0.5, 0.35: 0.33, 0.45: 0.19, 0.6: 0},
    },
}
_WATERCOLOR_CUTS: Settings = {
    "cut_overview": {0: 14, 0.2: 12, 0.4: 4, 0.8: 0},
    "cut_innercut": {0: 2, 0.2: 4, 0.4: 12},
    "cut_ic_pow": {0: 12, 0.5: 10},
    "cut_icgray_p": {0: 0.7, 0.1: 0.6, 0.2: 0.45, 0.3: 0.3, 0.4: 0},
}


def _disco(name: str, denoiser: str, cuts: Settings) -> Preset:
    """Disco Diffusion 5.7 with one of its denoisers, and the settings it has for that one."""
    return Preset(
        name=name,
        size_multiple=64,
        defaults={
            "models": {
                "denoiser": denoiser,
                "secondary": "secondary",
                "encoders": ["ViT-B-32/openai", "ViT-B-16/openai", "RN50/openai"],
                "depth": "dpt_large",
            },
            # 4 % are Disco's 10 of 250 steps.
            "sampler": {"steps": 250, "skip_steps": {"first": "4%", "then": "60%"}, "eta": 0.8},
            "guidance": {
                "gradient": "secondary",
                "clip_guidance_scale": 5000,
                "tv_scale": 0,
                "range_scale": 150,
                "sat_scale": 0,
                "clamp_max": 0.05,
                "cutn_batches": 4,
                **cuts,
            },
        },
    )


_ENCODER = "ViT-B-16/openai"
"""What guides by CLIP where a scene asks for it; nothing fetches it before one does."""


def _text_to_image(
    name: str, denoiser: str, sampler: Settings, cfg_scale: float, multiple: int = 8
) -> Preset:
    """A text-to-image network that reads the prompts itself, without guidance by CLIP."""
    return Preset(
        name=name,
        size_multiple=multiple,
        defaults={
            "models": {
                "denoiser": denoiser,
                "secondary": None,
                "encoders": [_ENCODER],
                "depth": "dpt_large",
            },
            "sampler": {"skip_steps": {"first": 0, "then": "50%"}, **sampler},
            "guidance": {"cfg_scale": cfg_scale, "clip_guidance_scale": 0, "range_scale": 0},
        },
    )


_MULTISTEP: Settings = {"name": "dpmpp_2m", "steps": 25}

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        preset.name: preset
        for preset in (
            _STARTER,
            _disco("disco", "512x512_diffusion_uncond_finetune_008100", _DISCO_CUTS),
            _disco("disco-256", "256x256_diffusion_uncond", _DISCO_CUTS),
            _disco("pixelart", "pixelartdiffusion4k", _PIXELART_CUTS),
            _disco("watercolor", "watercolordiffusion_2", _WATERCOLOR_CUTS),
            _text_to_image("sd15", "sd15", _MULTISTEP, 7.5),
            _text_to_image("sdxl", "sdxl", _MULTISTEP, 7.0),
            _text_to_image(
                "sd-turbo", "sd-turbo", {"name": "euler_a", "steps": 4, "spacing": "trailing"}, 1.0
            ),
            _text_to_image("lcm", "lcm-dreamshaper", {"name": "lcm", "steps": 8}, 1.0),
        )
    }
)
