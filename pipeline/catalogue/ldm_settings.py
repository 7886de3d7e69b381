"""What the single files of Stable Diffusion are networks of: settings as diffusers writes them.

Files in the layout of latent-diffusion (Rombach et al. 2022) hold weights alone. Settings are those
of the published diffusers folders of the same weights. Imports no torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LdmText:
    """One text encoder in a single file."""

    prefix: str
    """What stands before the names of its weights."""
    settings: Settings
    is_open_clip: bool
    """Whether its weights are named as open_clip names them; otherwise as transformers does."""
    projects: bool = False
    """Whether it ends in a projection of the whole prompt."""
    padding: int | None = None
    """Id behind the end of a prompt; None for more ends."""


@dataclass(frozen=True, slots=True)
class LdmArchitecture:
    """The networks of one kind of single file, and the noise that they were trained on."""

    title: str
    """What people call it."""
    unet: Settings
    vae: Settings
    texts: tuple[LdmText, ...]
    scheduler: Settings


VAE_PREFIX = "first_stage_model."
UNET_PREFIX = "model.diffusion_model."
"""What stands before the names of an autoencoder's and of a U-Net's weights."""

_CLIP: Settings = {
    "vocab_size": 49408,
    "max_position_embeddings": 77,
    "bos_token_id": 49406,
    "eos_token_id": 49407,
    "pad_token_id": 1,
}
_CLIP_L: Settings = {
    **_CLIP,
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "hidden_act": "quick_gelu",
    "projection_dim": 768,
}
_CLIP_H: Settings = {
    **_CLIP,
    "hidden_size": 1024,
    "intermediate_size": 4096,
    # The last of its 24 layers is left out.
    "num_hidden_layers": 23,
    "num_attention_heads": 16,
    "hidden_act": "gelu",
    "projection_dim": 512,
}
_CLIP_G: Settings = {
    **_CLIP,
    "hidden_size": 1280,
    "intermediate_size": 5120,
    "num_hidden_layers": 32,
    "num_attention_heads": 20,
    "hidden_act": "gelu",
    "projection_dim": 1280,
}

_VAE: Settings = {
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "block_out_channels": (128, 256, 512, 512),
    "layers_per_block": 2,
    "latent_channels": 4,
    "norm_num_groups": 32,
    "sample_size": 512,
    "scaling_factor": 0.18215,
    "force_upcast": True,
}
_UNET: Settings = {
    "in_channels": 4,
    "out_channels": 4,
    "layers_per_block": 2,
    "norm_num_groups": 32,
}
_UNET_1: Settings = {
    **_UNET,
    "sample_size": 64,
    "block_out_channels": (320, 640, 1280, 1280),
    "down_block_types": (*("CrossAttnDownBlock2D",) * 3, "DownBlock2D"),
    "up_block_types": ("UpBlock2D", *("CrossAttnUpBlock2D",) * 3),
    "cross_attention_dim": 768,
    "attention_head_dim": 8,
}
_UNET_2: Settings = {
    **_UNET_1,
    "cross_attention_dim": 1024,
    "attention_head_dim": (5, 10, 20, 20),
    "use_linear_projection": True,
}
_ADDED: Settings = {
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "sample_size": 128,
}
_UNET_XL: Settings = {
    **_UNET,
    **_ADDED,
    "block_out_channels": (320, 640, 1280),
    "down_block_types": ("DownBlock2D", *("CrossAttnDownBlock2D",) * 2),
    "up_block_types": (*("CrossAttnUpBlock2D",) * 2, "UpBlock2D"),
    "cross_attention_dim": 2048,
    "attention_head_dim": (5, 10, 20),
    "transformer_layers_per_block": (1, 2, 10),
    "projection_class_embeddings_input_dim": 2816,
}
_UNET_REFINER: Settings = {
    **_UNET,
    **_ADDED,
    "block_out_channels": (384, 768, 1536, 1536),
    "down_block_types": ("DownBlock2D", *("CrossAttnDownBlock2D",) * 2, "DownBlock2D"),
    "up_block_types": ("UpBlock2D", *("CrossAttnUpBlock2D",) * 2, "UpBlock2D"),
    "cross_attention_dim": 1280,
    "attention_head_dim": (6, 12, 24, 24),
    "transformer_layers_per_block": 4,
    "projection_class_embeddings_input_dim": 2560,
}
_NOISE: Settings = {
    "num_train_timesteps": 1000,
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "steps_offset": 1,
    "timestep_spacing": "leading",
    "prediction_type": "epsilon",
}
_PNDM: Settings = {**_NOISE, "_class_name": "PNDMScheduler", "set_alpha_to_one": False}
_XL: Settings = {**_NOISE, "_class_name": "EulerDiscreteScheduler"}

_TEXT_1 = LdmText("cond_stage_model.transformer.", _CLIP_L, is_open_clip=False)
_TEXT_2 = LdmText("cond_stage_model.model.", _CLIP_H, is_open_clip=True, padding=0)
_FIRST_XL = replace(_TEXT_1, prefix="conditioner.embedders.0.transformer.")
_SECOND_XL = LdmText(
    "conditioner.embedders.1.model.", _CLIP_G, is_open_clip=True, projects=True, padding=0
)
_VAE_XL: Settings = {**_VAE, "scaling_factor": 0.13025, "sample_size": 1024}

_SD2_BASE = LdmArchitecture("Stable Diffusion 2.1 base (512 px)", _UNET_2, _VAE, (_TEXT_2,), _PNDM)

LDM_ARCHITECTURES: Mapping[str, LdmArchitecture] = MappingProxyType(
    {
        "sd15": LdmArchitecture("Stable Diffusion 1", _UNET_1, _VAE, (_TEXT_1,), _PNDM),
        "sd21-base": _SD2_BASE,
        "sd21": replace(
            _SD2_BASE,
            title="Stable Diffusion 2.1 (768 px)",
            unet={**_UNET_2, "sample_size": 96},
            vae={**_VAE, "sample_size": 768},
            scheduler={**_PNDM, "prediction_type": "v_prediction"},
        ),
        "sdxl": LdmArchitecture("SDXL", _UNET_XL, _VAE_XL, (_FIRST_XL, _SECOND_XL), _XL),
        "sdxl-refiner": LdmArchitecture(
            "SDXL's refiner",
            _UNET_REFINER,
            _VAE_XL,
            (replace(_SECOND_XL, prefix="conditioner.embedders.0.model."),),
            _XL,
        ),
    }
)
"""By the names that a scene gives them."""
