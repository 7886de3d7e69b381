"""Sampling with GLIDE's networks against the reference's own loops."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.guidance import classifier_free, static_threshold, with_schedule
from pipeline.diffusion.samplers import sample_ddim
from pipeline.diffusion.schedule import cosine_schedule, linear_schedule
from pipeline.networks.denoisers.scheduler import PREDICTIONS
from pipeline.networks.text_to_image.glide.parts import GlideBackbone
from pipeline.networks.text_to_image.glide.upsampler import GlideUpsampler, fast_timesteps
from pipeline.networks.text_to_image.parts.condition import stacked
from tests.pipeline.networks.denoisers.test_guided_unet import expected
from tests.pipeline.networks.text_to_image.glide.networks import conditions, load_seeded
from tools.references.glide import REDUCED, REDUCED_FILE, SCALE, STEPS
from tools.references.seeded import relative_error

TOLERANCE = 1e-4
BASE, LARGE = REDUCED["base"], REDUCED["upsampler"]


def test_guided_sampling_takes_the_steps_of_the_reference(tmp_path: Path) -> None:
    network, schedule = load_seeded(tmp_path, BASE.config), cosine_schedule(1000)
    both = conditions(network, BASE.ids())
    backbone, condition = GlideBackbone(network.unet), stacked(both, both[1])

    def denoise(x: Tensor, t: Tensor) -> Tensor:
        output = backbone(x, t.float(), condition)
        return PREDICTIONS["epsilon"](x, output, *schedule.at(x, t))

    steps = sample_ddim(
        static_threshold(classifier_free(with_schedule(schedule, denoise), SCALE)),
        BASE.pictures()[:1],
        [round(place * 999 / (STEPS - 1)) for place in reversed(range(STEPS))],
        eta=0,
        generator=torch.Generator(),
    )
    *_, last = steps
    assert relative_error(expected(REDUCED_FILE), "trajectory/base", last.x) < TOLERANCE


def upsampler(folder: Path) -> tuple[GlideUpsampler, tuple[Tensor, Tensor]]:
    """An upsampler, and what its transformer makes of a prompt, and of no prompt."""
    network = load_seeded(folder, LARGE.config)
    return GlideUpsampler(network.unet, linear_schedule()), network.text(LARGE.ids())


@pytest.mark.slow
def test_the_upsampler_takes_the_steps_of_the_reference(tmp_path: Path) -> None:
    network, text = upsampler(tmp_path)
    with torch.no_grad():
        large = network(LARGE.low(), LARGE.pictures(), *text)
    assert relative_error(expected(REDUCED_FILE), "trajectory/upsampler", large) < TOLERANCE
    # It is given what a file of 8 bits holds, whatever the base network makes.
    rough = (LARGE.low() + 0.003).clamp(max=1) + 2 * (LARGE.low() == 1)
    with torch.no_grad():
        assert torch.equal(network(rough, LARGE.pictures(), *text), large)


def test_the_upsampler_refuses_sides_that_its_levels_cannot_halve(tmp_path: Path) -> None:
    network, text = upsampler(tmp_path)
    assert network.size_multiple == 8
    with pytest.raises(ValueError) as error:
        network(LARGE.low()[..., 4:], LARGE.pictures()[..., 16:], *text)
    assert str(error.value) == "a picture of 80x64; this network takes multiples of 32"


def test_the_fast_timesteps_are_closest_where_the_picture_is_nearly_clean() -> None:
    timesteps = fast_timesteps()
    assert len(timesteps) == 27
    assert timesteps[:7] == (997, 800, 799, 600, 599, 500, 400)
    assert timesteps[-10:] == (199, 177, 155, 133, 111, 88, 66, 44, 22, 0)
