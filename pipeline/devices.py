"""Where the networks run."""

from __future__ import annotations

import torch

from pipeline.errors import Error


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
