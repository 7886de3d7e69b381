"""Text-to-image networks of a few thousand random numbers, and folders that diffusers writes.

A test that needs only one part builds only that one; whole pipelines come from `save_pipeline`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderTiny,
    DDIMScheduler,
    DiffusionPipeline,
    EulerDiscreteScheduler,
    LatentConsistencyModelPipeline,
    LCMScheduler,
    StableDiffusionPipeline,
    StableDiffusionXLImg2ImgPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
)

WORDS = ["a", "castle", "at", "dawn", "sea", "red", "of", "the"]
START, END = "<|startoftext|>", "<|endoftext|>"
NOISE: dict[str, Any] = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
LEADING: dict[str, Any] = {"steps_offset": 1, "timestep_spacing": "leading"}


def vae(**options: Any) -> AutoencoderKL:
    """An autoencoder whose latents have 4 channels and half of the picture's sides."""
    usual: dict[str, Any] = {
        "down_block_types": ("DownEncoderBlock2D", "DownEncoderBlock2D"),
        "up_block_types": ("UpDecoderBlock2D", "UpDecoderBlock2D"),
        "block_out_channels": (8, 16),
        "layers_per_block": 1,
        "norm_num_groups": 4,
        "latent_channels": 4,
        "sample_size": 32,
    }
    torch.manual_seed(11)
    return AutoencoderKL(**{**usual, **options}).eval()


def tiny_vae(**options: Any) -> AutoencoderTiny:
    """The approximate decoder (TAESD) for latents of `vae`."""
    usual: dict[str, Any] = {
        "encoder_block_out_channels": (8, 8),
        "decoder_block_out_channels": (8, 8),
        "num_encoder_blocks": (1, 1),
        "num_decoder_blocks": (1, 1),
        "latent_channels": 4,
    }
    torch.manual_seed(12)
    return AutoencoderTiny(**{**usual, **options}).eval()


def unet(**options: Any) -> UNet2DConditionModel:
    """A U-Net as in Stable Diffusion 1.5, for text embeddings of 16 numbers."""
    usual: dict[str, Any] = {
        "sample_size": 16,
        "in_channels": 4,
        "out_channels": 4,
        "block_out_channels": (8, 16),
        "layers_per_block": 1,
        "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
        "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
        "cross_attention_dim": 16,
        "attention_head_dim": 2,
        "norm_num_groups": 4,
    }
    torch.manual_seed(13)
    return UNet2DConditionModel(**{**usual, **options}).eval()


def xl_unet(**options: Any) -> UNet2DConditionModel:
    """A U-Net as in SDXL: two text encoders side by side, a vector of both, and six sizes."""
    usual: dict[str, Any] = {
        "cross_attention_dim": 32,
        "use_linear_projection": True,
        "transformer_layers_per_block": (1, 2),
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 8,
        "projection_class_embeddings_input_dim": 6 * 8 + 16,
    }
    return unet(**{**usual, **options})


def refiner_unet(**options: Any) -> UNet2DConditionModel:
    """A U-Net as in SDXL's refiner: the second text encoder, and five sizes."""
    usual = {"cross_attention_dim": 16, "projection_class_embeddings_input_dim": 5 * 8 + 16}
    return xl_unet(**{**usual, **options})


def text_encoder(**options: Any) -> CLIPTextModel:
    """CLIP's text encoder with embeddings of 16 numbers, for prompts of 77 tokens."""
    torch.manual_seed(14)
    return CLIPTextModel(_text_config(**options)).eval()


def text_encoder_2(**options: Any) -> CLIPTextModelWithProjection:
    """A text encoder with a vector of 16 numbers for the whole prompt."""
    torch.manual_seed(15)
    return CLIPTextModelWithProjection(_text_config(hidden_act="gelu", **options)).eval()


def _text_config(**options: Any) -> CLIPTextConfig:
    usual: dict[str, Any] = {
        "vocab_size": len(vocabulary()),
        "hidden_size": 16,
        "intermediate_size": 32,
        "projection_dim": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "max_position_embeddings": 77,
        "bos_token_id": vocabulary()[START],
        "eos_token_id": vocabulary()[END],
        "pad_token_id": 1,
    }
    return CLIPTextConfig(**{**usual, **options})


def merges() -> list[tuple[str, str]]:
    """The pairs that are joined to `WORDS`, in this order."""
    pairs = []
    for word in WORDS:
        # The last letter carries the end of the word.
        rest = [*word[:-1], f"{word[-1]}</w>"]
        while len(rest) > 1:
            pairs.append((rest[0], rest[1]))
            rest = [rest[0] + rest[1], *rest[2:]]
    return list(dict.fromkeys(pairs))


def vocabulary() -> dict[str, int]:
    """Letters, with and without the end of a word, what is joined of them, and the two marks."""
    letters = [chr(code) for code in range(33, 127)]
    pieces = [*letters, *(f"{letter}</w>" for letter in letters), *map("".join, merges())]
    return {piece: k for k, piece in enumerate([*dict.fromkeys(pieces), START, END])}


def tokenizer(folder: Path) -> CLIPTokenizer:
    """A tokenizer of `vocabulary`, in `folder` as published models have it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps(vocabulary()), encoding="utf-8")
    lines = ["#version: 0.2", *map(" ".join, merges()), ""]
    (folder / "merges.txt").write_text("\n".join(lines), encoding="utf-8")
    settings = {"model_max_length": 77, "tokenizer_class": "CLIPTokenizer", "pad_token": END}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    return CLIPTokenizer.from_pretrained(folder, local_files_only=True)


def sd_pipeline(folder: Path, **options: Any) -> StableDiffusionPipeline:
    """Stable Diffusion, without a safety checker; `folder` takes the tokenizer."""
    parts: dict[str, Any] = {
        "vae": vae(),
        "text_encoder": text_encoder(),
        "tokenizer": tokenizer(folder / "tokenizer"),
        "unet": unet(),
        "scheduler": DDIMScheduler(**NOISE, **LEADING, clip_sample=False, set_alpha_to_one=False),
        "safety_checker": None,
        "feature_extractor": None,
        "requires_safety_checker": False,
    }
    return StableDiffusionPipeline(**{**parts, **options})


def lcm_pipeline(folder: Path, **options: Any) -> LatentConsistencyModelPipeline:
    """A latent consistency model, whose U-Net is told the guidance scale."""
    parts: dict[str, Any] = {
        "vae": vae(),
        "text_encoder": text_encoder(),
        "tokenizer": tokenizer(folder / "tokenizer"),
        "unet": unet(time_cond_proj_dim=8),
        "scheduler": LCMScheduler(**NOISE),
        "safety_checker": None,
        "feature_extractor": None,
        "requires_safety_checker": False,
    }
    return LatentConsistencyModelPipeline(**{**parts, **options})


def xl_pipeline(folder: Path, **options: Any) -> StableDiffusionXLPipeline:
    """SDXL's base; `folder` takes the tokenizers."""
    parts: dict[str, Any] = {
        "vae": vae(scaling_factor=0.13025, force_upcast=True),
        "text_encoder": text_encoder(),
        "text_encoder_2": text_encoder_2(),
        "tokenizer": tokenizer(folder / "tokenizer"),
        "tokenizer_2": tokenizer(folder / "tokenizer_2"),
        "unet": xl_unet(),
        "scheduler": EulerDiscreteScheduler(**NOISE, **LEADING),
        "add_watermarker": False,
    }
    return StableDiffusionXLPipeline(**{**parts, **options})


def refiner_pipeline(folder: Path, **options: Any) -> StableDiffusionXLImg2ImgPipeline:
    """SDXL's refiner; `folder` takes the tokenizer."""
    parts: dict[str, Any] = {
        "vae": vae(scaling_factor=0.13025, force_upcast=True),
        "text_encoder": None,
        "text_encoder_2": text_encoder_2(),
        "tokenizer": None,
        "tokenizer_2": tokenizer(folder / "tokenizer_2"),
        "unet": refiner_unet(),
        "scheduler": EulerDiscreteScheduler(**NOISE, **LEADING),
        "requires_aesthetics_score": True,
        "force_zeros_for_empty_prompt": False,
        "add_watermarker": False,
    }
    return StableDiffusionXLImg2ImgPipeline(**{**parts, **options})


def save_pipeline(folder: Path, pipeline: DiffusionPipeline, **options: Any) -> Path:
    """A folder as published: written by diffusers, with tokenizers of two files."""
    pipeline.save_pretrained(folder, **options)
    for written in folder.glob("tokenizer*/tokenizer.json"):
        written.unlink()
        tokenizer(written.parent)
    return folder
