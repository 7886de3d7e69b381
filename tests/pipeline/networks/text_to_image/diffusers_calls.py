"""What a pipeline of diffusers asks its U-Net, listened to."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class Call:
    """One call of a U-Net, and its answer."""

    x: Tensor
    t: Tensor
    """Timesteps, `(N,)`."""
    sequence: Tensor
    output: Tensor


def calls(pipeline: Any, **arguments: Any) -> list[Call]:
    """Each call of the U-Net in a run of `pipeline` that stops at the latents."""
    heard: list[Call] = []

    def hear(_: Any, given: tuple[Any, ...], named: dict[str, Any], output: Any) -> None:
        x, t = given
        sequence = named["encoder_hidden_states"]
        heard.append(Call(x, t.expand(len(x)), sequence, output[0]))

    hook = pipeline.unet.register_forward_hook(hear, with_kwargs=True)
    pipeline.set_progress_bar_config(disable=True)
    with torch.no_grad(), warnings.catch_warnings():
        # Some of its schedulers make arrays in a way that numpy would rather not see.
        warnings.simplefilter("ignore", DeprecationWarning)
        pipeline(output_type="latent", **arguments)
    hook.remove()
    return heard
