"""Disco Diffusion's motion: its signs, units and projection are a scene's too."""

from __future__ import annotations

from pipeline.scene.importers.disco_motion import (
    SPLINES,
    is_exact,
    moving_of_series,
    read_disco_series,
)
from pipeline.scene.importers.disco_names import DEPTHS
from pipeline.scene.importers.draft import Draft
from pipeline.scene.importers.source import Source, fitted

FLAT = {
    "translation_x": "translate_x",
    "translation_y": "translate_y",
    "angle": "roll",
    "zoom": "zoom",
}
DEEP = {
    **{"translation_x": "translate_x", "translation_y": "translate_y"},
    **{"translation_z": "translate_z", "rotation_3d_x": "rotate_x", "rotation_3d_y": "rotate_y"},
    "rotation_3d_z": "roll",
}
"""The motions of each mode, and their names in a scene; those of the other mode say nothing."""

BOUNDS = {
    "zoom": (1e-3, 100.0),
    "roll": (-180.0, 180.0),
    "rotate_x": (-180.0, 180.0),
    "rotate_y": (-180.0, 180.0),
}
"""What a scene allows, but for translations."""
FARTHEST = (-10_000.0, 10_000.0)

PADDINGS = ("border", "zeros", "reflection")
SAMPLINGS = ("bicubic", "bilinear", "nearest")
_3D = ("midas_depth_model", "midas_weight", "fov", "padding_mode", "sampling_mode")
_TURBO = ("turbo_mode", "turbo_steps", "turbo_preroll")
_VR = ("vr_mode", "vr_eye_angle", "vr_ipd")


def put_camera(source: Source, draft: Draft, mode: str, count: int) -> None:
    """Write the camera of a video of `count` frames; nothing for stills."""
    source.known(*FLAT, *DEEP, *_3D, *_TURBO, *_VR, "interp_spline")
    if mode == "none":
        return
    draft.put("camera.mode", "3d" if mode == "3d" else "2d")
    if mode == "3d":
        _put_depth(source, draft)
    elif mode == "2d":
        draft.put("camera.sampling", "bilinear")
    for name, setting in {"2d": FLAT, "3d": DEEP}.get(mode, {}).items():
        _put_motion(source, draft, name, setting, count)
    if mode == "3d" and source.flag("vr_mode"):
        _put_eyes(source, draft)


def _put_motion(source: Source, draft: Draft, name: str, setting: str, count: int) -> None:
    _, written = source.take(name)
    if written is None:
        return
    spline = source.text("interp_spline", default="Linear").lower()
    if spline not in ("linear", *SPLINES):
        draft.differs("interp_spline", f'"{spline[:30]}" is not known: straight lines')
        spline = "linear"
    try:
        series = read_disco_series(written, count, spline)
    except ValueError as error:
        draft.differs(name, f"{error}: no such motion")
        return
    for remark in series.remarks:
        draft.slight(name, remark)
    read = moving_of_series(series, count)
    if not is_exact(series):
        draft.differs(
            name, f"Disco's {series.ease} spline runs otherwise between keys and beyond them"
        )
    if not read.is_always(1.0 if setting == "zoom" else 0.0):
        low, high = BOUNDS.get(setting, FARTHEST)
        draft.put(f"camera.{setting}", fitted(read, name, low, high, draft).written)


def put_resampling(source: Source, draft: Draft) -> None:
    """Write how a moved picture is read between its pixels, and beyond its edges."""
    for name, setting, allowed in (
        ("padding_mode", "padding", PADDINGS),
        ("sampling_mode", "sampling", SAMPLINGS),
    ):
        word = source.text(name, default=allowed[0]).lower()
        if word not in allowed:
            draft.differs(name, f'"{word[:30]}" is not known: {allowed[0]}')
        draft.put(f"camera.{setting}", word if word in allowed else allowed[0])


def _put_eyes(source: Source, draft: Draft) -> None:
    """Write the two eyes, whose distance and angle are told as here."""
    ipd = source.number("vr_ipd", default=5.0, low=0.01, high=50.0)
    angle = source.number("vr_eye_angle", default=0.5, low=0.0, high=10.0)
    draft.put("output.stereo", {"ipd": ipd, "eye_angle": angle})
    draft.differs(
        _VR,
        "one video shows both eyes, side by side, where Disco leaves pictures; their middle is "
        "slid inward and not turned, and nothing is bent as by a fish's eye",
    )


def _put_depth(source: Source, draft: Draft) -> None:
    draft.put("camera.projection", "disco")
    fov = source.number("fov", default=40, low=1, high=179)
    draft.put("camera.fov", int(fov) if fov == int(fov) else fov)
    put_resampling(source, draft)
    model = source.text("midas_depth_model", default="dpt_large")
    if model not in DEPTHS:
        draft.differs("midas_depth_model", f'"{model[:40]}" is not published: dpt_large')
    elif model != "dpt_large":
        draft.put("models.depth", model)
    weight = source.number("midas_weight", default=0.3, low=0, high=1)
    if weight < 1:
        draft.differs(
            "midas_weight",
            f"AdaBins, {1 - weight:.0%} of the depth there, is not among the networks: MiDaS alone",
        )
