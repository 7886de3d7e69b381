"""Blurred pictures, down to two pixels high."""

from __future__ import annotations

import pytest
import torch
from torchvision.transforms.functional import gaussian_blur

from pipeline.diffusion.blur import blurred

PICTURES = torch.randn(2, 3, 24, 32, generator=torch.Generator().manual_seed(1))


def test_it_is_torchvision_s_where_there_is_room() -> None:
    assert torch.equal(blurred(PICTURES, 1.0), gaussian_blur(PICTURES, [7, 7], [1.0, 1.0]))
    wide = gaussian_blur(PICTURES, [9, 9], [2.0, 2.0])
    assert torch.equal(blurred(PICTURES, 2.0, deviations=2), wide)


@pytest.mark.parametrize(("height", "width"), [(2, 32), (24, 2), (2, 2), (1, 5)])
def test_a_narrow_picture_is_blurred_as_well(height: int, width: int) -> None:
    pictures = PICTURES[..., :height, :width]
    found = blurred(pictures, 2.0)
    assert found.shape == pictures.shape
    assert found.std() < pictures.std()
    flat = torch.ones_like(pictures)
    assert torch.allclose(blurred(flat, 2.0), flat)
