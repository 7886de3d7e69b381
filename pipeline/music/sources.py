"""What formulas hear of a song and of its stems: `low`, `kick(release=0.3)`, `drums.onset`.

Each takes the settings of `shaping.Shape` by name. Those that tell moments fade by themselves,
`RELEASES`, so that more than one frame shows a hit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from keyframes.source import Signal, Source
from keyframes.timebase import Timebase
from pipeline.music.envelopes import NAMES
from pipeline.music.sampling import at_frames
from pipeline.music.shaping import LIMITS, Shape, shaped
from pipeline.music.song import Song

RELEASES: Mapping[str, float] = MappingProxyType(
    {"onset": 0.1, "kick": 0.15, "snare": 0.12, "hat": 0.06}
)
"""Seconds in which these fall to 37% where no other `release` is written; the others have 0."""

BAND = "band"
"""The source that takes two frequencies: `band(60, 120)`."""


def sound_sources(song: Song, timebase: Timebase, start: float = 0.0) -> Mapping[str, Source]:
    """The envelopes of a song as signals, by name: `envelopes.NAMES` and BAND.

    `start` is the second of the song that falls on frame 0. The song is read when the first signal
    is made, which raises Error for a sound that cannot be analysed; a band that there cannot be
    raises ValueError.
    """

    def signal(curve: NDArray[np.float64], shape: Shape) -> Signal:
        return at_frames(shaped(curve, shape), timebase.fps, start)

    def named(name: str) -> Source:
        usual = Shape(release=RELEASES.get(name, 0.0))

        def make(**settings: float) -> Signal:
            return signal(song.envelope(name), replace(usual, **settings))

        return Source(make, options=LIMITS)

    def make_band(low: float, high: float, **settings: float) -> Signal:
        return signal(song.band(low, high), Shape(**settings))

    band = Source(make_band, ("low", "high"), LIMITS)
    return MappingProxyType({**{name: named(name) for name in NAMES}, BAND: band})


def stem_sources(
    name: str, song: Song, timebase: Timebase, start: float = 0.0
) -> Mapping[str, Source]:
    """What `sound_sources` gives for the stem called `name`, each as "drums.kick" for "drums"."""
    sources = sound_sources(song, timebase, start)
    return MappingProxyType({f"{name}.{one}": source for one, source in sources.items()})
