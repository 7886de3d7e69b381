"""Values that nobody wrote follow the denoiser."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from pipeline.diffusion.schedule import scaled_linear_schedule
from pipeline.diffusion.spacing import spaced
from pipeline.diffusion.trained_noise import TrainedNoise
from pipeline.scene.reading.moving import constant
from pipeline.spec.samplers import Spacing
from tests.pipeline.scene_files import BASE, load

LIGHTNING = "models: {denoiser: sdxl-lightning}\nsampler: {name: euler, steps: 4"


@pytest.mark.parametrize(
    ("written", "spacing", "timesteps"),
    [
        (f"{LIGHTNING}}}", "trailing", [999, 749, 499, 249]),
        (f"{LIGHTNING}, spacing: leading}}", "leading", [751, 501, 251, 1]),
        (
            "models: {preset: sdxl, denoiser: sdxl-lightning}\nsampler: {name: euler, steps: 2}",
            "trailing",
            [999, 499],
        ),
        (LIGHTNING.replace("euler", "lcm") + "}", None, [999, 759, 499, 259]),
        (LIGHTNING.replace("sdxl-lightning", "sdxl") + "}", None, [751, 501, 251, 1]),
    ],
)
def test_a_distilled_network_begins_at_the_timestep_that_it_was_distilled_for(
    tmp_path: Path, written: str, spacing: Spacing | None, timesteps: list[int]
) -> None:
    """Whatever the scheduler file says, which is SDXL's."""
    base = BASE.replace("[96, 96]", "[1024, 1024]")
    sampler = load(tmp_path, f"{base}{written}\n").sampler
    assert sampler.spacing == spacing
    of_sdxl = TrainedNoise(scaled_linear_schedule(), spacing="leading", steps_offset=1)
    schedule = spaced(of_sdxl, sampler.name, sampler.steps, sampler.spacing)
    assert schedule.told(torch.arange(sampler.steps)).tolist() == timesteps[::-1]


UNGUIDED = "guidance: {cfg_scale: 7.5, clip_guidance_scale: 0}"


@pytest.mark.parametrize(
    ("written", "scale"),
    [
        (f"models: {{denoiser: sd21}}\n{UNGUIDED}", 0),
        ("models: {preset: disco, denoiser: deepfloyd-if}", 0),
        ("models: {preset: sd15}", 0),
        ("models: {denoiser: sd21}\nguidance: {range_scale: 20}", 20),
        (UNGUIDED, 150),
        ("models: {denoiser: pixelartdiffusion4k}", 150),
    ],
)
def test_a_network_that_paints_from_texts_keeps_its_colours_without_a_gradient(
    tmp_path: Path, written: str, scale: float
) -> None:
    scene = load(tmp_path, f"{BASE.replace('[96, 96]', '[64, 64]')}{written}\n")
    assert scene.guidance.range_scale == constant(scale)
