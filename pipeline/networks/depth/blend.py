"""Several depth estimators as one."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from pipeline.networks.depth.scale import FIELD, Planes, steady
from pipeline.protocols import DepthEstimator


def blend_depth(
    shares: Sequence[tuple[float, DepthEstimator]], planes: Planes = FIELD
) -> DepthEstimator:
    """The weighted mean of several estimators, on one scale; a single one stays as it is.

    Each estimator has planes, a scale and a shift of its own, so that a mean of depths would belong
    to the one with the largest numbers. So inverse depth 1 / z is blended, of which a network knows
    all but scale and shift, after `steady` has brought each picture of each estimator to the same
    mean and the same mean absolute deviation (the alignment of Ranftl et al. 2020, eq. 5 and 6,
    with a mean for their median). Where estimators disagree their mean is flatter than any of them;
    therefore it is brought to that scale once more before it is laid between the `planes`. Nothing
    is carried from one picture to the next.

    Weights are above 0, and only their ratios count. `ValueError` without any estimator.
    """
    if not shares or min(weight for weight, _ in shares) <= 0:
        raise ValueError("expected one or more estimators, each with a weight above 0")
    if len(shares) == 1:
        return shares[0][1]

    def blend(picture: Tensor) -> Tensor:
        weighted = [weight * steady(1 / estimator(picture)) for weight, estimator in shares]
        return planes.depth(steady(sum(weighted[1:], start=weighted[0])))

    return blend


def blend_disco_depth(shares: Sequence[tuple[float, DepthEstimator]]) -> DepthEstimator:
    """The weighted mean of depths z, as Disco Diffusion blends MiDaS and AdaBins.

    The estimators are on Disco's scale already. Weights add up to 1.
    """

    def blend(picture: Tensor) -> Tensor:
        weighted = [weight * estimator(picture) for weight, estimator in shares]
        return sum(weighted[1:], start=weighted[0])

    return shares[0][1] if len(shares) == 1 else blend
