"""A setting with one value for frames that start anew, one for those that grow, one for fades."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from keyframes.mistakes import Mistakes

PLACES = ("first", "then", "fade")
"""The first frame and every still; the frames that grow from another one; and of these the ones
while prompts cross-fade."""


def read_places(
    written: Mapping[Any, Any], *, first: Callable[[Any], Any], grown: Callable[[Any], Any]
) -> dict[str, Any]:
    """The value of each place that is `written`; NotationError with every mistake in them."""
    mistakes = Mistakes()
    mistakes.check_keys(written, PLACES)
    values = {
        place: mistakes.at(place).attempt(read, written[place])
        for place, read in zip(PLACES, (first, grown, grown), strict=True)
        if place in written
    }
    mistakes.raise_any()
    return values
