"""Low-rank adapters: pictures as diffusers paints them with the same files, and without a trace."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.diffusion.added import Added
from pipeline.networks.memory.offload import loaded_on
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.stable_diffusion import load_stable_diffusion
from pipeline.networks.text_to_image.unet_adapters import AdapterFiles
from pipeline.spec.adapters import LoraSpec
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.painting import painted
from tests.pipeline.networks.text_to_image.recorded import slopes
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

# Some schedulers of diffusers make arrays in a way that numpy would rather not see.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

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


def test_scales_that_diffusers_writes_beside_the_weights_count(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    unet = halves(pipeline.unet, OF_UNET)
    told = {
        "unet.r": 2,
        "unet.lora_alpha": 6,
        "unet.alpha_pattern": {"attn2.to_k": 1},
        "unet.target_modules": list(OF_UNET),
    }
    file = save_peft(tmp_path / "ink.safetensors", {"unet": unet}, told=told)
    network = load_stable_diffusion(folder, PLACE, files=AdapterFiles(loras={"ink": file}))
    pipeline.load_lora_weights(file, adapter_name="ink")
    near(sample(network, LoraSpec("ink", 0.5)), theirs(pipeline, {"ink": 0.5}))


def test_an_adapter_of_peft_alone_has_its_scale_beside_it(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    unet = halves(pipeline.unet, OF_UNET)
    file = save_peft(tmp_path / "adapter_model.safetensors", {"base_model.model": unet})
    (tmp_path / "adapter_config.json").write_text('{"r": 2, "lora_alpha": 6}')
    network = load_stable_diffusion(folder, PLACE, files=AdapterFiles(loras={"ink": file}))
    pipeline.load_lora_weights(
        save_peft(tmp_path / "ink.safetensors", {"unet": unet}), adapter_name="ink"
    )
    near(sample(network, LoraSpec("ink", 0.2)), theirs(pipeline, {"ink": 0.6}))


@pytest.mark.filterwarnings("ignore:Already found a `peft_config`")
def test_two_at_once_paint_as_in_diffusers_in_sdxl(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.xl_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    encoders = {
        "te1": halves(pipeline.text_encoder, OF_TEXTS, seed=2),
        "te2": halves(pipeline.text_encoder_2, OF_TEXTS, seed=3),
    }
    unet = halves(pipeline.unet, OF_UNET, rank=4)
    files = {
        "ink.safetensors": save_kohya(tmp_path / "a.safetensors", {"unet": unet, **encoders}),
        "fog.safetensors": save_peft(
            tmp_path / "b.safetensors", {"unet": halves(pipeline.unet, OF_UNET, seed=5)}
        ),
    }
    network = load_stable_diffusion(folder, PLACE, files=AdapterFiles(loras=files))
    for name, file in files.items():
        pipeline.load_lora_weights(file, adapter_name=name.removesuffix(".safetensors"))
    for ink, fog in [(0.7, 0.4), (0.2, -0.5)]:
        loras = (LoraSpec("ink.safetensors", ink), LoraSpec("fog.safetensors", fog))
        near(sample(network, *loras), theirs(pipeline, {"ink": ink, "fog": fog}))
    alone = sample(network, LoraSpec("fog.safetensors", 0.4))
    near(alone, theirs(pipeline, {"fog": 0.4}))


def two_parts(folder: Path, pipeline: Any) -> dict[str, Path]:
    """Two adapters, of which the first changes the text encoder, too."""
    first = {
        "unet": halves(pipeline.unet, OF_UNET),
        "te": halves(pipeline.text_encoder, OF_TEXTS, seed=2),
    }
    second = {"unet": halves(pipeline.unet, OF_UNET, seed=3)}
    return {
        "ink": save_kohya(folder / "ink.safetensors", first),
        "fog": save_kohya(folder / "fog.safetensors", second),
    }


def test_weights_that_move_leave_nothing_of_the_frames_before(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    files = AdapterFiles(loras=two_parts(tmp_path, pipeline))
    network = load_stable_diffusion(folder, PLACE, files=files)
    frames = [(LoraSpec("ink", k / 10), LoraSpec("fog", 1 - k / 10)) for k in range(11)]
    forth = [sample(network, *frame) for frame in frames]
    back = [sample(network, *frame) for frame in reversed(frames)]
    assert all(a.equal(b) for a, b in zip(forth, reversed(back), strict=True))
    assert all(not a.equal(b) for a, b in pairwise(forth))


def test_frames_that_are_alive_at_once_keep_their_weights(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    files = AdapterFiles(loras=two_parts(tmp_path, pipeline))
    ready = load_stable_diffusion(folder, PLACE, files=files).for_sampling(
        SamplerSpec("ddim", 4), (W, H)
    )
    bound = []
    for weight in (0.3, 0.9):
        one = ready.adapted(Added(loras=(LoraSpec("ink", weight),)))
        bound.append(one.bind(one.condition([WANTED])))
    x, t = noise(), torch.tensor([2])
    with torch.no_grad():
        little, much, again = bound[0](x, t), bound[1](x, t), bound[0](x, t)
    assert little.equal(again)
    assert not little.equal(much)


def test_adapters_go_to_the_device_with_their_network(tmp_path: Path) -> None:
    """The "meta" device stands for a GPU: what was left at home would not meet what is there."""
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    network = load_stable_diffusion(
        folder, PLACE, files=AdapterFiles(loras=two_parts(tmp_path, pipeline))
    )
    unet: Any = network.module
    assert not any(weight.requires_grad for weight in unet.parameters())
    with loaded_on(unet, torch.device("meta")):
        assert {weight.device.type for weight in unet.parameters()} == {"meta"}
    assert {weight.device.type for weight in unet.parameters()} == {"cpu"}


def test_a_gradient_goes_through_adapted_layers(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    files = AdapterFiles(loras=two_parts(tmp_path, pipeline))
    ready = load_stable_diffusion(folder, PLACE, files=files).for_sampling(
        SamplerSpec("ddim", 4), (W, H)
    )
    one = ready.adapted(Added(loras=(LoraSpec("fog", 0.8),)))
    denoiser = one.bind(one.condition([WANTED]))
    by_gradient, by_difference = slopes(lambda x: denoiser(x, torch.tensor([1])), noise())
    assert by_gradient == pytest.approx(by_difference, rel=1e-2)
