"""Reader of `symmetry`: in which steps of the denoising a picture is mirrored onto itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationInfo

from keyframes.mistakes import Mistakes, found
from pipeline.scene.reading import forms
from pipeline.scene.reading.fields import Reader, is_number
from pipeline.scene.reading.percent import read_percent
from pipeline.scene.reading.ranges import between
from pipeline.spec.denoise import SymmetrySpec

AXES = ("horizontal", "vertical")

_SHARE = forms.either(forms.numeral(between(0, 1)), forms.text("percent", "%"))
_SHARES = forms.either(_SHARE, forms.Form({"type": "array", "items": _SHARE.schema}, ""))
_FORM = forms.keyed({axis: (_SHARES, "Shares of the steps that a frame takes.") for axis in AXES})


def shares_by_axis() -> Reader:
    """Reader of `{horizontal: 9%, vertical: [0.09, 50%]}`: shares of the steps for each axis."""

    def read(value: Any, info: ValidationInfo) -> SymmetrySpec:
        if not isinstance(value, Mapping):
            raise ValueError(f"expected {{horizontal: [0.09], vertical: []}}, found {found(value)}")
        mistakes = Mistakes()
        mistakes.check_keys(value, AXES)
        shares = {axis: _shares(value[axis], mistakes.at(axis)) for axis in AXES if axis in value}
        mistakes.raise_any()
        return SymmetrySpec(**shares)

    return Reader(read, _FORM)


def _shares(written: object, mistakes: Mistakes) -> tuple[float, ...]:
    """The shares in their order, each of them once."""
    if not isinstance(written, list):
        share = mistakes.attempt(_share, written)
        return () if share is None else (share,)
    shares = [mistakes.at(place).attempt(_share, item) for place, item in enumerate(written)]
    return tuple(sorted({share for share in shares if share is not None}))


def _share(written: Any) -> float:
    share = written if is_number(written) else read_percent(written)
    if share is None or not 0 <= share <= 1:
        rule = "expected a share of the steps from 0 to 1, such as 0.09 or 9%"
        raise ValueError(f"{rule}, found {found(written)}")
    return float(share)
