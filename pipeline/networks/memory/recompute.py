"""Activations made twice: once for the result, once more for its gradient, instead of kept."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from pipeline.networks.memory.offload import loaded_on


def recomputed(device: torch.device, block: nn.Module, *inputs: Any) -> Any:
    """What `block` makes of its inputs, made once more for a gradient, with its weights there.

    `device` is that of the inputs. It is what diffusers' networks, and those of guided-diffusion,
    call each block with where gradients are checkpointed.
    """

    def run(*tensors: Any) -> Any:
        # By the time of the gradient the whole network may have left the device.
        with loaded_on(block, device):
            return block(*tensors)

    # Nothing here is random, so there is no state of a generator to keep.
    return checkpoint(run, *inputs, use_reentrant=False, preserve_rng_state=False)
