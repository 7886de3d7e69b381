"""Prompts that are pictures, where nothing reads them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from keyframes.mistakes import Located
from pipeline.catalogue.takers import reads_pictures
from pipeline.scene.schema import Scene
from pipeline.scene.sections import ShotRead
from pipeline.scene.unused_starts import is_on


def unread_pictures(part: ShotRead) -> Iterator[Located]:
    """What is to be said of pictures among the prompts of a denoiser that reads texts only.

    CLIP guidance sees them all the same, unless it is off.
    """
    scene = part.scene
    frames = np.arange(part.place.first, part.place.end, dtype=np.float64)
    if not _has_pictures(scene) or scene.models.image_prompts is not None:
        return
    if reads_pictures(scene.models.denoiser) or is_on(scene.guidance.clip_guidance_scale, frames):
        return
    yield Located(
        ("prompts",),
        "this denoiser reads texts only and clip_guidance_scale is 0, so nothing sees the picture "
        "among them; write models: {image_prompts: ...}, or a scale above 0, or describe it",
    )


def _has_pictures(scene: Scene) -> bool:
    return any(one.image and one.weight for _, prompts in scene.prompts.keys for one in prompts)
