"""What an author may not expect of the song: beats that are a guess, and an end without sound."""

from __future__ import annotations

from collections.abc import Iterator

from keyframes.mistakes import Located
from keyframes.time_grammar import plain
from keyframes.time_words import clock_time
from pipeline.files.sound_length import stated_seconds
from pipeline.scene.reading.clock import SONG
from pipeline.scene.reading.music_fields import Auto
from pipeline.scene.sections import ShotRead

_SLACK = 0.1
"""Seconds without sound at the end that nobody misses."""


def music_warnings(part: ShotRead) -> Iterator[Located]:
    """What is to be said of the song, which all shots share."""
    scene = part.scene
    if doubt := scene.music.timing.doubt:
        setting = "bpm" if isinstance(scene.music.bpm, Auto) else "first_beat"
        yield Located(("music", setting), doubt)
    duration, song = scene.video.duration, scene.music.file
    lasts_as_song = isinstance(duration, str) and plain(duration) == SONG
    if song is None or duration is None or lasts_as_song:
        return
    seconds, length = stated_seconds(song), scene.frame_count / float(scene.video.fps)
    left = None if seconds is None else max(0.0, seconds - scene.music.start)
    if left is not None and left < length - _SLACK:
        sounds = f"plays for {clock_time(left, 2)} of the video's {clock_time(length, 2)}"
        yield Located(
            ("music", "file"),
            f"the song {sounds}, and the rest is silent; write duration: song, or a shorter one",
        )
