"""A scene file to a `Scene`, or every mistake of the file at once.

The sections that the others lean on come first: the models say which sizes fit, the video and the
music make the clock. The rest is read on that clock; where it could not be made, only the checks
that need it wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from keyframes.mistakes import Located, found
from keyframes.quoting import quoted_path
from keyframes.timebase import Timebase
from pipeline.catalogue.presets import PRESETS
from pipeline.errors import Error, Problem, SceneError
from pipeline.scene.defaults import Data, with_defaults
from pipeline.scene.hearing import assumed_sources, heard
from pipeline.scene.music import Music
from pipeline.scene.output_list import read_outputs
from pipeline.scene.reading.clock import Clock, frame_count
from pipeline.scene.reading.context import Context
from pipeline.scene.reading.cut_texts import cut_texts
from pipeline.scene.reading.problems import place
from pipeline.scene.reading.spans import with_ends
from pipeline.scene.reading.yaml_source import Document, read_yaml
from pipeline.scene.schema import Scene, Video
from pipeline.scene.sections import (
    Reading,
    ScenePreset,
    ShotRead,
    chosen_preset,
    of_sizes,
)
from pipeline.scene.settings import Models
from pipeline.scene.shot_reading import read_shots, scene_of
from pipeline.scene.timing import assumed, sung_lines
from pipeline.scene.warnings import warnings_of

MAX_BYTES = 2_000_000
"""The most bytes of a scene file."""


def load_scene(path: Path, presets: Mapping[str, ScenePreset] = PRESETS) -> Scene:
    """The scene in the file at `path`; raises as `read_scene` does."""
    return read_scene(path, presets).scene


@dataclass(frozen=True, slots=True)
class SceneRead:
    """A scene, and what its author may not expect of it."""

    scene: Scene
    warnings: tuple[Problem, ...]
    """Warnings in the order of the file."""
    document: Document
    """What is written in the file, and where."""
    parts: tuple[ShotRead, ...]
    """The scene as each of its shots sees it, with the file as it were for that shot alone."""

    def warning(self, *route: str | int, message: str) -> Problem:
        """One more warning, at the value that `route` leads to."""
        problem = place(self.document, route, Located((), message))
        (whole,) = with_ends(self.document, [problem])
        return whole


def read_scene(path: Path, presets: Mapping[str, ScenePreset] = PRESETS) -> SceneRead:
    """The scene in the file at `path`, with warnings.

    Raises:
        SceneError: every mistake of the file, with its line and column.
        Error: there is no such file, or it cannot be read.
    """
    reading = Reading(_read_document(path))
    parts = _read_scene(reading, path, presets)
    problems = [*reading.document.problems, *cut_texts(reading.document)]
    # What cannot be read as it is written is rarely a setting's value: one of the two is told.
    unread = {(problem.line, problem.column) for problem in problems}
    problems += [one for one in reading.problems if (one.line, one.column) not in unread]
    if problems or not parts:
        raise SceneError(path, with_ends(reading.document, problems), reading.document.source)
    warned = tuple(with_ends(reading.document, warnings_of(parts)))
    return SceneRead(scene_of(parts), warned, reading.document, parts)


def _read_document(path: Path) -> Document:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise Error(
            f"{quoted_path(path)}: there is no such scene file; check the name and the folder"
        ) from error
    except OSError as error:
        raise Error(
            f"{quoted_path(path)}: this scene file cannot be read: {error.strerror}"
        ) from error
    if len(content) > MAX_BYTES:
        raise Error(
            f"{quoted_path(path)}: this is larger than a scene can be ({MAX_BYTES:,} bytes); is it "
            "the right file? A curve for every frame is shorter as a formula"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        message = "this is not UTF-8 text; save the scene as a UTF-8 text file"
        raise SceneError(path, [Problem(line, column, "", message)]) from error
    return read_yaml(text.replace("\r\n", "\n"))


def _read_scene(
    reading: Reading, path: Path, presets: Mapping[str, ScenePreset]
) -> tuple[ShotRead, ...]:
    """The scene as each of its shots sees it; empty if it cannot be read."""
    written = reading.document.data
    if not isinstance(written, dict):
        if not reading.document.problems:
            reading.note(
                (), f"expected settings such as video: and prompts:, found {found(written)}"
            )
        return ()
    unknown = Clock.of_unknown_length(None)
    context = Context(
        path.absolute().parent, tuple(presets), 1, unknown, stills=False, written=written
    )
    preset = chosen_preset(written, presets)
    data = with_defaults(written, path.stem, preset.defaults if preset else {})
    models = reading.validate(Models, data.get("models", {}), ("models",), context)
    if preset and models:
        context = of_sizes(context, preset, models)
    read, context = _read_time(reading, data, context)
    read["models"] = models
    read["outputs"] = read_outputs(reading, data, context)
    return read_shots(reading, path.stem, presets, read, context)


def _read_time(reading: Reading, data: Data, context: Context) -> tuple[Data, Context]:
    """The sections that make the clock, and the context with it as far as they are understood.

    A section that failed has told its problems: an empty one stands in for the rest's sake.
    """
    video: Video | None = None
    read: Data = {}
    if "video" in data:
        video = reading.validate(Video, data["video"], ("video",), context)
        read["video"] = video or Video.model_construct()
        context = replace(context, clock=Clock.of_unknown_length(None, read["video"].fps))
    music = reading.validate(Music, data.get("music", {}), ("music",), context)
    read["music"] = music or Music()
    return read, _on_the_clock(context, video, music, reading) if "video" in data else context


def _on_the_clock(
    context: Context, video: Video | None, music: Music | None, reading: Reading
) -> Context:
    """The context with the scene's clock, as far as its video and music can be understood."""
    stills = video is not None and video.n_batches is not None
    fps = context.clock.timebase.fps
    timing = music.timing if music else assumed(context.written)
    timebase = Timebase(fps, timing.tempo, timing.names)
    sources = (
        heard(music, timebase, context.written, reading.note)
        if music
        else assumed_sources(context.written)
    )
    context = replace(
        context,
        clock=Clock.of_unknown_length(timing.tempo, fps, timing.names, sources),
        lines=tuple(sung_lines(timing, fps)),
        stills=stills,
    )
    if not video or not music:
        return context
    try:
        frames = video.n_batches or frame_count(timebase, video.duration or 0, timing.song_end)
    except ValueError as error:
        reading.note(("video", "duration"), str(error))
        return context
    return replace(context, clock=Clock.of(timebase, frames, sources))
