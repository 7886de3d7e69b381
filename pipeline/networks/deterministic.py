"""Graphics cards that give the same bits every time, where they are asked to.

Their threads add up in the order in which they come, which is another one every time, unless torch
is told to use operations alone that have one order. These are slower, and some there are not.
"""

from __future__ import annotations

import os

import torch

_WORKSPACE = "CUBLAS_WORKSPACE_CONFIG"
_FIXED = (":4096:8", ":16:8")
"""Workspaces with which products of matrices have one order; the first takes 24 MB and is fast."""


def compute_exactly(device: torch.device) -> None:
    """Let torch use operations alone that give the same bits every time, before it uses `device`.

    A processor has no others: there this changes nothing, and costs nothing.
    """
    if device.type == "cpu":
        return
    # cuBLAS reads it when it is used first.
    if os.environ.get(_WORKSPACE) not in _FIXED:
        os.environ[_WORKSPACE] = _FIXED[0]
    torch.use_deterministic_algorithms(True)
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
