from __future__ import annotations

import numpy as np
import pytest

from tests.tools.sharpness.drawn import grey, ramp
from tools.sharpness.edges import RISE, edge_widths


@pytest.mark.parametrize("width", [5.0, 8.0, 12.0])
@pytest.mark.parametrize("degrees", [0.0, 30.0, 90.0, 200.0])
def test_an_even_rise_is_eight_tenths_of_its_length(width: float, degrees: float) -> None:
    found = edge_widths(ramp(width, degrees))
    assert len(found) > 50
    assert np.median(found) == pytest.approx(0.8 * width, rel=0.08)


def test_a_step_is_at_most_a_pixel_wide() -> None:
    assert edge_widths(ramp(0.01)).max() <= 1


def test_shading_beside_an_edge_is_no_part_of_it() -> None:
    plain = ramp(5).astype(float)[..., 0]
    shaded = grey(plain + 0.2 * np.arange(96))
    assert np.median(edge_widths(shaded)) == pytest.approx(
        np.median(edge_widths(grey(plain))), abs=0.2
    )


def test_weak_edges_do_not_count() -> None:
    assert len(edge_widths(ramp(5, high=60 + RISE - 2))) == 0
    assert len(edge_widths(ramp(5, high=60 + RISE + 8))) > 50


def test_a_flat_picture_has_none() -> None:
    assert len(edge_widths(grey(np.full((32, 48), 99.0)))) == 0
