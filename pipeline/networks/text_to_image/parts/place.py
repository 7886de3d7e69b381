"""Where networks lie and work."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True)
class Place:
    """Where networks lie and work."""

    device: torch.device
    """Device that they work on."""
    home: torch.device
    """Device that their weights are on between their uses; another than `device` saves memory."""
    dtype: torch.dtype = torch.float32
    """Numbers that they compute in."""
