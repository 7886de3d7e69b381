"""Where in a video bars, sections and shots begin, for those who look at it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from keyframes.time_grammar import plain
from keyframes.timebase import nearest_frame
from pipeline.scene.schema import Scene
from pipeline.spec.timeline import Mark, Marks


def marks(scene: Scene) -> Marks:
    """The marks of `scene`, each on the frame nearest to it; none for stills."""
    if scene.video.n_batches is not None:
        return Marks()
    shots = tuple(Mark(shot.first, shot.name) for shot in scene.shots)
    return Marks(tuple(_bars(scene)), tuple(_sections(scene)), shots if len(shots) > 1 else ())


def beat_frames(scene: Scene) -> tuple[float, ...]:
    """The positions of all beats between the first frame and the last; none without a tempo."""
    timebase = scene.timebase
    if timebase.tempo is None or scene.video.n_batches is not None:
        return ()
    first, last = timebase.beats(0.0), timebase.beats(float(scene.frame_count - 1))
    beats = range(max(0, ceil(first)), floor(last) + 1)
    fps = timebase.fps
    return tuple(float(timebase.tempo.second(Fraction(beat)) * fps) for beat in beats)


def _bars(scene: Scene) -> Iterator[Mark]:
    tempo, fps = scene.timebase.tempo, scene.video.fps
    if tempo is None:
        return
    number = max(0, floor(tempo.beat(Fraction(0)) / tempo.beats_per_bar))
    while True:
        second = tempo.second(Fraction(number * tempo.beats_per_bar))
        frame = int(nearest_frame(float(second * fps)))
        if frame >= scene.frame_count:
            return
        number += 1
        if frame >= 0:
            yield Mark(frame, f"bar {number}")


def _sections(scene: Scene) -> Iterator[Mark]:
    """The sections in order; one that began before the first frame stands on it."""
    seconds = scene.music.timing.names
    named = {name: seconds[plain(name)] for name in scene.music.sections or ()}
    for name in sorted(named, key=named.__getitem__):
        frame = max(0, int(nearest_frame(float(named[name] * scene.video.fps))))
        if frame < scene.frame_count:
            yield Mark(frame, name)
