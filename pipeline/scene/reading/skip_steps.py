"""How many steps at the noisy end a frame leaves out, to keep more of what it starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationInfo

from keyframes.mistakes import found
from pipeline.scene.reading import forms
from pipeline.scene.reading.fields import Reader
from pipeline.scene.reading.moving import Number, read_moving, sampled
from pipeline.scene.reading.percent import read_percent
from pipeline.scene.reading.places import read_places
from pipeline.scene.reading.ranges import at_least, between

_FORMS = 'a whole number of steps, 0 or more, or a share such as "60%"'


_SHARE = forms.text("percent", r"^\s*[0-9]{1,3}(\.[0-9]{1,9})? ?%\s*$")
_STEPS = forms.either(forms.numeral(at_least(0), whole=True), _SHARE, what="steps or percent")
_KEY = forms.keyed({"value": (_STEPS, "Steps or percent."), "ease": (forms.EASE, "The way to it.")})
_MOVING = forms.named(forms.either(_STEPS, _KEY, forms.EASE), "times and such")
_GROWN = forms.either(_STEPS, forms.text("a formula"), _MOVING, what="steps or percent")
_FORM = forms.by_place(_GROWN, _STEPS)


@dataclass(frozen=True, slots=True)
class Skip:
    """A number of steps, or a share of them."""

    amount: int | Fraction
    """Steps if whole, else the share as an exact fraction: 58 % of 100 steps are 58."""
    is_share: bool = False

    def of(self, steps: int) -> int:
        """The steps left out of `steps`; a share is rounded down."""
        return int(self.amount * steps) if self.is_share else int(self.amount)

    def over(self, steps: int, frames: NDArray[np.float64]) -> list[int]:
        """The steps left out of `steps` at each of `frames`."""
        return [self.of(steps)] * len(frames)


@dataclass(frozen=True, slots=True)
class MovingSkip:
    """A number of steps that changes over the video."""

    number: Number
    """Steps left out at a position in frames."""

    def over(self, steps: int, frames: NDArray[np.float64]) -> list[int]:
        """The steps left out at each of `frames`, in whole numbers."""
        values: list[int] = np.rint(sampled(self.number, frames)).astype(int).tolist()
        return values


class Skipping(Protocol):
    """The steps left out of frames."""

    def over(self, steps: int, frames: NDArray[np.float64]) -> list[int]:
        """The steps left out of `steps` at each of `frames`, from 0 to all of them."""
        ...


@dataclass(frozen=True, slots=True)
class SkipSteps:
    """The skip of the frames that start anew, and of those that grow from another frame."""

    first: Skipping = Skip(0)
    then: Skipping = Skip(Fraction(1, 2), is_share=True)
    fade: Skipping | None = None
    """What `then` becomes while prompts cross-fade; None leaves it as it is."""
    first_needs_picture: bool = False
    """Without an init image a frame that starts anew skips nothing, whatever `first` says."""
    first_is_written: bool = field(default=False, compare=False)
    """Whether the author says by `first` of the first frame what holds for it alone."""

    def grown(
        self, steps: int, frames: NDArray[np.float64], turning: NDArray[np.float64]
    ) -> list[int]:
        """The steps left out of frames that grow; `turning` is that of the prompts, 0 to 1."""
        then = self.then.over(steps, frames)
        if self.fade is None:
            return then
        fade = self.fade.over(steps, frames)
        return [
            round((1 - share) * kept + share * opened)
            for kept, opened, share in zip(then, fade, turning, strict=True)
        ]


def skips() -> Reader:
    """Reader of one skip for every frame with a picture to start from, or `{first, then, fade}`.

    `then` and `fade` may move over the video.
    """

    def read(value: Any, info: ValidationInfo) -> SkipSteps:
        steps: int | None = info.data.get("steps")
        if not isinstance(value, dict):
            skip = _skip(value, steps)
            return SkipSteps(skip, skip, first_needs_picture=True)
        first, grown = partial(_skip, steps=steps), partial(_grown, steps=steps, info=info)
        places = read_places(value, first=first, grown=grown)
        return SkipSteps(**places, first_is_written="first" in places)

    return Reader(read, _FORM)


def _grown(written: Any, *, steps: int | None, info: ValidationInfo) -> Skip | MovingSkip:
    moves = isinstance(written, Mapping | str) and read_percent(written) is None
    if steps is None or not moves:
        return _skip(written, steps)
    if isinstance(written, Mapping):
        written = {time: _in_steps(value, steps) for time, value in written.items()}
    return MovingSkip(read_moving(written, between(0, steps - 1), info))


def _in_steps(written: object, steps: int) -> object:
    """A key of a curve whose share of the steps, if it is one, is written as their number."""
    if isinstance(written, Mapping) and "value" in written:
        return {**written, "value": _in_steps(written["value"], steps)}
    share = read_percent(written)
    return written if share is None else int(share * steps)


def _skip(written: object, steps: int | None) -> Skip:
    skip = _read_skip(written)
    if steps is not None and skip.of(steps) >= steps:
        raise ValueError(
            f"found {found(written)}, which leaves none of the {steps} steps; "
            f"skip at most {steps - 1} of them"
        )
    return skip


def _read_skip(written: object) -> Skip:
    if isinstance(written, int) and not isinstance(written, bool) and written >= 0:
        return Skip(written)
    share = read_percent(written)
    if share is None:
        raise ValueError(f"expected {_FORMS}, found {found(written)}")
    return Skip(share, is_share=True)
