"""What is added to a text-to-image network for a frame: low-rank adapters and ControlNets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Hint = Literal["depth", "canny", "previous"]
"""What a ControlNet is shown of the picture that a frame starts from: how near everything is, its
edges, or the picture itself."""


@dataclass(frozen=True, slots=True)
class LoraSpec:
    """A low-rank adapter (Hu et al. 2021, arXiv:2106.09685); the network set says where it lies."""

    name: str
    weight: float = 1.0
    """What its change of the weights counts; 0 is none of it."""


@dataclass(frozen=True, slots=True)
class ControlSpec:
    """A ControlNet (Zhang et al. 2023, arXiv:2302.05543) and what it is shown."""

    name: str
    """Name of the network as in the scene; the network set says where it lies."""
    hint: Hint
    weight: float = 1.0
    """What its residuals count."""
    start: float = 0.0
    until: float = 1.0
    """Progress of the denoising at which it ends; it begins at `start`."""
