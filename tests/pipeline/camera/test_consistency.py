"""What of a new picture an old one shows, by two flows that are known exactly."""

from __future__ import annotations

import pytest
import torch

from pipeline.camera.consistency import consistency
from tools.bench.moving_pictures import Layer, disc, moving_pictures, shifted, turned

H, W = 60, 80


def test_a_still_picture_shows_all_of_itself() -> None:
    still = torch.zeros(1, 2, H, W)
    assert torch.equal(consistency(still, still), torch.ones(1, 1, H, W))


def test_what_comes_in_over_an_edge_is_not_shown() -> None:
    moving = moving_pictures(H, W, Layer(1, shifted(5, -3)))
    mask = consistency(moving.to_old, moving.to_new)
    expected = torch.ones(1, 1, H, W)
    expected[..., :5], expected[..., H - 3 :, :] = 0, 0
    assert torch.equal(mask, expected)


@pytest.mark.parametrize("motion", [shifted(7, 2), turned(8, 1.2, H, W), turned(-4, 0.8, H, W)])
def test_true_flows_of_one_surface_agree_wherever_it_is_shown(motion) -> None:  # type: ignore[no-untyped-def]
    moving = moving_pictures(H, W, Layer(1, motion))
    assert torch.equal(consistency(moving.to_old, moving.to_new) > 0, moving.shown)


def test_what_a_disc_uncovers_is_not_shown_nor_are_two_pixels_along_its_edge() -> None:
    moving = moving_pictures(
        H, W, Layer(1, shifted(0, 0)), Layer(2, shifted(9, 0), disc(36, 30, 14))
    )
    mask = consistency(moving.to_old, moving.to_new) > 0
    assert 9 * 26 < int((~moving.shown).sum()) < 9 * 30
    assert int((mask & ~moving.shown).sum()) <= 4, "the tips of the crescent"
    x, y = torch.arange(W), torch.arange(H)[:, None]
    from_edge = (torch.hypot(x - 45.0, y - 30.0) - 14).abs()
    assert mask[moving.shown & (from_edge > 3)].all()
    assert not mask[0, 0][from_edge < 1].any()


def test_the_middle_of_a_zoom_is_shown() -> None:
    """By the paper's own limit on gradients, 2 * 0.1^2 > 0.01 |f|^2 + 0.002, it would not be."""
    moving = moving_pictures(H, W, Layer(1, turned(0, 1.1, H, W)))
    assert consistency(moving.to_old, moving.to_new).min() == 1


@pytest.mark.parametrize("size", [(1, 1), (4, 9), (9, 4)])
def test_pictures_of_a_few_pixels_have_a_mask(size: tuple[int, int]) -> None:
    still = torch.zeros(1, 2, *size)
    assert torch.equal(consistency(still, still), torch.ones(1, 1, *size))


@pytest.mark.parametrize(
    ("there", "back", "agrees"),
    [(0.0, 0.7, True), (0.0, 0.72, False), (10.0, -8.6, True), (10.0, -8.4, False)],
)
def test_the_limit_is_that_of_the_paper(there: float, back: float, agrees: bool) -> None:
    """0.72^2 > 0.5; 1.4^2 = 1.96 < 0.01 (100 + 73.96) + 0.5 = 2.24 < 1.6^2."""
    flow = torch.zeros(1, 2, H, W)
    to_old, to_new = flow.clone(), flow.clone()
    to_old[:, 0], to_new[:, 0] = there, back
    assert bool(consistency(to_old, to_new)[0, 0, 30, 30]) is agrees
