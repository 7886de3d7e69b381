"""A picture that is kept beside the frames goes where they go."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from pipeline.camera.carry import carried, shrunk
from pipeline.camera.resample import resample


def positions(height: int, width: int) -> tuple[Tensor, Tensor]:
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return columns[None].float(), rows[None].float()


def smooth(height: int, width: int) -> Tensor:
    """Slow waves over the picture, the same ones at every size."""
    x, y = positions(height, width)
    across, down = (x + 0.5) / width, (y + 0.5) / height
    return torch.stack([torch.sin(5 * across), torch.cos(4 * down), across - down], dim=1)


@pytest.mark.parametrize("sampling", ["nearest", "bicubic"])
def test_at_rest_it_stays_bit_for_bit(sampling: str) -> None:
    kept = torch.rand(1, 3, 8, 12, generator=torch.Generator().manual_seed(0))
    assert (carried(kept, *positions(8, 12), padding="border", sampling=sampling) == kept).all()


def test_at_the_size_of_the_frame_it_goes_as_the_frame_does() -> None:
    kept = smooth(24, 36)
    x, y = positions(24, 36)
    x, y = 1.5 + 0.9 * x + 0.1 * y, y - 2.25
    same = resample(kept, x, y, padding="border", sampling="bicubic")
    assert (carried(kept, x, y, padding="border", sampling="bicubic") == same).all()


@pytest.mark.parametrize("size", [(16, 24), (20, 30), (17, 25)])
def test_smaller_it_goes_as_the_frame_does_but_for_what_it_cannot_show(
    size: tuple[int, int],
) -> None:
    x, y = positions(64, 96)
    x, y = 4 + 0.9 * x + 0.05 * y, 0.95 * y
    frame = resample(smooth(64, 96), x, y, padding="border", sampling="bicubic")
    small = carried(smooth(*size), x, y, padding="border", sampling="bicubic")
    torch.testing.assert_close(small, shrunk(frame, *size), rtol=0, atol=0.02)


@pytest.mark.parametrize("frame", [(64, 96), (96, 144), (90, 160), (448, 768)])
def test_a_hundred_small_moves_there_and_back_leave_it_where_it_was(frame: tuple[int, int]) -> None:
    """Also where the cells of what is kept are no whole number of pixels."""
    kept = start = smooth(64, 96)
    x, y = positions(*frame)
    for step in range(100):
        shift = 0.3 if step % 2 else -0.3
        kept = carried(kept, x + shift, y, padding="border", sampling="bicubic")
    inner = (..., slice(None), slice(8, -8))
    torch.testing.assert_close(kept[inner], start[inner], rtol=0, atol=0.03)
