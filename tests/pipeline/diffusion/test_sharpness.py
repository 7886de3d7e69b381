"""A controller of sharpness, without a network: what it does in one frame, and over many."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torchvision.transforms.functional import gaussian_blur

from pipeline.diffusion.sharpness import MOST, sharpened, sharpness


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
    assert sharpness(sharpened(soft, wanted, 1.0)) == pytest.approx(wanted, rel=1e-5)


def test_a_share_is_one_of_the_logarithm() -> None:
    soft = blurred(picture(), 0.6)
    wanted = sharpness(picture())
    half = sharpness(sharpened(soft, wanted, 0.5))
    assert half == pytest.approx((sharpness(soft) * wanted) ** 0.5, rel=1e-5)


def test_it_never_blurs_and_never_sharpens_beyond_its_bound() -> None:
    one = picture()
    assert sharpened(one, 0.5 * sharpness(one), 1.0) is one
    assert sharpened(one, 2 * sharpness(one), 0.0) is one
    far = sharpened(one, 100.0, 1.0)
    assert sharpness(one) < sharpness(far) < (1 + MOST) * sharpness(one)


def test_a_blank_picture_stays_blank() -> None:
    blank = torch.full((1, 3, 8, 8), 0.25)
    torch.testing.assert_close(sharpened(blank, 0.1, 1.0), blank)


def test_means_stay() -> None:
    """Nothing but contrast moves: the mean within what the border's reflection leaves."""
    soft = blurred(picture() + 0.2, 0.6)
    sharp = sharpened(soft, sharpness(picture()), 1.0)
    torch.testing.assert_close(sharp.mean(), soft.mean(), rtol=0, atol=2e-3)


def test_200_frames_of_blur_end_at_an_equilibrium_and_no_frame_overshoots() -> None:
    """Each frame loses some of its sharpness: without a hold nearly all of it is gone in the end.

    Each frame takes back a share of all that is missing, so what is lost cannot add up.
    """
    wanted = sharpness(picture())
    held, free, course = picture(), picture(), []
    for _ in range(200):
        free = blurred(free)
        held = sharpened(blurred(held), wanted, 0.8)
        course.append(sharpness(held) / wanted)
    assert sharpness(free) < 0.4 * wanted
    assert max(course) < 1.0 + 1e-5
    assert min(course) > 0.9
    assert max(course[-50:]) - min(course[-50:]) < 0.01


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_outside_its_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match=f"share is {share}"):
        sharpened(picture(), 1.0, share)
