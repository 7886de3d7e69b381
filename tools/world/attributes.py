"""What a painted picture shows, in words: the only thing captions and classifiers know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

NONE = "none"
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "teal")
_FIRST_COLOURS = COLOURS[:6]

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "subject": (
        *("lighthouse", "castle", "ship", "tree", "house", "pyramid", NONE),
        *("mountain", "windmill", "balloon", "temple", "bridge", "road", "tunnel"),
        *("planet", "spaceship"),
    ),
    "ground": ("sea", "meadow", "desert", "snow", "forest", "city", "clouds", "space"),
    "time": ("day", "dawn", "sunset", "night", "storm"),
    "scheme": (NONE, *COLOURS, "grey"),
    "ground_colour": (NONE, *COLOURS),
    "subject_colour": (NONE, *COLOURS, "white", "black"),
    "weather": (NONE, "rain", "snowfall", "fog"),
    "style": (NONE, "watercolour", "neon"),
}
"""The values of every attribute. Their order is the order of the codes on disk: a larger world has
the values of a smaller one first, so that codes and networks of the smaller keep their meaning."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """One picture in words; every field is one of the `ATTRIBUTES` of its name.

    `scheme` colours the whole picture, `ground_colour` and `subject_colour` only their part, and
    a part with a colour of its own does not take the scheme's.
    Space has no hour, and is painted as at night. A picture of no style is gouache.
    """

    subject: str = "lighthouse"
    ground: str = "sea"
    time: str = "day"
    scheme: str = NONE
    ground_colour: str = NONE
    subject_colour: str = NONE
    weather: str = NONE
    style: str = NONE

    def __post_init__(self) -> None:
        for name, value in zip(ATTRIBUTES, astuple(self), strict=True):
            if value not in ATTRIBUTES[name]:
                allowed = ", ".join(ATTRIBUTES[name])
                raise ValueError(f"{name} is {value!r}; allowed are {allowed}")


def encode(attributes: Attributes) -> NDArray[np.uint8]:
    """The index of each value in its tuple of `ATTRIBUTES`, shape `(8,)`."""
    pairs = zip(ATTRIBUTES.values(), astuple(attributes), strict=True)
    return np.array([values.index(value) for values, value in pairs], dtype=np.uint8)


def decode(codes: NDArray[np.integer]) -> Attributes:
    """The attributes whose `encode` begins with `codes`.

    The codes of an earlier world lack the last attributes, which it had none of.
    """
    values = list(ATTRIBUTES.values())[: len(codes)]
    return Attributes(*(some[int(code)] for some, code in zip(values, codes, strict=True)))
