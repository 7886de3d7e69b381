from __future__ import annotations

from math import floor
from typing import get_args

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.perlin import PerlinMode, perlin, perlin_init

MODES = pytest.mark.parametrize("mode", get_args(PerlinMode))


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def gradients(channels: int, rows: int, columns: int) -> Tensor:
    return torch.randn(2, channels, rows + 1, columns + 1, generator=generator())


def saturation(picture: Tensor) -> Tensor:
    """The largest difference between the channels of a pixel, `(N, H, W)`."""
    return picture.amax(1) - picture.amin(1)


def test_the_noise_is_faded_between_the_ramps_of_the_four_crossings() -> None:
    """Computed place by place."""
    slopes, x, y = gradients(2, 3, 4), torch.tensor([0.0, 1.3, 3.9]), torch.tensor([0.25, 2.5])
    made = perlin(slopes, x, y)
    assert made.shape == (2, 2, 3)
    for c, i, j in torch.cartesian_prod(torch.arange(2), torch.arange(2), torch.arange(3)):
        px, py = x[j].item(), y[i].item()
        expected = 0.0
        for node_x in (floor(px), floor(px) + 1):
            for node_y in (floor(py), floor(py) + 1):
                ramp = slopes[:, c, node_y, node_x] @ torch.tensor([px - node_x, py - node_y])
                u, v = 1 - abs(px - node_x), 1 - abs(py - node_y)
                expected += (3 * u**2 - 2 * u**3) * (3 * v**2 - 2 * v**3) * ramp.item()
        assert made[c, i, j].item() == pytest.approx(expected, abs=1e-6)


def test_at_a_crossing_it_is_0_with_the_slope_that_was_given() -> None:
    slopes, h = gradients(1, 3, 3), 1e-4
    at = torch.tensor([1.0, 2.0])
    assert perlin(slopes, at, at).abs().max() == 0
    torch.testing.assert_close(
        perlin(slopes, at + h, at) / h, slopes[0][:, 1:3, 1:3], atol=5e-3, rtol=0
    )
    torch.testing.assert_close(
        perlin(slopes, at, at + h) / h, slopes[1][:, 1:3, 1:3], atol=5e-3, rtol=0
    )


@MODES
@pytest.mark.parametrize(("width", "height"), [(96, 64), (33, 80), (1, 1)])
def test_an_init_is_a_picture(mode: PerlinMode, width: int, height: int) -> None:
    picture = perlin_init(width, height, mode, generator())
    assert picture.shape == (1, 3, height, width)
    assert picture.isfinite().all() and picture.abs().max() <= 1


def test_the_modes_differ_in_colour() -> None:
    color, gray, mixed = (
        perlin_init(96, 64, mode, generator()) for mode in ("color", "gray", "mixed")
    )
    assert saturation(gray).max() == 0
    assert saturation(color).mean() > saturation(mixed).mean() > 0.1


def test_mixed_has_grey_in_its_small_clouds() -> None:
    """Its channels differ by large clouds alone, which are smoother."""
    for seed in range(3):
        color, mixed = (
            perlin_init(128, 128, mode, generator(seed))[0] for mode in ("color", "mixed")
        )
        assert roughness(mixed[0] - mixed[1]) < roughness(color[0] - color[1]) - 0.05


def roughness(field: Tensor) -> float:
    """The root mean square difference of pixels 8 apart, relative to the spread."""
    return ((field[:, 8:] - field[:, :-8]).square().mean().sqrt() / field.std()).item()


@MODES
def test_the_clouds_are_large_with_fine_detail(mode: PerlinMode) -> None:
    """Neighbours are alike, places far apart are not, and there is structure in between."""
    picture = perlin_init(128, 128, mode, generator())
    changes = [
        (picture[..., gap:] - picture[..., :-gap]).square().mean().item() for gap in (1, 6, 32)
    ]
    assert changes[0] < changes[1] / 4 and changes[1] < changes[2] / 2
    assert picture.std() > 0.15 and abs(picture.mean()) < 0.35


def test_the_generator_decides() -> None:
    one, again, other = (perlin_init(16, 16, "color", generator(seed)) for seed in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.allclose(one, other, atol=0.1)
