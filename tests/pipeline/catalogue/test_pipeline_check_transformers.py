"""check knows whether the folder of a transformer is whole, without loading it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from diffusers import DiffusionPipeline
from safetensors.torch import load_file, save_file

from pipeline.catalogue.pipeline_check import check_pipeline
from pipeline.errors import ModelError
from tests.pipeline.networks.text_to_image.tiny_transformers import (
    flux,
    pixart_alpha,
    pixart_sigma,
    stable_diffusion_3,
)
from tests.pipeline.networks.tiny import change_json

WEIGHTS = Path("transformer", "diffusion_pytorch_model.safetensors")
PIPELINES: dict[str, Callable[[Path], DiffusionPipeline]] = {
    "flux": lambda folder: flux(folder, dev=True),
    "pixart-alpha": pixart_alpha,
    "pixart-sigma": pixart_sigma,
    "sd3": stable_diffusion_3,
}
FIRST = {
    "flux": "x_embedder.weight",
    "pixart-alpha": "pos_embed.proj.weight",
    "pixart-sigma": "pos_embed.proj.weight",
    "sd3": "pos_embed.proj.weight",
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("published")
    for name, make in PIPELINES.items():
        make(home / name).save_pretrained(home / name)
    return home


def copied(published: Path, name: str, folder: Path) -> Path:
    return Path(shutil.copytree(published / name, folder / name))


@pytest.mark.parametrize("name", PIPELINES)
def test_a_whole_folder_is_taken(published: Path, name: str) -> None:
    check_pipeline(published / name)


@pytest.mark.parametrize("name", PIPELINES)
@pytest.mark.parametrize("part", ["transformer", "text_encoder", "vae"])
def test_a_part_without_weights_is_told(
    published: Path, name: str, part: str, tmp_path: Path
) -> None:
    folder = copied(published, name, tmp_path)
    for weights in (folder / part).glob("*.safetensors"):
        weights.unlink()
    with pytest.raises(ModelError, match=r"holds config\.json and no weights beside it") as caught:
        check_pipeline(folder)
    assert str(folder / part) in str(caught.value)


@pytest.mark.parametrize("name", PIPELINES)
def test_weights_of_another_transformer_are_told(
    published: Path, name: str, tmp_path: Path
) -> None:
    folder = copied(published, name, tmp_path)
    state = load_file(folder / WEIGHTS)
    state[FIRST[name]] = state[FIRST[name]][:-1].clone()
    save_file(state, folder / WEIGHTS)
    with pytest.raises(ModelError, match=FIRST[name]):
        check_pipeline(folder)


def test_stable_diffusion_3_does_without_t5(published: Path, tmp_path: Path) -> None:
    folder = copied(published, "sd3", tmp_path)
    shutil.rmtree(folder / "text_encoder_3")
    shutil.rmtree(folder / "tokenizer_3")
    check_pipeline(folder)


def test_parts_of_different_models_are_told(published: Path, tmp_path: Path) -> None:
    folder = copied(published, "pixart-sigma", tmp_path)
    change_json(folder / "transformer" / "config.json", caption_channels=48)
    with pytest.raises(ModelError, match="found 48; allowed: 40, the numbers that text_encoder"):
        check_pipeline(folder)
