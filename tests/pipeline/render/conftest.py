"""Noise, and networks that have something to be guided about."""

from __future__ import annotations

import pytest
from torch import Tensor

from pipeline.networks.bundle import Networks
from tests.pipeline.toy_networks import PaintNetwork, noise, toy_networks


@pytest.fixture
def models() -> Networks:
    """Pure colours lie beyond [-1, 1], so that range and saturation have something to say."""
    return toy_networks(denoiser=PaintNetwork(brightness=1.4))


@pytest.fixture
def x() -> Tensor:
    """Noise alone."""
    return noise()
