"""From inverse depth to depth, and why its scale does not pump."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.camera.warp import NEAR
from pipeline.networks.depth.scale import FIELD, Planes, disco_depth, steady, steady_depth
from tools.bench.depth_pumping import (
    FIRST_SEED,
    blended,
    disturbed,
    estimated,
    fixed,
    min_max,
    painted,
    pumping,
    scaled,
)

PLANES = Planes(0.8, 2.6)
FLIGHTS = range(FIRST_SEED, FIRST_SEED + 12)
"""Seeds of paintings."""


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


def test_discos_scale_is_even_in_what_a_network_says() -> None:
    """Between the planes of the field it is Disco's formula, at the answers that it puts there."""
    q = torch.linspace(0, 1, 5)
    p = 50 - 19 * FIELD.far + 19 * (FIELD.far - FIELD.near) * q
    torch.testing.assert_close(FIELD.disco(q), disco_depth(p))
    torch.testing.assert_close(Planes(0.5, 4.0).disco(q), torch.linspace(4.0, 0.5, 5))


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


@pytest.mark.slow
@pytest.mark.parametrize("flight", [painted, estimated])
def test_a_flight_is_even_whatever_scale_each_picture_was_given(
    flight: Callable[[int], list[Tensor]],
) -> None:
    steadily, by_extremes, by_constants = [], [], []
    for seed in FLIGHTS:
        frames = disturbed(flight(seed), seed)
        steadily.append(pumping(scaled(frames, steady)))
        by_extremes.append(pumping(scaled(frames, min_max)))
        by_constants.append(pumping(scaled(frames, fixed)))
    assert np.mean(steadily) < 1
    assert np.mean(by_extremes) > 1.6 * np.mean(steadily)
    assert np.mean(by_constants) > 40 * np.mean(steadily)


@pytest.mark.slow
def test_the_starter_keeps_its_own_scale() -> None:
    """It is the same for all pictures, and the frame loop takes it as it is.

    In one of the flights a planet leaves the picture at its edge, which is not seen for one then.
    """
    assert np.median([pumping(scaled(estimated(seed), fixed)) for seed in FLIGHTS]) < 1


@pytest.mark.slow
def test_a_blend_is_as_even_as_its_parts() -> None:
    """Two estimators whose scales jump from frame to frame, each in its own way."""
    seeds = range(FIRST_SEED, FIRST_SEED + 3)
    flights = [(disturbed(estimated(s), s), disturbed(painted(s), -s)) for s in seeds]
    assert np.mean([pumping(blended(*flight)) for flight in flights]) < 1
