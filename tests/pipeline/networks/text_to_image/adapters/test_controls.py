"""ControlNets: pictures as diffusers paints them with the same networks and hints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import (
    ControlNetModel,
    StableDiffusionControlNetImg2ImgPipeline,
    StableDiffusionControlNetPipeline,
    StableDiffusionXLControlNetPipeline,
)
from torch import Tensor, nn

from keyframes.prompts import Prompt
from pipeline.diffusion.added import Added, Shown
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.adapters.unet_adapters import AdapterFiles
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.stable_diffusion import load_stable_diffusion
from pipeline.spec.adapters import ControlSpec
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.painting import painted
from tests.pipeline.networks.text_to_image.tiny_pipelines import save_pipeline
from tests.pipeline.networks.tiny import CPU

# Some schedulers of diffusers make arrays in a way that numpy would rather not see.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

PLACE = Place(CPU, CPU)
WANTED, UNWANTED = Prompt("a castle at dawn"), Prompt("red sea", weight=-1.0)
H, W = 16, 24
FIVE = SamplerSpec("ddim", 5)


def control_net(unet: Any, seed: int) -> ControlNetModel:
    """A ControlNet for a U-Net, which does not begin with nothing as one that is to be trained."""
    network = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(8, 16))
    generator = torch.Generator().manual_seed(seed)
    for block in (*network.controlnet_down_blocks, network.controlnet_mid_block):
        nn.init.normal_(block.weight, std=0.1, generator=generator)
    nn.init.normal_(network.controlnet_cond_embedding.conv_out.weight, generator=generator)
    return network.eval()


def hint(seed: int) -> Tensor:
    return torch.rand(1, 3, H, W, generator=torch.manual_seed(seed))


def noise() -> Tensor:
    return torch.randn(1, 4, H // 2, W // 2, generator=torch.manual_seed(9))


def sample(
    network: TextToImage,
    *shown: Shown,
    sampler: SamplerSpec = FIVE,
    x: Tensor | None = None,
    init: Tensor | None = None,
) -> Tensor:
    """The sample of one frame in which ControlNets are `shown` hints."""
    ready = network.for_sampling(sampler, (W, H)).adapted(Added(shown=shown))
    drawn = noise() if x is None else x
    return painted(ready, [WANTED, UNWANTED], sampler, drawn, cfg_scale=4.0, init=init)


def theirs(pipeline: Any, **arguments: Any) -> Tensor:
    pipeline.set_progress_bar_config(disable=True)
    images: Tensor = pipeline(
        prompt=WANTED.text,
        negative_prompt=UNWANTED.text,
        guidance_scale=4.0,
        output_type="latent",
        **arguments,
    ).images
    return images


def near(ours: Tensor, other: Tensor) -> None:
    torch.testing.assert_close(ours, other, rtol=0, atol=1e-4)


def saved(folder: Path, *networks: ControlNetModel) -> dict[str, Path]:
    files = {f"net{place}": folder / f"net{place}" for place, _ in enumerate(networks)}
    for path, network in zip(files.values(), networks, strict=True):
        network.save_pretrained(path)
    return files


def test_a_picture_of_words_is_that_of_diffusers(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    net = control_net(pipeline.unet, 1)
    folder = save_pipeline(tmp_path, pipeline)
    files = AdapterFiles(controls=saved(tmp_path, net))
    network = load_stable_diffusion(folder, PLACE, files=files)
    parts = {**pipeline.components, "requires_safety_checker": False}
    reference = StableDiffusionControlNetPipeline(**parts, controlnet=net)
    told: dict[str, Any] = {"num_inference_steps": 5, "latents": noise(), "image": hint(3)}
    ours = sample(network, Shown(ControlSpec("net0", "canny", 0.8), hint(3)))
    near(ours, theirs(reference, **told, controlnet_conditioning_scale=0.8))
    assert (ours - sample(network)).abs().max() > 0.01
    until = sample(network, Shown(ControlSpec("net0", "canny", start=0.2, until=0.6), hint(3)))
    near(until, theirs(reference, **told, control_guidance_start=0.2, control_guidance_end=0.6))


def test_several_at_once_are_those_of_diffusers(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    nets = [control_net(pipeline.unet, seed) for seed in (1, 2)]
    folder = save_pipeline(tmp_path, pipeline)
    files = AdapterFiles(controls=saved(tmp_path, *nets))
    network = load_stable_diffusion(folder, PLACE, files=files)
    parts = {**pipeline.components, "requires_safety_checker": False}
    reference = StableDiffusionControlNetPipeline(**parts, controlnet=nets)
    ours = sample(
        network,
        Shown(ControlSpec("net0", "depth", 0.5), hint(3)),
        Shown(ControlSpec("net1", "previous", 0.9, until=0.6), hint(4)),
    )
    near(
        ours,
        theirs(
            reference,
            num_inference_steps=5,
            latents=noise(),
            image=[hint(3), hint(4)],
            controlnet_conditioning_scale=[0.5, 0.9],
            control_guidance_end=[1.0, 0.6],
        ),
    )


def test_a_picture_of_a_picture_is_that_of_diffusers(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    net = control_net(pipeline.unet, 1)
    folder = save_pipeline(tmp_path, pipeline)
    files = AdapterFiles(controls=saved(tmp_path, net))
    network = load_stable_diffusion(folder, PLACE, files=files)
    parts = {**pipeline.components, "requires_safety_checker": False}
    reference = StableDiffusionControlNetImg2ImgPipeline(**parts, controlnet=net)
    init = torch.randn(1, 4, H // 2, W // 2, generator=torch.manual_seed(4))
    drawn = torch.randn(1, 4, H // 2, W // 2, generator=torch.manual_seed(1))
    ours = sample(
        network,
        Shown(ControlSpec("net0", "previous"), hint(3)),
        sampler=SamplerSpec("ddim", 6, skip_steps=3),
        x=drawn,
        init=init,
    )
    other = theirs(
        reference,
        image=init,
        control_image=hint(3),
        controlnet_conditioning_scale=1.0,
        strength=0.5,
        num_inference_steps=6,
        generator=torch.Generator().manual_seed(1),
    )
    near(ours, other)


def test_sdxl_is_controlled_as_in_diffusers(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.xl_pipeline(tmp_path)
    net = control_net(pipeline.unet, 1)
    folder = save_pipeline(tmp_path, pipeline)
    files = AdapterFiles(controls=saved(tmp_path, net))
    network = load_stable_diffusion(folder, PLACE, files=files)
    parts = {**pipeline.components, "add_watermarker": False}
    reference = StableDiffusionXLControlNetPipeline(**parts, controlnet=net)
    sampler = SamplerSpec("euler", 5)
    ours = sample(network, Shown(ControlSpec("net0", "depth"), hint(3)), sampler=sampler)
    near(
        ours,
        theirs(
            reference,
            num_inference_steps=5,
            latents=noise(),
            image=hint(3),
            controlnet_conditioning_scale=1.0,
        ),
    )


def test_one_for_another_denoiser_is_told(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    wide = control_net(tiny_pipelines.unet(cross_attention_dim=24), 1)
    files = AdapterFiles(controls=saved(tmp_path, wide))
    with pytest.raises(ModelError, match=r"cross_attention_dim is 24, and that of .* U-Net 16"):
        load_stable_diffusion(folder, PLACE, files=files)
