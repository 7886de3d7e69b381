"""Deforum's motion: the signs and units of its matrices are a scene's too."""

from __future__ import annotations

import numpy as np

from pipeline.scene.importers.disco_camera import (
    BOUNDS,
    DEEP,
    FARTHEST,
    FLAT,
    put_resampling,
)
from pipeline.scene.importers.draft import Draft
from pipeline.scene.importers.moving import CLOSE, Moving, moving
from pipeline.scene.importers.source import Source, fitted, put_moving
from pipeline.scene.importers.translation import Course

_CENTRES = ("transform_center_x", "transform_center_y")
_3D = ("fov_schedule", "fov", "padding_mode", "sampling_mode", "depth_algorithm")
_DEPTHS = ("Midas-3-Hybrid", "MiDaS", "midas", "")
"""What is DPT-Large in truth, the network of the preset."""


def put_camera(
    source: Source, draft: Draft, course: Course, mode: str, size: tuple[int, int]
) -> None:
    """Write the camera; nothing for stills, and one at rest where Deforum moves nothing."""
    if mode != "none":
        draft.put("camera.mode", "3d" if mode == "3d" else "2d")
    if mode == "3d":
        _put_depth(source, draft, course)
        _put_motions(draft, {name: _read(source, name, course, draft) for name in DEEP}, DEEP)
    elif mode == "2d":
        _put_border(source, draft)
        flat = {name: _read(source, name, course, draft) for name in FLAT}
        _put_motions(draft, _about_the_middle(source, draft, course, flat, size), FLAT)
    source.known(*FLAT, *DEEP, *_CENTRES, *_3D, "border", "use_depth_warping")


def _read(source: Source, name: str, course: Course, draft: Draft) -> Moving:
    if name not in source.names:
        draft.slight(name, "not in the file: no such motion, where Deforum keeps what it had")
    return source.moving(name, course=course, default=1.0 if name == "zoom" else 0.0)


def _put_motions(draft: Draft, read: dict[str, Moving], names: dict[str, str]) -> None:
    for name, motion in read.items():
        setting = names[name]
        if not motion.is_always(1.0 if setting == "zoom" else 0.0):
            low, high = BOUNDS.get(setting, FARTHEST)
            put_moving(draft, f"camera.{setting}", name, fitted(motion, name, low, high, draft))


def _about_the_middle(
    source: Source,
    draft: Draft,
    course: Course,
    flat: dict[str, Moving],
    size: tuple[int, int],
) -> dict[str, Moving]:
    """The motions about the middle of the picture that are those about Deforum's centre.

    With A the turn and zoom, c the middle and d the other centre: A (x + t - d) + d is
    A (x + u - c) + c for u = t + c - d + A^-1 (d - c).
    """
    away = [
        (np.clip(source.moving(name, course=course, default=0.5).values, -9, 9) - 0.5) * side
        for name, side in zip(_CENTRES, size, strict=True)
    ]
    if not any(np.any(np.abs(one) > CLOSE) for one in away):
        return flat
    zoom = np.maximum(flat["zoom"].values, BOUNDS["zoom"][0])
    angle = np.radians(flat["angle"].values)
    along, across = np.cos(angle) / zoom, np.sin(angle) / zoom
    back = (along * away[0] - across * away[1], across * away[0] + along * away[1])
    moved = {
        name: moving(flat[name].values - one + there, ())
        for name, one, there in zip(("translation_x", "translation_y"), away, back, strict=True)
    }
    draft.slight(_CENTRES, "a centre beside the middle is written as a translation: equal motion")
    return {**flat, **moved}


def _put_border(source: Source, draft: Draft) -> None:
    border = source.text("border", default="replicate").lower()
    draft.put("camera.padding", "wrap" if border == "wrap" else "border")
    draft.put("camera.sampling", "bilinear")


def _put_depth(source: Source, draft: Draft, course: Course) -> None:
    draft.put("camera.projection", "disco", "the box that Deforum moves through, too")
    fov = source.moving("fov_schedule", "fov", course=course, default=70.0)
    put_moving(draft, "camera.fov", "fov_schedule", fitted(fov, "fov_schedule", 1, 179, draft))
    put_resampling(source, draft)
    algorithm = source.text("depth_algorithm")
    other = "" if algorithm in _DEPTHS else f"; {algorithm[:40]} is not among the networks"
    if source.flag("use_depth_warping", default=True):
        draft.differs(
            "depth_algorithm",
            "Deforum stretches the depth of each frame to 1 to 2, and here it is as the network "
            f"says, so near and far move by other amounts{other}",
        )
    else:
        draft.lost("use_depth_warping", "a flat picture has no counterpart: depth is estimated")
