"""Depth laid onto depth by scale and shift of its inverse."""

from __future__ import annotations

import pytest
import torch

from pipeline.camera.depth_fit import beyond_an_edge, fit_depth
from tests.pipeline.warp_scenes import hills, plane

H, W = 24, 36
TRUE = hills(H, W)
EVERYWHERE = torch.ones(1, 1, H, W)


def otherwise(scale: float, shift: float) -> torch.Tensor:
    """The true depth by another scale and shift of its inverse."""
    return 1 / (scale / TRUE + shift)


@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (0.6, 0.3), (2.0, -0.4), (1.0, 1.5)])
def test_scale_and_shift_are_found(scale: float, shift: float) -> None:
    fitted = fit_depth(otherwise(scale, shift), TRUE, EVERYWHERE)
    torch.testing.assert_close(fitted, TRUE, rtol=5e-3, atol=0)


def test_a_fifth_of_outliers_changes_little() -> None:
    generator = torch.Generator().manual_seed(0)
    wrong = torch.rand(TRUE.shape, generator=generator) < 0.2
    known = torch.where(wrong, 0.5 + 3 * torch.rand(TRUE.shape, generator=generator), TRUE)
    fitted = fit_depth(otherwise(0.6, 0.3), known, EVERYWHERE)
    torch.testing.assert_close(fitted, TRUE, rtol=0.02, atol=0)


def test_a_part_tells_of_the_whole() -> None:
    weight = EVERYWHERE.clone()
    weight[..., : W // 2] = 0
    torch.testing.assert_close(
        fit_depth(otherwise(0.6, 0.3), TRUE, weight), TRUE, rtol=5e-3, atol=0
    )


def test_a_flat_overlap_shifts_and_does_not_stretch() -> None:
    weight = EVERYWHERE.clone()
    weight[..., W // 2 :] = 0
    depth = torch.where(weight > 0, plane(H, W, 2.0), TRUE)
    fitted = fit_depth(depth, plane(H, W, 1.6), weight)
    torch.testing.assert_close(1 / fitted, 1 / depth + 1 / 1.6 - 1 / 2.0, rtol=1e-4, atol=0)


def test_without_an_overlap_depth_stays_as_it_is() -> None:
    assert torch.equal(fit_depth(TRUE, plane(H, W), torch.zeros_like(TRUE)), TRUE)


def test_depth_stays_before_the_camera() -> None:
    weight = (TRUE < 1.4).float()
    far = torch.where(weight > 0, TRUE, 50.0)
    fitted = fit_depth(far, 1 / (4 / TRUE - 2.4), weight)
    assert fitted.isfinite().all() and fitted.min() > 0


def test_only_the_far_side_of_an_outline_lies_beyond_it() -> None:
    depth = plane(6, 8, 2.0)
    depth[..., :4] = 1.0
    beyond = beyond_an_edge(depth, 1.2)
    assert beyond[..., 4].all()
    assert not beyond[..., :4].any() and not beyond[..., 5:].any()
