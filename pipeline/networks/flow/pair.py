"""The two pictures between which optical flow is found."""

from __future__ import annotations

from torch import Tensor


def check_pair(first: Tensor, second: Tensor) -> None:
    """Raises ValueError for pictures that are not of one size."""
    if first.shape != second.shape:
        raise ValueError(
            f"expected pictures of one size, found {tuple(first.shape)} and {tuple(second.shape)}"
        )
