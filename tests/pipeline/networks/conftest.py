"""The tiny networks have the same random weights every time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch


@pytest.fixture(autouse=True)
def seeded() -> Iterator[None]:
    """Seeds torch's global generator for one test, and puts it back."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield
