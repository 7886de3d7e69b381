"""Colours as tuples of red, green and blue in [0, 255], and the grades that tint them.

A picture is graded before it is painted: every albedo passes through a `Grade`, so that contrast
can be measured, and corrected, on a handful of colours instead of on pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache

Colour = tuple[float, float, float]

BLACK: Colour = (0.0, 0.0, 0.0)
WHITE: Colour = (255.0, 255.0, 255.0)


@cache
def rgb(text: str) -> Colour:
    """The colour written `#rrggbb`."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return float(red), float(green), float(blue)


def mix(a: Colour, b: Colour, amount: float) -> Colour:
    """The linear mix that is `a` at amount 0, `b` at amount 1."""
    rest = 1.0 - amount
    return (
        a[0] * rest + b[0] * amount,
        a[1] * rest + b[1] * amount,
        a[2] * rest + b[2] * amount,
    )


def shift(colour: Colour, amount: float) -> Colour:
    """`colour` towards white for an amount above 0, black for one below; amount in [-1, 1]."""
    return mix(colour, WHITE if amount > 0 else BLACK, abs(amount))


def expose(colour: Colour, factor: float) -> Colour:
    """`colour` times `factor`; what would be brighter than the brightest turns towards white."""
    bright = (colour[0] * factor, colour[1] * factor, colour[2] * factor)
    spill = (max(max(bright) - 255.0, 0.0)) * 0.5
    return (
        min(bright[0] + spill, 255.0),
        min(bright[1] + spill, 255.0),
        min(bright[2] + spill, 255.0),
    )


def luminance(colour: Colour) -> float:
    """Brightness in [0, 1] (weights of ITU-R BT.601, on the encoded values)."""
    return (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]) / 255.0


def distance(a: Colour, b: Colour) -> float:
    """Perceived difference in [0, 1]: a weighted Euclidean distance, black to white is 1."""
    red, green, blue = a[0] - b[0], a[1] - b[1], a[2] - b[2]
    return math.sqrt((2 * red * red + 4 * green * green + 3 * blue * blue) / 9.0) / 255.0


@dataclass(frozen=True, slots=True)
class Ramp:
    """The tones of one hue from dark (0) over its purest (0.5) to light (1)."""

    dark: Colour
    pure: Colour
    light: Colour

    def __call__(self, tone: float) -> Colour:
        if tone < 0.5:
            return mix(self.dark, self.pure, max(tone, 0.0) * 2)
        return mix(self.pure, self.light, min(tone, 1.0) * 2 - 1)


RAMPS: dict[str, Ramp] = {
    "red": Ramp(rgb("#4a0610"), rgb("#d4202a"), rgb("#ffc2b4")),
    "orange": Ramp(rgb("#5a2004"), rgb("#ee7514"), rgb("#ffdcae")),
    "yellow": Ramp(rgb("#664a06"), rgb("#fbca14"), rgb("#fff4b4")),
    "green": Ramp(rgb("#06331f"), rgb("#2f9e4f"), rgb("#d0f2c4")),
    "blue": Ramp(rgb("#071a52"), rgb("#2766d2"), rgb("#c6e2ff")),
    "purple": Ramp(rgb("#2a0a4a"), rgb("#8c3fc0"), rgb("#ead0fa")),
    "pink": Ramp(rgb("#5a1038"), rgb("#f262a8"), rgb("#ffdcec")),
    "teal": Ramp(rgb("#04393c"), rgb("#16a3a0"), rgb("#bff0ea")),
    "grey": Ramp(rgb("#0a0a0d"), rgb("#83848a"), rgb("#fbfbfc")),
    "white": Ramp(rgb("#8f9098"), rgb("#dcdde2"), rgb("#ffffff")),
    "black": Ramp(rgb("#050507"), rgb("#24252b"), rgb("#5c5e68")),
}


@dataclass(frozen=True, slots=True)
class Light:
    """What an hour of the day does to a colour: filter it, then lay haze over it."""

    filter: Colour
    """Factors on red, green and blue, in [0, 1]."""
    haze: Colour
    amount: float


@dataclass(frozen=True, slots=True)
class Grade:
    """From the colour a thing has to the colour it is painted in."""

    light: Light
    lift: float = 0.0
    """How much of the light's effect is held back, in [0, 1]."""
    ramp: Ramp | None = None
    strength: float = 0.0
    """How far a colour goes to the ramp's tone of its own brightness, in [0, 1]."""
    tones: tuple[float, float] = (0.0, 1.0)
    """The tones of the ramp that black and white become."""
    exposure: float = 1.0
    """A last factor on the brightness, to stand out."""

    def __call__(self, colour: Colour) -> Colour:
        return _graded(self, colour)


@lru_cache(maxsize=65536)
def _graded(grade: Grade, colour: Colour) -> Colour:
    light = grade.light
    factors = mix(light.filter, (1.0, 1.0, 1.0), grade.lift)
    lit = (colour[0] * factors[0], colour[1] * factors[1], colour[2] * factors[2])
    lit = mix(lit, light.haze, light.amount * (1 - grade.lift))
    if grade.ramp is not None:
        low, high = grade.tones
        lit = mix(lit, grade.ramp(low + (high - low) * luminance(lit)), grade.strength)
    return expose(lit, grade.exposure)
