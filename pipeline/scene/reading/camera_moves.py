"""Readers of an orbit, a dolly zoom, and of the point that a camera looks at."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from pydantic import BeforeValidator, ValidationInfo

from keyframes.curve import Curve
from keyframes.mistakes import found
from pipeline.scene.paths.moves import DollyZoom, LookAt, Orbit
from pipeline.scene.reading import forms
from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.fields import Reader
from pipeline.scene.reading.moving import Number, constant, read_moving
from pipeline.scene.reading.parts import Part, read_easing, read_frames, read_parts
from pipeline.scene.reading.ranges import Range, between

_DISTANCE = Range(0, 10_000, open_low=True)
_PLACE = between(-10_000, 10_000)
_ANGLE = between(-36_000, 36_000)
_TILT = between(-89, 89)
_FOV = Range(0, 180, True, True)
_LENGTH = forms.Form({"type": ["number", "string"]}, "a length")

_ORBIT = forms.keyed(
    {
        "around": (forms.moves(_DISTANCE), "Distance of the point, in units of depth."),
        "turn": (forms.moves(_ANGLE), "Degrees to the right, in all or within each `every`; 360."),
        "every": (_LENGTH, "A length within which it turns so far, again and again; the shot."),
        "tilt": (forms.moves(_TILT), "Degrees by which the camera stands above the point; 0."),
        "ease": (forms.EASE, "How a single turn begins and ends."),
    },
    required=("around",),
)
_DOLLY = forms.keyed(
    {
        "subject": (forms.moves(_DISTANCE), "Distance of what keeps its size, at the beginning."),
        "fov": (forms.moves(_FOV), "Field of view in degrees; the camera goes as it asks."),
        "distance": (
            forms.moves(_DISTANCE),
            "Distance of what keeps its size; the field of view opens as it asks.",
        ),
    }
)
_POINT = forms.keyed(
    {
        "x": (forms.moves(_PLACE), "Units of depth to the right; 0."),
        "y": (forms.moves(_PLACE), "Units of depth down; 0."),
        "z": (forms.moves(_PLACE), "Units of depth forward."),
    },
    required=("z",),
)
_LOOK = forms.either(forms.numeral(_DISTANCE), _POINT, what="a distance, `{x, y, z}`")


def orbiting() -> Reader:
    """Reader of `{around, turn, every, tilt, ease}`."""

    def read(value: Any, info: ValidationInfo) -> Orbit:
        parts = read_parts(
            _mapping(value, "{around: 1.5, turn: 360}"), _OF_ORBIT, info, ("around",)
        )
        every, ease = parts.get("every"), parts.get("ease")
        turn: Number = parts.get("turn", constant(360.0))
        if every is None and not (isinstance(turn, Curve) and len(turn.keys) == 1):
            raise ValueError(
                "turn moves, and is the whole turn of the shot; write every: 1 bar or the like "
                "beside it, within which it turns so far"
            )
        if every is not None and ease is not None:
            raise ValueError("ease is for a single turn, and every repeats it: remove one of them")
        return Orbit(
            around=parts["around"],
            turn=turn,
            over=_shot_length(info) if every is None else every,
            repeats=every is not None,
            tilt=parts.get("tilt", constant(0.0)),
            ease=ease,
        )

    return Reader(read, _ORBIT)


def dollying() -> Reader:
    """Reader of `{subject, fov}` or `{distance}`."""

    def read(value: Any, info: ValidationInfo) -> DollyZoom:
        form = "{subject: 1.5, fov: {0s: 40, end: 20}} or {distance: {0s: 1.5, end: 3}}"
        parts = read_parts(_mapping(value, form), _OF_DOLLY, info)
        if set(parts) not in ({"subject", "fov"}, {"distance"}):
            there = ", ".join(parts) or "nothing"
            raise ValueError(f"expected {form}, found {there}")
        if "fov" in parts and context_of(info).wrote("camera", "fov"):
            raise ValueError(
                "camera.fov is written too, and this moves the field of view; remove camera.fov, "
                "or write distance here, from which it follows"
            )
        return DollyZoom(**{name: parts.get(name) for name in _OF_DOLLY})

    return Reader(read, _DOLLY)


def looking() -> Reader:
    """Reader of a distance straight ahead, or of `{x, y, z}`."""

    def read(value: Any, info: ValidationInfo) -> LookAt:
        if not isinstance(value, Mapping):
            ahead = read_moving(value, _DISTANCE, info)
            return LookAt(constant(0.0), constant(0.0), ahead)
        parts = read_parts(value, _OF_POINT, info, required=("z",))
        return LookAt(*(parts.get(name, constant(0.0)) for name in _OF_POINT))

    return Reader(read, _LOOK)


def _mapping(value: Any, form: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"expected {form}, found {found(value)}")
    return value


def _shot_length(info: ValidationInfo) -> float:
    span = context_of(info).clock.timebase.span
    assert span is not None
    return float(span[1] - span[0])


def _part(name: str, allowed: Range) -> Part:
    def read(value: Any, info: ValidationInfo) -> Number:
        return read_moving(value, allowed, info, name=name)

    return read


_OF_ORBIT: Mapping[str, Part] = {
    "around": _part("around", _DISTANCE),
    "turn": _part("turn", _ANGLE),
    "every": read_frames,
    "tilt": _part("tilt", _TILT),
    "ease": read_easing,
}
_OF_DOLLY: Mapping[str, Part] = {
    "subject": _part("subject", _DISTANCE),
    "fov": _part("fov", _FOV),
    "distance": _part("distance", _DISTANCE),
}
_OF_POINT: Mapping[str, Part] = {name: _part(name, _PLACE) for name in "xyz"}


def _guides(value: Any, info: ValidationInfo, others: tuple[str, ...]) -> Any:
    if value is None or value == "none":
        return value
    if info.data.get("mode") == "2d":
        raise ValueError(f"{info.field_name} is for a 3d camera: write mode: 3d, or remove it")
    if info.data.get("projection") == "disco":
        raise ValueError(
            f"{info.field_name} is for a pinhole camera, and projection: disco is none: write "
            "projection: pinhole, or remove it"
        )
    if other := next((one for one in others if info.data.get(one) is not None), None):
        raise ValueError(
            f"{other} says where the camera is or looks already; remove {other} or "
            f"{info.field_name}"
        )
    return value


def guides(*others: str) -> BeforeValidator:
    """Refuses what guides a camera in 2d, through Disco's box, and beside `others` in force."""
    return BeforeValidator(partial(_guides, others=others))
