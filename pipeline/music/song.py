"""A song as all that can be asked of it, found when it is asked and kept for the next command."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from keyframes.quoting import quoted_path
from pipeline.errors import Error
from pipeline.music.cache import Cache, entry_key
from pipeline.music.envelopes import NAMES, Levels, measure, measure_band, values
from pipeline.music.features import HIGHEST, LOWEST, RATE
from pipeline.music.sound import Samples, blocks

if TYPE_CHECKING:
    from pipeline.music.grid import BeatGrid
    from pipeline.music.sections import Section

ANALYSIS = 1
"""Raised by one whenever anything that is found in a song changes."""

NARROWEST = 10.0
"""The narrowest band in Hz that can be asked."""

Curve = NDArray[np.float64]


class Song:
    """The sound of `file`, whose analysis is kept in the folder `cache` if there is one.

    The file is read when something is asked that is not kept: then every method raises Error if it
    is missing, holds no sound, or is damaged. A file that changes meanwhile is not looked at again.
    """

    def __init__(self, file: Path, cache: Path | None) -> None:
        self.file = file
        self._cache = Cache(cache)
        self._bands: dict[tuple[float, float], Levels] = {}
        self._entries: dict[str, Any] = {}

    @property
    def duration(self) -> float:
        """Length of the sound in seconds."""
        high, low = (int(part) for part in self._measured["duration"])
        return (high * 65536 + low) / RATE

    def envelope(self, name: str) -> Curve:
        """The envelope of `envelopes.NAMES` called so, from 0 to 1, one value each 5 ms."""
        assert name in NAMES, name
        return values(self._measured[name])

    def band(self, low: float, high: float) -> Curve:
        """The envelope of what lies between two frequencies in Hz, one value each 5 ms.

        Raises ValueError unless 20 <= low, low + 10 <= high and high <= 11000.
        """
        if not LOWEST <= low <= low + NARROWEST <= high <= HIGHEST:
            raise ValueError(
                f"a band goes from {LOWEST:g} Hz or more up to {HIGHEST:g} Hz or less and is "
                f"{NARROWEST:g} Hz wide or more; found {low:g} to {high:g}"
            )
        limits = (float(low), float(high))
        if limits not in self._bands:
            found = self._cache.arrays(
                self._key("band", limits), lambda: {"band": measure_band(self._sound(), *limits)}
            )
            self._bands[limits] = found["band"]
        return values(self._bands[limits])

    def grid(
        self,
        low_bpm: float | None = None,
        high_bpm: float | None = None,
        beats_per_bar: int | None = None,
    ) -> BeatGrid:
        """Beats and bars by ear, with a tempo between two bounds and so many beats a bar if given.

        None leaves a thing to the ear.
        """
        from pipeline.music.grid import BeatGrid, find_grid
        from pipeline.music.onsets import find_onsets
        from pipeline.music.tempo import TempoCandidate

        hints = (low_bpm, high_bpm, beats_per_bar)
        found = self._entry(
            "grid", hints, lambda: asdict(find_grid(find_onsets(blocks(self.file)), *hints))
        )
        candidates = tuple(TempoCandidate(**one) for one in found["candidates"])
        return BeatGrid(**{**found, "beats": tuple(found["beats"]), "candidates": candidates})

    def first_beat(self, bpm: float, beats_per_bar: int | None = None) -> float:
        """The second at which the first whole bar begins, by ear, for beats of exactly `bpm`."""
        from pipeline.music.first_beat import find_first_beat
        from pipeline.music.onsets import find_onsets

        hints = (bpm, beats_per_bar)
        found = self._entry(
            "first beat", hints, lambda: find_first_beat(find_onsets(blocks(self.file)), *hints)
        )
        return float(found)

    def sections(self, bars: Sequence[float] | None = None) -> tuple[Section, ...]:
        """The sections that the song is proposed to have.

        `bars` are the seconds at which bars begin; without them they are found by ear.
        """
        from pipeline.music.sections import Section, propose_sections
        from pipeline.music.texture import texture_of

        if bars is None:
            grid = self.grid()
            bars = grid.downbeats if grid.trusted else ()
        edges = tuple(float(bar) for bar in bars)
        found = self._entry(
            "sections",
            edges,
            lambda: [asdict(one) for one in propose_sections(texture_of(blocks(self.file)), edges)],
        )
        return tuple(Section(**one) for one in found)

    @cached_property
    def _measured(self) -> Mapping[str, Levels]:
        """The envelopes by name, and as `duration` the number of samples in two digits of 65536."""

        def find() -> Mapping[str, Levels]:
            found = measure(self._sound())
            length = divmod(round(found.duration * RATE), 65536)
            return {**found.envelopes, "duration": np.array(length, np.uint16)}

        return self._cache.arrays(self._key("envelopes", ()), find)

    @cached_property
    def _digest(self) -> str:
        try:
            return self._cache.digest(self.file)
        except OSError as error:
            raise Error(
                f"the sound {quoted_path(self.file)} cannot be read: {error.strerror}; check that "
                "it may be read"
            ) from error

    def _sound(self) -> Iterator[Samples]:
        return blocks(self.file, RATE)

    def _key(self, kind: str, settings: object) -> str:
        return entry_key(song=self._digest, kind=kind, settings=settings, analysis=ANALYSIS)

    def _entry(self, kind: str, settings: object, find: Callable[[], object]) -> Any:
        """What is kept as JSON or found now, once for this object."""
        key = self._key(kind, settings)
        if key not in self._entries:
            self._entries[key] = self._cache.entry(key, find)
        return self._entries[key]
