"""Pipelines of transformers with random weights, built of diffusers' own classes."""

from __future__ import annotations

from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
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

TEXT_WIDTH = 24
"""D of the prompts' sequences."""
POOLED_WIDTH = 20
FLUX_SHIFT = {"base_image_seq_len": 4, "max_image_seq_len": 64, "shift": 3.0}
"""A dynamic shift that moves at the sizes of tests."""


def vae(channels: int, shift: float | None = None) -> AutoencoderKL:
    """An autoencoder of three levels: a place stands for 4 x 4 pixels."""
    return AutoencoderKL(
        block_out_channels=(8, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        norm_num_groups=4,
        latent_channels=channels,
        scaling_factor=0.7,
        shift_factor=shift,
        use_quant_conv=shift is None,
        use_post_quant_conv=shift is None,
    ).eval()


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


def pixart_alpha(**options: Any) -> PixArtAlphaPipeline:
    """PixArt-alpha without its text side; `options` are the transformer's."""
    return PixArtAlphaPipeline(
        tokenizer=None,
        text_encoder=None,
        vae=vae(4),
        transformer=pixart_transformer(**options),
        scheduler=DPMSolverMultistepScheduler(beta_start=1e-4, beta_end=0.02),
    )


def pixart_sigma(**options: Any) -> PixArtSigmaPipeline:
    """PixArt-sigma without its text side; `options` are the transformer's."""
    return PixArtSigmaPipeline(
        tokenizer=None,
        text_encoder=None,
        vae=vae(4),
        transformer=pixart_transformer(use_additional_conditions=False, **options),
        scheduler=DPMSolverMultistepScheduler(beta_start=1e-4, beta_end=0.02),
    )


def stable_diffusion_3(**options: Any) -> StableDiffusion3Pipeline:
    """Stable Diffusion 3 without its text side; `options` are the transformer's."""
    return StableDiffusion3Pipeline(
        transformer=sd3_transformer(**options),
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=vae(4, shift=0.06),
        **dict.fromkeys(("text_encoder", "text_encoder_2", "text_encoder_3")),
        **dict.fromkeys(("tokenizer", "tokenizer_2", "tokenizer_3")),
    )


def flux(*, dev: bool) -> FluxPipeline:
    """Flux dev or schnell without its text side."""
    scheduler = FlowMatchEulerDiscreteScheduler(
        use_dynamic_shifting=dev, **(FLUX_SHIFT if dev else {})
    )
    return FluxPipeline(
        transformer=flux_transformer(guidance_embeds=dev),
        scheduler=scheduler,
        vae=vae(4, shift=0.12),
        **dict.fromkeys(("text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2")),
    )


def prompt_sequence(seed: int, length: int = 7) -> Tensor:
    """The encoded tokens of a prompt, `(length, TEXT_WIDTH)`."""
    return torch.randn(length, TEXT_WIDTH, generator=torch.Generator().manual_seed(seed))


def prompt_vector(seed: int) -> Tensor:
    """The pooled embedding of a prompt, `(POOLED_WIDTH,)`."""
    return torch.randn(POOLED_WIDTH, generator=torch.Generator().manual_seed(100 + seed))
