"""From inverse depth to depth, and why its scale does not pump."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from pipeline.image import to_tensor
from pipeline.models.depth import load_depth
from pipeline.models.depth_scale import Planes, disco_depth, steady, steady_depth
from pipeline.models.registry import UPSCALER
from pipeline.warp import NEAR
from tests.pipeline.models.tiny import CPU
from tools.world.paint import paint

PLANES = Planes(0.8, 2.6)
W, H = 96, 64
SHARES = [1.02**-frame for frame in range(24)]


def test_planes_lie_at_the_ends_of_inverse_depth() -> None:
    z = Planes(0.5, 4.0).depth(torch.tensor([1.0, 0.5, 0.0]))
    torch.testing.assert_close(z, torch.tensor([0.5, 2 / (1 / 0.5 + 1 / 4.0), 4.0]))


@pytest.mark.parametrize(("near", "far"), [(0.0, 1.0), (-1.0, 1.0), (2.0, 2.0), (2.0, 1.0)])
def test_planes_in_the_wrong_order_are_refused(near: float, far: float) -> None:
    with pytest.raises(ValueError, match=f"near is {near} and far {far}; near is above 0"):
        Planes(near, far)


def test_depth_as_disco_has_it() -> None:
    z = disco_depth(torch.tensor([0.0, 12.0, 31.0, 49.9999, 50.0, 80.0]))
    expected = [50 / 19, 2.0, 1.0, NEAR, NEAR, NEAR]
    torch.testing.assert_close(z, torch.tensor(expected))


def test_evenly_spread_inverse_depth_fills_the_planes() -> None:
    p = torch.linspace(3, 7, 10001, dtype=torch.float64).view(1, 1, 1, -1)
    torch.testing.assert_close(
        steady(p), torch.linspace(0, 1, 10001, dtype=torch.float64).view_as(p), atol=1e-3, rtol=0
    )
    z = steady_depth(PLANES)(p)
    assert (z[..., 0].item(), z[..., -1].item()) == pytest.approx((2.6, 0.8), rel=1e-3)


def test_scale_and_shift_cancel_out_of_each_picture() -> None:
    p = torch.rand(2, 1, 30, 40)
    scaled = torch.cat([3 * p[:1] + 5, 0.2 * p[1:] - 0.1])
    torch.testing.assert_close(steady(scaled), steady(p), atol=1e-5, rtol=0)


def test_what_is_far_outside_lies_on_a_plane() -> None:
    p = torch.rand(1, 1, 30, 40)
    p[..., :2, :2], p[..., -2:, -2:] = 50.0, -50.0
    q = steady(p)
    assert (q[..., :2, :2] == 1).all() and (q[..., -2:, -2:] == 0).all()


@pytest.mark.parametrize("level", [0.0, 20.0])
def test_a_flat_picture_lies_half_way(level: float) -> None:
    noise = torch.rand(1, 1, 30, 40) * 1e-4 * level
    q = steady(level + noise)
    torch.testing.assert_close(q, torch.full_like(q, 0.5), atol=0.01, rtol=0)


def min_max(p: Tensor) -> Tensor:
    """The normalisation that pumps: each picture's least and greatest become 0 and 1."""
    return (p - p.amin()) / (p.amax() - p.amin())


def middle(image: Tensor, share: float) -> Tensor:
    """The middle `share` of an image `(1, C, h, w)`, at W x H."""
    window = torch.tensor([[[share, 0.0, 0.0], [0.0, share, 0.0]]])
    grid = affine_grid(window, [1, 1, H, W], align_corners=False)
    return grid_sample(image, grid, mode="bilinear", align_corners=False)


STARTER = UPSCALER.with_name("depth")


def painted_depth(seed: int) -> list[Tensor]:
    """A flight into a painting: its own inverse depth, 2% larger with each frame."""
    inverse = torch.from_numpy(paint(seed, 2 * W, 2 * H).inverse_depth)[None, None]
    return [middle(inverse, share) for share in SHARES]


def estimated_depth(seed: int) -> list[Tensor]:
    """The same flight, as a network sees it; its pictures flicker as rendered ones do."""
    picture = to_tensor(paint(seed, 2 * W, 2 * H).picture)
    network = load_depth(STARTER, CPU)
    flicker = torch.Generator().manual_seed(seed)
    frames = []
    for share in SHARES:
        gain, offset = (torch.randn(2, generator=flicker) * 0.05).tolist()
        seen = middle(picture, share) * (1 + gain) + offset
        frames.append(1 / network(seen.clamp(-1, 1)))
    return frames


def disturbed(frames: list[Tensor], seed: int) -> list[Tensor]:
    """Each with a scale and a shift of its own, of about a tenth."""
    generator = torch.Generator().manual_seed(seed)
    draws = [torch.randn(2, generator=generator) * 0.1 for _ in frames]
    return [draw[0].exp() * p + draw[1] for p, draw in zip(frames, draws, strict=True)]


def pumping(frames: list[Tensor], normalise: Callable[[Tensor], Tensor]) -> float:
    """How unevenly the depth of the same things changes from frame to frame.

    The things are those that the last frame still shows; a motion passes them at a speed of 1 / z.
    In per cent of the deviation of log z in a picture: a scale that makes all depth alike would be
    no remedy.
    """
    depths = [PLANES.depth(normalise(p)).log() for p in frames]
    means = [
        middle(log_z, SHARES[-1] / share).mean().item()
        for log_z, share in zip(depths, SHARES, strict=True)
    ]
    spread = np.mean([log_z.std().item() for log_z in depths])
    return float(100 * np.diff(means).std() / spread)


def constant(p: Tensor) -> Tensor:
    """The same scale for all pictures."""
    return p.clamp(0, 1)


@pytest.mark.parametrize("flight", [painted_depth, estimated_depth])
def test_a_flight_is_even_whatever_scale_each_picture_was_given(
    flight: Callable[[int], list[Tensor]],
) -> None:
    steadily, by_extremes, by_constants = [], [], []
    for seed in range(100, 106):
        frames = disturbed(flight(seed), seed)
        steadily.append(pumping(frames, steady))
        by_extremes.append(pumping(frames, min_max))
        by_constants.append(pumping(frames, constant))
    assert np.mean(steadily) < 1
    assert np.mean(by_extremes) > 1.6 * np.mean(steadily)
    assert np.mean(by_constants) > 40 * np.mean(steadily)
