"""The settings of `sampler`: what each of them refuses, and how it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import BASE, complaints

# Each case: what is added to a good scene (in line 3 and on), and what is said about it.
ADDED = {
    "a formula out of range": (
        'sampler: {eta: "0.5 + t"}',
        "3:16: sampler.eta: eta is 1.04167 at frame 13 (0:00.54); allowed: from 0 to 1",
    ),
    "a sampler": (
        "sampler: {name: dpm_2m}",
        "3:17: sampler.name: expected ddim, plms, dpmpp_2m, dpmpp_2m_sde, euler, euler_a, heun, lcm"
        ' or unipc, found "dpm_2m" (did you mean "dpmpp_2m"?)',
    ),
    "noise for plms": (
        "sampler: {name: plms, eta: 0.8}",
        "3:28: sampler.eta: plms draws no noise: remove eta, or take another name: ddim, dpmpp_2m,"
        " dpmpp_2m_sde, euler_a or lcm",
    ),
    "noise for plms now and then": (
        "sampler: {eta: {0: 0, 40: 0.1}, name: plms}",
        "3:16: sampler.eta: plms draws no noise: remove eta, or take another name: ddim, dpmpp_2m,"
        " dpmpp_2m_sde, euler_a or lcm",
    ),
    "noise for euler": (
        "sampler: {name: euler, eta: 0.8}",
        "3:29: sampler.eta: euler draws no noise: remove eta, or take another name: ddim, dpmpp_2m,"
        " dpmpp_2m_sde, euler_a or lcm",
    ),
    "a spacing": (
        "sampler: {spacing: karas}",
        "3:20: sampler.spacing: expected leading, trailing, linspace or karras, found"
        ' "karas" (did you mean "karras"?)',
    ),
    "more steps than a spacing has": (
        "sampler: {name: dpmpp_2m, spacing: linspace, steps: 1000}",
        "3:53: sampler.steps: found 1000; linspace spacing has 999 timesteps for dpmpp_2m, so it is"
        " at most 999",
    ),
    "a wrong number for plms": (
        "sampler: {name: plms, eta: 2}",
        "3:28: sampler.eta: eta is 2; allowed: from 0 to 1",
    ),
    "noise for a sampler that is none": (
        "sampler: {name: plsm, eta: 0.8}",
        "3:17: sampler.name: expected ddim, plms, dpmpp_2m, dpmpp_2m_sde, euler, euler_a, heun, lcm"
        ' or unipc, found "plsm" (did you mean "plms"?)',
    ),
    "skip all": (
        "sampler: {steps: 10, skip_steps: 10}",
        "3:34: sampler.skip_steps: found 10, which leaves none of the 10 steps; skip at most 9 of"
        " them",
    ),
    "skip all by share": (
        "sampler: {steps: 10, skip_steps: {first: 3, then: 100%}}",
        '3:51: sampler.skip_steps.then: found "100%", which leaves none of the 10 steps; skip at'
        " most 9 of them",
    ),
    "skip over the video": (
        "sampler: {steps: 10, skip_steps: {then: {0: 4, 9: 100%}}}",
        "3:41: sampler.skip_steps.then: skip_steps is 9.33333 at frame 8 (0:00.33); allowed: from 0"
        " to 9",
    ),
    "skip form": (
        "sampler: {skip_steps: half}",
        "3:23: sampler.skip_steps: expected a whole number of steps, 0 or more, or a share such as"
        ' "60%", found "half"',
    ),
    "skip key": (
        "sampler: {skip_steps: {frist: 3}}",
        '3:24: sampler.skip_steps.frist: unknown key (did you mean "first"?); allowed: first, then,'
        " fade",
    ),
    "on for true": (
        "sampler: {clip_denoised: on}",
        '3:26: sampler.clip_denoised: expected true or false, found "on"; write true',
    ),
    "no for false": (
        "sampler: {clip_denoised: no}",
        '3:26: sampler.clip_denoised: expected true or false, found "no"; write false',
    ),
    "one for true": (
        "sampler: {clip_denoised: 1}",
        "3:26: sampler.clip_denoised: expected true or false, found 1; write true or false",
    ),
    "two thresholds": (
        "sampler: {clip_denoised: true, dynamic_threshold: 0.9}",
        "3:26: sampler.clip_denoised: dynamic_threshold already settles this; remove"
        " dynamic_threshold or clip_denoised",
    ),
    "unknown clouds": (
        "sampler: {perlin_init: grey}",
        '3:24: sampler.perlin_init: expected color, gray or mixed, found "grey" (did you mean'
        ' "gray"?)',
    ),
    "symmetry by a word": (
        "sampler: {symmetry: horizontal}",
        '3:21: sampler.symmetry: expected {horizontal: [0.09], vertical: []}, found "horizontal"',
    ),
    "symmetries": (
        "sampler: {symmetry: {horizontal: [0.5, 9], vertical: yes, both: 1}}",
        "3:40: sampler.symmetry.horizontal.1: expected a share of the steps from 0 to 1, such as"
        " 0.09 or 9%, found 9",
        "3:54: sampler.symmetry.vertical: expected a share of the steps from 0 to 1, such as 0.09"
        ' or 9%, found "yes"',
        "3:59: sampler.symmetry.both: unknown key; allowed: horizontal, vertical",
    ),
}


@pytest.mark.parametrize("case", ADDED.values(), ids=ADDED.keys())
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, case: tuple[str, ...]) -> None:
    added, *problems = case
    assert complaints(tmp_path, BASE + added + "\n") == problems
