"""Token ids, the input of a text tower, as a tensor."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def id_tensor(rows: Sequence[Sequence[int]], length: int) -> Tensor:
    """Token ids `(len(rows), length)` of rows of `length` ids, of which there may be none."""
    return torch.tensor(rows, dtype=torch.long).reshape(len(rows), length)
