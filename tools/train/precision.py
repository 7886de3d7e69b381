"""In what networks compute while they train."""

from __future__ import annotations

import torch


def mixed_precision(device: torch.device) -> torch.autocast:
    """A context, or decorator, in which convolutions and products of matrices are bfloat16.

    They stay float32 on a CPU without instructions for bfloat16 (AVX-512 BF16), where PyTorch
    imitates it at half the speed of float32 or less. Weights and their updates are float32
    everywhere.
    """
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=_has_bfloat16(device))


def _has_bfloat16(device: torch.device) -> bool:
    return device.type != "cpu" or bool(torch.cpu.get_capabilities().get("avx512_bf16"))
