"""Cuts in a film: two frames of which the one has nothing to do with the other."""

from __future__ import annotations

from torch import Tensor

from pipeline.camera.flow_map import FlowMap
from pipeline.camera.resample import resample

_LEAST_SHOWN = 0.5
_UNLIKE = 0.6


def is_cut(before: Tensor, now: Tensor, way: FlowMap, shown: Tensor) -> bool:
    """Whether a film was cut between two of its frames, `(1, 3, H, W)` in [-1, 1]."""
    seen = resample(before, *way.backward(), padding="border", sampling="bilinear")
    off = (seen - now).abs().mean()
    spread = (now - now.mean(dim=(2, 3), keepdim=True)).abs().mean()
    return float(shown.mean()) < _LEAST_SHOWN and float(off) > _UNLIKE * float(spread)
