"""Easings: how a value gets from one key to the next, by name.

Conventions:
    An easing maps progress `u` to progress, both arrays of one shape; 0 and all below gives
    exactly 0, 1 and all above exactly 1. `in_` starts slowly, `out_` ends slowly, `in_out_` does
    both; `back` and `elastic` leave the range [0, 1] on the way. The families are Robert Penner's
    (Programming Macromedia Flash MX, 2002, chapter 7) with the constants of easings.net. `in`,
    `out` and `in_out` are short for the sine family, `spring` is the usual one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from keyframes.shaped_eases import Spring

Array = NDArray[np.float64]
Easing = Callable[[Array], Array]

OVERSHOOT = 1.70158
"""How far `back` swings out: the value at which it is a tenth of the way."""
OVERSHOOT_BOTH = OVERSHOOT * 1.525
ELASTIC_PERIOD = 3.0
"""Tenths of the way that one swing of `elastic` takes."""
ELASTIC_PERIOD_BOTH = 4.5


def linear(u: Array) -> Array:
    """Linear: even speed."""
    return u


def sine(u: Array) -> Array:
    """Sine: 1 minus a quarter of a cosine."""
    return 1 - np.cos(u * np.pi / 2)


def power(degree: int) -> Easing:
    """Power: `u` to the power of `degree`."""
    return lambda u: u**degree


def expo(u: Array) -> Array:
    """Exponential: doubles with every tenth of the way; starts with a step of 1/1024."""
    doubled: Array = np.exp2(10 * (u - 1))
    return doubled


def circ(u: Array) -> Array:
    """Circular: a quarter of a circle."""
    return 1 - np.sqrt(1 - u**2)


def back(overshoot: float) -> Easing:
    """Back: swings to the other side first, by `overshoot`."""
    return lambda u: u**2 * ((overshoot + 1) * u - overshoot)


def elastic(period: float) -> Easing:
    """Elastic: a swing of `period` tenths of the way, which doubles with every tenth."""
    return lambda u: expo(u) * np.cos(20 * np.pi * (u - 1) / period)


def bounce(u: Array) -> Array:
    """Bounce: four hops, each twice as long as the one before, of a ball in reversed time."""
    falling = 1 - u
    starts, centres, floors = _HOPS
    hop = np.searchsorted(starts, falling, side="right") - 1
    height: Array = 1 - (_GRAVITY * (falling - centres[hop]) ** 2 + floors[hop])
    return height


# The hops of a ball that touches the ground at 4, 8 and 10 elevenths of the time: a parabola each.
_GRAVITY = 7.5625
_HOPS = (
    np.array([0, 4, 8, 10]) / 11,
    np.array([0, 6, 9, 10.5]) / 11,
    np.array([0, 0.75, 0.9375, 0.984375]),
)


def reversed_in_time(ease: Easing) -> Easing:
    """The easing that ends as `ease` starts: an `in` becomes an `out`."""
    return lambda u: 1 - ease(1 - u)


def both_ends(ease: Easing) -> Easing:
    """`ease` for the first half of the way, and its reverse for the second."""

    def eased(u: Array) -> Array:
        is_first = u < 0.5
        half = ease(2 * np.where(is_first, u, 1 - u)) / 2
        return np.where(is_first, half, 1 - half)

    return eased


def exact_ends(ease: Easing) -> Easing:
    """`ease` with 0 up to 0 and 1 from 1 on, where rounding or the formula misses them."""

    def eased(u: Array) -> Array:
        inside = ease(np.clip(u, 0.0, 1.0))
        return np.where(u <= 0, 0.0, np.where(u >= 1, 1.0, inside))

    return eased


def _families() -> Iterator[tuple[str, Easing, Easing]]:
    """Name, the easing of `in_` and `out_`, and the one that `in_out_` makes two halves of."""
    yield "sine", sine, sine
    for degree, name in enumerate(("quad", "cubic", "quart", "quint"), start=2):
        yield name, power(degree), power(degree)
    yield "expo", expo, expo
    yield "circ", circ, circ
    yield "back", back(OVERSHOOT), back(OVERSHOOT_BOTH)
    yield "elastic", elastic(ELASTIC_PERIOD), elastic(ELASTIC_PERIOD_BOTH)
    yield "bounce", bounce, bounce


def _all_easings() -> dict[str, Easing]:
    easings = {"linear": exact_ends(linear)}
    for name, ease, half in _families():
        easings[f"in_{name}"] = exact_ends(ease)
        easings[f"out_{name}"] = exact_ends(reversed_in_time(ease))
        easings[f"in_out_{name}"] = exact_ends(both_ends(half))
    short = {word: easings[f"{word}_sine"] for word in ("in", "out", "in_out")}
    return {**short, **easings, "spring": Spring()}


EASINGS: Mapping[str, Easing] = MappingProxyType(_all_easings())
