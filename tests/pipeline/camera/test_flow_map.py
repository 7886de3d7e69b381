"""The way that optical flow has seen: there, back, and which of two that meet is in front."""

from __future__ import annotations

import torch

from pipeline.camera.flow_map import FlowMap
from pipeline.camera.maps import FlatMap
from pipeline.diffusion.noise_field import NoiseField
from tools.bench.moving_pictures import Layer, disc, moving_pictures, shifted, turned

H, W = 48, 64


def test_it_is_the_flat_way_where_all_turns_and_grows() -> None:
    matrix = turned(5, 1.1, H, W)
    moving = moving_pictures(H, W, Layer(1, matrix))
    seen, flat = FlowMap(moving.to_new, moving.to_old), FlatMap(matrix, W, H)
    for found, true in zip(seen.backward(), flat.backward(), strict=True):
        torch.testing.assert_close(found, true, atol=1e-3, rtol=0)
    x, y = torch.rand(2, 500, generator=torch.Generator().manual_seed(0)) * 40 + 2
    new_x, new_y, depth = seen.forward(x, y)
    true_x, true_y, _ = flat.forward(x, y)
    torch.testing.assert_close(new_x, true_x, atol=1e-3, rtol=0)
    torch.testing.assert_close(new_y, true_y, atol=1e-3, rtol=0)
    inside = (new_x >= 0) & (new_x <= W - 1) & (new_y >= 0) & (new_y <= H - 1)
    torch.testing.assert_close(depth[inside], torch.ones_like(x)[inside], atol=1e-3, rtol=0)


def test_what_is_covered_lies_behind_what_covers_it() -> None:
    """The disc moves right by 6, over a still background: both come to x = 40."""
    moving = moving_pictures(
        H, W, Layer(1, shifted(0, 0)), Layer(2, shifted(6, 0), disc(30, 24, 10))
    )
    way = FlowMap(moving.to_new, moving.to_old)
    x, _, depth = way.forward(torch.tensor([34.0, 43.0]), torch.tensor([24.0, 24.0]))
    assert x.tolist() == [40.0, 43.0]
    assert depth.tolist() == [1.0, 7.0]


def test_noise_goes_along_with_the_disc() -> None:
    moving = moving_pictures(
        H, W, Layer(1, shifted(0, 0)), Layer(2, shifted(6, 0), disc(30, 24, 10))
    )
    before = NoiseField.begin(7, W, H)
    after = before.carried(FlowMap(moving.to_new, moving.to_old).forward)
    rows, columns = slice(18, 31), slice(30, 43)
    assert (after.ids[rows, columns] == before.ids[rows, 24:37]).all()
    assert (after.ids[:, 50:] == before.ids[:, 50:]).all()
    assert (after.ids[20:28, 21:25] >= H * W).all(), "what is uncovered has new noise"
