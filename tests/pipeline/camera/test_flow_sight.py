"""A picture carried by flow: where it is known, what fills the rest, how much it grew."""

from __future__ import annotations

import pytest
import torch

from pipeline.camera.consistency import consistency
from pipeline.camera.flow_map import FlowMap
from pipeline.camera.maps import FlatMap
from pipeline.camera.sight import Sight, flat_sight, flow_sight
from tools.bench.moving_pictures import (
    Layer,
    MovingPictures,
    disc,
    moving_pictures,
    shifted,
    turned,
)

H, W = 60, 80


def seen(moving: MovingPictures, padding: str = "border", sampling: str = "bicubic") -> Sight:
    way = FlowMap(moving.to_new, moving.to_old)
    shown = consistency(moving.to_old, moving.to_new)
    return flow_sight(moving.old, way, shown, padding=padding, sampling=sampling)


@pytest.mark.parametrize("padding", ["border", "reflection", "zeros"])
def test_it_is_the_flat_sight_of_a_flat_motion(padding: str) -> None:
    matrix = turned(6, 1.05, H, W)
    flow = seen(moving_pictures(H, W, Layer(1, matrix)), padding)
    picture = moving_pictures(H, W, Layer(1, matrix)).old
    flat = flat_sight(picture, FlatMap(matrix, W, H), padding=padding, sampling="bicubic")
    inside = flat.known == 1
    torch.testing.assert_close(flow.known > 0.5, flat.known > 0.5)
    torch.testing.assert_close(flow.picture * inside, flat.picture * inside, atol=2e-3, rtol=0)
    torch.testing.assert_close(flow.stretch * inside, flat.stretch * inside, atol=2e-3, rtol=0)


def test_what_comes_in_is_not_known_even_where_the_picture_wraps() -> None:
    moving = moving_pictures(H, W, Layer(1, shifted(5, 0)))
    sight = seen(moving, "wrap")
    assert sight.known[..., :5].max() == 0 and sight.known[..., 5:].min() == 1
    assert torch.equal(sight.picture[..., :5], moving.old[..., -5:])
    assert torch.equal(sight.picture[..., 5:], moving.old[..., :-5])


def test_what_is_uncovered_is_filled_from_around_it() -> None:
    """A white disc on grey moves; what it uncovers goes smoothly from the one to the other."""
    moving = moving_pictures(
        H, W, Layer(1, shifted(0, 0)), Layer(2, shifted(9, 0), disc(36, 30, 14))
    )
    at_x = torch.arange(W)
    white = (at_x - 36.0) ** 2 + (torch.arange(H)[:, None] - 30.0) ** 2 <= 14**2
    picture = torch.where(white, 0.9, -0.3).expand(1, 3, H, W)
    way = FlowMap(moving.to_new, moving.to_old)
    sight = flow_sight(picture, way, moving.shown.float(), padding="border", sampling="bilinear")
    assert sight.picture[0, 0, 30, 31:59].min() > 0.85
    uncovered = sight.picture[0, 0, 30, 22:31]
    assert uncovered[0] < -0.2 and uncovered[-1] > 0.6
    assert (uncovered.diff() > 0).all()
    assert torch.equal(sight.known > 0, moving.shown)
    assert torch.equal(sight.stretch[~moving.shown], torch.ones(int((~moving.shown).sum())))


def test_uneven_flow_makes_nothing_grow() -> None:
    """What forgets by stretches above 1 would else forget by the noise alone."""
    still = torch.zeros(1, 2, H, W)
    noise = torch.randn(1, 2, H, W, generator=torch.Generator().manual_seed(0)) * 0.05
    picture, shown = torch.zeros(1, 3, H, W), torch.ones(1, 1, H, W)
    way = FlowMap(still, noise)
    sight = flow_sight(picture, way, shown, padding="border", sampling="bilinear")
    inner = (sight.stretch - 1)[..., 8:-8, 8:-8]
    assert inner.std() < 0.006 and inner.abs().max() < 0.03
    folded = FlowMap(still, noise * 100)
    sight = flow_sight(picture, folded, shown, padding="border", sampling="bilinear")
    assert sight.stretch.min() >= 1 / 4 and sight.stretch.max() <= 4
