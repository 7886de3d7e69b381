"""The numbers that a text tower takes, as a tensor."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def id_tensor(rows: Sequence[Sequence[int]], length: int) -> Tensor:
    """`(len(rows), length)`, of rows of `length` ids; also where there are none."""
    return torch.tensor(rows, dtype=torch.long).reshape(len(rows), length)
