"""IP-Adapters: pictures as prompts, as diffusers reads them; and pictures that nothing reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import DiffusionPipeline
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.adapters.unet_adapters import AdapterFiles
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.stable_diffusion import load_stable_diffusion
from pipeline.spec.adapters import LoraSpec
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.tiny_image_adapter import (
    H,
    W,
    image,
    noise,
    sample,
    save_adapter,
)
from tests.pipeline.networks.text_to_image.tiny_loras import OF_UNET, halves, save_peft
from tests.pipeline.networks.text_to_image.tiny_pipelines import save_pipeline
from tests.pipeline.networks.tiny import CPU

# Some schedulers of diffusers make arrays in a way that numpy would rather not see.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

PLACE = Place(CPU, CPU)
TEXT, AWAY = Prompt("a castle at dawn"), Prompt("red sea", weight=-1.0)


def theirs(pipeline: DiffusionPipeline, folder: Path, scale: float, **arguments: Any) -> Tensor:
    """The sample of diffusers' pipeline with the adapter in a folder."""
    pipeline.set_progress_bar_config(disable=True)
    (file,) = (path for path in folder.iterdir() if path.is_file())
    pipeline.load_ip_adapter(
        str(folder), "", file.name, image_encoder_folder="image_encoder", low_cpu_mem_usage=False
    )
    pipeline.set_ip_adapter_scale(scale)
    told: dict[str, Any] = {
        **{"num_inference_steps": 4, "guidance_scale": 4.0, "latents": noise()},
        **{"height": H, "width": W, "output_type": "latent"},
    }
    images: Tensor = pipeline(**told, **arguments).images
    return images


@pytest.mark.parametrize("kind", ["Stable Diffusion 1", "SDXL"])
def test_a_picture_of_a_text_and_a_picture_is_that_of_diffusers(tmp_path: Path, kind: str) -> None:
    make = {"SDXL": tiny_pipelines.xl_pipeline}.get(kind, tiny_pipelines.sd_pipeline)
    pipeline: Any = make(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    ends = ".bin" if kind == "SDXL" else ".safetensors"
    adapter = save_adapter(tmp_path / "adapter", pipeline.unet, ends=ends)
    network = load_stable_diffusion(folder, PLACE, files=AdapterFiles(pictures=adapter))
    shown = image(tmp_path, 3)
    ours = sample(network, TEXT, AWAY, Prompt(str(shown), weight=0.6, image=True))
    plain = load_stable_diffusion(folder, PLACE)
    assert sample(network, TEXT, AWAY).equal(sample(plain, TEXT, AWAY))
    other = theirs(
        pipeline,
        adapter,
        0.6,
        prompt=TEXT.text,
        negative_prompt=AWAY.text,
        ip_adapter_image=Image.open(shown),
    )
    torch.testing.assert_close(ours, other, rtol=0, atol=1e-4)
    assert (ours - sample(plain, TEXT, AWAY)).abs().max() > 0.01


def test_a_lora_and_an_adapter_go_together(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    adapter = save_adapter(tmp_path / "adapter", pipeline.unet)
    file = save_peft(tmp_path / "ink.safetensors", {"unet": halves(pipeline.unet, OF_UNET)})
    files = AdapterFiles(pictures=adapter, loras={"ink": file})
    network = load_stable_diffusion(folder, PLACE, files=files)
    shown = image(tmp_path, 3)
    ours = sample(network, TEXT, Prompt(str(shown), image=True), loras=(LoraSpec("ink", 0.7),))
    pipeline.load_lora_weights(file, adapter_name="ink")
    pipeline.set_adapters(["ink"], [0.7])
    other = theirs(pipeline, adapter, 1.0, prompt=TEXT.text, ip_adapter_image=Image.open(shown))
    torch.testing.assert_close(ours, other, rtol=0, atol=1e-4)


def test_a_picture_that_nothing_reads_is_passed_over(tmp_path: Path) -> None:
    """It is for CLIP guidance, which sees it by encoders of its own."""
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    network = load_stable_diffusion(save_pipeline(tmp_path, pipeline), PLACE)
    with_picture = sample(network, TEXT, AWAY, Prompt("nowhere.png", 0.5, image=True))
    assert with_picture.equal(sample(network, TEXT, AWAY))


def test_one_for_another_denoiser_is_told(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    adapter = save_adapter(tmp_path / "adapter", tiny_pipelines.unet(cross_attention_dim=24))
    with pytest.raises(ModelError, match=r"layers that read \[24\] numbers, and this one has"):
        load_stable_diffusion(folder, PLACE, files=AdapterFiles(pictures=adapter))


def test_other_variants_are_told(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    adapter = save_adapter(tmp_path / "adapter", pipeline.unet)
    state = {
        "image_proj.latents": torch.zeros(1, 4, 8),
        "ip_adapter.1.to_k_ip.weight": torch.zeros(8, 16),
    }
    save_file(state, adapter / "ip_adapter.safetensors")
    with pytest.raises(ModelError, match="is another variant of an IP-Adapter"):
        load_stable_diffusion(folder, PLACE, files=AdapterFiles(pictures=adapter))


def test_a_folder_without_an_adapter_is_told(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="holds none where one file of an IP-Adapter is to be"):
        load_stable_diffusion(folder, PLACE, files=AdapterFiles(pictures=tmp_path / "empty"))
