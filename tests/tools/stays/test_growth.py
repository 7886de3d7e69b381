"""How much larger a subject gets, by what is seen and by the camera."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.spec.camera import CameraMotion, CameraSpec
from tests.tools.stays.takes import carried, noisy, painting, specs
from tools.stays.growth import between, camera_factor, moved_factor, seen_factor
from tools.stays.take import Take


@pytest.mark.parametrize("zoom", [0.97, 1.03])
def test_the_factor_of_a_zoom(zoom: float) -> None:
    take = carried(painting(1), 25, CameraMotion(zoom=zoom))
    seen, found = seen_factor(take.frames)
    assert seen == pytest.approx(zoom**24, rel=0.05) and found > 0.9
    assert camera_factor(take) == pytest.approx(zoom**24)
    assert moved_factor(take) == pytest.approx(seen, rel=0.03)


@pytest.mark.parametrize("factor", [0.885, 0.9, 0.915, 0.925, 1.075, 1.12])
def test_factors_between_the_patches_own_sizes(factor: float) -> None:
    _, after = carried(painting(3), 2, CameraMotion(zoom=factor)).frames
    assert between(painting(3), after)[0] == pytest.approx(factor, abs=0.004)


def test_a_picture_that_stays_grows_by_nothing() -> None:
    assert between(painting(1), painting(1)) == pytest.approx((1, 1), abs=1e-3)


def test_a_subject_that_is_lost_does_not_correlate() -> None:
    _, found = seen_factor([painting(1), noisy(np.full_like(painting(1), 128), 20)])
    assert found < 0.4


def test_the_factor_of_a_flight_is_that_of_a_plane_at_the_subject() -> None:
    """Three steps of 20 units back, 0.3 of a depth of 1.2, which becomes 1.5."""

    def depth(picture: Tensor) -> Tensor:
        z = torch.full((1, 1, 64, 96), 5.0)
        z[..., 16:48, 24:72] = 1.2
        return z

    back = specs(4, CameraMotion(translate_z=-20))
    flight = [replace(spec, camera=CameraSpec(mode="3d")) for spec in back]
    take = Take([painting(1)] * 4, flight, depth)
    assert camera_factor(take) == pytest.approx(1.2 / 1.5)
