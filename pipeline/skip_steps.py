"""How many steps at the noisy end a frame leaves out, to keep more of what it starts from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pydantic import PlainValidator, ValidationInfo

from keyframes.located import Located, NotationError, found
from keyframes.nearest import nearest

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,9})?) ?%")
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


def skip_steps() -> PlainValidator:
    """One skip for every frame that has a picture to start from, or `{first: ..., then: ...}`."""

    def read(value: Any, info: ValidationInfo) -> SkipSteps:
        steps: int | None = info.data.get("steps")
        if isinstance(value, dict):
            return _by_place(value, steps)
        skip = _skip(value, steps)
        return SkipSteps(skip, skip, first_needs_picture=True)

    return PlainValidator(read)


def _by_place(value: dict[Any, Any], steps: int | None) -> SkipSteps:
    problems: list[Located] = []
    skips: dict[str, Skip] = {}
    for key, amount in value.items():
        try:
            if key not in ("first", "then"):
                hint = nearest(str(key), ("first", "then"))
                raise ValueError(f"unknown key{hint}; allowed: first, then")
            skips[key] = _skip(amount, steps)
        except ValueError as error:
            problems.append(Located((key,), str(error)))
    if problems:
        raise NotationError(tuple(problems))
    default = SkipSteps()
    return SkipSteps(skips.get("first", default.first), skips.get("then", default.then))


def _skip(value: Any, steps: int | None) -> Skip:
    share = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if not share and not whole:
        raise ValueError(f"expected {_FORMS}, found {found(value)}")
    skip = Skip(Fraction(share[1]) / 100, is_share=True) if share else Skip(value)
    if steps is not None and skip.of(steps) >= steps:
        raise ValueError(
            f"found {found(value)}, which leaves none of the {steps} steps; "
            f"skip at most {steps - 1} of them"
        )
    return skip
