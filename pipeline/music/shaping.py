"""An envelope as an author wants it: gain, floor, threshold, attack, release, smoothing.

Convention:
    Values lie from 0 to 1, HOP seconds apart. What is asked for is done in the order of the fields
    of `Shape`. Nothing that can be asked makes an envelope late: the largest value of a hit stays
    where the hit is, and what follows or precedes it is what is shaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from keyframes.pulses import FADES, LONGEST
from pipeline.music.sound import HOP

Curve = NDArray[np.float64]

LIMITS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "threshold": (0.0, 1.0),
        "floor": (0.0, 0.99),
        "gain": (0.0, 100.0),
        **FADES,
        "smoothing": (0.0, LONGEST),
    }
)
"""The least and the largest value of each field of a Shape."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is done to an envelope, from the first field to the last; these defaults do nothing.

    The fields lie within LIMITS; that is checked where an author writes them.
    """

    threshold: float = 0.0
    """Values below become 0; others stay."""
    floor: float = 0.0
    """What lies below becomes 0, and the rest fills 0 to 1 again."""
    gain: float = 1.0
    """A factor; what goes beyond 1 is 1."""
    attack: float = 0.0
    """Seconds before a peak at which 1/e (37%) of it is there: it is approached, and not late."""
    release: float = 0.0
    """Seconds after a peak at which 1/e (37%) of it is left."""
    smoothing: float = 0.0
    """Each value becomes the mean of those around, in a triangle this many seconds wide at half its
    height. Alike on both sides, so a peak becomes lower and wider and stays in its place."""


def shaped(envelope: Curve, shape: Shape) -> Curve:
    """The envelope after all that the shape asks for; its length stays."""
    curve = np.where(envelope < shape.threshold, 0.0, envelope)
    curve = np.maximum(curve - shape.floor, 0) / (1 - shape.floor)
    curve = np.minimum(curve * shape.gain, 1)
    curve = np.maximum(_held(curve[::-1], shape.attack)[::-1], _held(curve, shape.release))
    width = 2 * floor(shape.smoothing / HOP / 2) + 1
    return _mean(_mean(curve, width), width)


def _held(curve: Curve, seconds: float) -> Curve:
    """The largest of each value and those before it, each faded by e in `seconds`."""
    if seconds * 20 < HOP:  # would fade to nothing in a hop
        return curve
    # Fading by a factor is going down a slope of logarithms, and above a slope the largest value
    # so far is a running maximum.
    slope = np.arange(len(curve)) * (HOP / seconds)
    with np.errstate(divide="ignore"):
        return np.asarray(np.exp(np.maximum.accumulate(np.log(curve) + slope) - slope))


def _mean(curve: Curve, width: int) -> Curve:
    """The mean of `width` values, an odd number, around each; beyond the ends there are zeros."""
    if width == 1:
        return curve
    sums = np.cumsum(np.pad(curve, (width // 2 + 1, width // 2)))
    # What is left of a difference of sums is not exactly 0 where it should be.
    return np.clip((sums[width:] - sums[:-width]) / width, 0, 1)
