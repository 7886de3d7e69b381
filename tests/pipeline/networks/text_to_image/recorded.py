"""What a pipeline asks its network, and what it answers; and gradients by differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from diffusers import DiffusionPipeline
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a transformer: what it was given by name, and what came out."""

    given: Mapping[str, Any]
    output: Tensor


def calls(pipeline: DiffusionPipeline, **settings: Any) -> list[Call]:
    """The calls of the pipeline's transformer while it makes latents under `settings`."""
    seen: list[Call] = []

    def record(_: object, args: tuple[Any, ...], named: dict[str, Any], output: Any) -> None:
        given = named | dict(zip(["hidden_states"], args, strict=False))
        seen.append(Call(given, output[0]))

    pipeline.set_progress_bar_config(disable=True)
    handle = pipeline.transformer.register_forward_hook(record, with_kwargs=True)
    try:
        pipeline(output_type="latent", **settings)
    finally:
        handle.remove()
    return seen


def slopes(function: Callable[[Tensor], Tensor], x: Tensor) -> tuple[float, float]:
    """The slope of the sum of squares of `function` along one direction: by its gradient, and by
    a difference."""
    direction = torch.randn(x.shape, generator=torch.Generator().manual_seed(3))

    def value(place: Tensor) -> Tensor:
        return function(place).square().sum()

    place = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(value(place), place)
    step = 1e-2
    with torch.no_grad():
        ahead, behind = value(x + step * direction), value(x - step * direction)
    return float((gradient * direction).sum()), float((ahead - behind) / (2 * step))
