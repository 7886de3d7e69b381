"""Cascades of a few thousand random numbers, built by diffusers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from diffusers import DDPMScheduler, UNet2DConditionModel

from tests.pipeline.networks.text_to_image.tiny_texts import save_t5_encoder
from tests.pipeline.networks.text_to_image.tiny_unclip import alive

TOKENS, WIDTH = 6, 32


def if_unet(**options: Any) -> UNet2DConditionModel:
    """The U-Net of the first stage."""
    torch.manual_seed(6)
    usual: dict[str, Any] = {
        "sample_size": 8,
        "in_channels": 3,
        "out_channels": 6,
        "layers_per_block": 1,
        "block_out_channels": (8, 16),
        "norm_num_groups": 4,
        "down_block_types": ("ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D"),
        "mid_block_type": "UNetMidBlock2DSimpleCrossAttn",
        "up_block_types": ("SimpleCrossAttnUpBlock2D", "ResnetUpsampleBlock2D"),
        "cross_attention_dim": 32,
        "encoder_hid_dim": WIDTH,
        "attention_head_dim": 4,
        "addition_embed_type": "text",
        "addition_embed_type_num_heads": 2,
        "cross_attention_norm": "group_norm",
        "resnet_time_scale_shift": "scale_shift",
        "act_fn": "gelu",
    }
    return alive(UNet2DConditionModel(**{**usual, **options}))


def second_unet() -> UNet2DConditionModel:
    """The U-Net of the second stage, of pictures four times as large."""
    return if_unet(
        sample_size=32,
        in_channels=6,
        class_embed_type="timestep",
        mid_block_scale_factor=1.414,
        time_embedding_act_fn="gelu",
    )


def if_scheduler(**options: Any) -> DDPMScheduler:
    """The noise and the thresholding of the published stages."""
    usual: dict[str, Any] = {
        "beta_schedule": "squaredcos_cap_v2",
        "thresholding": True,
        "dynamic_thresholding_ratio": 0.95,
        "sample_max_value": 1.5,
        "variance_type": "learned_range",
    }
    return DDPMScheduler(**{**usual, **options})


def save_first(folder: Path) -> Path:
    """The first stage as it is published."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model_index.json").write_text(json.dumps({"_class_name": "IFPipeline"}))
    if_unet().save_pretrained(folder / "unet")
    if_scheduler().save_pretrained(folder / "scheduler")
    save_t5_encoder(folder, width=WIDTH)
    return folder


def save_second(folder: Path) -> Path:
    """The second stage as it is published, but for the text side that it shares with the first."""
    second_unet().save_pretrained(folder / "unet")
    if_scheduler().save_pretrained(folder / "scheduler")
    noising = DDPMScheduler(beta_schedule="squaredcos_cap_v2")
    noising.save_pretrained(folder / "image_noising_scheduler")
    return folder
