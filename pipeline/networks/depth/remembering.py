"""Depth of pictures that are asked for again and again, as frames between two painted ones do."""

from __future__ import annotations

from collections import deque

import torch
from torch import Tensor

from pipeline.protocols import DepthEstimator

_PICTURES = 2
"""The two painted frames around those in between."""


class RememberingDepth:
    """A `DepthEstimator` that knows the depth of the last pictures that it was given."""

    def __init__(self, estimator: DepthEstimator) -> None:
        """Let `estimator` estimate what is not known; it must always say the same of a picture."""
        self._estimator = estimator
        self._known: deque[tuple[Tensor, Tensor]] = deque(maxlen=_PICTURES)

    def __call__(self, picture: Tensor) -> Tensor:
        """As `DepthEstimator`."""
        for known, depth in self._known:
            if known.dtype == picture.dtype and torch.equal(known, picture):
                return depth
        depth = self._estimator(picture)
        self._known.append((picture, depth))
        return depth
