from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from tools.train.data import World
from tools.train.views import ViewSource, draw_ways, moved

STILL = {"zoom": 0.0, "roll": 0.0, "shift": 0.0}
MOTION = {"zoom": 0.05, "roll": 2.0, "shift": 1.0}


def random(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def source(noise: float, **changes: object) -> ViewSource:
    """Two paintings of 96 x 64 px, of which drafts 0 are clean and drafts 1 lighter by `noise`."""
    pixels = np.random.default_rng(0).integers(40, 200, (2, 64, 96, 3), dtype=np.uint8)
    world = World(pixels, pixels[..., 0], np.zeros((2, 7), np.int64))
    clean = avg_pool2d(world.pictures_at(np.arange(2)), 8)
    drafts = torch.stack([clean, clean + noise]).half().numpy()
    return replace(ViewSource(world, drafts, 6, STILL, 0.0, torch.device("cpu")), **changes)


def shrunk(pictures: Tensor) -> Tensor:
    return avg_pool2d(pictures, 8)


def test_no_motion_leaves_a_picture_as_it_is() -> None:
    picture = torch.rand(3, 3, 16, 16, generator=random(1))
    ways = draw_ways(3, 2, STILL, random(0))
    torch.testing.assert_close(moved(picture, ways), picture, atol=1e-5, rtol=0)


def test_a_shift_is_counted_in_native_pixels() -> None:
    """By a quarter of a view of 4 px, which is 8 of its 32 large ones."""
    picture = torch.rand(1, 3, 32, 32, generator=random(1))
    way = torch.tensor([[[1.0, 0.0, 2 / 4], [0.0, 1.0, 0.0]]])
    torch.testing.assert_close(moved(picture, way)[..., :24], picture[..., 8:], atol=1e-4, rtol=0)
    drawn = draw_ways(1000, 4, {**STILL, "shift": 1.0}, random(0))
    assert 0.49 < drawn[:, :, 2].abs().max() <= 0.5


def test_ways_zoom_and_turn_no_further_than_they_may() -> None:
    ways = draw_ways(1000, 4, {"zoom": 0.05, "roll": 2.0, "shift": 0.0}, random(0))
    zooms = torch.linalg.det(ways[:, :, :2]).sqrt()
    turns = torch.atan2(ways[:, 1, 0], ways[:, 0, 0]).rad2deg()
    assert 0.945 < zooms.min() < 0.955 and 1.045 < zooms.max() < 1.055
    assert 1.9 < turns.max() <= 2.0 and -2.0 <= turns.min() < -1.9
    assert not ways[:, :, 2].any()


def test_a_clean_draft_is_the_painting_shrunk_wherever_it_has_gone() -> None:
    views = source(0.0, motion=MOTION).draw(5, random(3))
    assert views.small.shape == (10, 3, 6, 6) and views.large.shape == (10, 3, 48, 48)
    torch.testing.assert_close(views.small, shrunk(views.large), atol=1e-2, rtol=0)
    torch.testing.assert_close(views.large[5:], moved(views.large[:5], views.ways))
    assert (views.large[5:] - views.large[:5]).abs().mean() > 0.1


def test_the_second_view_has_the_first_ones_draft_as_often_as_it_is_told_to() -> None:
    for share in (0.0, 1.0):
        views = source(0.25, same_draft=share, motion=MOTION).draw(60, random(4))
        added = (views.small - shrunk(views.large)).mean(dim=(1, 2, 3))
        same = ((added[:60] - added[60:]).abs() < 0.1).float().mean()
        # Of two drafts, another drawn one is the first in half of the cases.
        assert same == 1 if share else 0.3 < same < 0.7


def test_what_is_drawn_is_a_function_of_the_generator() -> None:
    one, same, other = (source(0.1, motion=MOTION).draw(3, random(seed)) for seed in (5, 5, 6))
    assert torch.equal(one.small, same.small) and torch.equal(one.large, same.large)
    assert not torch.equal(one.small, other.small)
