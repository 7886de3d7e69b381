"""Motions that open the seam of a picture that goes round: what is to be said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from keyframes.mistakes import Located
from pipeline.scene.camera import Camera
from pipeline.scene.reading.moving import sampled
from pipeline.scene.sections import ShotRead

_CLOSED = "or remove seamless"
_AT_REST = {"translate_y": 0.0, "roll": 0.0, "zoom": 1.0}
"""Motions of a 2d camera that do not go round, and where they are at rest."""
_SHOWN_AT_REST = {"x": 0.0, "y": 0.0, "roll": 0.0, "zoom": 1.0}
"""Poses in which a frame is shown that mirror the picture at its edges, and where they do not."""


def open_seams(part: ShotRead) -> Iterator[Located]:
    """What is to be said of a camera whose motion knows no edges that meet."""
    scene = part.scene
    if not scene.sampler.seamless or scene.video.n_batches is not None:
        return
    camera = scene.camera
    if camera.mode == "3d":
        yield _told(
            "a 3d camera looks ahead, and what it sees does not go round; write camera: {mode: 2d} "
            f"and let translate_x turn it, {_CLOSED}"
        )
        return
    if camera.padding not in (None, "wrap"):
        yield _told(f"camera.padding is {camera.padding}; write wrap, {_CLOSED}")
    frames = np.arange(part.place.first, part.place.end, dtype=np.float64)
    for name in (*_moving(camera, _AT_REST, frames), *_shown(camera, frames)):
        yield _told(
            f"camera.{name} moves the picture as one that ends at its edges, and opens the seam; "
            f"translate_x alone goes round: remove {name}, {_CLOSED}"
        )


def _moving(moved: object, at_rest: Mapping[str, float], frames: np.ndarray) -> Iterator[str]:
    for name, rest in at_rest.items():
        if (sampled(getattr(moved, name), frames) != rest).any():
            yield name


def _shown(camera: Camera, frames: np.ndarray) -> Iterator[str]:
    for name in _moving(camera.offset, _SHOWN_AT_REST, frames):
        yield f"offset.{name}"


def _told(message: str) -> Located:
    return Located(("sampler", "seamless"), message)
