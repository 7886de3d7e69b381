"""What every formula can hear: the time of a video, and of a shot of it."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from keyframes.pulses import pulse_sources
from keyframes.source import Signal, Signals
from keyframes.timebase import Frames, Timebase


def clock_signals(
    timebase: Timebase, frame_count: int, shot: tuple[int, int] | None = None
) -> Signals:
    """What every formula can use: the time of a video of `frame_count` frames.

    `t` seconds, `frame`, `frames` (their number), `fps`, `duration` in seconds, `progress` from 0
    at the first frame to 1 at the last; with a tempo also `beat` and `bar`, which are 0 at the
    first beat and have fractions. `shot` is a shot's first frame and the one behind its last:
    `shot_t` counts seconds from its first frame, `shot_progress` goes from 0 there to 1 at its
    last. Without it the whole video is one shot. The pulses are those of `keyframes.pulses`.
    """
    first, end = shot or (0, frame_count)
    signals: dict[str, Signal] = {
        "t": timebase.seconds,
        "frame": lambda frame: frame,
        "progress": _progress(0, frame_count),
        "frames": _steady(frame_count),
        "fps": _steady(float(timebase.fps)),
        "duration": _steady(frame_count / float(timebase.fps)),
        "shot_t": lambda frame: timebase.seconds(frame - first),
        "shot_progress": _progress(first, end),
    }
    if timebase.tempo is not None:
        signals.update(beat=timebase.beats, bar=timebase.bars)
    return MappingProxyType({**signals, **pulse_sources(timebase)})


def _progress(first: int, end: int) -> Signal:
    last = max(end - first - 1, 1)
    return lambda frame: (frame - first) / last


def _steady(value: float) -> Signal:
    def signal(frame: Frames) -> Frames:
        return np.full(np.shape(frame), float(value)) if np.ndim(frame) else float(value)

    return signal
