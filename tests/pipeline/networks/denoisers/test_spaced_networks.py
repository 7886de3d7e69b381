"""Networks in pixels on a sampler's own spacing: asked between the timesteps of their training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    UNet2DModel,
    UniPCMultistepScheduler,
)
from torch import Tensor, nn

from pipeline.diffusion.samplers import SAMPLERS
from pipeline.diffusion.schedule import linear_schedule
from pipeline.networks.denoisers.guided_diffusion import GuidedDiffusion
from pipeline.networks.denoisers.prompted import EncoderPrompted
from pipeline.networks.denoisers.unet_folder import load_denoiser
from pipeline.protocols import Denoiser
from pipeline.spec.denoise import SamplerSpec
from pipeline.spec.samplers import SamplerName, Spacing
from tests.pipeline.networks.published import TINY, load_seeded
from tests.pipeline.networks.tiny import CPU, save_denoiser, unet

X = torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(3))
THEIRS: dict[SamplerName, type[Any]] = {
    "ddim": DDIMScheduler,
    "euler": EulerDiscreteScheduler,
    "dpmpp_2m": DPMSolverMultistepScheduler,
    "unipc": UniPCMultistepScheduler,
}
# What diffusers asks of numpy.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def sampled(name: SamplerName, denoiser: Denoiser) -> Tensor:
    timesteps = tuple(reversed(range(len(denoiser.schedule))))
    generator = torch.Generator()
    *_, last = SAMPLERS[name](denoiser, X, timesteps, eta=0.0, generator=generator)
    return last.x


def their_sample(name: SamplerName, network: UNet2DModel, spacing: Spacing) -> Tensor:
    karras = {"use_karras_sigmas": True, "timestep_spacing": "linspace"}
    options: dict[str, Any] = karras if spacing == "karras" else {"timestep_spacing": spacing}
    if name == "ddim":
        options["clip_sample"] = False
    scheduler = THEIRS[name](**options)
    scheduler.set_timesteps(4)
    # Euler's x is x_0 + sigma eps.
    sample = X * (1 + scheduler.sigmas[0] ** 2).sqrt() if name == "euler" else X
    for t in scheduler.timesteps:
        with torch.no_grad():
            output = network(scheduler.scale_model_input(sample, t), t).sample
        sample = scheduler.step(output, t, sample).prev_sample
    return sample


@pytest.mark.parametrize(
    ("name", "spacing"),
    [
        ("ddim", "leading"),
        ("ddim", "trailing"),
        ("euler", "linspace"),
        ("euler", "karras"),
        ("dpmpp_2m", "karras"),
        ("unipc", "trailing"),
    ],
)
def test_a_diffusers_network_is_sampled_as_by_diffusers(
    tmp_path: Path, name: SamplerName, spacing: Spacing
) -> None:
    network = unet()
    loaded = load_denoiser(save_denoiser(tmp_path, network, DDIMScheduler()), CPU)
    prompted = EncoderPrompted(loaded, None, loaded.unet, CPU)
    chosen = prompted.for_sampling(SamplerSpec(name, 4, spacing=spacing), (16, 16)).bind(None)
    assert len(chosen.schedule) == 4
    expected = their_sample(name, network, spacing)
    torch.testing.assert_close(sampled(name, chosen), expected, rtol=1e-4, atol=1e-4)


def test_without_a_spacing_it_is_asked_at_the_timesteps_of_its_training(tmp_path: Path) -> None:
    denoiser = load_denoiser(save_denoiser(tmp_path, unet(), DDIMScheduler()), CPU)
    assert denoiser.for_sampling(SamplerSpec("unipc", 4)) is denoiser
    denoiser.for_sampling(SamplerSpec("unipc", 4, spacing="karras"))
    assert len(denoiser.schedule) == 1000 and denoiser.schedule.seen is None


@pytest.mark.parametrize(("rescaled", "scale"), [(True, 4.0), (False, 1.0)])
def test_guided_diffusion_is_told_the_time_on_the_scale_of_its_training(
    tmp_path: Path, rescaled: bool, scale: float
) -> None:
    settings = {"rescale_timesteps": rescaled, "diffusion_steps": 250}
    denoiser = load_seeded(tmp_path, TINY.model_copy(update=settings))
    told = spied(denoiser.unet)
    chosen = denoiser.for_sampling(SamplerSpec("euler", 4, spacing="linspace"))
    chosen(X, torch.tensor([1, 3]))
    assert told[0].tolist() == pytest.approx([83 * scale, 249 * scale])
    table = linear_schedule(250).alphas_cumprod
    torch.testing.assert_close(chosen.schedule.alphas_cumprod, table[[0, 83, 166, 249]])
    assert isinstance(chosen, GuidedDiffusion) and chosen.unet is denoiser.unet


def spied(network: nn.Module) -> list[Tensor]:
    told: list[Tensor] = []
    network.register_forward_pre_hook(lambda module, inputs: told.append(inputs[1]))
    return told


@pytest.mark.parametrize("name", ["dpmpp_2m", "ddim"])
def test_more_steps_than_levels_are_refused(tmp_path: Path, name: SamplerName) -> None:
    denoiser = load_seeded(tmp_path, TINY.model_copy(update={"diffusion_steps": 20}))
    with pytest.raises(ValueError, match=r"^steps is 21; .* with linspace spacing allows 1 to "):
        denoiser.for_sampling(SamplerSpec(name, 21, spacing="linspace"))
