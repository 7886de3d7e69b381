"""What is added to the denoiser on each frame: low-rank adapters and ControlNets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import repeat

from pipeline.plan.columns import Times, column
from pipeline.scene.reading.adapters import Control, Lora
from pipeline.spec.adapters import ControlSpec, LoraSpec


def loras(chosen: Sequence[Lora], frames: Times) -> Iterator[tuple[LoraSpec, ...]]:
    """The low-rank adapters of each of `frames`, with what each counts there."""
    if not chosen:
        return repeat((), len(frames))

    @cache
    def weighed(*weights: float) -> tuple[LoraSpec, ...]:
        return tuple(
            LoraSpec(one.name, weight) for one, weight in zip(chosen, weights, strict=True)
        )

    return map(weighed, *(column(one.weight, frames) for one in chosen))


def controls(chosen: Sequence[Control], frames: Times) -> Iterator[tuple[ControlSpec, ...]]:
    """The ControlNets of each of `frames`, with what each counts there."""
    if not chosen:
        return repeat((), len(frames))

    @cache
    def weighed(*weights: float) -> tuple[ControlSpec, ...]:
        return tuple(
            ControlSpec(one.name, one.hint, weight, one.start, one.until)
            for one, weight in zip(chosen, weights, strict=True)
        )

    return map(weighed, *(column(one.weight, frames) for one in chosen))
