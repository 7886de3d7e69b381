"""What a clip carries along lies where its motion brings it, and nothing goes over a cut."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from pipeline.networks.flow.dis import DisFlow
from pipeline.render.clip_step import Carried, carried
from pipeline.spec.clip import CarrySpec
from tools.bench.moving_pictures import (
    Layer,
    Matrix,
    MovingPictures,
    disc,
    moving_pictures,
    shifted,
    turned,
)

HEIGHT, WIDTH = 160, 256
BALL = disc(100, 80, 35)
MOTIONS = {
    "pan": (shifted(3, -2), shifted(3, -2)),
    "a ball before a pan": (shifted(-1.5, 0.7), shifted(3, 0)),
    "a ball before a zoom": (turned(0, 1.03, HEIGHT, WIDTH), shifted(4, 2)),
    "turn": (turned(2, 1.0, HEIGHT, WIDTH), turned(2, 1.0, HEIGHT, WIDTH)),
    "fast": (shifted(12, 5), shifted(-6, 0)),
}


def clip(ground: Matrix, ball: Matrix) -> MovingPictures:
    return moving_pictures(HEIGHT, WIDTH, Layer(1, ground), Layer(2, ball, BALL))


def along(earlier: Tensor, made: MovingPictures, blend: float = 1.0, mask: float = 1.0) -> Carried:
    pictures, shares = (earlier, made.old, made.new), (blend, 0.0, 1 - blend)
    return carried(pictures, shares, CarrySpec(mask), DisFlow())


@pytest.mark.parametrize("name", MOTIONS)
def test_what_comes_along_lies_within_half_a_pixel_of_the_truth(name: str) -> None:
    made = clip(*MOTIONS[name])
    found = along(made.old, made)
    assert found.way is not None
    x, y = found.way.backward()
    row, column = torch.meshgrid(torch.arange(HEIGHT), torch.arange(WIDTH), indexing="ij")
    off = torch.hypot(x[0] - column - made.to_old[0, 0], y[0] - row - made.to_old[0, 1])
    came = found.came[0, 0] == 1
    assert came.float().mean() > 0.8
    assert (off[came] <= 0.5).float().mean() > 0.999
    assert off[came].mean() < 0.05
    # Of what was hidden hardly anything counts as shown.
    assert (came & ~made.shown[0, 0]).float().mean() < 0.001


@pytest.mark.parametrize("name", MOTIONS)
def test_the_clips_own_frame_stands_where_nothing_came(name: str) -> None:
    """A clip that carries itself along is the clip."""
    made = clip(*MOTIONS[name])
    found = along(made.old, made)
    error = (found.sight.picture - made.new).abs()
    assert error.mean() < 0.01
    assert torch.equal((error * (found.came == 0)).amax(), torch.tensor(0.0))
    assert torch.equal(found.sight.known, torch.ones_like(found.came))


def test_blend_is_the_share_of_what_came() -> None:
    made = clip(shifted(3, 0), shifted(3, 0))
    red = torch.ones_like(made.old) * torch.tensor([1.0, -1.0, -1.0])[:, None, None]
    inner = (..., slice(20, -20), slice(20, -20))
    for blend in (0.25, 0.9, 1.0):
        found = along(red, made, blend).sight.picture
        expected = blend * red + (1 - blend) * made.new
        assert (found - expected)[inner].abs().max() < 1e-5


def test_mask_is_how_far_the_clip_stands_in() -> None:
    made = clip(*MOTIONS["a ball before a pan"])
    red = torch.ones_like(made.old) * torch.tensor([1.0, -1.0, -1.0])[:, None, None]
    strict, half, never = (along(red, made, mask=mask) for mask in (1.0, 0.5, 0.0))
    lost = (strict.came == 0) & (never.came == 1)
    assert 0.01 < lost.float().mean() < 0.1
    at = lost.expand_as(red)
    assert (half.came[lost] == 0.5).all()
    assert (
        ((half.sight.picture - (strict.sight.picture + never.sight.picture) / 2)[at]).abs().max()
        < 1e-5
    )
    # From beyond the edges nothing comes, whatever the mask says.
    assert (never.came[..., -1] == 0).any()


def test_nothing_goes_over_a_cut() -> None:
    made = clip(shifted(2, 0), shifted(2, 0))
    other = moving_pictures(HEIGHT, WIDTH, Layer(30, shifted(0, 0)))
    found = along(-made.old, replace(made, new=other.old), blend=0.9)
    assert found.way is None
    assert torch.equal(found.came, torch.zeros_like(found.came))
    assert torch.allclose(found.sight.picture, other.old, atol=1e-6)


def test_a_picture_that_comes_at_the_end_of_a_shot_keeps_its_share() -> None:
    made = clip(shifted(3, 0), shifted(3, 0))
    end = torch.zeros_like(made.old)
    pictures, shares = (made.old, made.old, made.new, end), (0.45, 0.0, 0.05, 0.5)
    found = carried(pictures, shares, CarrySpec(), DisFlow())
    alone = carried(pictures[:3], (0.9, 0.0, 0.1), CarrySpec(), DisFlow())
    assert torch.allclose(found.sight.picture, 0.5 * alone.sight.picture, atol=1e-5)
