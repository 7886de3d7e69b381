"""Low-rank adapters: pictures as diffusers paints them with the same files, and without a trace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.diffusion.added import Added
from pipeline.networks.text_to_image.adapters.unet_adapters import AdapterFiles
from pipeline.networks.text_to_image.network import TextToImage
from pipeline.networks.text_to_image.place import Place
from pipeline.networks.text_to_image.stable_diffusion import load_stable_diffusion
from pipeline.spec.adapters import LoraSpec
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.painting import painted
from tests.pipeline.networks.text_to_image.tiny_loras import (
    OF_TEXTS,
    OF_UNET,
    halves,
    save_early,
    save_kohya,
    save_peft,
)
from tests.pipeline.networks.text_to_image.tiny_pipelines import save_pipeline
from tests.pipeline.networks.tiny import CPU

PLACE = Place(CPU, CPU)
WANTED, UNWANTED = Prompt("a castle at dawn"), Prompt("red sea", weight=-1.0)
H, W = 16, 24


def noise() -> Tensor:
    return torch.randn(1, 4, H // 2, W // 2, generator=torch.manual_seed(9))


def sample(network: TextToImage, *loras: LoraSpec) -> Tensor:
    """The sample of one frame with these adapters."""
    sampler = SamplerSpec("ddim", 4)
    ready = network.for_sampling(sampler, (W, H)).adapted(Added(loras=loras))
    return painted(ready, [WANTED, UNWANTED], sampler, noise(), cfg_scale=4.0)


def theirs(pipeline: Any, weights: dict[str, float]) -> Tensor:
    """The sample of diffusers' pipeline with adapters of these names."""
    pipeline.set_progress_bar_config(disable=True)
    pipeline.set_adapters(list(weights), list(weights.values()))
    images: Tensor = pipeline(
        prompt=WANTED.text,
        negative_prompt=UNWANTED.text,
        num_inference_steps=4,
        guidance_scale=4.0,
        latents=noise(),
        height=H,
        width=W,
        output_type="latent",
    ).images
    return images


def near(ours: Tensor, other: Tensor) -> None:
    torch.testing.assert_close(ours, other, rtol=0, atol=1e-4)


@pytest.mark.parametrize("save", [save_peft, save_early, save_kohya])
def test_each_layout_paints_as_in_diffusers(tmp_path: Path, save: Callable[..., Path]) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    of_texts = "te" if save is save_kohya else "text_encoder"
    parts = {
        "unet": halves(pipeline.unet, OF_UNET),
        of_texts: halves(pipeline.text_encoder, OF_TEXTS, seed=2),
    }
    file = save(tmp_path / "ink.safetensors", parts)
    plain = load_stable_diffusion(folder, PLACE)
    network = load_stable_diffusion(folder, PLACE, files=AdapterFiles(loras={"ink": file}))
    pipeline.load_lora_weights(file, adapter_name="ink")
    for weight in (1.0, -0.6):
        near(sample(network, LoraSpec("ink", weight)), theirs(pipeline, {"ink": weight}))
    difference = sample(network, LoraSpec("ink", 1.0)) - sample(plain)
    assert difference.abs().max() > 0.05
    assert sample(network, LoraSpec("ink", 0.0)).equal(sample(plain))
    assert sample(network).equal(sample(plain))
