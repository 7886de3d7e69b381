"""Guided-diffusion checkpoints as denoisers: schedule, prediction, and files that do not fit."""

from __future__ import annotations

from itertools import islice, pairwise
from pathlib import Path

import pytest
import torch
from torch import Tensor

from pipeline.catalogue.guided_config import CONFIGURATIONS, GuidedDiffusionConfig
from pipeline.catalogue.guided_shapes import guided_shapes
from pipeline.diffusion.samplers import sample_ddim
from pipeline.diffusion.schedule import add_noise, cosine_schedule, linear_schedule
from pipeline.errors import ModelError
from pipeline.networks.denoisers.guided_diffusion import GuidedDiffusion, load_guided_diffusion
from pipeline.networks.denoisers.guided_unet import GuidedUNet
from pipeline.spec.denoise import SamplerSpec
from pipeline.spec.samplers import respaced, skip
from tests.pipeline.networks.denoisers.test_guided_unet import TOLERANCE, expected
from tests.pipeline.networks.published import CPU, TINY, load_seeded, save_seeded, save_shapes
from tools.references.guided_diffusion import (
    REDUCED,
    REDUCED_FILE,
    TRAJECTORY_LENGTH,
    TRAJECTORY_SKIP,
    TRAJECTORY_STEPS,
    trajectory_start,
)
from tools.references.seeded import relative_error, seeded_noise

X = seeded_noise("pictures", (2, 3, 8, 12))
T = torch.tensor([100, 700])


def trajectory(denoiser: GuidedDiffusion) -> tuple[Tensor, Tensor]:
    """`(x, denoised)` after a few steps, as the reference takes them."""
    init, noise = trajectory_start(REDUCED["256-uncond"])
    spaced = respaced(len(denoiser.schedule), TRAJECTORY_STEPS)
    timesteps = skip(spaced, TRAJECTORY_SKIP)
    steps = sample_ddim(
        denoiser.bind(None),
        add_noise(denoiser.schedule, init, noise, timesteps[0]),
        timesteps,
        eta=0,
        generator=torch.Generator(),
    )
    *_, last = islice(steps, TRAJECTORY_LENGTH)
    return last.x, last.denoised


@pytest.mark.slow
def test_sampling_takes_the_steps_of_the_reference(tmp_path: Path) -> None:
    arrays = expected(REDUCED_FILE)
    denoiser = load_seeded(tmp_path, REDUCED["256-uncond"].config)
    x, denoised = trajectory(denoiser.for_sampling(SamplerSpec("ddim", TRAJECTORY_STEPS)))
    assert relative_error(arrays, "trajectory/x", x) < TOLERANCE
    assert relative_error(arrays, "trajectory/denoised", denoised) < TOLERANCE
    # The schedule of the training, spread as evenly, is near but not the same.
    x, _ = trajectory(denoiser)
    assert relative_error(arrays, "trajectory/x", x) > 100 * TOLERANCE


@pytest.mark.parametrize(
    ("steps", "length"), [(1, 1000), (25, 1000), (300, 900), (333, 999), (600, 600), (1500, 1500)]
)
def test_a_number_of_steps_has_a_schedule_of_its_own(
    tmp_path: Path, steps: int, length: int
) -> None:
    config = TINY.model_copy(update={"rescale_timesteps": True})
    denoiser = load_seeded(tmp_path, config)
    spaced = denoiser.for_sampling(SamplerSpec("ddim", steps))
    torch.testing.assert_close(
        spaced.schedule.alphas_cumprod, linear_schedule(length).alphas_cumprod
    )
    strides = {before - after for before, after in pairwise(respaced(length, steps))}
    assert len(strides) <= 1, "every k-th timestep"
    assert spaced.unet is denoiser.unet


@pytest.mark.slow
def test_rescaled_times_end_at_1000_and_others_count_steps(tmp_path: Path) -> None:
    told: list[Tensor] = []

    def spy(denoiser: GuidedDiffusion) -> GuidedDiffusion:
        denoiser.unet.register_forward_pre_hook(lambda module, inputs: told.append(inputs[1]))
        return denoiser

    rescaled = TINY.model_copy(update={"rescale_timesteps": True})
    spy(load_seeded(tmp_path, rescaled)).for_sampling(SamplerSpec("ddim", 300))(
        X, torch.tensor([450, 897])
    )
    long = TINY.model_copy(update={"diffusion_steps": 4000})
    spy(load_seeded(tmp_path, long)).for_sampling(SamplerSpec("ddim", 300))(
        X, torch.tensor([450, 3999])
    )
    torch.testing.assert_close(told[0], torch.tensor([500.0, 897 / 0.9]))
    torch.testing.assert_close(told[1], torch.tensor([450.0, 3999.0]))


def test_a_network_that_counts_steps_keeps_the_schedule_of_its_training(tmp_path: Path) -> None:
    denoiser = load_seeded(tmp_path, TINY.model_copy(update={"noise_schedule": "cosine"}))
    assert denoiser.for_sampling(SamplerSpec("ddim", 300)) is denoiser
    torch.testing.assert_close(
        denoiser.schedule.alphas_cumprod, cosine_schedule(1000).alphas_cumprod
    )


def test_no_steps_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="steps is 0; it is at least 1"):
        load_seeded(tmp_path).for_sampling(SamplerSpec("ddim", 0))


def test_the_network_predicts_noise_or_the_picture(tmp_path: Path) -> None:
    noise = load_seeded(tmp_path)
    output = noise.unet(X, T.float())
    assert output.shape == (2, 6, 8, 12), "with a variance"
    alpha, sigma = noise.schedule.at(X, T)
    torch.testing.assert_close(noise(X, T), (X - sigma * output[:, :3]) / alpha)
    picture = load_seeded(tmp_path, TINY.model_copy(update={"predict_xstart": True}))
    torch.testing.assert_close(picture(X, T), output[:, :3])


def test_a_prompt_makes_no_difference(tmp_path: Path) -> None:
    denoiser = load_seeded(tmp_path)
    assert denoiser.prompt_size is None
    assert torch.equal(denoiser.bind(torch.ones(7))(X, T), denoiser.bind(None)(X, T))


def test_the_estimate_is_differentiable_in_x(tmp_path: Path) -> None:
    denoiser = load_seeded(tmp_path)
    denoiser.unet.double()
    x, direction = X.double().requires_grad_(), seeded_noise("direction", X.shape).double()
    (gradient,) = torch.autograd.grad((denoiser(x, T) * direction).sum(), x)
    with torch.no_grad():
        step = 1e-5 * direction
        rise = ((denoiser(x + step, T) - denoiser(x - step, T)) * direction).sum() / 2e-5
    torch.testing.assert_close((gradient * direction).sum(), rise, rtol=1e-5, atol=0)


def test_a_loaded_network_is_frozen(tmp_path: Path) -> None:
    unet = load_seeded(tmp_path).unet
    assert not unet.training
    assert not any(parameter.requires_grad for parameter in unet.parameters())


def test_a_picture_that_cannot_be_halved_is_refused(tmp_path: Path) -> None:
    denoiser = load_seeded(tmp_path)
    assert denoiser.size_multiple == 2
    with pytest.raises(ValueError) as error:
        denoiser(X[..., :-1], T)
    assert str(error.value) == "a picture of 11x8; this network takes multiples of 2"


def misfit(path: Path, config: GuidedDiffusionConfig) -> str:
    with pytest.raises(ModelError) as caught:
        load_guided_diffusion(path, config, CPU)
    return str(caught.value)


@pytest.mark.slow
def test_weights_of_another_width_are_told_from_the_configuration(tmp_path: Path) -> None:
    path = save_seeded(tmp_path / "network.pt", lambda: GuidedUNet(TINY))
    wider = TINY.model_copy(update={"num_channels": 64, "use_scale_shift_norm": False})
    assert misfit(path, wider) == (
        f"{path}: does not fit the guided-diffusion U-Net of its configuration "
        "(image_size 64, num_channels 64, channel_mult 1,2, num_res_blocks 1, "
        "attention_resolutions 32, num_heads 2, use_scale_shift_norm False, learn_sigma True):\n"
        "  input_blocks.0.0.bias has shape (32,), expected (64,)\n"
        "  input_blocks.0.0.weight has shape (32, 3, 3, 3), expected (64, 3, 3, 3)\n"
        "  input_blocks.1.0.emb_layers.1.weight has shape (64, 128), expected (64, 256)\n"
        "  input_blocks.1.0.in_layers.0.bias has shape (32,), expected (64,)\n"
        "  input_blocks.1.0.in_layers.0.weight has shape (32,), expected (64,)\n"
        "  and 114 more\n"
        "weights and configuration belong together; write down the flags of the training, or use "
        "one of the known configurations: 512-finetune, 256-uncond, portrait, pixelart"
    )


@pytest.mark.slow
def test_weights_that_fit_a_known_configuration_are_recognised(tmp_path: Path) -> None:
    known = guided_shapes(CONFIGURATIONS["pixelart"])
    path = save_shapes(tmp_path / "network.pt", known)
    said = misfit(path, CONFIGURATIONS["portrait"])
    assert said.endswith('\nthese weights fit the configuration "pixelart"; use that one')
