"""U-Nets as backbones: what diffusers' pipelines ask of them, for each family."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import LatentConsistencyModelPipeline, UNet2DConditionModel
from torch import Tensor

from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.parts.unets import (
    UNetBackbone,
    guidance_embedding,
    load_unet,
    sizes_told,
)
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.diffusers_calls import calls
from tests.pipeline.networks.tiny import CPU


def random(*shape: int, seed: int = 1) -> Tensor:
    return torch.randn(*shape, generator=torch.manual_seed(seed))


def batch(n: int = 2, width: int = 16, **vectors: Tensor) -> tuple[Tensor, Tensor, Condition]:
    t = torch.tensor([800.5, 20.25, 3.0][:n])
    return random(n, 4, 8, 12), t, Condition(random(n, 77, width, seed=2), None, vectors)


def test_a_plain_network_is_asked_for_each_picture() -> None:
    unet = tiny_pipelines.unet()
    x, t, condition = batch()
    with torch.no_grad():
        found = UNetBackbone(unet)(x, t, condition)
        for k in range(2):
            alone = unet(x[k : k + 1], t[k], encoder_hidden_states=condition.sequence[k : k + 1])
            torch.testing.assert_close(found[k : k + 1], alone.sample, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("width", [8, 256])
def test_the_guidance_scale_is_embedded_as_diffusers_does_it(width: int) -> None:
    scales = torch.tensor([1.0, 2.5, 8.5])
    theirs = LatentConsistencyModelPipeline.get_guidance_scale_embedding(
        None, scales - 1, embedding_dim=width
    )
    torch.testing.assert_close(guidance_embedding(scales, width), theirs, rtol=1e-3, atol=1e-3)


def test_a_distilled_network_is_told_the_guidance_scale(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.lcm_pipeline(tmp_path)
    (ask,) = calls(
        pipeline,
        prompt_embeds=random(1, 77, 16),
        num_inference_steps=1,
        guidance_scale=3.0,
        latents=random(1, 4, 16, 16),
    )
    backbone = UNetBackbone(pipeline.unet, guidance_scale=3.0)
    found = backbone(ask.x, ask.t, Condition(ask.sequence))
    torch.testing.assert_close(found, ask.output, rtol=1e-5, atol=1e-5)
    other = UNetBackbone(pipeline.unet)(ask.x, ask.t, Condition(ask.sequence))
    assert (other - found).abs().max() > 1e-3


def test_sdxl_is_told_sizes_and_the_whole_prompt(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.xl_pipeline(tmp_path)
    (ask,) = calls(
        pipeline,
        prompt_embeds=random(1, 77, 32),
        pooled_prompt_embeds=random(1, 16),
        num_inference_steps=1,
        guidance_scale=1.0,
        latents=random(1, 4, 12, 20),
        height=24,
        width=40,
    )
    told = {name: vector[None] for name, vector in sizes_told((40, 24)).items()}
    condition = Condition(ask.sequence, None, {"text_embeds": random(1, 16), **told})
    found = UNetBackbone(pipeline.unet)(ask.x, ask.t, condition)
    torch.testing.assert_close(found, ask.output, rtol=1e-5, atol=1e-5)
    turned = {name: vector[None] for name, vector in sizes_told((24, 40)).items()}
    other = Condition(ask.sequence, None, {"text_embeds": random(1, 16), **turned})
    assert (UNetBackbone(pipeline.unet)(ask.x, ask.t, other) - found).abs().max() > 1e-4


NETWORKS: dict[str, Any] = {
    "Stable Diffusion": (tiny_pipelines.unet, 16, {}),
    "guidance-distilled": (lambda: tiny_pipelines.unet(time_cond_proj_dim=8), 16, {}),
    "SDXL": (tiny_pipelines.xl_unet, 32, {"text_embeds": 16, "time_ids": 6}),
    "refiner": (
        tiny_pipelines.refiner_unet,
        16,
        {"text_embeds": 16, "time_ids": 4, "aesthetic_score": 1},
    ),
}


def saved(folder: Path, name: str) -> tuple[UNet2DConditionModel, tuple[Tensor, Tensor, Condition]]:
    make, width, vectors = NETWORKS[name]
    unet = make()
    unet.save_pretrained(folder / "unet")
    given = {key: random(2, length, seed=4) for key, length in vectors.items()}
    return unet, batch(2, width, **given)


@pytest.mark.parametrize("name", NETWORKS)
def test_half_precision_is_near_and_answers_in_kind(tmp_path: Path, name: str) -> None:
    unet, (x, t, condition) = saved(tmp_path, name)
    half = torch.bfloat16
    loaded = load_unet(tmp_path, Place(CPU, CPU, half))
    with torch.no_grad():
        expected = UNetBackbone(unet)(x, t, condition)
        found = UNetBackbone(loaded)(x.to(half), t, condition.to(CPU, half))
    assert found.dtype == half
    torch.testing.assert_close(found.float(), expected, rtol=0.1, atol=0.1)


@pytest.mark.parametrize("name", NETWORKS)
def test_recomputed_blocks_give_the_same_gradient(tmp_path: Path, name: str) -> None:
    unet, (x, t, condition) = saved(tmp_path, name)
    # Weights that leave the device between forward and backward, told apart by its name alone.
    short = load_unet(tmp_path, Place(torch.device("meta"), CPU))
    assert short.is_gradient_checkpointing and not load_unet(tmp_path, Place(CPU, CPU)).training
    short.enable_gradient_checkpointing(
        lambda block, *inputs: torch.utils.checkpoint.checkpoint(
            block, *inputs, use_reentrant=False
        )
    )
    x.requires_grad_()
    gradients = [
        torch.autograd.grad(UNetBackbone(network)(x, t, condition).square().sum(), x)[0]
        for network in (short, unet)
    ]
    torch.testing.assert_close(*gradients, rtol=1e-5, atol=1e-5)
