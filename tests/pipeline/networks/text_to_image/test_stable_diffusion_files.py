"""Stable Diffusion from single files paints as the networks that were written do."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.catalogue.clip_tokenizer import standard_clip_tokenizer
from pipeline.catalogue.ldm_settings import LDM_ARCHITECTURES
from pipeline.errors import ModelError
from pipeline.networks.denoisers.scheduler import trained_noise_of
from pipeline.networks.text_to_image import single_file
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.stable_diffusion import load_stable_diffusion
from pipeline.networks.text_to_image.stable_diffusion_parts import (
    PLAIN,
    Parts,
    refined,
    stable_diffusion_of,
    stable_diffusion_xl_of,
)
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.ldm_layout import ldm_state, tiny_architecture
from tests.pipeline.networks.text_to_image.painting import painted
from tests.pipeline.networks.tiny import CPU

PLACE = Place(CPU, CPU)
PROMPTS = [Prompt("a castle at dawn"), Prompt("red sea", weight=-1.0)]
PUBLISHED: dict[str, Any] = {"vocab_size": 49408, "bos_token_id": 49406, "eos_token_id": 49407}
"""The vocabulary of every published file."""


def noise() -> Tensor:
    return torch.randn(1, 4, 12, 20, generator=torch.manual_seed(9))


def picture(network: Any) -> Tensor:
    return painted(network, PROMPTS, SamplerSpec("ddim", 5), noise(), cfg_scale=4.0)


def networks(name: str) -> tuple[Any, Any, list[Any]]:
    first, second = (
        make(**PUBLISHED) for make in (tiny_pipelines.text_encoder, tiny_pipelines.text_encoder_2)
    )
    unets = {
        "sd15": tiny_pipelines.unet,
        "sdxl": tiny_pipelines.xl_unet,
        "sdxl-refiner": tiny_pipelines.refiner_unet,
    }
    texts = {"sd15": [first], "sdxl": [first, second], "sdxl-refiner": [second]}
    return unets[name](), tiny_pipelines.vae(), texts[name]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """A file of each architecture, and the settings of each with few channels."""
    architectures, paths = {}, {}
    for name in ("sd15", "sdxl", "sdxl-refiner"):
        unet, vae, texts = networks(name)
        architectures[name] = tiny_architecture(LDM_ARCHITECTURES[name], unet, vae, texts)
        state = ldm_state(architectures[name], unet, vae, texts)
        paths[name] = tmp_path / f"{name}.safetensors"
        save_file({key: value.clone() for key, value in state.items()}, paths[name])
    monkeypatch.setattr(single_file, "LDM_ARCHITECTURES", MappingProxyType(architectures))
    # The widths by which published files are told apart are not those of tiny ones.
    monkeypatch.setattr(single_file, "check_ldm_shapes", lambda *_: None)
    return paths


def parts(name: str) -> Parts:
    unet, vae, texts = networks(name)
    paddings = [text.padding for text in LDM_ARCHITECTURES[name].texts]
    encoders = [
        (model, standard_clip_tokenizer(padding))
        for model, padding in zip(texts, paddings, strict=True)
    ]
    return Parts(unet, vae, encoders, trained_noise_of(LDM_ARCHITECTURES[name].scheduler))


@pytest.mark.slow
def test_a_file_of_stable_diffusion_paints(files: dict[str, Path]) -> None:
    network = load_stable_diffusion(files["sd15"], PLACE, architecture="sd15")
    expected = picture(stable_diffusion_of(parts("sd15"), PLACE))
    torch.testing.assert_close(picture(network), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.slow
def test_files_of_sdxl_and_its_refiner_paint_together(files: dict[str, Path]) -> None:
    network = load_stable_diffusion(
        files["sdxl"], PLACE, architecture="sdxl", refiner=files["sdxl-refiner"]
    )
    base, refiner = parts("sdxl"), tiny_pipelines.refiner_unet()
    alone = stable_diffusion_xl_of(base, PLACE)
    expected = picture(refined(base, refiner, PLACE, PLAIN))
    torch.testing.assert_close(picture(network), expected, rtol=1e-4, atol=1e-4)
    assert (picture(alone) - expected).abs().max() > 1e-3


def test_a_refiner_of_another_model_is_told(files: dict[str, Path]) -> None:
    with pytest.raises(ModelError) as caught:
        load_stable_diffusion(files["sdxl"], PLACE, architecture="sdxl", refiner=files["sdxl"])
    said = f"{files['sdxl']}: does not fit the UNet2DConditionModel of SDXL's refiner:\n"
    assert str(caught.value).startswith(said)


def test_a_file_that_may_be_either_is_asked_about(tmp_path: Path) -> None:
    """The two releases of Stable Diffusion 2.1 have the same layers."""
    path = tmp_path / "model.safetensors"
    inner = "model.diffusion_model.input_blocks"
    shapes = {f"{inner}.0.0.weight": (320, 4, 3, 3), f"{inner}.1.1.attn2.to_k.weight": (320, 1024)}
    save_file({name: torch.zeros(shape) for name, shape in shapes.items()}, path)
    with pytest.raises(ModelError) as caught:
        load_stable_diffusion(path, PLACE)
    assert str(caught.value) == (
        f"{path}: nothing in the file says which of two models it is, as both have the same "
        "layers; write config: sd21 (Stable Diffusion 2.1 (768 px)) or sd21-base (Stable Diffusion "
        "2.1 base (512 px))"
    )
