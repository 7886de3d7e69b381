"""What an author may not expect of the song: beats that are a guess, and an end without sound."""

from __future__ import annotations

from collections.abc import Iterator

from keyframes.mistakes import Located
from keyframes.tempo import exact
from keyframes.time_grammar import plain
from keyframes.time_words import clock_time
from pipeline.files.sound_length import stated_seconds
from pipeline.scene.reading.clock import SONG
from pipeline.scene.reading.music_fields import Auto
from pipeline.scene.schema import Scene
from pipeline.scene.sections import ShotRead

_SLACK = 0.1
"""Seconds without sound at the end that nobody misses."""

_SHORT = 1.0
"""Seconds by which a stem may end before its song: exports cut off silence."""


def music_warnings(part: ShotRead) -> Iterator[Located]:
    """What is to be said of the song, which all shots share."""
    scene = part.scene
    if doubt := scene.music.timing.doubt:
        setting = "bpm" if isinstance(scene.music.bpm, Auto) else "first_beat"
        yield Located(("music", setting), doubt)
    yield from _short_stems(scene)
    yield from _long_fades(scene)
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


def _short_stems(scene: Scene) -> Iterator[Located]:
    """What is to be said of stems that end before the song does, in the video."""
    music = scene.music
    whole = stated_seconds(music.file) if music.stems and music.file else None
    shown = music.start + scene.frame_count / float(scene.video.fps)
    for name, file in music.stems.items():
        seconds = None if whole is None else stated_seconds(file)
        if whole is not None and seconds is not None and seconds < min(whole, shown) - _SHORT:
            lengths = f"{clock_time(seconds, 2)} of the song's {clock_time(whole, 2)}"
            yield Located(
                ("music", "stems", name),
                f"this stem lasts {lengths}, and begins with the song; export it as long as that",
            )


def _long_fades(scene: Scene) -> Iterator[Located]:
    """What is to be said of fades that leave no moment at which the song is as loud as it is."""
    length, music = scene.frame_count / scene.video.fps, scene.music
    # Exactly, so that fades that fill the video are not told for their last digit.
    if music.file is not None and exact(music.fade_in) + exact(music.fade_out) > length:
        setting = "fade_out" if music.fade_out else "fade_in"
        yield Located(
            ("music", setting),
            f"fade_in and fade_out take {clock_time(music.fade_in + music.fade_out, 2)} of the "
            f"video's {clock_time(float(length), 2)}, so that the song is never at its loudness; "
            "write shorter ones",
        )
