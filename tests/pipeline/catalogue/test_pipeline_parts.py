"""Sizes that are told of a pipeline's parts, beside what diffusers' own networks can compute."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderTiny,
    FluxTransformer2DModel,
    SD3Transformer2DModel,
    UNet2DConditionModel,
    VQModel,
)

from pipeline.catalogue.pipelines import pipeline_facts
from tests.pipeline.catalogue.pipeline_folders import (
    SCHEDULER,
    VAE,
    save_pipeline,
    save_stable_diffusion,
)

BLOCKS = {
    "plain": (("CrossAttnDownBlock2D", "DownBlock2D"), ("UpBlock2D", "CrossAttnUpBlock2D")),
    "exact": (
        ("ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D"),
        ("SimpleCrossAttnUpBlock2D", "ResnetUpsampleBlock2D"),
    ),
}


def backbone(blocks: str) -> UNet2DConditionModel:
    down, up = BLOCKS[blocks]
    mid = "UNetMidBlock2DCrossAttn" if blocks == "plain" else "UNetMidBlock2DSimpleCrossAttn"
    return UNet2DConditionModel(
        sample_size=8,
        in_channels=3,
        out_channels=3,
        block_out_channels=(8, 16),
        norm_num_groups=4,
        layers_per_block=1,
        cross_attention_dim=8,
        attention_head_dim=4,
        down_block_types=down,
        up_block_types=up,
        mid_block_type=mid,
    )


@pytest.mark.parametrize(("blocks", "multiple"), [("plain", 1), ("exact", 2)])
def test_a_u_net_takes_just_the_sizes_that_are_told(
    tmp_path: Path, blocks: str, multiple: int
) -> None:
    network = backbone(blocks)
    save_pipeline(tmp_path, "IFPipeline", {"scheduler": SCHEDULER})
    network.save_pretrained(tmp_path / "unet")
    assert pipeline_facts(tmp_path).size_multiple == multiple
    assert pipeline_facts(tmp_path).advised_multiple == 2
    with torch.no_grad():
        for side in (6, 7):
            x = torch.zeros(1, 3, side, 2 * side)
            if side % multiple == 0:
                assert network(x, 1, torch.zeros(1, 2, 8)).sample.shape == x.shape
            else:
                with pytest.raises(RuntimeError, match="size"):
                    network(x, 1, torch.zeros(1, 2, 8))


def test_a_group_of_one_channel_asks_for_two_places_at_the_coarsest_level(tmp_path: Path) -> None:
    save_stable_diffusion(tmp_path, block_out_channels=[32, 64], down_block_types=["DownBlock2D"])
    assert pipeline_facts(tmp_path).least_area == 2 * 16**2


AUTOENCODERS = {
    "kl": lambda: AutoencoderKL(
        block_out_channels=(8, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        norm_num_groups=4,
    ),
    "tiny": lambda: AutoencoderTiny(
        encoder_block_out_channels=(8, 8, 8),
        decoder_block_out_channels=(8, 8, 8),
        num_encoder_blocks=(1, 1, 1),
        num_decoder_blocks=(1, 1, 1),
    ),
    "vq": lambda: VQModel(
        block_out_channels=(8, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        latent_channels=4,
        norm_num_groups=4,
        num_vq_embeddings=4,
    ),
}


@pytest.mark.parametrize("kind", AUTOENCODERS)
def test_the_factor_is_that_of_the_autoencoder(tmp_path: Path, kind: str) -> None:
    autoencoder = AUTOENCODERS[kind]()
    save_stable_diffusion(tmp_path)
    autoencoder.save_pretrained(tmp_path / "vae")
    factor = pipeline_facts(tmp_path).factor
    with torch.no_grad():
        encoded = autoencoder.encode(torch.zeros(1, 3, 32, 32))
    latents = encoded.latents if hasattr(encoded, "latents") else encoded.latent_dist.mean
    assert latents.shape == (1, 4, 32 // factor, 32 // factor)


@pytest.mark.parametrize(
    ("class_name", "vae", "network"),
    [
        (
            "StableDiffusion3Pipeline",
            {**VAE, "latent_channels": 16},
            lambda: SD3Transformer2DModel(
                sample_size=8,
                num_layers=1,
                attention_head_dim=4,
                num_attention_heads=2,
                joint_attention_dim=8,
                caption_projection_dim=8,
                pooled_projection_dim=8,
            ),
        ),
        (
            "FluxPipeline",
            {**VAE, "latent_channels": 4},
            lambda: FluxTransformer2DModel(
                in_channels=16,
                num_layers=1,
                num_single_layers=1,
                attention_head_dim=16,
                num_attention_heads=2,
                joint_attention_dim=8,
                pooled_projection_dim=8,
                axes_dims_rope=(4, 6, 6),
            ),
        ),
    ],
)
def test_transformers_as_diffusers_saves_them(
    tmp_path: Path, class_name: str, vae: Any, network: Any
) -> None:
    save_pipeline(tmp_path, class_name, {"vae": vae, "scheduler": SCHEDULER})
    network().save_pretrained(tmp_path / "transformer")
    assert pipeline_facts(tmp_path).size_multiple == 16
