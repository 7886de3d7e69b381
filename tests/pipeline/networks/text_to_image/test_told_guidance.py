"""A guidance scale that networks are told reaches those that were taught it, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.diffusion.added import Added
from pipeline.networks.text_to_image.flux import load_flux
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.stable_diffusion import load_stable_diffusion
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.painting import painted
from tests.pipeline.networks.text_to_image.tiny_pipelines import save_pipeline
from tests.pipeline.networks.text_to_image.tiny_transformers import flux
from tests.pipeline.networks.tiny import CPU

PLACE = Place(CPU, CPU)
WORDS = Prompt("a castle at dawn")


def unit(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(9))


def sample(network: TextToImage, sampler: SamplerSpec, x: Tensor, scale: float | None) -> Tensor:
    """The sample of a frame whose denoiser is told a guidance scale."""
    size = (x.shape[-1] * network.space.factor, x.shape[-2] * network.space.factor)
    told = network.for_sampling(sampler, size).adapted(Added(distilled_cfg_scale=scale))
    return painted(told, [WORDS], sampler, x, seed=5)


def test_a_latent_consistency_model_is_told_it_as_in_diffusers(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.lcm_pipeline(tmp_path)
    network = load_stable_diffusion(save_pipeline(tmp_path, pipeline), PLACE)
    pipeline.set_progress_bar_config(disable=True)
    sampler, x = SamplerSpec("lcm", 4, eta=1.0), unit(1, 4, 12, 20)
    for scale in (2.0, 6.0):
        theirs = pipeline(
            prompt=WORDS.text,
            num_inference_steps=4,
            guidance_scale=scale,
            latents=x,
            generator=torch.Generator().manual_seed(5),
            height=24,
            width=40,
            output_type="latent",
        ).images
        ours = sample(network, sampler, x, scale)
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-4)
    assert sample(network, sampler, x, None).equal(sample(network, sampler, x, 8.5))
    assert not sample(network, sampler, x, 2.0).equal(sample(network, sampler, x, 6.0))


@pytest.mark.parametrize("dev", [True, False], ids=["dev", "schnell"])
def test_flux_is_told_it_as_at_loading(dev: bool, tmp_path: Path) -> None:
    flux(tmp_path, dev=dev).save_pretrained(tmp_path)
    sampler, x = SamplerSpec("euler", 3), unit(1, 4, 12, 8)
    told = sample(load_flux(tmp_path, PLACE), sampler, x, 2.0)
    loaded = sample(load_flux(tmp_path, PLACE, guidance_scale=2.0), sampler, x, None)
    assert told.equal(loaded)
    assert told.equal(sample(load_flux(tmp_path, PLACE), sampler, x, None)) is not dev


def test_stable_diffusion_is_told_nothing(tmp_path: Path) -> None:
    network = load_stable_diffusion(
        save_pipeline(tmp_path, tiny_pipelines.sd_pipeline(tmp_path)), PLACE
    )
    sampler, x = SamplerSpec("ddim", 3), unit(1, 4, 12, 20)
    assert sample(network, sampler, x, 2.0).equal(sample(network, sampler, x, None))
