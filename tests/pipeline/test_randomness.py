from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import get_args

import torch

from pipeline.randomness import Purpose, generator_for
from tests.pipeline.plans import CAMERA, GUIDANCE, SAMPLER, frame_spec

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
        previous=None,
        prompts=(),
        camera=replace(CAMERA, zoom=2.0),
        sampler=replace(SAMPLER, steps=3),
        guidance=replace(GUIDANCE, tv_scale=9.0),
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
