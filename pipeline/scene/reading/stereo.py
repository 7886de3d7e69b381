"""Reader of what a video for two eyes is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import ValidationInfo

from keyframes.mistakes import found
from pipeline.scene.reading import forms
from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.fields import Reader, number, one_of
from pipeline.scene.reading.parts import Part, read_parts
from pipeline.scene.reading.ranges import Range
from pipeline.spec.stereo import StereoLayout, StereoSpec

_IPD = Range(0, 50, open_low=True)
_ANGLE = Range(0, 10)
_LAYOUTS: tuple[StereoLayout, ...] = get_args(StereoLayout)

_FORM = forms.keyed(
    {
        "ipd": (forms.numeral(_IPD), "Distance of the eyes in 1/200 units of depth."),
        "eye_angle": (
            forms.numeral(_ANGLE),
            "Angle in degrees by which each eye has the middle of the screen inward; 0: parallel.",
        ),
        "layout": (forms.words(*_LAYOUTS), "How the pictures of the two eyes become one."),
    }
)


def two_eyes() -> Reader:
    """Reader of the two eyes of a video: a mapping, in which all may be left out."""

    def read(value: Any, info: ValidationInfo) -> StereoSpec:
        if not isinstance(value, dict):
            raise ValueError(
                f"expected a mapping such as {{ipd: 5, layout: side_by_side}}, found {found(value)}"
            )
        if context_of(info).stills:
            raise ValueError(
                "n_batches makes stills: remove stereo, or write duration for a video of it"
            )
        return StereoSpec(**read_parts(value, _READERS, info))

    return Reader(read, _FORM)


_READERS: Mapping[str, Part] = {
    "ipd": lambda value, info: number(_IPD).read(value, info),
    "eye_angle": lambda value, info: number(_ANGLE).read(value, info),
    "layout": lambda value, info: one_of(_LAYOUTS, value),
}
