"""What of a picture joins a cloud, and what leaves it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pipeline.camera.cloud import (
    NEW_SHARE,
    POINTS,
    RUNWAY,
    VIEWS,
    Cloud,
    View,
    bounded,
    extend,
    faded,
    moved,
    pace,
)
from tests.pipeline.warp_scenes import hills, noise, plane

H, W = 16, 20


def view(home: int, *, share: float = 1.0, unseen: int = 0) -> View:
    points = torch.arange(H * W).view(1, 1, H, W) < share * H * W
    return View(noise(H, W).half(), plane(H, W), points, home, np.eye(4), unseen=unseen)


def cloud(shown: torch.Tensor, depth: torch.Tensor) -> Cloud:
    return Cloud((view(0),), 0.7, shown, depth)


def columns(count: int) -> torch.Tensor:
    """1 in all but the last columns."""
    return (torch.arange(W) < W - count).float().expand(1, 1, H, W)


def test_the_first_picture_is_a_cloud_at_its_own_depth() -> None:
    picture, depth = noise(H, W), hills(H, W)
    (first,), joined, nearness = extend(None, picture, depth, 3)
    assert first.points.all() and first.home == 3
    assert torch.equal(joined, depth)
    assert nearness == pytest.approx(float((1 / depth).mean()))
    # Float16 tells all levels apart.
    assert ((first.picture.float() - picture).abs() * 127.5).max() < 0.1


def test_only_what_is_new_becomes_points_and_one_pixel_around() -> None:
    views, _, _ = extend(cloud(columns(5), plane(H, W)), noise(H, W), plane(H, W), 7)
    assert [one.home for one in views] == [0, 7]
    assert torch.equal(views[1].points[0, 0].any(0), torch.arange(W) >= W - 6)


def test_a_picture_with_little_new_adds_nothing() -> None:
    less = torch.ones(H * W)
    less[: int(NEW_SHARE * H * W)] = 0
    views, _, _ = extend(cloud(less.view(1, 1, H, W), plane(H, W)), noise(H, W), plane(H, W), 7)
    assert len(views) == 1


def test_what_is_known_keeps_its_depth_and_the_rest_is_fitted_to_it() -> None:
    depth = hills(H, W)
    known = torch.where(columns(5) > 0, depth, 9.0)
    _, joined, _ = extend(cloud(columns(5), known), noise(H, W), 1 / (0.5 / depth + 0.4), 7)
    torch.testing.assert_close(joined, depth, rtol=0.01, atol=0)


def test_pixels_beyond_an_outline_are_no_points() -> None:
    depth = plane(H, W, 2.0)
    depth[..., :8] = 1.0
    (first,), _, _ = extend(None, noise(H, W), depth, 0)
    assert not first.points[..., 8].any()
    assert first.points.sum() == H * (W - 1)


def test_views_are_bounded_in_number_and_what_was_unseen_longest_goes_first() -> None:
    many = [view(home, share=0.1, unseen=40 - home) for home in range(VIEWS + 3)]
    kept = bounded(tuple(many))
    assert [one.home for one in kept] == list(range(3, VIEWS + 3))


def test_points_are_bounded_in_number() -> None:
    kept = bounded(tuple(view(home, unseen=home % 2) for home in range(POINTS + 2)))
    assert len(kept) == POINTS
    assert [one.home for one in kept] == [0, 2, 4, 5, 6, 7, 8, 9]


def test_the_newest_view_stays_however_it_is() -> None:
    kept = bounded((*(view(home) for home in range(POINTS)), view(99, share=0.9, unseen=9)))
    assert kept[-1].home == 99


def test_a_camera_that_goes_and_comes_back_stands_where_it_stood() -> None:
    step = np.diag([1.3, 1.3, 1.0, 1.0])
    step[:3, 3] = (2.0, -1.0, 0.4)
    there = moved((view(0),), step)
    (back,) = moved(there, np.linalg.inv(step))
    np.testing.assert_allclose(back.matrix, np.eye(4), atol=1e-12)
    np.testing.assert_allclose(there[0].matrix @ step, np.eye(4), atol=1e-12)


def test_trust_fades_by_shares_until_a_view_is_forgotten() -> None:
    once = faded((view(0),), 0.6)
    assert once[0].trust == pytest.approx(0.4)
    assert faded(once, 0.8) == ()
    assert faded((view(0),), 0.0)[0].trust == 1.0


def test_the_camera_slows_down_before_a_wall() -> None:
    assert pace(plane(H, W, 1.0), 1.0) == 1.0
    assert pace(plane(H, W, 5.0), 1.0) == 1.0
    assert pace(plane(H, W, 0.5 / RUNWAY), 1.0) == pytest.approx(0.5)
