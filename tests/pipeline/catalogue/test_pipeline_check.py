"""Folders of text-to-image pipelines looked at without being loaded: whole, and of a denoiser."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.catalogue.own_networks import check_own
from pipeline.catalogue.publication import Role
from pipeline.errors import ModelError
from pipeline.spec.sources import CheckpointSource, FolderSource
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.tiny_pipelines import save_pipeline
from tests.pipeline.networks.tiny import change_json, save_weights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Stable Diffusion as published, with a safety checker that nobody fetched."""
    save_pipeline(tmp_path, tiny_pipelines.sd_pipeline(tmp_path))
    change_json(
        tmp_path / "model_index.json",
        safety_checker=["stable_diffusion", "StableDiffusionSafetyChecker"],
    )
    return tmp_path


def check(folder: Path) -> None:
    check_own(FolderSource(str(folder)), Role.DENOISER)


def said(action: Callable[[], object]) -> str:
    with pytest.raises(ModelError) as caught:
        action()
    return str(caught.value)


def test_whole_folders_are_in_order(tmp_path: Path, folder: Path) -> None:
    check(folder)
    for name in ("xl", "lcm"):
        make = getattr(tiny_pipelines, f"{name}_pipeline")
        check(save_pipeline(tmp_path / name, make(tmp_path / name)))


def test_half_precision_and_shards_are_in_order(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    check(save_pipeline(tmp_path, pipeline, variant="fp16", max_shard_size="50KB"))
    (shard, *_) = sorted((tmp_path / "unet").glob("*.safetensors"))
    shard.write_bytes(shard.read_bytes()[:-8])
    assert said(lambda: check(tmp_path)).startswith(f"{shard}: has ")


@pytest.mark.parametrize("part", ["vae", "unet", "text_encoder"])
def test_a_part_that_is_missing_is_told(folder: Path, part: str) -> None:
    for path in (folder / part).glob("*.safetensors"):
        path.unlink()
    assert said(lambda: check(folder)).startswith(f"{folder / part}: holds config.json and no wei")
    shutil.rmtree(folder / part)
    assert said(lambda: check(folder)).startswith(f"{folder / part / 'config.json'}: ")


def test_a_tokenizer_that_is_missing_is_told(folder: Path) -> None:
    shutil.rmtree(folder / "tokenizer")
    assert said(lambda: check(folder)) == (
        f"{folder / 'tokenizer'}: model_index.json names this part, and nothing is here; fetch the "
        "model again"
    )


@pytest.mark.parametrize("file", ["vocab.json", "merges.txt"])
def test_half_a_tokenizer_is_told(folder: Path, file: str) -> None:
    (folder / "tokenizer" / file).unlink()
    assert said(lambda: check(folder)) == (
        f"{folder / 'tokenizer'}: holds no whole tokenizer; allowed: vocab.json with merges.txt, "
        "tokenizer.json, or spiece.model; fetch the model again"
    )


def test_parts_without_the_file_that_names_them_are_told(folder: Path) -> None:
    (folder / "model_index.json").unlink()
    assert said(lambda: check(folder)) == (
        f"{folder / 'model_index.json'}: there is no such file, and text_encoder beside it is a "
        "part of a pipeline that only this file names; fetch the model again"
    )


@pytest.mark.parametrize(
    ("part", "change", "tensor"),
    [
        ("unet", {"block_out_channels": [16, 16]}, "conv_in.weight has shape (8, 4, 3, 3)"),
        ("vae", {"block_out_channels": [8, 32]}, "decoder.conv_in.weight has shape (16, 4, 3, 3)"),
        ("text_encoder", {"hidden_size": 24}, "embeddings.position_embedding.weight has shape"),
    ],
)
def test_weights_of_another_configuration_are_told(
    folder: Path, part: str, change: dict[str, object], tensor: str
) -> None:
    change_json(folder / part / "config.json", **change)
    words = said(lambda: check(folder))
    assert ": does not fit the " in words and tensor in words


def test_a_refiner_and_a_denoiser_are_told_apart(tmp_path: Path, folder: Path) -> None:
    refiner = save_pipeline(tmp_path / "r", tiny_pipelines.refiner_pipeline(tmp_path / "r"))
    check_own(FolderSource(str(refiner)), Role.REFINER)
    assert said(lambda: check(refiner)).startswith(f"{refiner}: is SDXL's refiner, which only fin")
    assert said(lambda: check_own(FolderSource(str(folder)), Role.REFINER)) == (
        f"{folder}: is no refiner: model_index.json says nothing of requires_aesthetics_score; "
        "name the folder of SDXL's refiner, or leave models.refiner out"
    )


def test_what_goes_with_a_denoiser_is_told(tmp_path: Path, folder: Path) -> None:
    assert said(lambda: check(folder / "vae")) == (
        f"{folder / 'vae'}: is an autoencoder (VAE) alone, and no denoiser"
    )
    assert said(lambda: check(folder / "unet")).endswith(
        "is the U-Net of a text-to-image model alone; name the folder above it, in which "
        "model_index.json lies"
    )
    tiny_pipelines.tiny_vae().save_pretrained(tmp_path / "tiny")
    assert "models.guidance_decoder" in said(lambda: check(tmp_path / "tiny"))
    check_own(FolderSource(str(tmp_path / "tiny")), Role.AUTOENCODER)
    assert said(lambda: check_own(FolderSource(str(folder / "vae")), Role.AUTOENCODER)) == (
        f"{folder / 'vae' / 'config.json'}: describes a AutoencoderKL; allowed here: "
        "AutoencoderTiny; is this the right part, and the right model?"
    )
    lora = tmp_path / "lora"
    lora.mkdir()
    (lora / "pytorch_lora_weights.safetensors").write_bytes(b"")
    assert said(lambda: check(lora)) == (
        f"{lora}: is a LoRA, and no denoiser; name its file pytorch_lora_weights.safetensors below "
        "models.loras"
    )


def test_a_single_file_of_another_kind_is_told(tmp_path: Path) -> None:
    path = tmp_path / "vae.safetensors"
    save_weights(path, tiny_pipelines.vae())
    source = CheckpointSource(str(path), "sd15")
    assert said(lambda: check_own(source, Role.DENOISER)) == (
        f"{path}: is an autoencoder (VAE) alone; name a file that has the whole network"
    )
