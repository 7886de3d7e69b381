"""Reader of the depth that an author gives: a grey picture, or a folder with one for each frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationInfo

from keyframes.mistakes import Mistakes
from pipeline.scene.reading import forms
from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.fields import Reader, one_of
from pipeline.scene.reading.frame_pictures import frame_pictures
from pipeline.spec.camera import White

_WHITES: Mapping[str, White] = {"near": "near", "far": "far"}
_PICTURES = forms.text("a grey picture, a folder of them")
_FORM = forms.either(
    _PICTURES,
    forms.keyed(
        {
            "pictures": (_PICTURES, "A picture, or a folder with one for each frame."),
            "white": (forms.words(*_WHITES), "What white is: the nearest place, or the farthest."),
        },
        required=("pictures",),
    ),
)


@dataclass(frozen=True, slots=True)
class DepthPictures:
    """The depth of every frame from which another one grows."""

    files: tuple[Path, ...]
    """Absolute paths of the pictures, in the order of the frames from 0 to the last but one."""
    white: White
    """What a picture's brightest level means: the nearest place or the farthest."""


def depth_pictures() -> Reader:
    """Reader of a picture, a folder of pictures numbered as the frames, or either with `white`."""

    def read(value: Any, info: ValidationInfo) -> DepthPictures:
        context, mistakes = context_of(info), Mistakes()
        if context.wrote("models", "depth"):
            raise ValueError(
                "models.depth is written too, and a camera moves through one of the two; "
                "remove one of them"
            )
        named = value if isinstance(value, dict) else {"pictures": value}
        there = mistakes.at("pictures") if named is value else mistakes
        mistakes.check_keys(named, ("pictures", "white"))
        white = mistakes.at("white").attempt(_white, named.get("white", "near"))
        files = there.attempt(
            partial(
                frame_pictures,
                noun="depth",
                folder=context.folder,
                frames=context.clock.whole_frames[:-1],
            ),
            named.get("pictures"),
        )
        mistakes.raise_any()
        assert files is not None and white is not None
        return DepthPictures(files, white)

    return Reader(read, _FORM)


def _white(value: Any) -> White:
    return _WHITES[one_of(tuple(_WHITES), value)]
