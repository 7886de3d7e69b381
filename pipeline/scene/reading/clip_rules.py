"""What a clip that frames start from asks of the other settings."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from keyframes.mistakes import Mistakes
from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.moving import sampled

_MOTIONS = (*("translate_x", "translate_y", "translate_z", "rotate_x", "rotate_y", "roll", "zoom"),)


def _there_is_a_clip(value: Any, info: ValidationInfo) -> Any:
    context = context_of(info)
    if "clip" in context.written and not context.over_a_clip:
        raise ValueError("there is no clip: name one as video.input, or remove this")
    return value


there_is_a_clip = BeforeValidator(_there_is_a_clip)
"""Refuses what is said of a clip where there is none."""


def _still_over_a_clip(camera: Any, info: ValidationInfo) -> Any:
    context = context_of(info)
    if not context.over_a_clip:
        return camera
    mistakes = Mistakes()
    for name in _MOTIONS:
        rest = 1.0 if name == "zoom" else 0.0
        if np.any(sampled(getattr(camera, name), context.clock.frames) != rest):
            mistakes.at(name).add(
                "over a clip pictures move as the clip does; remove this, or write it in "
                "camera.offset, which is shown on top"
            )
    mistakes.raise_any()
    return camera


still_over_a_clip = AfterValidator(_still_over_a_clip)
"""Refuses a camera that moves away from the clip."""


def _instead_of_a_clip(value: Any, info: ValidationInfo) -> Any:
    if value is not None and context_of(info).over_a_clip:
        raise ValueError(
            f"frames start from the clip of video.input; remove that, or {info.field_name}"
        )
    return value


instead_of_a_clip = AfterValidator(_instead_of_a_clip)
"""Refuses another thing to start from beside a clip."""


def _not_over_a_clip(value: Any, info: ValidationInfo) -> Any:
    if value == "key" and context_of(info).over_a_clip:
        raise ValueError(
            "key goes over to a picture that is painted out of noise, which has nothing of the "
            "clip; remove it"
        )
    return value


open_over_a_clip = AfterValidator(_not_over_a_clip)
"""Refuses a key picture over a clip."""


def _warped_over_a_clip(value: Any, info: ValidationInfo) -> Any:
    context = context_of(info)
    if value != "warp" and context.over_a_clip and context.wrote("sampler", "inbetween"):
        raise ValueError(
            "over a clip frames between painted ones are carried along by it, as warp does; remove "
            "this"
        )
    return value


warped_over_a_clip = AfterValidator(_warped_over_a_clip)
"""Refuses what is made of the next painted frame over a clip."""
