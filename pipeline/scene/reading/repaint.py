"""Reader of `repaint`: what of the picture that a frame starts from is painted afresh."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationInfo

from keyframes.expression import Expression, ExpressionError
from keyframes.field import PLACES, Field, field_values
from keyframes.mistakes import Located, Mistakes, NotationError, found
from keyframes.nearest import nearest
from keyframes.quoting import quoted
from pipeline.scene.reading import forms
from pipeline.scene.reading.clock import Clock
from pipeline.scene.reading.context import Context, context_of
from pipeline.scene.reading.fields import Reader
from pipeline.scene.reading.frame_pictures import SUFFIXES, frame_pictures
from pipeline.scene.reading.moving import Number, at_frame, constant, read_moving
from pipeline.scene.reading.paths import home_of, is_name, path_from
from pipeline.scene.reading.ranges import between

_NONE = constant(0.0)
_SHARES = ("holes", "stretch", "prompts")


_NULL = forms.Form({"type": "null"}, "")
_MOVES = forms.moves(between(0, 1))
PARTS: Mapping[str, tuple[forms.Form, str]] = {
    "holes": (
        _MOVES,
        "What came into sight: beyond the edges, and what something nearer had hidden.",
    ),
    "stretch": (
        _MOVES,
        "What grew, the more the faster: at a magnification m of one frame the share 1 - m^-6 of "
        "this.",
    ),
    "prompts": (_MOVES, "Everything, while prompts change."),
    "mask": (
        forms.text("a grey picture, a folder with one for each frame, or a formula"),
        "What the author says: white is 1. A formula knows `x`, `y` and, in 3d, `depth`.",
    ),
}
"""What may be painted afresh, each with its form and what it is."""

_EXPECTED = forms.keyed(
    {**PARTS, "mask": (forms.either(PARTS["mask"][0], _NULL), PARTS["mask"][1])}
)
FORM = forms.either(forms.words("off", "auto"), _EXPECTED)


@dataclass(frozen=True, slots=True)
class MaskPictures:
    """The author's masks of all frames."""

    files: tuple[Path, ...]
    """Absolute paths of the pictures, in the order of the frames."""


@dataclass(frozen=True, slots=True)
class Repaint:
    """How much of what a frame starts from is painted afresh, by what happened to it."""

    holes: Number = _NONE
    """Share of what came into sight."""
    stretch: Number = _NONE
    """Share of what was stretched."""
    prompts: Number = _NONE
    """Share of everything, while prompts change."""
    mask: MaskPictures | Field | None = None
    """Where the author wants it."""


NO_REPAINT = Repaint()
AUTO = Repaint(holes=constant(1.0), stretch=constant(0.5))
"""What suits most scenes."""


def repainting() -> Reader:
    """Reader of `off`, `auto` or `{holes, stretch, prompts, mask}`."""

    def read(value: Any, info: ValidationInfo) -> Repaint:
        if isinstance(value, str) and value in _WORDS:
            return _WORDS[value]
        if not isinstance(value, Mapping):
            raise ValueError(
                "expected off, auto, or what is painted afresh, such as {holes: 1, stretch: 0.5}; "
                f"found {found(value)}{nearest(value, _WORDS) if isinstance(value, str) else ''}"
            )
        mistakes = Mistakes()
        mistakes.check_keys(value, (*_SHARES, "mask"))
        shares = {
            name: mistakes.at(name).attempt(partial(_share, name=name, info=info), value[name])
            for name in _SHARES
            if name in value
        }
        mask = mistakes.at("mask").attempt(partial(_mask, info=info), value.get("mask"))
        mistakes.raise_any()
        return Repaint(**{k: v for k, v in shares.items() if v is not None}, mask=mask)

    return Reader(read, FORM)


def _share(value: Any, *, name: str, info: ValidationInfo) -> Number:
    return read_moving(value, between(0, 1), info, name=name)


_WORDS = {"off": NO_REPAINT, "auto": AUTO}


def _mask(value: Any, info: ValidationInfo) -> MaskPictures | Field | None:
    context = context_of(info)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(
            "expected a grey picture, a folder with one for each frame, or a formula such as "
            f'"depth > 0.6"; found {found(value)}'
        )
    if _is_file(value, context.folder):
        return MaskPictures(
            frame_pictures(value, "mask", context.folder, context.clock.whole_frames)
        )
    try:
        mask = Field(Expression.parse(value), context.clock.signals)
        _check(mask, context.clock, _no_depth(context))
    except ExpressionError as error:
        told = f"{error}{_nor_a_file(value)}"
        raise NotationError([Located((), told, error.column - 1)]) from None
    return mask


def _is_file(value: str, folder: Path) -> bool:
    """Whether a text is meant as the name of a file or a folder, and not as a formula."""
    name = value.strip()
    if not is_name(name):  # a formula of several lines
        return False
    is_named = Path(name).suffix.lower() in SUFFIXES or name.endswith(("/", "\\"))
    return is_named or path_from(home_of(value, folder), name).exists()


def _nor_a_file(value: str) -> str:
    """The end of a message about a mask that is no formula, and may be meant as a file's name."""
    is_one_word = _NAME.fullmatch(value.strip()) and value.strip() not in PLACES
    return "; nor is there a picture or a folder of this name beside the scene" * bool(is_one_word)


_NAME = re.compile(r"[^\W\d][\w./\\-]*")


def _no_depth(context: Context) -> str:
    """Why the pictures of a scene have no depth for a mask; empty where they have one."""
    if context.over_a_clip:
        return 'over a clip a mask knows no "depth"; write one of x and y, or a folder of pictures'
    camera = context.written.get("camera")
    if isinstance(camera, Mapping) and camera.get("mode") == "2d":
        return 'a 2d camera knows no "depth"; write camera: {mode: 3d}, or a mask of x and y'
    return ""


def _check(mask: Field, clock: Clock, no_depth: str) -> None:
    """Raise ExpressionError for a mask without a value at some place of some frame."""
    if no_depth and "depth" in mask.places:
        raise ExpressionError(no_depth, mask.expression.text.find("depth") + 1)
    corners = np.stack(np.meshgrid(*[(0.0, 0.5, 1.0)] * len(PLACES))).reshape(len(PLACES), -1)
    places = dict(zip(PLACES, corners, strict=True))
    for frame in clock.whole_frames:
        values = field_values(mask.expression.text, dict(mask.at(float(frame))), places)
        if not np.isfinite(values).all():
            raise ExpressionError(
                f'"{quoted(mask.expression.text)}" is not a finite number everywhere'
                f"{at_frame(clock, frame)}; keep what it divides by, or takes a root or logarithm "
                "of, above 0, as max(x, 0.01) does",
                1,
            )
        if not mask.expression.names - mask.places:
            return
