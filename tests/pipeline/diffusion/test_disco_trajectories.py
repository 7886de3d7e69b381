"""Our samplers against the code that Disco Diffusion samples with, step by step.

`tools/references/samplers.py` ran that code and kept its trajectories.
"""

from __future__ import annotations

from functools import partial
from itertools import combinations

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from pipeline.diffusion.changes import sample_changed
from pipeline.diffusion.guidance import guide, static_threshold
from pipeline.diffusion.samplers import SAMPLERS
from pipeline.diffusion.schedule import add_noise
from pipeline.diffusion.symmetry import mirrors_at
from pipeline.protocols import Denoiser
from pipeline.spec.samplers import skip
from tests.pipeline.diffusion.disco_spacing import disco_spacing
from tests.pipeline.diffusion.toy_denoisers import EpsDenoiser
from tools.references.samplers import CASES, EXPECTED, Case, fresh_noise, start


@pytest.fixture(scope="module")
def expected() -> dict[str, Tensor]:
    return load_file(EXPECTED)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_trajectory_is_that_of_guided_diffusion(
    case: Case, expected: dict[str, Tensor]
) -> None:
    schedule, timesteps = disco_spacing(case.steps)
    timesteps = skip(timesteps, case.skip_steps)
    network = EpsDenoiser(schedule)
    sample = partial(
        SAMPLERS[case.sampler], _denoiser(case, network), eta=case.eta, generator=fresh_noise()
    )
    shares = [] if case.mirrored_at is None else [case.mirrored_at]
    steps = sample_changed(
        sample,
        _first_x(case, network, timesteps[0]),
        timesteps,
        changes=mirrors_at(shares, [], len(timesteps)),
    )
    ours, theirs = torch.stack([step.x for step in steps]), expected[case.name]
    assert ours.shape == theirs.shape
    torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


def _denoiser(case: Case, network: EpsDenoiser) -> Denoiser:
    clipped = static_threshold(network) if case.clip_denoised else network
    return guide(clipped, network.cond_fn) if case.is_guided else clipped


def _first_x(case: Case, network: EpsDenoiser, t: int) -> Tensor:
    """Disco starts from unit noise, and from noised mid-grey where it skips steps of nothing."""
    noise, init = start()
    if not case.has_init and not case.skip_steps:
        return noise
    return add_noise(network.schedule, init if case.has_init else torch.zeros_like(init), noise, t)


def test_no_setting_of_a_case_is_without_effect(expected: dict[str, Tensor]) -> None:
    """The last pictures all differ, so none of the cases above passes for another one."""
    last = {case.name: expected[case.name][-1] for case in CASES}
    assert last.keys() == expected.keys()
    for a, b in combinations(last.values(), 2):
        assert (a - b).abs().max() > 5e-3
