"""How many steps at the noisy end a frame leaves out, to keep more of what it starts from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pydantic import ValidationInfo

from keyframes.located import Mistakes, found
from pipeline.reading.fields import Reader
from pipeline.reading.percent import read_percent

_FORMS = 'a whole number of steps, 0 or more, or a share such as "60%"'


@dataclass(frozen=True, slots=True)
class Skip:
    """A number of steps, or a share of them."""

    amount: int | Fraction
    """Steps if whole, else the share as an exact fraction: 58 % of 100 steps are 58."""
    is_share: bool = False

    def of(self, steps: int) -> int:
        """The steps left out of `steps`; a share is rounded down."""
        return int(self.amount * steps) if self.is_share else int(self.amount)


@dataclass(frozen=True, slots=True)
class SkipSteps:
    """The skip of the frames that start anew, and of those that grow from another frame."""

    first: Skip = Skip(0)
    then: Skip = Skip(Fraction(1, 2), is_share=True)
    first_needs_picture: bool = False
    """Without an init image a frame that starts anew skips nothing, whatever `first` says."""


def skips() -> Reader:
    """One skip for every frame that has a picture to start from, or `{first: ..., then: ...}`."""

    def read(value: Any, info: ValidationInfo) -> SkipSteps:
        steps: int | None = info.data.get("steps")
        if isinstance(value, dict):
            return _by_place(value, steps)
        skip = _skip(value, steps)
        return SkipSteps(skip, skip, first_needs_picture=True)

    return Reader(read)


def _by_place(written: dict[Any, Any], steps: int | None) -> SkipSteps:
    mistakes, default = Mistakes(), SkipSteps()
    mistakes.check_keys(written, ("first", "then"))
    read = {
        place: mistakes.at(place).attempt(lambda value: _skip(value, steps), written[place])
        for place in ("first", "then")
        if place in written
    }
    mistakes.raise_any()
    return SkipSteps(read.get("first") or default.first, read.get("then") or default.then)


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
