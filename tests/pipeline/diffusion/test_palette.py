"""Colours that are made like a reference's."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.diffusion.palette import (
    Transfer,
    covariance,
    histogram,
    like,
    mean,
    to_colours,
)

TRANSFERS = {"mean": mean, "covariance": covariance, "histogram": histogram}
every = pytest.mark.parametrize("transfer", TRANSFERS.values(), ids=TRANSFERS)


def numbers(*shape: int, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def cloud(count: int, seed: int) -> Tensor:
    """Normally distributed colours of a covariance that is no multiple of the unit matrix."""
    shape = numbers(3, 3, seed=seed) * 6
    return numbers(count, 3, seed=seed + 1) @ shape + torch.tensor([50.0, 5.0, -8.0])


def picture(seed: int, height: int = 20, width: int = 30) -> Tensor:
    """Muted random colours, which stay on the screen when they are moved a little."""
    return (0.2 * numbers(1, 3, height, width, seed=seed)).clamp(-0.6, 0.6).float()


def moments(colours: Tensor) -> Tensor:
    return torch.cat([colours.mean(dim=0)[None], torch.cov(colours.T, correction=0)])


def test_covariance_gives_exactly_the_mean_and_covariance_of_the_reference() -> None:
    reference = cloud(700, seed=3)
    moved = covariance(cloud(500, seed=7), reference)
    torch.testing.assert_close(moments(moved), moments(reference), rtol=1e-9, atol=1e-9)


def test_covariance_moves_less_than_any_other_linear_map_to_it() -> None:
    """Every such map is this one, turned among the axes in which the reference is white."""
    colours, reference = cloud(500, seed=7), cloud(700, seed=3)
    moved = covariance(colours, reference)
    values, axes = torch.linalg.eigh(torch.cov(reference.T, correction=0))
    root, inverse = (axes * values.pow(p) @ axes.T for p in (0.5, -0.5))
    centred = moved - moved.mean(dim=0)
    way = (moved - colours).square().sum()
    for seed in range(5):
        turn, _ = torch.linalg.qr(torch.eye(3).double() + 0.2 * numbers(3, 3, seed=seed))
        turn = turn * torch.diagonal(turn).sign()
        other = moved.mean(dim=0) + centred @ inverse @ turn @ root
        torch.testing.assert_close(moments(other), moments(reference), rtol=1e-6, atol=1e-6)
        assert (other - colours).square().sum() > way


def test_mean_gives_the_mean_and_deviation_of_each_channel() -> None:
    reference = cloud(700, seed=3)
    moved = mean(cloud(500, seed=7), reference)
    torch.testing.assert_close(moved.mean(dim=0), reference.mean(dim=0))
    torch.testing.assert_close(moved.std(dim=0, correction=0), reference.std(dim=0, correction=0))


def test_histogram_gives_distributions_that_no_moments_tell_apart() -> None:
    """Two clusters, which a linear map cannot make out of one."""
    reference = torch.cat([cloud(300, seed=3) * 0.1, cloud(300, seed=3) * 0.1 + 40])
    moved = histogram(cloud(600, seed=7), reference)
    for axis in numbers(8, 3, seed=1):
        ranks = [one @ axis / axis.norm() for one in (moved, reference, cloud(600, seed=7))]
        found, wanted, before = (one.sort().values for one in ranks)
        assert (found - wanted).abs().mean() < 1.0
        assert (before - wanted).abs().mean() > 10.0


@every
def test_a_picture_that_has_the_colours_keeps_them(transfer: Transfer) -> None:
    one = picture(1)
    torch.testing.assert_close(like(one, one, 1.0, transfer), one, rtol=0, atol=2e-4)


@every
def test_half_the_share_is_half_the_way(transfer: Transfer) -> None:
    one, reference = picture(1), 0.5 * picture(2) + 0.1
    start, end = to_colours(one), to_colours(like(one, reference, 1.0, transfer))
    half = to_colours(like(one, reference, 0.5, transfer))
    torch.testing.assert_close(half, (start + end) / 2, rtol=0, atol=0.01)


@every
def test_every_colour_goes_the_same_way_wherever_it_is(transfer: Transfer) -> None:
    one, reference = picture(1), picture(2) + 0.1
    turned = like(one.flip(-1), reference.flip(-2), 1.0, transfer)
    torch.testing.assert_close(turned.flip(-1), like(one, reference, 1.0, transfer))


@every
def test_a_blank_picture_becomes_one_colour_at_most_and_stays_finite(transfer: Transfer) -> None:
    blank = torch.zeros(1, 3, 4, 5)
    assert like(blank, picture(2), 1.0, transfer).isfinite().all()
    onto = like(picture(1), blank, 1.0, transfer)
    assert onto.isfinite().all() and onto.std(dim=(2, 3)).max() < 0.02


@every
def test_a_reference_of_another_size_will_do(transfer: Transfer) -> None:
    one, reference = picture(1), picture(2, 7, 9) + 0.2
    moved = to_colours(like(one, reference, 1.0, transfer))
    torch.testing.assert_close(
        moved.mean(dim=0), to_colours(reference).mean(dim=0), rtol=0, atol=0.2
    )


def test_a_share_of_0_is_the_picture_itself_beyond_the_range_too() -> None:
    beyond = 3 * picture(1)
    assert like(beyond, picture(2), 0.0, mean) is beyond


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_outside_its_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match=f"share is {share}"):
        like(picture(1), picture(2), share, mean)


def test_colours_and_back_cost_no_level() -> None:
    """At a small share of no change: what goes through L*a*b* comes back to the same pixels."""
    pixels = to_pixels(torch.rand(1, 3, 40, 40, generator=torch.Generator().manual_seed(0)) * 2 - 1)
    one = to_tensor(pixels)
    through = like(one, one, 1e-9, lambda colours, reference: colours)
    assert (to_pixels(through) == pixels).all()
