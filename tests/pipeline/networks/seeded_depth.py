"""Published depth checkpoints with seeded weights, and what the published code makes of them."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from pipeline.networks.depth.architectures import DEPTH_ARCHITECTURES, DepthArchitecture
from tools.references.depth import FEW_LAYERS, NARROW
from tools.references.depth_weights import Floats, seeded_weight

EXPECTED = Path(__file__).with_name("expected")

_REDUCED: dict[str, dict[str, Any]] = {
    "midas_v21": {"layers": FEW_LAYERS},
    "dpt_large": NARROW,
    "dpt_hybrid": NARROW,
}


def expected(case: str) -> dict[str, Any]:
    """The arrays that `tools.references.depth` wrote of a case."""
    with np.load(EXPECTED / f"depth_{case}.npz") as arrays:
        return dict(arrays)


def published_shapes(case: str) -> dict[str, list[int]]:
    """The names and shapes in the published checkpoint of a case."""
    shapes: dict[str, list[int]] = json.loads(str(expected(case)["shapes"]))
    return shapes


def seeded_checkpoint(case: str) -> dict[str, Tensor]:
    """A whole published checkpoint, the parts that nobody needs among it."""
    return {
        name: torch.tensor(seeded_weight(name, shape))
        for name, shape in published_shapes(case).items()
    }


def architecture(case: str) -> DepthArchitecture:
    """That of a case, which may be reduced as the published code was."""
    name, _, reduced = case.partition("-")
    whole = DEPTH_ARCHITECTURES[name]
    return replace(whole, build=partial(whole.build, **_REDUCED[name])) if reduced else whole


def error(found: Floats, wanted: Floats) -> float:
    """The greatest difference, in standard deviations of what is wanted."""
    return float(np.abs(found - wanted).max() / wanted.std())
