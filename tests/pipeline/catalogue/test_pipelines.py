"""What the folder of a text-to-image pipeline tells of its pictures, and how it is refused."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest

from pipeline.catalogue.pipeline_architectures import ARCHITECTURES
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


@pytest.mark.parametrize(
    ("class_name", "architecture"),
    [
        ("StableDiffusionPipeline", "sd15"),
        ("StableDiffusionXLPipeline", "sdxl"),
        ("KandinskyV22Pipeline", "kandinsky22"),
        ("IFPipeline", "deepfloyd-if"),
        ("PixArtSigmaPipeline", "pixart"),
        ("StableDiffusion3Pipeline", "sd3"),
        ("FluxPipeline", "flux"),
    ],
)
def test_what_is_known_of_published_networks_is_what_their_folders_tell(
    tmp_path: Path, class_name: str, architecture: str
) -> None:
    parts, _ = PUBLISHED_SHAPES[class_name]
    folder = save_pipeline(tmp_path, class_name, {**parts, "scheduler": SCHEDULER})
    assert pipeline_facts(folder) == ARCHITECTURES[architecture]


def test_karlo_keeps_its_parts_in_folders_of_its_own(tmp_path: Path) -> None:
    parts = {
        "decoder": {**UNET, "in_channels": 3, "down_block_types": RESNETS, "sample_size": 64},
        "decoder_scheduler": SCHEDULER,
        "super_res_first": {**UNET, "in_channels": 6, "sample_size": 256},
    }
    facts = pipeline_facts(save_pipeline(tmp_path, "UnCLIPPipeline", parts))
    assert astuple(facts) == (Family.UNCLIP, 1, 32, 32, 1024, 1000)
    assert facts == ARCHITECTURES["karlo"]


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
