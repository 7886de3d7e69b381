"""Readers of what frames keep of their shot: for how long a form, and whose colours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import exp
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationInfo

from keyframes.mistakes import Mistakes, found
from keyframes.nearest import nearest
from keyframes.time_grammar import amount, plain, summed
from pipeline.scene.reading import forms
from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.fields import Reader, is_number, one_of
from pipeline.scene.reading.moving import Number, constant, existing_picture, read_moving
from pipeline.scene.reading.ranges import at_least, between
from pipeline.spec.keeping import ColourMatch

FOREVER, FIRST = "forever", "first"
_ONE = constant(1.0)
_LONGEST = 100_000
"""Frames after which nobody sees that something was kept."""


_MEMORY = forms.either(
    forms.words(FOREVER),
    forms.numeral(between(0, _LONGEST)),
    forms.text("", "[0-9]"),
    what="`forever`, frames or a length",
)
_WHOSE = forms.either(
    forms.words(FIRST),
    forms.numeral(at_least(1)),
    forms.text(""),
    what="`first`, frames or a length, a picture file",
)
_COLOURS = forms.either(
    _WHOSE,
    forms.keyed(
        {
            "of": (
                _WHOSE,
                "Whose colours: the shot's first frame's, the last frames', a picture's.",
            ),
            "share": (forms.moves(between(0, 1)), "How much of the way is gone with each frame."),
            "by": (
                forms.words(*get_args(ColourMatch)),
                "`mean` matches mean and deviation, `covariance` knows orange from green, "
                "`histogram` suits colours in groups.",
            ),
        }
    ),
)


@dataclass(frozen=True, slots=True)
class KeepColour:
    """Whose colours the picture that is fed back is given, and by how much."""

    share: Number = _ONE
    by: ColourMatch = "covariance"
    follow: float = 0.0
    """Share of them that gives way to each frame's; at 0 they are the first frame's."""
    file: Path | None = None
    """The picture whose colours they are; None for those of the shot."""


def memory_length() -> Reader:
    """Reader of a length, or `forever`, as the share by which each frame is followed.

    In so long a time what is kept goes 63% of the way: by 1 - exp(-1 / frames) with each. 0 keeps
    nothing.
    """

    def read(value: Any, info: ValidationInfo) -> float:
        if value == FOREVER:
            return 0.0
        frames = _length(value, info)
        if frames is None or frames not in between(0, _LONGEST):
            raise ValueError(
                f"expected a number of frames {between(0, _LONGEST)}, a length such as 4s, or "
                f"{FOREVER}; found {found(value)}{_meant(value, FOREVER)}"
            )
        return followed(frames)

    return Reader(read, _MEMORY)


def followed(frames: float) -> float:
    """The share of each frame that leads to 63% in a number of `frames`; all of it in none."""
    return 1 - exp(-1 / frames) if frames > 0 else 1.0


def whose_colours() -> Reader:
    """Reader of `first`, a length, a picture's name, or `{of, share, by}`."""

    def read(value: Any, info: ValidationInfo) -> KeepColour:
        if not isinstance(value, Mapping):
            return KeepColour(**_reference(value, info))
        mistakes = Mistakes()
        mistakes.check_keys(value, tuple(readers))
        parts: dict[str, Any] = {
            name: mistakes.at(name).attempt(partial(reader, info=info), value[name])
            for name, reader in readers.items()
            if name in value
        }
        mistakes.raise_any()
        of: dict[str, Any] = parts.pop("of", {})
        return KeepColour(**of, **parts)

    readers: Mapping[str, Callable[..., Any]] = {"of": _reference, "share": _share, "by": _by}
    return Reader(read, _COLOURS)


def _reference(value: Any, info: ValidationInfo) -> dict[str, Any]:
    if value == FIRST:
        return {"follow": 0.0}
    frames = _length(value, info)
    if frames is not None:
        if frames not in at_least(1):
            raise ValueError(
                f"found {found(value)}; it is the number of the last frames, 1 or more"
            )
        return {"follow": 1 / frames}
    if not isinstance(value, str):
        raise ValueError(
            f"expected {FIRST}, a number of frames, a length such as 4s, or the name of a picture; "
            f"found {found(value)}"
        )
    try:
        return {"file": existing_picture().read(value, info)}
    except ValueError as error:
        raise ValueError(f"{error}{_meant(value, FIRST)}") from error


def _length(value: Any, info: ValidationInfo) -> float | None:
    """The frames of a number or of a length such as `4s` or `2 bars`; None for what is neither.

    Raises TimeError for a length that there is not, such as beats without a tempo.
    """
    if is_number(value):
        return float(value)
    if not isinstance(value, str) or summed(plain(value), amount) is None:
        return None
    clock = context_of(info).clock
    return clock.timebase.length(value, clock.whole_frames.start)


def _meant(value: Any, word: str) -> str:
    """The end of a message about what may be `word`, mistyped."""
    return nearest(value, (word,)) if isinstance(value, str) else ""


def _share(value: Any, info: ValidationInfo) -> Number:
    return read_moving(value, between(0, 1), info, name="share")


def _by(value: Any, info: ValidationInfo) -> ColourMatch:
    ways: tuple[ColourMatch, ...] = get_args(ColourMatch)
    return one_of(ways, value)
