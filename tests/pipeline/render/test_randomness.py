from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import get_args

import torch

from pipeline.diffusion.noise import standard_normal
from pipeline.render.randomness import Purpose, generator_for, noise_for
from pipeline.spec.frame import FrameSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plans import frame_spec, painted

SPEC = frame_spec(3)


def draw(generator: torch.Generator) -> list[float]:
    return torch.rand(4, generator=generator).tolist()


def test_the_same_frame_draws_the_same_numbers() -> None:
    assert draw(generator_for(SPEC, "start")) == draw(generator_for(SPEC, "start"))


def test_seed_shot_frame_and_purpose_each_make_other_numbers() -> None:
    generators = [
        *(generator_for(SPEC, purpose) for purpose in get_args(Purpose)),
        generator_for(replace(SPEC, seed=8), "start"),
        generator_for(replace(SPEC, shot="city"), "start"),
        generator_for(replace(SPEC, frame=4), "start"),
    ]
    for one, other in combinations(map(draw, generators), 2):
        assert not set(one) & set(other)


def test_names_that_run_together_do_not_collide() -> None:
    """Seed 1 of the shot "2/3" is not seed 1 of a shot "2", nor frame 23 frame 3 of a shot "2"."""
    pairs = [(1, "2/3", 4), (1, "2", 34), (12, "3", 4), (1, "23", 4), (1, "2", 4)]
    seeds = {
        generator_for(replace(SPEC, seed=seed, shot=shot, frame=frame), "start").initial_seed()
        for seed, shot, frame in pairs
    }
    assert len(seeds) == len(pairs)


def test_nothing_else_in_a_frame_matters() -> None:
    """Another zoom or scale must not shuffle the noise of a frame that its author tunes."""
    other = replace(
        SPEC,
        inputs=(),
        motions=(),
        denoise=painted(SPEC, prompts=(), steps=3, tv_scale=StepSchedule.constant(9.0)).denoise,
        display_rate=5,
        intermediate_saves=(),
    )
    assert draw(generator_for(other, "sampler")) == draw(generator_for(SPEC, "sampler"))


def test_a_release_draws_what_the_one_before_drew() -> None:
    """Renders that are under way continue; whoever changes this counts up `digest.RECIPE`."""
    assert generator_for(SPEC, "start").initial_seed() == 2142577505836567916
    assert generator_for(SPEC, "start").device == torch.device("cpu")


def test_the_global_generator_is_left_alone() -> None:
    before = torch.get_rng_state()
    draw(generator_for(SPEC, "cutouts"))
    assert torch.equal(torch.get_rng_state(), before)


def turning(frame: int, period: int) -> FrameSpec:
    return replace(painted(SPEC, noise_period=period), frame=frame)


def noise(frame: int, period: int) -> torch.Tensor:
    return standard_normal((64, 64), noise_for(turning(frame, period), "start"))


def own_noise(frame: int) -> torch.Tensor:
    return torch.randn(64, 64, generator=generator_for(replace(SPEC, frame=frame), "start"))


def test_without_a_period_each_frame_draws_its_own_noise() -> None:
    for frame in (0, 1, 7):
        assert torch.equal(noise(frame, period=1), own_noise(frame))


def test_within_a_period_noise_turns_from_that_of_its_start_to_that_of_its_end() -> None:
    assert torch.equal(noise(8, period=8), own_noise(8))
    for frame in range(8, 16):
        angle = torch.tensor((frame - 8) / 8 * torch.pi / 2)
        between = angle.cos() * own_noise(8) + angle.sin() * own_noise(16)
        torch.testing.assert_close(noise(frame, period=8), between)


def test_noise_that_turns_stays_white() -> None:
    for frame in range(12):
        values = noise(frame, period=12)
        assert abs(values.mean()) < 0.06
        assert abs(values.var() - 1) < 0.1
        assert abs((values[1:] * values[:-1]).mean()) < 0.06


def test_neighbouring_frames_share_most_of_their_noise() -> None:
    likeness = [(noise(k, period=12) * noise(k + 1, period=12)).mean() for k in range(24)]
    assert min(likeness) > 0.9
    assert abs((noise(0, period=12) * noise(12, period=12)).mean()) < 0.06
