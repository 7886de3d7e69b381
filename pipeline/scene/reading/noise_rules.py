"""Rules between the settings of a sampler's noise."""

from __future__ import annotations

from typing import Any

from pydantic import (
    AfterValidator,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.moving import sampled
from pipeline.spec.samplers import SAMPLER_FACTS


def only_with(other: str, *allowed: str | None) -> AfterValidator:
    """Refuses a setting that the author wrote while `other` is none of what it has effect with."""

    def check(value: Any, info: ValidationInfo) -> Any:
        name, set_to = str(info.field_name), info.data.get(other)
        if set_to not in allowed and context_of(info).wrote("sampler", name):
            raise ValueError(
                f"{name} has effect with {other}: {allowed[0]} alone, and {other} is "
                f"{set_to or 'not written'}; remove {name} or write {other}: {allowed[0]}"
            )
        return value

    return AfterValidator(check)


def _moves_with_a_video(value: Any, info: ValidationInfo) -> Any:
    context = context_of(info)
    if not context.wrote("sampler", "noise"):
        # A preset's noise gives way to a period that the author wrote, and means nothing to stills.
        return None if context.stills or context.wrote("sampler", "noise_period") else value
    if value == "warped" and context.stills:
        raise ValueError("n_batches makes stills, with which no noise moves: write fresh")
    return value


moves_with_a_video = AfterValidator(_moves_with_a_video)
"""Refuses noise that moves from frame to frame where there are only stills.

A preset's noise counts where the author wrote neither `noise` nor `noise_period`.
"""


def _noise_it_draws(value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
    name, context = info.data.get("name"), context_of(info)
    # A preset's noise suits DDIM, which it is made for; another sampler goes by its own custom.
    if name != "ddim" and not context.wrote("sampler", "eta"):
        return None
    eta = handler(value)
    noisy = [other for other, facts in SAMPLER_FACTS.items() if facts.draws_noise]
    if name in SAMPLER_FACTS and name not in noisy and sampled(eta, context.clock.frames).any():
        others = " or ".join(f"name: {other}" for other in noisy)
        raise ValueError(f"{name} draws no noise: remove eta, or write {others}")
    return eta


noise_it_draws = WrapValidator(_noise_it_draws)
"""Refuses fresh noise with `plms`; a preset's `eta` counts for `ddim` alone."""
