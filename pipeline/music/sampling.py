"""Envelopes at frames of a video.

Convention:
    Frame n shows what happens nearest to it: its value is the largest of the envelope from half a
    frame before n / fps to half a frame after it (`keyframes.pulses.EDGES`). So the frame nearest
    to a hit shows all of the hit, whatever the frame rate, and no frame shows it late. Positions
    between frames are treated alike. Before the song and after its end there is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from keyframes.pulses import DIGITS, EDGES
from keyframes.source import Signal
from keyframes.timebase import Frames
from pipeline.music.sound import HOP

Curve = NDArray[np.float64]

_TIE = 1e-6
"""Hops by which a bound may miss a value through rounding."""


def at_frames(curve: Curve, fps: Fraction, start: float) -> Signal:
    """The signal of an envelope whose values lie HOP seconds apart.

    `start` is the second of the song that falls on frame 0; it may be negative.
    """
    # Libraries and machines differ in the last bits of what they compute. A plan is compared with
    # the one that was rendered, by digests of its numbers, so it must not hold these bits.
    rounded = np.round(curve, DIGITS)
    hops = float(1 / (fps * Fraction(str(HOP))))
    largest = _largest_of(rounded, hops)
    offset = start / HOP

    def signal(frames: Frames) -> Frames:
        middle = np.asarray(frames, dtype=np.float64) * hops + offset
        low, high = (middle + edge * hops for edge in EDGES)
        found = largest(low, high, middle)
        return found if found.ndim else float(found)

    return signal


def _largest_of(curve: Curve, hops: float) -> Callable[[Curve, Curve, Curve], Curve]:
    """A function of bounds `hops` apart and their middles, to the largest value between them.

    Where no value lies between bounds, it is the nearest to the middle.
    """
    least = max(int(hops - _TIE), 1)
    levels = least.bit_length() - 1
    padded = np.pad(curve, least + 2)
    # Value i of `runs` is the largest of 2**levels values from i on; two of them cover any count
    # from `least` to the one after it.
    runs = padded
    for level in range(levels):
        runs = np.maximum(runs[: -(1 << level)], runs[1 << level :])
    shift, length = least + 2, 1 << levels

    def largest(low: Curve, high: Curve, middle: Curve) -> Curve:
        first, end = np.ceil(low - _TIE), np.ceil(high - _TIE)
        nearest = np.floor(middle + 0.5 + _TIE)
        empty = end <= first
        first, end = np.where(empty, nearest, first), np.where(empty, nearest + 1, end)
        last = len(runs) - 1
        left = np.clip(first + shift, 0, last).astype(np.intp)
        right = np.clip(end - length + shift, 0, last).astype(np.intp)
        return np.asarray(np.maximum(runs[left], runs[right]))

    return largest
