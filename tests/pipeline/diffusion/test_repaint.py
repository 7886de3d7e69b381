"""Strength by pixel: the map's 1 is painted from noise, its 0 begins as without a map."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.repaint import (
    SEEN,
    Begun,
    kept_longer,
    painted_afresh,
    strides,
)
from pipeline.diffusion.samplers import SAMPLERS
from pipeline.diffusion.schedule import add_noise, linear_schedule, zero_terminal_snr
from pipeline.diffusion.spacing import spaced
from pipeline.diffusion.trained_noise import TrainedNoise
from pipeline.protocols import Denoiser
from pipeline.spec.repaint import most_strides
from pipeline.spec.samplers import SAMPLER_FACTS, SamplerName, respaced
from tests.pipeline.diffusion.analytic import GaussianDenoiser

SCHEDULE = linear_schedule()
TIMESTEPS = respaced(1000, 20)
SKIP = 8
H, W = 8, 12


def noise(seed: int) -> Tensor:
    return torch.randn(1, 3, H, W, generator=torch.Generator().manual_seed(seed))


INIT, START = noise(1).tanh(), noise(2)
RED = torch.tensor([1.0, -1.0, -1.0]).view(3, 1, 1)
PAINTER = GaussianDenoiser(SCHEDULE, 0.6 * RED, 0.3)


class Counting:
    """Counts how often a denoiser is asked, and at which timesteps."""

    def __init__(self, denoiser: Denoiser) -> None:
        self.denoiser, self.schedule, self.asked = denoiser, denoiser.schedule, list[int]()

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        self.asked.append(int(t[0]))
        return self.denoiser(x, t)


def begun(
    repaint: Tensor, denoiser: Denoiser = PAINTER, skip: int = SKIP, init: Tensor = INIT
) -> Tensor:
    generator = torch.Generator().manual_seed(3)
    sample = partial(sample_ddim, denoiser, eta=0.8, generator=generator)
    return painted_afresh(sample, Begun(SCHEDULE, init, START, TIMESTEPS, skip), repaint)


def in_the_left_half(value: float) -> Tensor:
    repaint = torch.zeros(1, 1, H, W)
    repaint[..., : W // 2] = value
    return repaint


def finished(x: Tensor, skip: int = SKIP) -> Tensor:
    generator = torch.Generator().manual_seed(4)
    *_, last = sample_ddim(PAINTER, x, TIMESTEPS[skip:], eta=0.0, generator=generator)
    return last.x


def test_a_map_of_0_begins_as_without_one_and_asks_nobody() -> None:
    counting = Counting(PAINTER)
    plain = add_noise(SCHEDULE, INIT, START, TIMESTEPS[SKIP])
    assert torch.equal(begun(torch.zeros(1, 1, H, W), counting), plain)
    assert counting.asked == []


@pytest.mark.parametrize("value", [0.1, 0.5, 1.0])
def test_pixels_of_0_beside_others_begin_as_without_a_map(value: float) -> None:
    plain = add_noise(SCHEDULE, INIT, START, TIMESTEPS[SKIP])
    x = begun(in_the_left_half(value))
    assert torch.equal(x[..., W // 2 :], plain[..., W // 2 :])
    assert not torch.equal(x[..., : W // 2], plain[..., : W // 2])


def test_pixels_of_1_know_nothing_of_the_init() -> None:
    """Another init on the left leaves the left as it was, to the bit."""
    repaint = in_the_left_half(1.0)
    other = torch.where(repaint > 0, -INIT, INIT)
    assert torch.equal(begun(repaint), begun(repaint, init=other))


@pytest.mark.parametrize("repaint", [in_the_left_half(1.0), torch.ones(1, 1, H, W)])
def test_pixels_of_1_become_what_the_painter_paints(repaint: Tensor) -> None:
    left = finished(begun(repaint))[..., : W // 2]
    # The painter's pictures are red around 0.6, with a deviation of 0.55.
    assert (left.mean((0, 2, 3)) - 0.6 * RED.flatten()).abs().max() < 0.25


def test_pixels_of_1_begin_with_the_colours_around_them() -> None:
    """A painter that has no colour of its own takes up theirs, and never that of the init there."""
    torn = torch.where(in_the_left_half(1.0) > 0, -RED, 0.8 * RED)
    painter = GaussianDenoiser(SCHEDULE, 0 * RED, 3.0)
    first = partial(sample_ddim, painter, eta=0.0, generator=torch.Generator())
    found, without = (
        painted_afresh(first, Begun(SCHEDULE, init, START, TIMESTEPS, SKIP), in_the_left_half(1.0))
        for init in (torn, 0 * torn)
    )
    added = (found - without)[..., : W // 2].mean((0, 2, 3))
    assert torch.equal(added.sign(), RED.flatten())


def test_where_all_is_painted_afresh_it_begins_at_pure_noise() -> None:
    part, whole, noisier = Counting(PAINTER), Counting(PAINTER), Counting(PAINTER)
    begun(in_the_left_half(1.0), part)
    begun(torch.ones(1, 1, H, W), whole)
    begun(in_the_left_half(1.0), noisier, skip=2)
    ratio = SCHEDULE.alpha(part.asked[0]) / SCHEDULE.sigma(part.asked[0])
    assert ratio == pytest.approx(SEEN, rel=0.02)
    assert whole.asked[0] == TIMESTEPS[0]
    # At this frame's own level its surroundings are not seen either.
    assert noisier.asked[0] == TIMESTEPS[0]


def test_larger_pictures_are_seen_through_more_noise() -> None:
    small, large = (
        Begun(SCHEDULE, torch.zeros(1, 3, side, 2 * side), START, TIMESTEPS, SKIP).noisiest
        for side in (83, 332)
    )
    ratio = [SCHEDULE.alpha(t) / SCHEDULE.sigma(t) for t in (small, large)]
    assert ratio == [pytest.approx(SEEN, rel=0.02), pytest.approx(SEEN / 4, rel=0.02)]


def test_what_begins_anew_at_a_seam_begins_with_colours_from_beyond_it() -> None:
    blank = torch.zeros(1, 1, H, W)
    blank[..., :3] = 1.0
    white = torch.ones(1, 3, H, W)
    white[..., : W // 2] = -1.0
    painter = GaussianDenoiser(SCHEDULE, 0 * RED, 3.0)
    sample = partial(sample_ddim, painter, eta=0.0, generator=torch.Generator())
    flat, around = (
        painted_afresh(sample, Begun(SCHEDULE, white, START, TIMESTEPS, SKIP, seamless), blank)
        for seamless in (False, True)
    )
    assert (around - flat)[..., 0].mean() > 0.05
    assert torch.equal(around[..., 3:], flat[..., 3:])


def test_more_is_farther_from_the_init() -> None:
    def likeness(value: float) -> float:
        picture = finished(begun(torch.full((1, 1, H, W), value), skip=14), 14)
        return torch.corrcoef(torch.stack([picture.flatten(), INIT.flatten()]))[0, 1].item()

    alike = [likeness(value) for value in (0.0, 0.3, 0.6, 1.0)]
    assert alike == sorted(alike, reverse=True) and alike[0] > alike[-1] + 0.2


@pytest.mark.parametrize("value", [0.06, 0.5, 1.0])
def test_the_steps_above_the_frames_own_are_few_and_lie_above(value: float) -> None:
    counting = Counting(PAINTER)
    repaint = in_the_left_half(value)
    repaint[..., 0] = value / 3
    begun(repaint, counting)
    taken = len(TIMESTEPS) - SKIP
    assert 1 <= len(counting.asked) <= most_strides(taken)
    assert counting.asked == sorted(set(counting.asked), reverse=True)
    assert counting.asked[-1] > TIMESTEPS[SKIP]
    assert counting.asked[0] < TIMESTEPS[0]


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("value", [0.06, 0.5, 1.0])
def test_levels_above_the_frames_own_are_those_of_the_sampling_where_there_are_no_others(
    value: float, name: SamplerName
) -> None:
    """On a table of the levels that a sampler visits, the first of which is pure noise."""
    trained = TrainedNoise(zero_terminal_snr(SCHEDULE), "v_prediction", "trailing")
    schedule = spaced(trained, name, 20, "trailing")
    counting = Counting(GaussianDenoiser(schedule, 0.6 * RED, 0.3))
    eta = SAMPLER_FACTS[name].eta
    sample = partial(SAMPLERS[name], counting, eta=eta, generator=torch.Generator())
    repaint, timesteps = in_the_left_half(value), respaced(20, 20)
    x = painted_afresh(sample, Begun(schedule, INIT, START, timesteps, SKIP), repaint)
    plain = add_noise(schedule, INIT, START, timesteps[SKIP])
    right = slice(W // 2, None)
    assert torch.equal(x[..., right], plain[..., right]) and x.isfinite().all()
    left = (x - plain)[..., : W // 2].abs().max()
    each = len(SAMPLER_FACTS[name].asked((1, 0))) - 1
    strides = len(counting.asked) // each
    if value == 0.06:
        # The nearest level is the frame's own.
        assert strides == 0 and left == 0
    else:
        assert 1 <= strides <= most_strides(20 - SKIP) and left > 0.1
        assert counting.asked[0] == round(timesteps[SKIP] + value * SKIP)
        assert {*counting.asked} <= {*timesteps[: SKIP + 1]}


def test_a_frame_that_skips_nothing_has_no_level_above_its_own() -> None:
    counting = Counting(PAINTER)
    x = begun(torch.ones(1, 1, H, W), counting, skip=0)
    assert counting.asked == []
    assert torch.equal(x, add_noise(SCHEDULE, INIT, START, TIMESTEPS[0]))


def test_levels_lie_where_the_map_has_its_values() -> None:
    repaint = torch.full((1, 1, H, W), 0.1)
    repaint[..., 0] = 1.0
    assert strides(repaint, 3) == pytest.approx((1.0, 0.55, 0.1))
    assert strides(torch.full((1, 1, H, W), 0.6), 3) == pytest.approx((0.6, 0.3, 0.15), abs=0.16)
    assert strides(torch.zeros(1, 1, H, W), 3) == ()


def test_pixels_below_0_keep_to_the_init_for_their_share_of_the_steps() -> None:
    begun_at = Begun(SCHEDULE, INIT, START, TIMESTEPS, SKIP)
    repaint = in_the_left_half(-0.5)
    changes = kept_longer(begun_at, repaint)
    # Half of the eleven steps that precede the last one.
    assert sorted(changes) == [1, 2, 3, 4, 5, 6]
    x = changes[6](torch.zeros(1, 3, H, W))
    noised = add_noise(SCHEDULE, INIT, START, TIMESTEPS[SKIP + 6])
    assert torch.equal(x[..., : W // 2], noised[..., : W // 2])
    assert not x[..., W // 2 :].any()
    assert kept_longer(begun_at, -repaint) == {}
    assert sorted(kept_longer(begun_at, torch.full_like(repaint, -1.0)))[-1] == 11
