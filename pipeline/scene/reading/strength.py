"""How much of a frame is painted anew: `skip_steps` in the words of people.

A strength of 0 keeps the picture that a frame starts from, 1 forgets it; between them the steps
that are taken are this share of all, rounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationInfo

from pipeline.scene.reading import forms
from pipeline.scene.reading.fields import Reader, is_number, number
from pipeline.scene.reading.moving import Number, read_moving, sampled
from pipeline.scene.reading.places import PLACES, read_places
from pipeline.scene.reading.ranges import Range, between
from pipeline.scene.reading.skip_steps import Skip, SkipSteps


@dataclass(frozen=True, slots=True)
class MovingStrength:
    """A strength that changes over the video."""

    number: Number
    """Strength at a position in frames, from 0 to 1."""

    def over(self, steps: int, frames: NDArray[np.float64]) -> list[int]:
        """The steps left out of `steps` at each of `frames`; all of them at a strength of 0."""
        taken = np.rint(sampled(self.number, frames) * steps)
        skipped: list[int] = (steps - taken.astype(int)).tolist()
        return skipped


@dataclass(frozen=True, slots=True)
class MovingStart:
    """The strength of frames that start anew, which changes over the video."""

    number: Number
    """Strength at a position in frames, from 0 to 1; a frame takes one step at least."""

    def over(self, steps: int, frames: NDArray[np.float64]) -> list[int]:
        """The steps left out of `steps` at each of `frames`."""
        return [_kept(strength).of(steps) for strength in sampled(self.number, frames).tolist()]


@dataclass(frozen=True, slots=True)
class Strength:
    """The strength of frames that start anew, of those that grow, and of fades; None if unwritten.

    A frame that starts anew is painted in one step at least.
    """

    first: Skip | MovingStart | None = None
    then: MovingStrength | None = None
    fade: MovingStrength | None = None
    first_needs_picture: bool = False
    """Without an init image a frame that starts anew is painted whole, whatever `first` says."""

    def over(self, beneath: SkipSteps) -> SkipSteps:
        """The steps left out where this is written, and those of `beneath` where it is not."""
        return replace(
            beneath,
            first=beneath.first if self.first is None else self.first,
            then=beneath.then if self.then is None else self.then,
            fade=beneath.fade if self.fade is None else self.fade,
            first_needs_picture=self.first_needs_picture,
            first_is_written=self.first is not None and not self.first_needs_picture,
        )


def strengths() -> Reader:
    """Reader of one strength for every frame with a picture to start from, or of each place's."""

    def read(value: Any, info: ValidationInfo) -> Strength:
        def anew(written: Any) -> Skip:
            strength: Any = number(Range(0, 1, open_low=True)).read(written, info)
            return _kept(strength)

        grown = partial(_grown, info=info)
        if isinstance(value, Mapping) and value.keys() & set(PLACES):
            return Strength(**read_places(value, first=anew, grown=grown))
        then = grown(value)
        first = _kept(value) if is_number(value) else MovingStart(then.number)
        return Strength(first, then, first_needs_picture=True)

    return Reader(
        read, forms.by_place(forms.moves(between(0, 1)), forms.numeral(Range(0, 1, open_low=True)))
    )


def _grown(written: Any, *, info: ValidationInfo) -> MovingStrength:
    return MovingStrength(read_moving(written, between(0, 1), info))


def _kept(strength: float) -> Skip:
    """What a frame that starts anew leaves out; a hair less than all, so that a step remains."""
    share = 1 - Fraction(strength).limit_denominator(10**6)
    return Skip(min(share, Fraction(999_999, 1_000_000)), is_share=True)
