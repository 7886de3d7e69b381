"""Two sights of one moment."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from pipeline.camera.meeting import between_flows, gone_on, met
from pipeline.camera.sight import Sight

H, W = 96, 144


def grey(level: float) -> Tensor:
    return torch.full((1, 3, H, W), level)


def sight(picture: Tensor, known: Tensor | None = None) -> Sight:
    ones = torch.ones(1, 1, H, W)
    return Sight(picture, ones if known is None else known, ones)


def flow(x: float, y: float) -> Tensor:
    return torch.tensor([x, y]).view(1, 2, 1, 1).expand(1, 2, H, W)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_both_count_by_how_near_they_are_in_time(share: float) -> None:
    seen = met(sight(grey(-0.5)), sight(grey(0.5)), share)
    assert torch.allclose(seen, grey(share - 0.5), atol=1e-6)


def test_where_one_does_not_know_the_other_stands_alone() -> None:
    known = torch.ones(1, 1, H, W)
    known[..., : W // 2] = 0
    seen = met(sight(grey(-1.0), known), sight(grey(1.0)), 0.5)
    assert (seen[..., : W // 2] == 1).all()
    assert torch.allclose(seen[..., -4:], grey(0.0)[..., -4:], atol=1e-6)
    # From one to the other it goes without a step that would show as a seam.
    steps = seen.diff(dim=-1).abs()
    assert steps.max() < 0.3 and seen[..., W // 2].max() > 0.7


def test_where_neither_knows_the_first_stands_in() -> None:
    nothing = torch.zeros(1, 1, H, W)
    assert torch.equal(met(sight(grey(-0.3), nothing), sight(grey(1.0), nothing), 0.9), grey(-0.3))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_what_moves_evenly_is_where_the_time_has_brought_it(share: float) -> None:
    to_first, to_second = between_flows(flow(6.0, -3.0), flow(-6.0, 3.0), share)
    assert torch.allclose(to_first, -share * flow(6.0, -3.0), atol=1e-5)
    assert torch.allclose(to_second, (1 - share) * flow(6.0, -3.0), atol=1e-5)


def test_a_picture_that_has_moved_and_gone_on_is_resampled_once() -> None:
    """Half a pixel and half a pixel more are a whole one: not a bit of sharpness is lost."""
    picture = torch.rand(1, 3, H, W, generator=torch.Generator().manual_seed(1)) * 2 - 1
    column = torch.arange(W, dtype=torch.float32).expand(1, H, W)
    row = torch.arange(H, dtype=torch.float32)[:, None].expand(1, H, W)
    blurred = (picture + picture.roll(-1, dims=-1)) / 2
    moved = Sight(blurred, *[torch.ones(1, 1, H, W)] * 2, source=(column + 0.5, row))
    seen = gone_on(picture, moved, flow(0.5, 0.0), padding="border", sampling="bilinear")
    assert torch.allclose(seen.picture[..., :-2], picture[..., 1:-1], atol=1e-5)


def test_what_is_not_known_goes_on_as_it_was_filled() -> None:
    known = torch.zeros(1, 1, H, W)
    source = (torch.zeros(1, H, W), torch.zeros(1, H, W))
    seen = gone_on(
        grey(1.0),
        Sight(grey(-0.25), known, torch.ones_like(known), source=source),
        flow(2.0, 1.0),
        padding="border",
        sampling="bicubic",
    )
    assert torch.allclose(seen.picture, grey(-0.25))
    assert (seen.known == 0).all()
