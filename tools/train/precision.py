"""In what networks compute while they train."""

from __future__ import annotations

import torch


def mixed_precision(device: torch.device) -> torch.autocast:
    """A context, or decorator, in which convolutions and products of matrices are bfloat16.

    They stay float32 on a CPU that has no AVX-512, where PyTorch imitates bfloat16 many times
    slower than it computes in float32. Weights and their updates are float32 everywhere.
    """
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=_has_bfloat16(device))


def _has_bfloat16(device: torch.device) -> bool:
    return device.type != "cpu" or torch.backends.cpu.get_cpu_capability() == "AVX512"
