"""Beats that fall between frames, where a scene cuts or paints on them and anybody would notice.

Convention:
    What falls on a beat is on the frame nearest to it. Half a frame of a fast video is nothing to
    the eye; of a slow one it is a rhythm that limps. A tempo that was heard, or is not steady, is
    the song's own, and nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from keyframes.mistakes import Located
from pipeline.scene.sections import ShotRead
from pipeline.scene.written_words import words_in

LATE = 0.03
"""Seconds by which a picture may miss its beat before it is seen."""
_RATES = range(8, 61)
"""Whole frame rates among which one is looked for that fits the beat."""
_ON_BEATS = re.compile(r"\b(beat_pulse|bar_pulse|every)\b")
_MUSICAL = re.compile(r"\b(bars?|beats?)\b")


def off_the_beat(part: ShotRead) -> Iterator[Located]:
    """What is to be said of a frame rate that does not go with the beat, which all shots share."""
    scene = part.scene
    bpm, tempo = scene.music.bpm, scene.music.timing.tempo
    if tempo is None or tempo.changes or not isinstance(bpm, int | float) or not _goes_by(part):
        return
    fps, pace = Fraction(scene.video.fps), Fraction(str(bpm)) / 60
    frames = fps / pace
    late = _most_off(frames) / fps
    if late > LATE:
        yield Located(
            ("music", "bpm"),
            f"a beat takes {float(frames):.5g} frames at {float(fps):.5g} frames a second, so that "
            f"what falls on beats is up to {float(1000 * late):.0f} ms off them, now early and now "
            f"late{_remedy(fps, pace, is_song=scene.music.file is not None)}",
        )


def _goes_by(part: ShotRead) -> bool:
    """Whether a shot begins or ends on a beat, or formulas paint or move on it."""
    cuts = (part.outline.start_at, part.outline.until)
    if any(_MUSICAL.search(str(one)) for one in cuts):
        return True
    return any(_ON_BEATS.search(words) for words in words_in(part.data))


def _most_off(frames: Fraction) -> Fraction:
    """The most frames by which beats that are `frames` apart miss their frames, the first not."""
    # Of a fraction with an even denominator some beat falls in the middle between two frames.
    below = frames.denominator
    return Fraction(below // 2, below)


def _remedy(fps: Fraction, pace: Fraction, *, is_song: bool) -> str:
    """The end of the message: the tempo or the frame rate that fits, whichever is free."""
    fitting = [rate for rate in _RATES if (rate / pace).denominator == 1]
    rate = f"fps: {min(fitting, key=lambda rate: abs(rate - fps))}" if fitting else "a higher fps"
    if is_song:
        return f"; write {rate}"
    return f"; write bpm: {float(60 * fps / max(1, round(fps / pace))):.5g}, or {rate}"
