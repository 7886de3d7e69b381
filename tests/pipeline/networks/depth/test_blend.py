"""Several depth estimators as one: on a common scale, by their weights."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from pipeline.networks.depth.blend import blend_depth
from pipeline.networks.depth.scale import FIELD, Planes, steady
from pipeline.protocols import DepthEstimator

PICTURE = torch.zeros(1, 3, 30, 40)
ACROSS = torch.linspace(0, 1, 40).expand(1, 1, 30, 40)
DOWN = torch.linspace(0, 1, 30)[:, None].expand(1, 1, 30, 40)


def sees(q: Tensor, planes: Planes = FIELD) -> DepthEstimator:
    return lambda picture: planes.depth(q)


def share_of(z: Tensor) -> Tensor:
    """q of depth between the planes of the field."""
    return (1 / z - 1 / FIELD.far) / (1 / FIELD.near - 1 / FIELD.far)


@pytest.mark.parametrize("weight", [0.1, 0.3, 0.5, 0.9])
def test_weights_say_how_much_each_counts(weight: float) -> None:
    q = share_of(blend_depth([(weight, sees(ACROSS)), (1 - weight, sees(DOWN))])(PICTURE))
    right = (q[..., 1:] - q[..., :-1]).mean() * 39
    down = (q[..., 1:, :] - q[..., :-1, :]).mean() * 29
    assert (right / down).item() == pytest.approx(weight / (1 - weight), rel=0.02)


def test_only_ratios_of_weights_count() -> None:
    whole, thirds = (
        blend_depth([(2 * n, sees(ACROSS)), (n, sees(DOWN))])(PICTURE) for n in (1.0, 1 / 3)
    )
    torch.testing.assert_close(whole, thirds)


def test_estimators_are_brought_to_one_scale() -> None:
    """Without it, the one with the greater numbers would have the say."""
    near_and_far = sees(DOWN, Planes(0.01, 500.0))
    torch.testing.assert_close(
        blend_depth([(0.5, sees(ACROSS)), (0.5, near_and_far)])(PICTURE),
        blend_depth([(0.5, sees(ACROSS)), (0.5, sees(DOWN))])(PICTURE),
        atol=1e-4,
        rtol=0,
    )


def test_disagreement_does_not_flatten_the_blend() -> None:
    q = share_of(blend_depth([(0.5, sees(ACROSS)), (0.5, sees(DOWN))])(PICTURE))
    assert (q - q.mean()).abs().mean().item() == pytest.approx(0.25, abs=0.015)
    mean = (steady(ACROSS) + steady(DOWN)) / 2
    assert (mean - mean.mean()).abs().mean() < 0.2


def test_estimators_that_agree_are_what_each_is() -> None:
    blend = blend_depth([(0.7, sees(ACROSS)), (0.3, sees(0.2 + 0.5 * ACROSS))])
    torch.testing.assert_close(blend(PICTURE), FIELD.depth(steady(ACROSS)))


def test_a_single_one_stays_as_it_is() -> None:
    alone = sees(DOWN, Planes(0.01, 500.0))
    assert blend_depth([(0.3, alone)]) is alone


def test_depth_lies_between_the_planes() -> None:
    z = blend_depth([(0.5, sees(ACROSS)), (0.5, sees(DOWN))], Planes(3.0, 4.0))(PICTURE)
    assert 3.0 <= z.min() < 3.05 and 3.95 < z.max() <= 4.0


@pytest.mark.parametrize("weights", [[], [0.0, 1.0], [0.5, -0.1]])
def test_weights_are_above_0(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="one or more estimators, each with a weight above 0"):
        blend_depth([(weight, sees(ACROSS)) for weight in weights])
