"""The hits of a whole song: what speaks for each, and what they have in common.

The drums of a song sound alike. So what is weighed at the hits that are sure is compared with what
is weighed at those that are none, and where the two differ decides about the others: a bass note
that begins with a snare looks like a kick, but not like the kicks of this song.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.music.hits import DRUMS, SLIGHTEST, Evidence, Floats

_APART = 6
"""Hops within which there is one hit of a drum: 30 ms, the length of a flam."""
_DOUBTFUL = {"kick": 0.8, "snare": 0.8, "hat": 0.5}
"""The chance up to which a hit counts as none."""
_CERTAIN = {"kick": 0.99, "snare": 0.97, "hat": 0.9}
"""The chance from which it counts in full."""
_MODEL, _OTHER = 0.95, 0.8
"""The chance from which a hit shows how a drum sounds, and below which how it does not."""
_LIKENESS = 2.0
"""What it adds to the logarithm of the odds to sound just like the drum."""


def find_hits(parts: Sequence[Evidence], faintest: float) -> Floats:
    """Amplitudes of the hits, `(hops, 3)` for DRUMS, at the hops where they begin; 0 elsewhere.

    `parts` are the pieces of the song in their order. Nothing below the amplitude `faintest` is a
    hit.
    """
    loud = np.concatenate([part.loud for part in parts])
    chances = np.concatenate([part.chances for part in parts])
    slopes = np.concatenate([part.slopes for part in parts])
    weighed = np.concatenate([part.weighed for part in parts])
    starts = np.cumsum([0, *(len(part.loud) for part in parts)])
    kept = np.concatenate([part.kept + start for part, start in zip(parts, starts, strict=False)])
    found = np.zeros_like(loud)
    for drum, name in enumerate(DRUMS):
        strength = loud[:, drum] * chances[:, drum]
        is_peak = (strength == _largest_around(strength)) & (loud[:, drum] >= faintest)
        peaks = np.flatnonzero(is_peak & (chances[:, drum] > SLIGHTEST))
        looks = weighed[np.searchsorted(kept, peaks)].astype(np.float64)
        sure = compared(chances[peaks, drum].astype(np.float64), looks)
        part_of = (sure - _DOUBTFUL[name]) / (_CERTAIN[name] - _DOUBTFUL[name])
        counts = np.clip(part_of, 0, 1) * loud[peaks, drum]
        np.maximum.at(found[:, drum], _steepest(slopes[:, drum], peaks), counts.astype(np.float32))
    return found


def compared(chances: NDArray[np.float64], looks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chances of some hits, `(n,)`, once their looks, `(n, 64)`, are compared with one another.

    Where there are not two that are sure and two that are none, the chances stay.
    """
    drum = np.clip((chances - _MODEL) / (1 - _MODEL), 0, 1)
    other = np.clip((_OTHER - chances) / _OTHER, 0, 1)
    if min(drum.sum(), other.sum()) < 2:
        return chances
    mean, mean_other = (weight @ looks / weight.sum() for weight in (drum, other))
    spread = drum @ np.square(looks - mean) + other @ np.square(looks - mean_other)
    # A spread of 1 more than was found keeps a few hits from deciding too much.
    apart = (mean - mean_other) / (spread / (drum.sum() + other.sum()) + 1)
    # 1 at the mean of the drum, and -1 at the mean of the others.
    likeness = (looks - (mean + mean_other) / 2) @ apart / ((mean - mean_other) @ apart / 2 + 1e-9)
    bounded = np.clip(chances, 1e-6, 1 - 1e-6)
    return np.asarray(1 / (1 + (1 / bounded - 1) * np.exp(-_LIKENESS * likeness)))


def _steepest(slope: Floats, peaks: NDArray[np.intp]) -> NDArray[np.intp]:
    """The hops near to peaks of strength at which the sound rises fastest."""
    around = np.arange(-_APART + 1, _APART)
    near = np.clip(peaks[:, None] + around, 0, len(slope) - 1)
    return np.asarray(near[np.arange(len(near)), slope[near].argmax(axis=1)], np.intp)


def _largest_around(curve: Floats) -> Floats:
    """The largest of the values within 30 ms before and after each."""
    largest = curve.copy()
    for hop in range(1, _APART + 1):
        largest[hop:] = np.maximum(largest[hop:], curve[:-hop])
        largest[:-hop] = np.maximum(largest[:-hop], curve[hop:])
    return largest
