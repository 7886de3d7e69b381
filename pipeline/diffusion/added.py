"""What is added to a denoiser for one frame."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from pipeline.spec.adapters import ControlSpec, LoraSpec


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A ControlNet and what it is shown of the picture that a frame starts from."""

    control: ControlSpec
    hint: Tensor
    """`(1, 3, H, W)` in [0, 1], of the frame's size."""


@dataclass(frozen=True, slots=True, eq=False)
class Added:
    """What one frame adds to its denoiser."""

    loras: tuple[LoraSpec, ...] = ()
    shown: tuple[Shown, ...] = ()
    distilled_cfg_scale: float | None = None
    """Guidance scale that a guidance-distilled network is told; None is the one it was made for."""
