"""From what a scene says of its song to times: the tempo, and the seconds that have names.

Seconds of the song become those of the video here: `music.start` falls on the first frame. What is
wrong is told at the setting that says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from math import inf, isinf
from pathlib import Path
from typing import TYPE_CHECKING

from keyframes.lyrics import SungLine
from keyframes.mistakes import Mistakes
from keyframes.named_times import LINE, MARK, Names
from keyframes.tempo import Tempo, exact
from keyframes.time_grammar import plain
from keyframes.timebase import Timebase
from keyframes.times import check_whole
from pipeline.errors import Error
from pipeline.scene.listening import song
from pipeline.scene.reading.clock import SONG
from pipeline.scene.reading.context import Context
from pipeline.scene.song_tempo import song_tempo

if TYPE_CHECKING:
    from pipeline.music.lyrics import Line
    from pipeline.scene.music import Music


@dataclass(frozen=True, slots=True)
class Timing:
    """The tempo, the named times and the lines of a song, from the first frame on."""

    tempo: Tempo | None = None
    names: Names = field(default_factory=dict)
    """Names of times, and their seconds."""
    lines: tuple[SungLine, ...] = ()
    """What is sung, in frames."""
    song_end: Fraction | None = None
    """Where the song ends; only known if the video lasts as long."""
    doubt: str = ""
    """Why the beats that were heard cannot be trusted, with the remedy; empty if they can."""


def timing(music: Music, context: Context) -> Timing:
    """The timing of a song; NotationError with what cannot be read of it."""
    mistakes = Mistakes()
    fps = context.clock.timebase.fps
    tempo, doubt = song_tempo(music, fps, mistakes)
    # Where the tempo could not be read, any will do to find the mistakes of what goes by it.
    known = Tempo(120.0) if tempo is None and mistakes.problems else tempo
    names: dict[str, Fraction] = {}
    lines = _lines(music.lyrics, mistakes)
    names.update((f"{LINE}{n}", exact(line.start)) for n, line in enumerate(lines, start=1))
    names.update(_marks(music, Timebase(fps, known, names), mistakes))
    names.update(_sections(music, Timebase(fps, known, names), mistakes))
    # A sound that could not be listened to is not read again to tell the same.
    is_read = not any(one.path == ("file",) for one in mistakes.problems)
    end = _end(music, mistakes) if is_read and _lasts_as_song(context) else None
    mistakes.raise_any()
    start = exact(music.start)
    return Timing(
        None if tempo is None else tempo.later(-start),
        {name: second - start for name, second in names.items()},
        tuple(_sung(line, start, fps) for line in lines),
        None if end is None else end - start,
        doubt,
    )


def _lines(path: Path | None, mistakes: Mistakes) -> tuple[Line, ...]:
    if path is None:
        return ()
    # Only songs with lyrics need their reader.
    from pipeline.music.lyrics import read_lyrics

    return mistakes.at("lyrics").attempt(read_lyrics, path) or ()


def _marks(music: Music, timebase: Timebase, mistakes: Mistakes) -> Mapping[str, Fraction]:
    here = mistakes.at("marks")
    if isinstance(music.marks, Path):
        # Only songs with such a file need the readers of their formats.
        from pipeline.music.marks.formats import read_marks

        read = here.attempt(lambda one: read_marks(one, music.file, timebase.fps), music.marks)
        return {f"{MARK}{plain(mark.name)}": exact(mark.second) for mark in reversed(read or ())}
    seconds = _named(music.marks or {}, timebase, here)
    return {f"{MARK}{name}": second for name, second in seconds.items()}


def _sections(music: Music, timebase: Timebase, mistakes: Mistakes) -> Mapping[str, Fraction]:
    return _named(music.sections or {}, timebase, mistakes.at("sections"))


def _named(
    written: Mapping[str, str | float], timebase: Timebase, mistakes: Mistakes
) -> dict[str, Fraction]:
    """Seconds of the song by plain name; each may go by those before it. What is none is noted."""
    seconds: dict[str, Fraction] = {}
    names = dict(timebase.names)
    growing = replace(timebase, names=names)
    for name, time in written.items():
        frame = mistakes.at(name).attempt(partial(_whole, timebase=growing), time)
        if frame is not None:
            seconds[plain(name)] = names[plain(name)] = frame / timebase.fps
    return seconds


def _whole(time: str | float, timebase: Timebase) -> Fraction:
    """The position of a time; TimeError also for a fraction of a frame, which means seconds."""
    position = timebase.position(time)
    check_whole(time, timebase)
    return position


def _lasts_as_song(context: Context) -> bool:
    video = context.written.get("video")
    duration = video.get("duration") if isinstance(video, Mapping) else None
    return isinstance(duration, str) and plain(duration) == SONG


def _end(music: Music, mistakes: Mistakes) -> Fraction | None:
    """The second at which the song ends."""
    if music.file is None:
        return None
    try:
        return exact(song(music.file).duration)
    except Error as error:
        mistakes.at("file").add(str(error))
        return None


def _sung(line: Line, start: Fraction, fps: Fraction) -> SungLine:
    """A line in frames, of a video that begins at the second `start` of the song.

    They are rounded once and at last, as a time such as `line 2` is, which so means its very frame.
    """
    first, end = (
        second if isinf(second) else float((exact(second) - start) * fps)
        for second in (line.start, line.end)
    )
    return SungLine(first, end, line.text)


def assumed(written: Mapping[object, object]) -> Timing:
    """A timing in the place of that of a mistaken section `music`, so that one mistake is told.

    There is a beat, and every name that the section gives to a time; they are an hour apart, so
    that what is written at them can be read. If there are lyrics, something is sung.
    """
    music = written.get("music")
    music = music if isinstance(music, Mapping) else {}
    sections, marks = music.get("sections"), music.get("marks")
    names = [plain(str(name)) for name in sections] if isinstance(sections, Mapping) else []
    if isinstance(marks, Mapping):
        names += [f"{MARK}{plain(str(name))}" for name in marks]
    hours = {name: Fraction(3600 * hour) for hour, name in enumerate(names, start=1)}
    return Timing(Tempo(120.0), hours, (SungLine(0.0, inf, "la"),) if "lyrics" in music else ())
