"""A sampler that is interrupted: x is changed before chosen steps."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.changes import sample_changed
from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.dpm_solver import sample_dpmpp_2m
from pipeline.diffusion.plms import sample_plms
from pipeline.diffusion.schedule import linear_schedule
from pipeline.diffusion.symmetry import mirror_horizontally, mirror_vertically
from pipeline.spec.samplers import respaced
from tests.pipeline.diffusion.toy_denoisers import EpsDenoiser

NETWORK = EpsDenoiser(linear_schedule())
TIMESTEPS = respaced(1000, 10)


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def noise(height: int = 4, width: int = 6) -> Tensor:
    return torch.randn(1, 3, height, width, generator=generator(), dtype=torch.float64)


@pytest.mark.parametrize(
    "sample",
    [
        partial(sample_ddim, NETWORK, eta=0.0, generator=generator()),
        partial(sample_plms, NETWORK),
        partial(sample_dpmpp_2m, NETWORK, eta=0.0, generator=generator()),
    ],
    ids=["ddim", "plms", "dpmpp_2m"],
)
def test_the_sampler_goes_on_from_the_changed_x_as_from_a_new_one(
    sample: partial[object],
) -> None:
    before = list(sample(noise(), TIMESTEPS))[:4]
    after = list(sample(mirror_horizontally(before[-1].x), TIMESTEPS[4:]))
    made = list(sample_changed(sample, noise(), TIMESTEPS, changes={4: mirror_horizontally}))
    assert [(step.index, step.t) for step in made] == list(enumerate(TIMESTEPS))
    for step, expected in zip(made, before + after, strict=True):
        assert torch.equal(step.x, expected.x) and torch.equal(step.denoised, expected.denoised)


def test_several_changes_and_one_before_the_first_step() -> None:
    mirrored = []

    def mirror(x: Tensor) -> Tensor:
        mirrored.append(x)
        return -x

    sample = partial(sample_ddim, NETWORK, eta=0.0, generator=generator())
    steps = list(
        sample_changed(sample, noise(), TIMESTEPS, changes=dict.fromkeys((0, 7, 9), mirror))
    )
    assert [step.index for step in steps] == list(range(10))
    for x, expected in zip(mirrored, (noise(), steps[6].x, steps[8].x), strict=True):
        assert torch.equal(x, expected)


def test_without_changes_it_is_the_sampler() -> None:
    used, alone = generator(), generator()
    sample = partial(sample_ddim, NETWORK, eta=0.8)
    made = sample_changed(partial(sample, generator=used), noise(), TIMESTEPS, changes={})
    for step, expected in zip(made, sample(noise(), TIMESTEPS, generator=alone), strict=True):
        assert torch.equal(step.x, expected.x)
    assert torch.equal(used.get_state(), alone.get_state())


@pytest.mark.parametrize("index", [-1, 10])
def test_a_step_that_there_is_not_is_refused_at_the_call(index: int) -> None:
    sample = partial(sample_plms, NETWORK)
    with pytest.raises(ValueError) as error:
        sample_changed(sample, noise(), TIMESTEPS, changes={index: mirror_vertically})
    assert str(error.value) == f"x is changed at steps [{index}]; there are 0 to 9"
