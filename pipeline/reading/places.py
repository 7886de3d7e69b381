"""A setting that has a value for the frames that start anew and another for those that grow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from keyframes.located import Mistakes

PLACES = ("first", "then")
"""The first frame and every still, and the frames that grow from another one."""


def read_places(
    written: Mapping[Any, Any], *, first: Callable[[Any], Any], then: Callable[[Any], Any]
) -> dict[str, Any]:
    """The value of each place that is `written`; NotationError with every mistake in them."""
    mistakes = Mistakes()
    mistakes.check_keys(written, PLACES)
    values = {
        place: mistakes.at(place).attempt(read, written[place])
        for place, read in zip(PLACES, (first, then), strict=True)
        if place in written
    }
    mistakes.raise_any()
    return values
