"""Rules between the settings that say where the noise of frames comes from."""

from __future__ import annotations

from typing import Any

from pydantic import AfterValidator, ValidationInfo

from pipeline.scene.reading.context import context_of
from pipeline.spec.denoise import NoiseMode


def of_noise(*allowed: NoiseMode | None) -> AfterValidator:
    """Refuses a setting that the author wrote while `noise` is none of what it has effect with."""

    def check(value: Any, info: ValidationInfo) -> Any:
        name, set_to = str(info.field_name), info.data.get("noise")
        context = context_of(info)
        if set_to not in allowed and context.wrote("sampler", name):
            if context.stills:
                raise ValueError(
                    f"n_batches makes stills, with which no noise moves: remove {name}"
                )
            named = [one for one in allowed if one]
            raise ValueError(
                f"{name} has effect with noise: {' or '.join(named)} alone, and noise is "
                f"{set_to or 'not written'}; remove {name} or write noise: {named[0]}"
            )
        return value

    return AfterValidator(check)


def _moves_with_a_video(value: Any, info: ValidationInfo) -> Any:
    context = context_of(info)
    if not context.wrote("sampler", "noise"):
        # A preset's noise gives way to a period that the author wrote, and means nothing to stills.
        return None if context.stills or context.wrote("sampler", "noise_period") else value
    if value in ("slow", "warped") and context.stills:
        raise ValueError("n_batches makes stills, with which no noise moves: write fresh")
    return value


moves_with_a_video = AfterValidator(_moves_with_a_video)
"""Refuses noise that moves from frame to frame where there are only stills.

A preset's noise counts where the author wrote neither `noise` nor `noise_period`.
"""
