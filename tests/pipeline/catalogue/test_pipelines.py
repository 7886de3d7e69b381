"""What the folder of a text-to-image pipeline tells of its pictures, and how it is refused."""

from __future__ import annotations

from dataclasses import astuple
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

from pipeline.catalogue.pipelines import Family, is_pipeline, pipeline_facts, read_model_index
from pipeline.errors import ModelError
from tests.pipeline.catalogue.pipeline_folders import (
    SCHEDULER,
    UNET,
    VAE,
    save_pipeline,
    save_stable_diffusion,
)
from tests.pipeline.networks.tiny import save_denoiser, unet, write_json

RESNETS = ["ResnetDownsampleBlock2D"] + ["SimpleCrossAttnDownBlock2D"] * 3
XL = {"block_out_channels": [320, 640, 1280], "down_block_types": ["DownBlock2D"] * 3}
SD3 = {"in_channels": 16, "patch_size": 2}
FLUX = {"in_channels": 64, "patch_size": 1}
PIXART = {"in_channels": 4, "patch_size": 2}

PUBLISHED_SHAPES: dict[str, tuple[dict[str, Any], tuple[object, ...]]] = {
    "StableDiffusionPipeline": (
        {"unet": UNET, "vae": VAE},
        (Family.STABLE_DIFFUSION, 8, 8, 64, 64, 1000),
    ),
    "StableDiffusionXLPipeline": (
        {"unet": {**UNET, **XL}, "vae": VAE},
        (Family.STABLE_DIFFUSION_XL, 8, 8, 32, 64, 1000),
    ),
    "KandinskyV22Pipeline": (
        {"unet": {**UNET, "down_block_types": RESNETS}, "movq": VAE},
        (Family.KANDINSKY_22, 8, 64, 64, 4096, 1000),
    ),
    "IFPipeline": (
        {"unet": {**UNET, "in_channels": 3, "down_block_types": RESNETS}},
        (Family.DEEPFLOYD_IF, 1, 8, 8, 64, 1000),
    ),
    "PixArtSigmaPipeline": (
        {"transformer": PIXART, "vae": VAE},
        (Family.PIXART, 8, 16, 16, 256, 1000),
    ),
    "StableDiffusion3Pipeline": (
        {"transformer": SD3, "vae": {**VAE, "latent_channels": 16}},
        (Family.STABLE_DIFFUSION_3, 8, 16, 16, 256, 1000),
    ),
    "FluxPipeline": (
        {"transformer": FLUX, "vae": {**VAE, "latent_channels": 16}},
        (Family.FLUX, 8, 16, 16, 256, 1000),
    ),
}
"""Configurations as they are published, and their facts by hand: family, factor, size multiple,
advised multiple, least area, timesteps."""


@pytest.mark.parametrize("class_name", PUBLISHED_SHAPES)
def test_families_in_their_published_shapes(tmp_path: Path, class_name: str) -> None:
    parts, expected = PUBLISHED_SHAPES[class_name]
    facts = pipeline_facts(save_pipeline(tmp_path, class_name, {**parts, "scheduler": SCHEDULER}))
    assert astuple(facts) == expected
    assert facts.is_latent is (facts.factor == 8)
    assert is_pipeline(tmp_path)


def test_karlo_keeps_its_parts_in_folders_of_its_own(tmp_path: Path) -> None:
    parts = {
        "decoder": {**UNET, "in_channels": 3, "down_block_types": RESNETS},
        "decoder_scheduler": {"num_train_timesteps": 250},
    }
    facts = pipeline_facts(save_pipeline(tmp_path, "UnCLIPPipeline", parts))
    assert astuple(facts) == (Family.UNCLIP, 1, 8, 8, 64, 250)


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


def test_an_index_names_the_parts_that_there_are(tmp_path: Path) -> None:
    write_json(
        tmp_path / "model_index.json",
        {
            "_class_name": "StableDiffusionXLImg2ImgPipeline",
            "_diffusers_version": "0.19.0",
            "force_zeros_for_empty_prompt": False,
            "text_encoder": [None, None],
            "text_encoder_2": ["transformers", "CLIPTextModelWithProjection"],
        },
    )
    index = read_model_index(tmp_path)
    assert index.class_name == "StableDiffusionXLImg2ImgPipeline"
    assert dict(index.parts) == {"text_encoder_2": "CLIPTextModelWithProjection"}


def test_an_unconditional_u_net_is_no_pipeline(tmp_path: Path) -> None:
    folder = save_denoiser(tmp_path, unet())
    assert not is_pipeline(folder)
    index = {"_class_name": "DDPMPipeline", "unet": ["diffusers", "UNet2DModel"]}
    write_json(folder / "model_index.json", index)
    assert not is_pipeline(folder)


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        pipeline_facts(folder)
    return str(caught.value)


def test_a_class_that_is_not_known_is_named(tmp_path: Path) -> None:
    save_pipeline(tmp_path, "StableDifusionPipeline", {})
    assert is_pipeline(tmp_path)
    words = refusal(tmp_path)
    assert words.startswith(
        f'{tmp_path / "model_index.json"}: _class_name: found "StableDifusionPipeline", a pipeline '
        'that is not known here (did you mean "StableDiffusionPipeline"?); allowed: FluxImg2Img'
    )
    assert words.endswith("UnCLIPPipeline; name the folder of another model")


@pytest.mark.parametrize(
    ("class_name", "words"),
    [
        ("KandinskyV22PriorPipeline", "a prior, which paints nothing; name its decoder's folder"),
        ("IFSuperResolutionPipeline", "a second stage; name the folder of the first"),
    ],
)
def test_half_a_model_says_which_half(tmp_path: Path, class_name: str, words: str) -> None:
    save_pipeline(tmp_path, class_name, {})
    assert refusal(tmp_path) == f"{tmp_path / 'model_index.json'}: {class_name} is {words}"


def test_a_network_for_inpainting_is_refused(tmp_path: Path) -> None:
    save_stable_diffusion(tmp_path, in_channels=9)
    assert refusal(tmp_path) == (
        f"{tmp_path / 'unet' / 'config.json'}: in_channels: found 9; allowed: 4, the channels of "
        "what is denoised; a network that is also given a picture or a mask, as those for "
        "inpainting are, cannot be used here; name another model"
    )


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    save_stable_diffusion(tmp_path)
    (tmp_path / "vae" / "config.json").unlink()
    assert refusal(tmp_path) == (
        f"{tmp_path / 'vae' / 'config.json'}: cannot be read (No such file or directory); "
        "is the model's folder whole?"
    )


@pytest.mark.parametrize("text", ["{", "{}", '{"_class_name": 5}'])
def test_an_index_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "model_index.json").write_text(text)
    with pytest.raises(ModelError, match=r"model_index.json: this configuration cannot be used"):
        is_pipeline(tmp_path)
