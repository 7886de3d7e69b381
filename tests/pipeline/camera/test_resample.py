"""Reading between pixels, against torch's own `grid_sample` and against tiled pictures."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn.functional import grid_sample

from pipeline.camera.resample import PADDINGS, SAMPLINGS, resample

H, W = 5, 8


@pytest.fixture
def picture() -> Tensor:
    return torch.rand(2, 3, H, W, generator=torch.Generator().manual_seed(0)).double() * 2 - 1


@pytest.fixture
def positions() -> tuple[Tensor, Tensor]:
    """Places in and far around the picture, other ones for each of two pictures."""
    x, y = torch.rand(2, 2, 6, 7, generator=torch.Generator().manual_seed(1)).double()
    return x * 4 * W - 1.5 * W, y * 4 * H - 1.5 * H


@pytest.mark.parametrize("sampling", sorted(SAMPLINGS.keys() - {"crisp"}))
@pytest.mark.parametrize("padding", ["border", "reflection", "zeros"])
def test_agrees_with_grid_sample(
    picture: Tensor, positions: tuple[Tensor, Tensor], padding: str, sampling: str
) -> None:
    x, y = positions
    grid = torch.stack([(2 * x + 1) / W - 1, (2 * y + 1) / H - 1], dim=-1)
    # Its zeros are black once black is 0.
    expected = grid_sample(picture + 1, grid, sampling, padding, align_corners=False) - 1
    found = resample(picture, x, y, padding=padding, sampling=sampling)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("sampling", sorted(SAMPLINGS))
def test_wrapping_reads_an_endless_tiling(
    picture: Tensor, positions: tuple[Tensor, Tensor], sampling: str
) -> None:
    x, y = positions
    tiling = picture.repeat(1, 1, 7, 7)
    expected = resample(tiling, x + 3 * W, y + 3 * H, padding="border", sampling=sampling)
    found = resample(picture, x, y, padding="wrap", sampling=sampling)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("sampling", sorted(SAMPLINGS))
@pytest.mark.parametrize("padding", sorted(PADDINGS))
def test_whole_positions_return_their_pixels_bit_for_bit(padding: str, sampling: str) -> None:
    picture = torch.rand(1, 3, 3, 1001, generator=torch.Generator().manual_seed(2)) * 2 - 1
    x = torch.arange(1001.0).expand(1, 3, 1001)
    y = torch.arange(3.0)[:, None].expand(1, 3, 1001)
    assert torch.equal(resample(picture, x, y, padding=padding, sampling=sampling), picture)


@pytest.mark.parametrize(
    ("padding", "row"),
    [
        ("wrap", [0.3, 0.1, 0.2, 0.3, 0.1]),
        ("border", [0.1, 0.1, 0.2, 0.3, 0.3]),
        ("reflection", [0.1, 0.1, 0.2, 0.3, 0.3]),
        ("zeros", [-1.0, 0.1, 0.2, 0.3, -1.0]),
    ],
)
def test_what_lies_beyond_the_edges(padding: str, row: list[float]) -> None:
    picture = torch.tensor([0.1, 0.2, 0.3])[None, None, None]
    x = torch.arange(-1.0, 4.0)[None, None]
    found = resample(picture, x, torch.zeros_like(x), padding=padding, sampling="bilinear")
    assert torch.equal(found[0, 0, 0], torch.tensor(row))


def test_reflection_goes_on_backwards() -> None:
    picture = torch.tensor([0.1, 0.2, 0.3])[None, None, None]
    x = torch.tensor([-3.0, -2.0, 4.0, 5.0, 6.0])[None, None]
    found = resample(picture, x, torch.zeros_like(x), padding="reflection", sampling="bilinear")
    assert torch.equal(found[0, 0, 0], torch.tensor([0.3, 0.2, 0.2, 0.1, 0.1]))


@pytest.mark.parametrize("sampling", sorted(SAMPLINGS))
def test_weights_sum_to_one(sampling: str) -> None:
    fraction = torch.linspace(0, 1, 101, dtype=torch.float64)[:-1]
    total = sum((weight for _, weight in SAMPLINGS[sampling](fraction)), torch.zeros(100))
    torch.testing.assert_close(total, torch.ones(100, dtype=torch.float64))


@pytest.mark.parametrize("padding", sorted(PADDINGS))
def test_positions_at_infinity_are_beyond_the_edge(picture: Tensor, padding: str) -> None:
    x = torch.tensor([-torch.inf, -1e30, 1e30, torch.inf]).double()[None, None]
    found = resample(picture, x, torch.zeros_like(x), padding=padding, sampling="bicubic")
    assert found.isfinite().all()


def test_dtype_and_gradient_are_those_of_the_picture() -> None:
    picture = torch.zeros(1, 3, 4, 4, dtype=torch.float16, requires_grad=True)
    x = torch.full((1, 1, 1), 1.5)
    found = resample(picture, x, x, padding="border", sampling="bilinear")
    assert found.dtype == torch.float16
    (gradient,) = torch.autograd.grad(found.sum(), picture)
    assert torch.equal(gradient[0, 0, 1:3, 1:3], torch.full((2, 2), 0.25, dtype=torch.float16))
    assert gradient.sum() == 3
