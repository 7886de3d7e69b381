"""With what the places of a picture that are painted afresh begin."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.repaint import SEEN, Begun, painted_afresh
from tests.pipeline.diffusion.test_repaint import (
    INIT,
    PAINTER,
    SCHEDULE,
    SKIP,
    START,
    TIMESTEPS,
    H,
    W,
    in_the_left_half,
)


class Seeing:
    """A denoiser that keeps what it is shown, and when."""

    schedule = SCHEDULE

    def __init__(self) -> None:
        self.shown: list[tuple[Tensor, int]] = []

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        self.shown.append((x, int(t[0])))
        return PAINTER(x, t)


def first_seen(begun: Begun, repaint: Tensor) -> tuple[Tensor, int]:
    """What the first step is given, and at which timestep."""
    seeing = Seeing()
    sample = partial(sample_ddim, seeing, eta=0.0, generator=torch.Generator())
    painted_afresh(sample, begun, repaint)
    return seeing.shown[0]


def test_a_single_hole_takes_nothing_of_the_init_from_the_rest() -> None:
    """At 0.8 a pixel begins with the init, also where its level and that of 1 are one timestep."""
    begun = Begun(SCHEDULE, INIT, START, TIMESTEPS, SKIP)
    repaint = torch.full((1, 1, H, W), 0.8)
    repaint[..., 0, 0] = 1.0
    x, t = first_seen(begun, repaint)
    whole = begun.noised(begun.noisiest)
    assert t == begun.noisiest < TIMESTEPS[0]
    assert torch.equal(x[..., 1:, :], whole[..., 1:, :])
    assert not torch.equal(x[..., 0, 0], whole[..., 0, 0])


def test_a_sampling_that_begins_below_pure_noise_shows_surroundings_from_its_first_step() -> None:
    """A timestep counts by what is seen at it, and not by being the first one."""
    timesteps = tuple(t for t in TIMESTEPS if SCHEDULE.alpha(t) / SCHEDULE.sigma(t) > 1.5 * SEEN)
    light, dark = torch.ones(1, 3, H, W), -torch.ones(1, 3, H, W)
    seen = [
        first_seen(Begun(SCHEDULE, init, START, timesteps, 4), in_the_left_half(1.0))
        for init in (light, dark)
    ]
    assert [t for _, t in seen] == [timesteps[0]] * 2
    (over_light, _), (over_dark, _) = seen
    assert (over_light - over_dark)[..., : W // 2].min() > 0
