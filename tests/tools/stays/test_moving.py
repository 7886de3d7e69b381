"""What is the camera's motion, on takes of which it is known."""

from __future__ import annotations

from dataclasses import replace
from math import pi, sqrt

import numpy as np
import pytest

from pipeline.spec.camera import CameraMotion
from tests.tools.stays.takes import carried, hanging, painting, specs
from tools.stays.moving import carried_details, flicker, inside, measured_zoom
from tools.stays.take import Take

ZOOM = CameraMotion(zoom=1.06, roll=2)


def test_what_the_camera_alone_does_is_no_flicker() -> None:
    found = flicker(list(carried(painting(1), 3, ZOOM).pairs()))
    # Levels are rounded, by a quarter in the mean.
    assert found.whole < 0.3 and found.camera > 5 and found.resampling > 0.5


def test_flicker_is_in_levels() -> None:
    grey = np.full((64, 96, 3), 128, np.uint8)
    noise = np.random.default_rng(0).normal(0, 5, (2, 64, 96, 3))
    frames = [(grey + one).round().astype(np.uint8) for one in noise]
    found = flicker(list(Take(frames, specs(2, CameraMotion())).pairs()))
    # The difference of two that are 5 levels apart from grey: a half normal one of 5 sqrt 2.
    assert found.whole == pytest.approx(5 * sqrt(2) * sqrt(2 / pi), rel=0.03)
    assert (found.resampling, found.camera) == (0, 0)


def test_details_that_move_and_details_that_hang() -> None:
    moved = carried_details(list(carried(painting(1), 4, ZOOM).pairs()))
    hung = carried_details(list(hanging(painting(1), 4, ZOOM).pairs()))
    assert moved is not None and hung is not None
    assert moved[0] > 0.99 and abs(moved[1]) < 0.2
    assert hung[1] > 0.99 and abs(hung[0]) < 0.2


def test_where_nothing_moves_far_details_tell_nothing() -> None:
    assert carried_details(list(carried(painting(1), 3, CameraMotion(zoom=1.01)).pairs())) is None


@pytest.mark.parametrize("zoom", [1.06, 0.95])
def test_the_zoom_is_measured(zoom: float) -> None:
    motion = CameraMotion(zoom=zoom, roll=2)
    found = measured_zoom(list(carried(painting(2), 3, motion).pairs()))
    assert found == (pytest.approx(zoom, abs=0.001), zoom)
    turned = measured_zoom(list(hanging(painting(2), 3, CameraMotion(zoom=zoom)).pairs()))
    assert turned == (pytest.approx(1, abs=0.001), zoom)


def test_a_zoom_is_measured_in_2d_and_where_there_is_one() -> None:
    assert measured_zoom(list(carried(painting(2), 3, CameraMotion(roll=2)).pairs())) is None


def test_what_came_into_sight_does_not_count() -> None:
    (pair,) = carried(painting(1), 2, CameraMotion(translate_x=10)).pairs()
    known = pair.known[0, 0]
    assert not known[:, :10].any() and known[:, 10:].all()
    where = inside(pair)[0, 0]
    assert where[4:-4, 14:-4].all() and int(where.sum()) == (64 - 8) * (96 - 18)
    assert pair.shift.mean().item() == pytest.approx(10, abs=0.7)
    assert pair.shift[0, 0, :, 20:].numpy() == pytest.approx(10, abs=1e-3)


def test_only_frames_that_grow_from_the_one_before_are_compared() -> None:
    take = carried(painting(1), 4, ZOOM)
    cut = take.specs[0]
    parted = Take(take.frames, [*take.specs[:2], replace(cut, frame=2), take.specs[3]])
    assert [pair.spec.frame for pair in parted.pairs()] == [1, 3]
