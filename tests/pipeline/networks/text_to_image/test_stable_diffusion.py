"""Whole pictures of Stable Diffusion and its kin: those of diffusers' pipelines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import (
    DDIMScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    LatentConsistencyModelImg2ImgPipeline,
    StableDiffusionImg2ImgPipeline,
    StableDiffusionXLImg2ImgPipeline,
)
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.network import TextToImage
from pipeline.networks.text_to_image.stable_diffusion import Place, load_stable_diffusion
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.painting import painted
from tests.pipeline.networks.text_to_image.tiny_pipelines import LEADING, NOISE, save_pipeline
from tests.pipeline.networks.tiny import CPU, change_json

# Some schedulers of diffusers make arrays in a way that numpy would rather not see.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

PLACE = Place(CPU, CPU)
WANTED, UNWANTED = Prompt("a castle at dawn"), Prompt("red sea", weight=-1.0)
H, W = 24, 40


def noise(seed: int = 9) -> Tensor:
    return torch.randn(1, 4, H // 2, W // 2, generator=torch.manual_seed(seed))


def pictures(network: TextToImage, x: Tensor) -> Tensor:
    """As diffusers returns pictures: in [0, 1]."""
    with torch.no_grad():
        return (network.space.decode(x) / 2 + 0.5).clamp(0, 1)


def run(pipeline: Any, **arguments: Any) -> Tensor:
    pipeline.set_progress_bar_config(disable=True)
    images: Tensor = pipeline(output_type="pt", **arguments).images
    return images


def near(ours: Tensor, theirs: Tensor) -> None:
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-4)
    assert theirs.std() > 0.01


@pytest.mark.parametrize("variant", ["Stable Diffusion 1", "Stable Diffusion 2"])
def test_a_picture_of_words_is_that_of_diffusers(tmp_path: Path, variant: str) -> None:
    options: dict[str, dict[str, Any]] = {
        "Stable Diffusion 1": {},
        "Stable Diffusion 2": {
            "unet": tiny_pipelines.unet(use_linear_projection=True, attention_head_dim=(1, 2)),
            "scheduler": DDIMScheduler(
                **NOISE,
                **LEADING,
                clip_sample=False,
                set_alpha_to_one=False,
                prediction_type="v_prediction",
            ),
        },
    }
    pipeline = tiny_pipelines.sd_pipeline(tmp_path, **options[variant])
    network = load_stable_diffusion(save_pipeline(tmp_path, pipeline), PLACE)
    x = painted(network, [WANTED, UNWANTED], SamplerSpec("ddim", 6), noise(), cfg_scale=5.0)
    theirs = run(
        pipeline,
        prompt=WANTED.text,
        negative_prompt=UNWANTED.text,
        num_inference_steps=6,
        guidance_scale=5.0,
        latents=noise(),
        height=H,
        width=W,
    )
    near(pictures(network, x), theirs)
    other = painted(network, [WANTED], SamplerSpec("ddim", 6), noise(), cfg_scale=5.0)
    assert (other - x).abs().max() > 1e-3, "the negative prompt counts"


def test_a_picture_of_a_picture_is_that_of_diffusers(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    network = load_stable_diffusion(save_pipeline(tmp_path, pipeline), PLACE)
    init, sampler = noise(4), SamplerSpec("ddim", 8, skip_steps=4)
    drawn = noise(1)
    x = painted(network, [WANTED], sampler, drawn, cfg_scale=3.0, init=init)
    theirs = run(
        StableDiffusionImg2ImgPipeline(**pipeline.components, requires_safety_checker=False),
        prompt=WANTED.text,
        image=init,
        strength=0.5,
        num_inference_steps=8,
        guidance_scale=3.0,
        generator=torch.Generator().manual_seed(1),
    )
    near(pictures(network, x), theirs)


def test_a_latent_consistency_model_paints_as_in_diffusers(tmp_path: Path) -> None:
    """Saved as an img2img pipeline, as some are published."""
    pipeline = tiny_pipelines.lcm_pipeline(tmp_path)
    twin = LatentConsistencyModelImg2ImgPipeline(
        **pipeline.components, requires_safety_checker=False
    )
    network = load_stable_diffusion(save_pipeline(tmp_path, twin), PLACE)
    x = painted(network, [WANTED], SamplerSpec("lcm", 4, eta=1.0), noise(), seed=5)
    theirs = run(
        pipeline,
        prompt=WANTED.text,
        num_inference_steps=4,
        latents=noise(),
        generator=torch.Generator().manual_seed(5),
        height=H,
        width=W,
    )
    near(pictures(network, x), theirs)


SCHEDULERS: dict[str, Callable[[], Any]] = {
    "euler": lambda: EulerDiscreteScheduler(**NOISE, **LEADING),
    # That of SDXL-Turbo.
    "euler_a": lambda: EulerAncestralDiscreteScheduler(**NOISE, timestep_spacing="trailing"),
}


@pytest.mark.parametrize("name", SCHEDULERS)
def test_sdxl_paints_as_in_diffusers(tmp_path: Path, name: Any) -> None:
    pipeline = tiny_pipelines.xl_pipeline(tmp_path, scheduler=SCHEDULERS[name]())
    network = load_stable_diffusion(save_pipeline(tmp_path, pipeline), PLACE)
    sampler = SamplerSpec(name, 6, eta=float(name == "euler_a"))
    for prompts in ([WANTED], [WANTED, UNWANTED]):
        x = painted(network, prompts, sampler, noise(), cfg_scale=4.0, seed=5)
        negative = {"negative_prompt": UNWANTED.text} if UNWANTED in prompts else {}
        theirs = run(
            pipeline,
            prompt=WANTED.text,
            **negative,
            num_inference_steps=6,
            guidance_scale=4.0,
            latents=noise(),
            generator=torch.Generator().manual_seed(5),
            height=H,
            width=W,
        )
        near(pictures(network, x), theirs)


def test_sdxl_goes_on_from_a_picture_as_in_diffusers(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.xl_pipeline(tmp_path)
    network = load_stable_diffusion(save_pipeline(tmp_path, pipeline), PLACE)
    sampler = SamplerSpec("euler", 8, skip_steps=4)
    x = painted(network, [WANTED], sampler, noise(1), cfg_scale=3.0, init=noise(4))
    theirs = run(
        StableDiffusionXLImg2ImgPipeline(**pipeline.components),
        prompt=WANTED.text,
        image=noise(4),
        strength=0.5,
        num_inference_steps=8,
        guidance_scale=3.0,
        generator=torch.Generator().manual_seed(1),
        original_size=(H, W),
        target_size=(H, W),
    )
    near(pictures(network, x), theirs)


def test_the_refiner_finishes_as_in_diffusers(tmp_path: Path) -> None:
    """The ensemble of two experts: one denoising, of which each has its part."""
    base = tiny_pipelines.xl_pipeline(tmp_path / "base")
    refiner = tiny_pipelines.refiner_pipeline(tmp_path / "refiner")
    network = load_stable_diffusion(
        save_pipeline(tmp_path / "base", base),
        PLACE,
        refiner=save_pipeline(tmp_path / "refiner", refiner),
    )
    x = painted(network, [WANTED, UNWANTED], SamplerSpec("euler", 10), noise(), cfg_scale=4.0)
    shared = {
        "prompt": WANTED.text,
        "negative_prompt": UNWANTED.text,
        "num_inference_steps": 10,
        "guidance_scale": 4.0,
        "original_size": (H, W),
        "target_size": (H, W),
    }
    base.set_progress_bar_config(disable=True)
    begun = base(
        **shared, denoising_end=0.8, latents=noise(), output_type="latent", height=H, width=W
    ).images
    theirs = run(refiner, **shared, image=begun, denoising_start=0.8)
    near(pictures(network, x), theirs)
    alone = load_stable_diffusion(tmp_path / "base", PLACE)
    other = painted(alone, [WANTED, UNWANTED], SamplerSpec("euler", 10), noise(), cfg_scale=4.0)
    assert (other - x).abs().max() > 1e-3, "the refiner counts"


def message(folder: Path, refiner: Path | None = None) -> str:
    with pytest.raises(ModelError) as caught:
        load_stable_diffusion(folder, PLACE, refiner=refiner)
    return str(caught.value)


def test_a_refiner_that_fits_nothing_is_told(tmp_path: Path) -> None:
    plain, base, refiner = (tmp_path / name for name in ("plain", "base", "refiner"))
    save_pipeline(plain, tiny_pipelines.sd_pipeline(plain))
    save_pipeline(base, tiny_pipelines.xl_pipeline(base))
    save_pipeline(refiner, tiny_pipelines.refiner_pipeline(refiner))
    assert message(refiner) == (
        f"{refiner}: is SDXL's refiner, which only finishes what its base began; name the base "
        "as models.denoiser, and this folder as models.refiner"
    )
    assert message(plain, refiner) == (
        f"{refiner}: is a refiner for SDXL, and {plain} is none; leave models.refiner out"
    )
    assert message(base, base) == (
        f"{base}: its U-Net reads embeddings of 32 numbers beside latents of 4 channels, and the "
        "second text encoder of the denoiser gives 16, its latents have 4; use "
        "the refiner of this model"
    )


def test_a_missing_part_is_told(tmp_path: Path) -> None:
    save_pipeline(tmp_path, tiny_pipelines.sd_pipeline(tmp_path))
    (tmp_path / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    assert message(tmp_path).startswith(f"{tmp_path / 'vae'}: holds config.json and no weights")
    change_json(tmp_path / "scheduler" / "scheduler_config.json", beta_schedule="other")
    assert '\n  beta_schedule: found "other"' in message(tmp_path)
