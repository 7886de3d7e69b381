"""What a painted picture shows, in words: the only thing captions and classifiers know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

NONE = "none"
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple")

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "subject": ("lighthouse", "castle", "ship", "tree", "house", "pyramid", NONE),
    "ground": ("sea", "meadow", "desert", "snow", "forest", "city"),
    "time": ("day", "dawn", "sunset", "night", "storm"),
    "scheme": (NONE, *COLOURS),
    "ground_colour": (NONE, *COLOURS),
    "subject_colour": (NONE, *COLOURS),
}
"""The values of every attribute. Their order is the order of the codes on disk."""

_SUBJECT_ODDS = (0.25, 0.142, 0.142, 0.142, 0.142, 0.142, 0.04)
_GROUND_ODDS = (0.25, 0.15, 0.15, 0.15, 0.15, 0.15)
_TIME_ODDS = (0.24, 0.15, 0.2, 0.21, 0.2)
_PLAIN_SCHEME, _PLAIN_GROUND, _PLAIN_SUBJECT = 0.45, 0.65, 0.70
_SHIP_AT_SEA = 0.85


@dataclass(frozen=True, slots=True)
class Attributes:
    """One picture in words; every field is one of the `ATTRIBUTES` of its name.

    `scheme` colours the whole picture, `ground_colour` and `subject_colour` only their part, and
    a part with a colour of its own does not take the scheme's.
    """

    subject: str = "lighthouse"
    ground: str = "sea"
    time: str = "day"
    scheme: str = NONE
    ground_colour: str = NONE
    subject_colour: str = NONE

    def __post_init__(self) -> None:
        for name, value in zip(ATTRIBUTES, astuple(self), strict=True):
            if value not in ATTRIBUTES[name]:
                allowed = ", ".join(ATTRIBUTES[name])
                raise ValueError(f"{name} is {value!r}; allowed are {allowed}")


def draw_attributes(rng: np.random.Generator) -> Attributes:
    """Random attributes, with lighthouses and seas more often than the rest."""
    subject = _draw(rng, ATTRIBUTES["subject"], _SUBJECT_ODDS)
    at_sea = rng.random() < _SHIP_AT_SEA and subject == "ship"
    ground = _draw(rng, ATTRIBUTES["ground"], _GROUND_ODDS)
    return Attributes(
        subject=subject,
        ground="sea" if at_sea else ground,
        time=_draw(rng, ATTRIBUTES["time"], _TIME_ODDS),
        scheme=_draw_colour(rng, _PLAIN_SCHEME),
        ground_colour=_draw_colour(rng, _PLAIN_GROUND),
        subject_colour=_draw_colour(rng, 1.0 if subject == NONE else _PLAIN_SUBJECT),
    )


def encode(attributes: Attributes) -> NDArray[np.uint8]:
    """The index of each value in its tuple of `ATTRIBUTES`, shape `(6,)`."""
    pairs = zip(ATTRIBUTES.values(), astuple(attributes), strict=True)
    return np.array([values.index(value) for values, value in pairs], dtype=np.uint8)


def decode(codes: NDArray[np.integer]) -> Attributes:
    """The attributes whose `encode` is `codes`."""
    pairs = zip(ATTRIBUTES.values(), codes, strict=True)
    return Attributes(*(values[int(code)] for values, code in pairs))


def _draw(rng: np.random.Generator, values: tuple[str, ...], odds: tuple[float, ...]) -> str:
    steps = np.cumsum(odds)
    return values[int(np.searchsorted(steps / steps[-1], rng.random(), side="right"))]


def _draw_colour(rng: np.random.Generator, plain: float) -> str:
    colour = COLOURS[int(rng.integers(len(COLOURS)))]
    return NONE if rng.random() < plain else colour
