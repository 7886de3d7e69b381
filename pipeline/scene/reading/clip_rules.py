"""What a clip that frames start from asks of the other settings."""

from __future__ import annotations

from typing import Any

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from pipeline.scene.reading.context import context_of


def _there_is_a_clip(value: Any, info: ValidationInfo) -> Any:
    context = context_of(info)
    if "clip" in context.written and not context.over_a_clip:
        raise ValueError("there is no clip: name one as video.input, or remove this")
    return value


there_is_a_clip = BeforeValidator(_there_is_a_clip)
"""Refuses what is said of a clip where there is none."""


_NOT_FILMED = {
    "depth": "the camera moves through the depth of the clip's frames, which a network finds",
    "memory": "things move by themselves, and nothing stays where the camera saw it",
}


def _filmed(value: Any, info: ValidationInfo) -> Any:
    name, context = str(info.field_name), context_of(info)
    if value in (None, "frame") or not context.over_a_clip:
        return value
    raise ValueError(f"over a clip {_NOT_FILMED[name]}; remove {name}")


of_what_rests = AfterValidator(_filmed)
"""Refuses what a camera may know of pictures in which nothing moves by itself, over a clip."""


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
