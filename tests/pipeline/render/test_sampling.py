from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import get_args

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.samplers import SAMPLERS
from pipeline.diffusion.schedule import add_noise
from pipeline.render.randomness import generator_for
from pipeline.render.sampling import sample
from pipeline.spec.denoise import SymmetrySpec
from pipeline.spec.frame import FrameSpec
from pipeline.spec.samplers import SAMPLER_FACTS, SamplerName, respaced
from tests.pipeline.plans import painted
from tests.pipeline.toy_networks import CPU, HEIGHT, SCHEDULE, WIDTH, PaintNetwork, flat, toy_spec

DENOISER = PaintNetwork(variance=0.1).bind(None)
"""Without guidance: what is seen here is the sampler's."""


def spec_with(**settings: object) -> FrameSpec:
    """The toy frame with other sampler settings."""
    return painted(toy_spec(), **settings)


def picture(spec: FrameSpec, init: Tensor | None = None) -> Tensor:
    *_, last = sample(init, spec, DENOISER, CPU)
    return last.x


@pytest.mark.parametrize("skip_steps", [0, 2, 5])
@pytest.mark.parametrize("eta", [0.0, 0.8])
@pytest.mark.parametrize("init", [None, flat("red")])
def test_it_is_the_sampler_with_the_frames_own_generators(
    init: Tensor | None, eta: float, skip_steps: int
) -> None:
    spec = spec_with(eta=eta, skip_steps=skip_steps)
    timesteps = respaced(len(SCHEDULE), spec.painting.sampler.steps)[skip_steps:]
    noise = torch.randn(1, 3, HEIGHT, WIDTH, generator=generator_for(spec, "start"))
    start = torch.zeros(1, 3, HEIGHT, WIDTH) if init is None else init
    by_hand = sample_ddim(
        DENOISER,
        add_noise(SCHEDULE, start, noise, timesteps[0]),
        timesteps,
        eta=eta,
        generator=generator_for(spec, "sampler"),
    )
    steps = list(sample(init, spec, DENOISER, CPU))
    assert [step.t for step in steps] == list(timesteps)
    for step, expected in zip(steps, by_hand, strict=True):
        assert torch.equal(step.x, expected.x) and torch.equal(step.denoised, expected.denoised)


def test_the_name_chooses_the_sampler() -> None:
    settings = {name: SAMPLER_FACTS[name].eta for name in get_args(SamplerName)}
    pictures = [picture(spec_with(name=name, eta=eta)) for name, eta in settings.items()]
    for (name, eta), made in zip(settings.items(), pictures, strict=True):
        spec = spec_with(name=name, eta=eta)
        timesteps = respaced(len(SCHEDULE), spec.painting.sampler.steps)[
            spec.painting.sampler.skip_steps :
        ]
        noise = torch.randn(1, 3, HEIGHT, WIDTH, generator=generator_for(spec, "start"))
        start = add_noise(SCHEDULE, torch.zeros_like(noise), noise, timesteps[0])
        *_, by_hand = SAMPLERS[name](
            DENOISER, start, timesteps, eta=eta, generator=generator_for(spec, "sampler")
        )
        assert torch.equal(made, by_hand.x)
    assert not any(torch.allclose(a, b, atol=1e-3) for a, b in combinations(pictures, 2))


def test_without_an_init_it_starts_from_noise() -> None:
    """At the last timestep hardly anything of a picture is left, so x is what was drawn."""
    spec = spec_with(skip_steps=0)
    (t, *_), started = respaced(len(SCHEDULE), spec.painting.sampler.steps), []

    class Watching:
        schedule = SCHEDULE

        def __call__(self, x: Tensor, t: Tensor) -> Tensor:
            started.append((int(t), x))
            return DENOISER(x, t)

    next(sample(None, spec, Watching(), CPU))
    ((asked_at, x),) = started
    assert asked_at == t
    assert x.shape == (1, 3, HEIGHT, WIDTH)
    noise = torch.randn(x.shape, generator=generator_for(spec, "start"))
    torch.testing.assert_close(x, noise * SCHEDULE.sigma(t))


def test_the_more_steps_are_skipped_the_more_of_the_init_stays() -> None:
    init = flat("red")
    away = [
        (picture(spec_with(steps=50, skip_steps=skip_steps), init) - init).abs().mean().item()
        for skip_steps in (0, 25, 40, 48)
    ]
    assert away == sorted(away, reverse=True)
    # At first nothing stays (the pictures of this network are grey), at last nearly all.
    assert away[0] > 0.9 and away[-1] < 0.1


def test_the_same_spec_gives_the_same_bits() -> None:
    assert torch.equal(picture(toy_spec(), flat("blue")), picture(toy_spec(), flat("blue")))


@pytest.mark.parametrize("change", [{"seed": 8}, {"frame": 1}, {"shot": "city"}])
def test_another_seed_frame_or_shot_gives_another_picture(change: dict[str, object]) -> None:
    spec = toy_spec()
    assert not torch.allclose(picture(spec), picture(replace(spec, **change)), atol=0.1)


def test_eta_draws_from_its_own_generator() -> None:
    """The first step asks the network about the same noise whatever eta is."""
    still, noisy = (list(sample(None, spec_with(eta=eta), DENOISER, CPU)) for eta in (0.0, 1.0))
    assert torch.equal(still[0].denoised, noisy[0].denoised)
    assert not torch.allclose(still[0].x, noisy[0].x, atol=0.1)


@pytest.mark.parametrize("name", get_args(SamplerName))
def test_symmetry_is_of_the_steps_that_are_taken(name: str) -> None:
    """Of the four that are left, the second begins with like sides, the third with both alike."""
    symmetry = SymmetrySpec(horizontal=(0.5,), vertical=(0.75,))
    spec = spec_with(name=name, eta=0.0, symmetry=symmetry)
    seen: dict[int, Tensor] = {}

    class Watching:
        schedule = SCHEDULE

        def __call__(self, x: Tensor, t: Tensor) -> Tensor:
            # PLMS looks ahead: the last look at a timestep is that of its own step.
            seen[int(t)] = x
            return DENOISER(x, t)

    steps = list(sample(None, spec, Watching(), CPU))
    begun = [seen[step.t] for step in steps]
    assert [torch.equal(x, x.flip(-1)) for x in begun] == [False, True, True, True]
    assert [torch.equal(x, x.flip(-2)) for x in begun] == [False, False, True, True]


def test_more_skipped_steps_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^skip_steps is 6 of 6 steps; at least one step must"):
        sample(None, spec_with(skip_steps=6), DENOISER, CPU)


def test_with_a_noise_period_neighbouring_frames_look_alike() -> None:
    """Through the sampler's fresh noise, too: with eta 1 it decides most of the picture."""

    def apart(period: int) -> Tensor:
        pictures = [
            picture(replace(spec_with(eta=1.0, noise_period=period), frame=frame))
            for frame in (4, 5)
        ]
        return (pictures[0] - pictures[1]).square().mean()

    assert apart(12) < 0.1 * apart(1)
