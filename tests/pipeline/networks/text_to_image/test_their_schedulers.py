"""Stable Diffusion under every sampler: the pictures of diffusers' pipeline with its scheduler."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import diffusers
import pytest
import torch
from diffusers import StableDiffusionImg2ImgPipeline, StableDiffusionPipeline
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.stable_diffusion import Place, load_stable_diffusion
from pipeline.spec.denoise import SamplerSpec
from pipeline.spec.samplers import SAMPLER_FACTS, SamplerName, Spacing
from tests.pipeline.diffusion.their_steps import CLASSES
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.painting import painted
from tests.pipeline.networks.text_to_image.tiny_pipelines import save_pipeline
from tests.pipeline.networks.tiny import CPU

# What diffusers asks of numpy.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

H, W, SEED = 24, 40, 5
WORDS = "a castle at dawn"
EACH = pytest.mark.parametrize(
    ("name", "spacing"),
    [
        ("ddim", None),
        ("ddim", "trailing"),
        ("euler", "karras"),
        ("euler", "linspace"),
        ("euler_a", None),
        ("heun", "trailing"),
        ("heun", "karras"),
        ("dpmpp_2m", "karras"),
        ("dpmpp_2m_sde", "karras"),
        ("unipc", None),
        ("unipc", "karras"),
        ("lcm", None),
    ],
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[StableDiffusionPipeline, TextToImage]:
    """A pipeline, and the network in its folder."""
    folder: Path = tmp_path_factory.mktemp("sd")
    pipeline = tiny_pipelines.sd_pipeline(folder)
    pipeline.set_progress_bar_config(disable=True)
    place = Place(CPU, CPU)
    return pipeline, load_stable_diffusion(save_pipeline(folder, pipeline), place)


def scheduler(pipeline: StableDiffusionPipeline, name: SamplerName, spacing: Spacing | None) -> Any:
    """Another scheduler for the pipeline, as the documentation of diffusers swaps them."""
    options: dict[str, Any] = {"timestep_spacing": spacing or "leading"}
    if spacing == "karras":
        options = {"timestep_spacing": "leading", "use_karras_sigmas": True}
    if name == "dpmpp_2m_sde":
        options["algorithm_type"] = "sde-dpmsolver++"
    kind = getattr(diffusers, CLASSES[name])
    return kind.from_config(pipeline.scheduler.config, **options)


def noise(seed: int = 9) -> Tensor:
    return torch.randn(1, 4, H // 2, W // 2, generator=torch.manual_seed(seed))


def sampler(name: SamplerName, spacing: Spacing | None, **others: int) -> SamplerSpec:
    # The pipelines' own DDIM draws no noise.
    eta = 0.0 if name == "ddim" else SAMPLER_FACTS[name].eta
    return SamplerSpec(name, eta=eta, spacing=spacing, **others)


def near(network: TextToImage, x: Tensor, theirs: Tensor) -> None:
    with torch.no_grad():
        ours = (network.space.decode(x) / 2 + 0.5).clamp(0, 1)
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-4)
    assert theirs.std() > 0.01


@EACH
def test_a_picture_of_words(
    made: tuple[StableDiffusionPipeline, TextToImage], name: SamplerName, spacing: Spacing | None
) -> None:
    pipeline, network = made
    spec = sampler(name, spacing, steps=8)
    x = painted(network, [Prompt(WORDS)], spec, noise(), cfg_scale=4.0, seed=SEED)
    other = StableDiffusionPipeline(
        **{**pipeline.components, "scheduler": scheduler(pipeline, name, spacing)},
        requires_safety_checker=False,
    )
    other.set_progress_bar_config(disable=True)
    theirs = other(
        prompt=WORDS,
        num_inference_steps=8,
        guidance_scale=4.0,
        latents=noise(),
        generator=torch.Generator().manual_seed(SEED),
        **{"height": H, "width": W, "output_type": "pt"},
    ).images
    near(network, x, theirs)


@EACH
def test_a_picture_of_a_picture(
    made: tuple[StableDiffusionPipeline, TextToImage], name: SamplerName, spacing: Spacing | None
) -> None:
    """The pipeline draws the noise that it lays on the picture before that of the steps."""
    pipeline, network = made
    generator = torch.Generator().manual_seed(SEED)
    drawn = torch.randn(1, 4, H // 2, W // 2, generator=generator)
    spec = sampler(name, spacing, steps=8, skip_steps=4)
    x = painted(
        network, [Prompt(WORDS)], spec, drawn, cfg_scale=4.0, init=noise(4), generator=generator
    )
    other = StableDiffusionImg2ImgPipeline(
        **{**pipeline.components, "scheduler": scheduler(pipeline, name, spacing)},
        requires_safety_checker=False,
    )
    other.set_progress_bar_config(disable=True)
    theirs = other(
        prompt=WORDS,
        image=noise(4),
        strength=0.5,
        num_inference_steps=8,
        guidance_scale=4.0,
        generator=torch.Generator().manual_seed(SEED),
        output_type="pt",
    ).images
    near(network, x, theirs)
