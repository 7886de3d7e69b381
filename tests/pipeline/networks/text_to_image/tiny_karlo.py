"""Karlo of a few thousand random numbers, built and saved by diffusers."""

from __future__ import annotations

import torch
from diffusers import UnCLIPPipeline, UnCLIPScheduler, UNet2DConditionModel, UNet2DModel
from diffusers.pipelines.deprecated.unclip.text_proj import UnCLIPTextProjModel

from tests.pipeline.networks.text_to_image.tiny_unclip import (
    WIDTH,
    alive,
    exact,
    prior,
    prior_scheduler,
    text_encoder,
    tokenizer,
)

CONTEXT_WIDTH = 8


def text_projection() -> UnCLIPTextProjModel:
    """What goes between CLIP and the decoder, with 3 tokens of the picture."""
    torch.manual_seed(11)
    return alive(
        UnCLIPTextProjModel(
            clip_extra_context_tokens=3,
            clip_embeddings_dim=WIDTH,
            time_embed_dim=32,
            cross_attention_dim=CONTEXT_WIDTH,
        )
    )


def decoder() -> UNet2DConditionModel:
    """The decoder, whose predicted variance is always the least: what DDIM takes with eta 1."""
    torch.manual_seed(12)
    network = alive(
        UNet2DConditionModel(
            sample_size=8,
            in_channels=3,
            out_channels=6,
            down_block_types=("ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D"),
            up_block_types=("SimpleCrossAttnUpBlock2D", "ResnetUpsampleBlock2D"),
            mid_block_type="UNetMidBlock2DSimpleCrossAttn",
            block_out_channels=(8, 16),
            norm_num_groups=4,
            layers_per_block=1,
            cross_attention_dim=CONTEXT_WIDTH,
            attention_head_dim=4,
            resnet_time_scale_shift="scale_shift",
            class_embed_type="identity",
        )
    )
    network.conv_out.weight.data[3:] = 0
    network.conv_out.bias.data[3:] = -1
    return network


def enlarger(seed: int) -> UNet2DModel:
    """A network of the last stage."""
    torch.manual_seed(seed)
    return alive(
        UNet2DModel(
            sample_size=32,
            in_channels=6,
            out_channels=3,
            down_block_types=("ResnetDownsampleBlock2D", "ResnetDownsampleBlock2D"),
            up_block_types=("ResnetUpsampleBlock2D", "ResnetUpsampleBlock2D"),
            block_out_channels=(8, 16),
            norm_num_groups=4,
            layers_per_block=1,
        )
    )


def karlo() -> UnCLIPPipeline:
    """The whole of it."""
    torch.manual_seed(13)
    return UnCLIPPipeline(
        prior=prior(),
        decoder=decoder(),
        text_encoder=text_encoder(),
        tokenizer=tokenizer(),
        text_proj=text_projection(),
        super_res_first=enlarger(14),
        super_res_last=enlarger(15),
        prior_scheduler=exact(prior_scheduler()),
        decoder_scheduler=exact(UnCLIPScheduler(variance_type="learned_range")),
        super_res_scheduler=exact(UnCLIPScheduler(variance_type="fixed_small_log")),
    )
