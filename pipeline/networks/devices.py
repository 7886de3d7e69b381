"""The device and the dtype that networks compute on and in."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from pipeline.errors import Error
from pipeline.spec.sources import Precision


def pick_device(name: str) -> torch.device:
    """The device called `name`: cpu, cuda, or auto, which is cuda where there is one.

    Raises:
        Error: cuda is asked for and not there.
    """
    available = torch.cuda.is_available()
    if name == "cuda" and not available:
        raise Error(
            "--device cuda: torch finds no CUDA device here; use --device cpu, or install a "
            "driver and a build of torch that fit your card"
        )
    return torch.device("cuda" if available and name != "cpu" else "cpu")


_DTYPES: Mapping[Precision, torch.dtype] = {
    "fp32": torch.float32,
    "bf16": torch.bfloat16,
    "fp16": torch.float16,
}


def pick_dtype(precision: Precision, device: torch.device) -> torch.dtype:
    """The dtype that networks compute in on `device`.

    `auto` is float32 on a CPU. On a GPU it is bfloat16, whose range suits the small gradients of
    guidance, or float16 where the card has no bfloat16 but by emulation.
    """
    if precision != "auto":
        return _DTYPES[precision]
    if device.type == "cpu":
        return torch.float32
    # By emulation every card has it, slower than float32.
    has_bfloat16 = torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.bfloat16 if has_bfloat16 else torch.float16
