"""Pipelines of transformers with random weights, built of diffusers' own classes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    FlowMatchEulerDiscreteScheduler,
    FluxPipeline,
    FluxTransformer2DModel,
    PixArtAlphaPipeline,
    PixArtSigmaPipeline,
    PixArtTransformer2DModel,
    SD3Transformer2DModel,
    StableDiffusion3Pipeline,
)
from torch import Tensor, nn

from tests.pipeline.networks.text_to_image.tiny_pipelines import vae
from tests.pipeline.networks.text_to_image.tiny_texts import (
    clip_text_model,
    projected_clip_text_model,
    save_clip_tokenizer,
    save_t5_tokenizer,
    t5_model,
)

TEXT_WIDTH = 40
"""D of the prompts' sequences: as wide as T5's, and as both CLIPs' of SD3 together or wider."""
POOLED_WIDTH = 32
"""K of the prompts' vectors: that of both CLIPs' of SD3 together, or of Flux's one."""
LINEAR: dict[str, Any] = {"beta_start": 1e-4, "beta_end": 0.02, "beta_schedule": "linear"}
FLUX_SHIFT = {"base_image_seq_len": 4, "max_image_seq_len": 64, "shift": 3.0}
"""A dynamic shift that moves at the sizes of tests."""


def pixart_transformer(**options: Any) -> PixArtTransformer2DModel:
    """PixArt's transformer, which tells variances too; it is told no shapes unless asked."""
    usual: dict[str, Any] = {
        "sample_size": 8,
        "num_layers": 2,
        "patch_size": 2,
        "attention_head_dim": 6,
        "num_attention_heads": 2,
        "caption_channels": TEXT_WIDTH,
        "cross_attention_dim": 12,
        "in_channels": 4,
        "out_channels": 8,
    }
    return lively(PixArtTransformer2DModel(**{**usual, **options}))


def sd3_transformer(**options: Any) -> SD3Transformer2DModel:
    """The transformer of Stable Diffusion 3."""
    usual: dict[str, Any] = {
        "sample_size": 8,
        "patch_size": 2,
        "in_channels": 4,
        "out_channels": 4,
        "num_layers": 2,
        "attention_head_dim": 8,
        "num_attention_heads": 2,
        "caption_projection_dim": 16,
        "joint_attention_dim": TEXT_WIDTH,
        "pooled_projection_dim": POOLED_WIDTH,
        "pos_embed_max_size": 12,
    }
    return lively(SD3Transformer2DModel(**{**usual, **options}))


def flux_transformer(**options: Any) -> FluxTransformer2DModel:
    """The transformer of Flux: schnell's, unless `guidance_embeds` makes it dev's."""
    usual: dict[str, Any] = {
        "in_channels": 16,
        "num_layers": 1,
        "num_single_layers": 1,
        "attention_head_dim": 16,
        "num_attention_heads": 2,
        "joint_attention_dim": TEXT_WIDTH,
        "pooled_projection_dim": POOLED_WIDTH,
        "axes_dims_rope": (4, 4, 8),
    }
    return lively(FluxTransformer2DModel(**{**usual, **options}))


def lively(network: Any) -> Any:
    """The network with weights of which none is so small that its input would not matter."""
    for parameter in network.parameters():
        if parameter.ndim > 1:
            nn.init.xavier_normal_(parameter.view(len(parameter), -1), gain=0.8)
        else:
            nn.init.normal_(parameter, std=0.1)
    return network.eval()


def pixart_alpha(folder: Path, **options: Any) -> PixArtAlphaPipeline:
    """PixArt-alpha; `options` are the transformer's, and `folder` takes the tokenizer."""
    return PixArtAlphaPipeline(**_pixart(folder), transformer=pixart_transformer(**options))


def pixart_sigma(folder: Path, **options: Any) -> PixArtSigmaPipeline:
    """PixArt-sigma; `options` are the transformer's, and `folder` takes the tokenizer."""
    transformer = pixart_transformer(use_additional_conditions=False, **options)
    return PixArtSigmaPipeline(**_pixart(folder), transformer=transformer)


def _pixart(folder: Path) -> dict[str, Any]:
    return {
        "tokenizer": save_t5_tokenizer(folder / "tokenizer"),
        "text_encoder": t5_model(width=TEXT_WIDTH),
        "vae": vae(),
        "scheduler": DPMSolverMultistepScheduler(**LINEAR),
    }


def stable_diffusion_3(
    folder: Path, *, t5: bool = True, scheduler: Any = None, **options: Any
) -> StableDiffusion3Pipeline:
    """Stable Diffusion 3; `options` are the transformer's, and `folder` takes the tokenizers."""
    return StableDiffusion3Pipeline(
        transformer=sd3_transformer(**options),
        scheduler=scheduler or FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=vae(shift_factor=0.06, use_quant_conv=False, use_post_quant_conv=False),
        text_encoder=projected_clip_text_model(seed=4, width=12),
        tokenizer=save_clip_tokenizer(folder / "tokenizer"),
        text_encoder_2=projected_clip_text_model(seed=5, width=20),
        tokenizer_2=save_clip_tokenizer(folder / "tokenizer_2", padding="!"),
        text_encoder_3=t5_model(width=TEXT_WIDTH) if t5 else None,
        tokenizer_3=save_t5_tokenizer(folder / "tokenizer_3") if t5 else None,
    )


def flux(folder: Path, *, dev: bool) -> FluxPipeline:
    """Flux dev or schnell; `folder` takes the tokenizers."""
    return FluxPipeline(
        transformer=flux_transformer(guidance_embeds=dev),
        scheduler=FlowMatchEulerDiscreteScheduler(
            use_dynamic_shifting=dev, **(FLUX_SHIFT if dev else {})
        ),
        vae=vae(shift_factor=0.12, use_quant_conv=False, use_post_quant_conv=False),
        text_encoder=clip_text_model(width=POOLED_WIDTH),
        tokenizer=save_clip_tokenizer(folder / "tokenizer"),
        text_encoder_2=t5_model(width=TEXT_WIDTH),
        tokenizer_2=save_t5_tokenizer(folder / "tokenizer_2"),
    )


def prompt_sequence(seed: int, length: int = 7) -> Tensor:
    """The encoded tokens of a prompt, `(length, TEXT_WIDTH)`."""
    return torch.randn(length, TEXT_WIDTH, generator=torch.Generator().manual_seed(seed))


def prompt_vector(seed: int) -> Tensor:
    """The pooled embedding of a prompt, `(POOLED_WIDTH,)`."""
    return torch.randn(POOLED_WIDTH, generator=torch.Generator().manual_seed(100 + seed))
