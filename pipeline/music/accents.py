"""What a listener taps to: one curve of accents from the onsets of all bands, and each one's start.

Conventions:
    An accent curve has a value each `HOP` seconds as the onsets have. Its loud strokes reach about
    1 in the loud and in the quiet parts of a piece alike, but for what is nearly silent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.music.onsets import Onsets, Values
from pipeline.music.sound import HOP

Times = NDArray[np.float64]

_SURROUNDINGS = 6.0
"""Seconds of music against which a stroke counts as loud."""

_FLOOR = 0.15
"""Share of the whole piece's loudness below which quiet music stays quiet."""

_SEEN = 0.4
"""Share of a stroke's greatest rise at which it is taken to begin."""

_RISEN, _RISES = 0.55, 5
"""Share of the greatest rise from which an earlier one is the same stroke's, and how many steps
earlier it may be."""

_SEEN_EARLY = 0.002
"""Seconds by which a stroke passes `_SEEN` too early, the middle of what single strokes of kick,
snare, hat, bass and piano give (1 to 3 ms)."""

REACH = 0.045
"""Seconds around a beat in which its stroke is looked for."""


def accents(onsets: Onsets) -> Values:
    """The accent curve: low, mid and high strengths, each against the loudness around it."""
    bands = [_levelled(band) for band in (onsets.low, onsets.mid, onsets.high)]
    return np.asarray(0.4 * bands[0] + 0.3 * bands[1] + 0.3 * bands[2], dtype=np.float32)


def smoothed(curve: Values, seconds: float) -> Values:
    """A curve, blurred by a bell of this standard deviation."""
    reach = int(np.ceil(3 * seconds / HOP))
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) * HOP / seconds) ** 2)
    full = np.convolve(curve, (bell / bell.sum()).astype(np.float32))
    return np.asarray(full[reach : reach + len(curve)], dtype=np.float32)


def stroke_starts(strength: Values, beats: Times, reach: float = REACH) -> Times:
    """When the stroke at each beat begins, in seconds; NaN where there is none.

    A stroke is the greatest value of `strength` within `reach` seconds, the near before the far.
    It begins where it first passes 0.4 of its height, between two steps by a straight line.
    """
    around = round(reach / HOP)
    steps = np.round(beats / HOP).astype(int)[:, None] + np.arange(-around, around + 1)
    inside = np.clip(steps, 0, len(strength) - 1)
    nearness = np.exp(-0.5 * ((steps * HOP - beats[:, None]) / reach) ** 2)
    best = np.argmax(strength[inside] * nearness, axis=1)
    peaks = inside[np.arange(len(beats)), best]
    found = np.array([_start(strength, peak) for peak in peaks], dtype=np.float64)
    heights = strength[peaks]
    usual = np.percentile(heights, 75) if heights.size else 0.0
    found[heights <= max(0.12 * usual, 1e-9)] = np.nan
    return found


def _start(strength: Values, peak: int) -> float:
    """When the stroke begins whose greatest rise is at the step `peak`.

    A low note rises again with each half of its first wave, so its greatest rise may be a later
    one of several.
    """
    sought = _SEEN * float(strength[peak])
    first = max(0, peak - _RISES)
    step = first + int(np.argmax(strength[first : peak + 1] > _RISEN * strength[peak]))
    while step > max(0, peak - _RISES - 2) and strength[step - 1] > sought:
        step -= 1
    below = float(strength[step - 1]) if step else 0.0
    share = (float(strength[step]) - sought) / max(float(strength[step]) - below, 1e-12)
    return max(0.0, (step - min(share, 1.0)) * HOP + _SEEN_EARLY)


def _levelled(strength: Values) -> Values:
    """A strength as a share of the loud strokes around it."""
    length = max(1, round(_SURROUNDINGS / HOP))
    parts = [strength[at : at + length] for at in range(0, len(strength), length)]
    loud = np.array([np.sqrt(np.mean(part * part)) for part in parts])
    # A last part of a few steps says little.
    if len(parts) > 1 and len(parts[-1]) < length / 2:
        loud[-1] = loud[-2]
    floor = max(float(np.sqrt(np.mean(loud * loud))) * _FLOOR, 1e-9)
    centres = (np.arange(len(parts)) + 0.5) * length
    scale = np.interp(np.arange(len(strength)), centres, np.maximum(loud, floor))
    return np.asarray(np.minimum(strength / (8 * scale), 1.0), dtype=np.float32)
