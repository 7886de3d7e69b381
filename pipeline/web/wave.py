"""The wave of a song over a video, for drawing: found once for each song and part of it."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.music.peaks import PEAK_HOP, wave_peaks
from pipeline.music.sound import blocks
from pipeline.spec.plan import Plan
from pipeline.web.following import stamp_of_file

_FULL = 127


def wave_of(plan: Plan) -> dict[str, Any] | None:
    """Lowest and highest sample of each stretch of the sound under the video of `plan`.

    `hop` is the length of a stretch in seconds; `start` the second of the video at which the first
    begins; `peaks` base64 of pairs of int8, of which the loudest moment is 127. None for a silent
    video. Raises Error if the sound cannot be read.
    """
    if plan.output.soundtrack is None:
        return None
    peaks = wave_peaks(blocks(Path(plan.output.soundtrack)))
    begin = plan.output.soundtrack_start
    seconds = sum(shot.length for shot in plan.all_shots) / float(plan.fps)
    first = max(0, int(begin / PEAK_HOP))
    seen = peaks[first : max(first, int((begin + seconds) / PEAK_HOP) + 1)]
    loudest = max(float(np.abs(peaks).max(initial=0)), 1e-9)
    scaled = np.rint(seen / loudest * _FULL).astype(np.int8)
    return {
        "hop": PEAK_HOP,
        "start": first * PEAK_HOP - begin,
        "peaks": b64encode(scaled.tobytes()).decode("ascii"),
    }


class Waves:
    """The newest wave, which stays while song, place and length do."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._wave: dict[str, Any] | None = None

    def of(self, plan: Plan) -> dict[str, Any] | None:
        """As `wave_of`."""
        output, frames = plan.output, sum(shot.length for shot in plan.all_shots)
        stamp = stamp_of_file(Path(output.soundtrack)) if output.soundtrack else ()
        key = (output.soundtrack, stamp, output.soundtrack_start, frames, plan.fps)
        if key != self._key:
            self._wave = wave_of(plan)
            self._key = key
        return self._wave
