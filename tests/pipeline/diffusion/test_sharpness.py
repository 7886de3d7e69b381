"""A controller of sharpness, without a network: what it does in one frame, and over many."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor
from torchvision.transforms.functional import gaussian_blur

from pipeline.diffusion.sharpness import LEAST, MOST, sharpness, with_sharpness


def picture(contrast: float = 0.3) -> Tensor:
    """Noise that is a little soft, as pictures are."""
    generator = torch.Generator().manual_seed(0)
    return contrast * blurred(torch.randn(1, 3, 24, 32, generator=generator), 0.8)


def blurred(one: Tensor, sigma: float = 0.35) -> Tensor:
    soft: Tensor = gaussian_blur(one, [9, 9], [sigma, sigma])
    return soft


def test_sharpness_is_that_of_the_contrast_and_falls_with_a_blur() -> None:
    assert sharpness(picture(0.6)) == pytest.approx(2 * sharpness(picture(0.3)), rel=1e-5)
    assert sharpness(blurred(picture(), 1.0)) < 0.7 * sharpness(picture())
    assert sharpness(torch.full((1, 3, 8, 8), 0.3)) == pytest.approx(0, abs=1e-6)


def test_it_reaches_the_wanted_sharpness_exactly() -> None:
    soft = blurred(picture(), 0.6)
    wanted = sharpness(picture())
    assert sharpness(soft) < 0.9 * wanted
    assert sharpness(with_sharpness(soft, wanted, 1.0)) == pytest.approx(wanted, rel=1e-5)


def test_a_share_is_one_of_the_logarithm() -> None:
    soft = blurred(picture(), 0.6)
    wanted = sharpness(picture())
    half = sharpness(with_sharpness(soft, wanted, 0.5))
    assert half == pytest.approx((sharpness(soft) * wanted) ** 0.5, rel=1e-5)


def test_what_is_too_sharp_is_softened() -> None:
    soft = with_sharpness(picture(), 0.9 * sharpness(picture()), 1.0)
    assert sharpness(soft) == pytest.approx(0.9 * sharpness(picture()), rel=1e-5)


def test_it_goes_no_farther_than_its_bounds() -> None:
    one = picture()
    sharpest, softest = (with_sharpness(one, wanted, 1.0) for wanted in (100.0, 0.0))
    assert sharpness(one) < sharpness(sharpest) < (1 + MOST) * sharpness(one)
    assert (1 + LEAST) * sharpness(one) < sharpness(softest) < sharpness(one)


def test_a_share_of_0_is_the_picture_itself() -> None:
    one = picture()
    assert with_sharpness(one, 2 * sharpness(one), 0.0) is one


def test_a_blank_picture_stays_blank() -> None:
    blank = torch.full((1, 3, 8, 8), 0.25)
    torch.testing.assert_close(with_sharpness(blank, 0.1, 1.0), blank)


def test_means_stay() -> None:
    """Nothing but contrast moves: the mean within what the border's reflection leaves."""
    soft = blurred(picture() + 0.2, 0.6)
    sharp = with_sharpness(soft, sharpness(picture()), 1.0)
    torch.testing.assert_close(sharp.mean(), soft.mean(), rtol=0, atol=2e-3)


@pytest.mark.parametrize("change", [-0.35, 0.35], ids=["blurs", "sharpens"])
def test_200_frames_end_at_an_equilibrium_and_no_frame_overshoots(change: float) -> None:
    """A painter who changes every picture a little, alone ends far off; held he stays near.

    Each frame takes back a share of all that is missing, so what is lost cannot add up.
    """
    wanted = sharpness(picture())
    held, course = picture(), []
    for _ in range(200):
        held = with_sharpness(_repainted(held, change), wanted, 0.8)
        course.append(sharpness(held) / wanted)
    away = abs(math.log(sharpness(_repainted(picture(), change)) / wanted))
    assert max(map(abs, map(math.log, course))) < away
    assert max(course[-50:]) - min(course[-50:]) < 0.01
    free = picture()
    for _ in range(20):
        free = _repainted(free, change)
    assert abs(math.log(sharpness(free) / wanted)) > 5 * away


def _repainted(one: Tensor, change: float) -> Tensor:
    """A picture that a painter has made a little softer or, above 0, a little crisper."""
    soft = blurred(one, abs(change))
    return soft if change < 0 else 2 * one - soft


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_outside_its_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match=f"share is {share}"):
        with_sharpness(picture(), 1.0, share)
