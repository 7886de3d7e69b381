"""Thresholds of a denoised picture: by a percentile of its own, and at the ends of the range."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.guidance import dynamic_threshold, static_threshold
from pipeline.protocols import Denoiser
from tests.pipeline.diffusion.toy_denoisers import Fixed

T = torch.tensor([200, 900])


def ramp(largest: float) -> Tensor:
    """A hundred values from 0 to `largest`, the odd ones negative."""
    values = torch.linspace(0, largest, 100)
    values[1::2] *= -1
    return values.view(1, 1, 10, 10)


def test_dynamic_thresholding_divides_by_the_percentile() -> None:
    picture = ramp(9.9)
    actual = dynamic_threshold(Fixed(picture), 0.5)(torch.zeros_like(picture), T[:1])
    # The 50th of the values 0, 0.1, 0.2, ... is 4.9.
    torch.testing.assert_close(actual, picture.clamp(-4.9, 4.9) / 4.9)


def test_dynamic_thresholding_treats_each_picture_by_itself_and_leaves_good_ones_alone() -> None:
    pictures = torch.cat([ramp(0.9), ramp(9.9)])
    actual = dynamic_threshold(Fixed(pictures), 0.9)(torch.zeros_like(pictures), T)
    torch.testing.assert_close(actual[0], pictures[0])
    torch.testing.assert_close(actual[1], pictures[1].clamp(-8.9, 8.9) / 8.9)


@pytest.mark.parametrize("threshold", [static_threshold, lambda d: dynamic_threshold(d, 1.0)])
def test_static_thresholding_clamps(threshold: Callable[[Denoiser], Denoiser]) -> None:
    picture = ramp(9.9)
    actual = threshold(Fixed(picture))(torch.zeros_like(picture), T[:1])
    torch.testing.assert_close(actual, picture.clamp(-1, 1))


@pytest.mark.parametrize("percentile", [0, 1.1, 99.5])
def test_a_percentile_is_a_share(percentile: float) -> None:
    with pytest.raises(ValueError) as error:
        dynamic_threshold(Fixed(ramp(1.0)), percentile)
    assert str(error.value) == f"percentile is {percentile:g}; it is above 0 and at most 1"
