"""A scene file to a `Scene`, or every mistake of the file at once.

The sections that the others lean on come first: the models say which sizes fit, the video and the
music make the clock. The rest is read on that clock; where it could not be made, only the checks
that need it wait.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from keyframes.mistakes import Located, found
from keyframes.timebase import Timebase
from pipeline.catalogue.presets import PRESETS
from pipeline.errors import Problem, SceneError
from pipeline.scene.composing.choice import AS_WRITTEN, Choice
from pipeline.scene.composing.compose import composed
from pipeline.scene.defaults import Data, with_defaults
from pipeline.scene.foreign_files import refuse_settings
from pipeline.scene.hearing import assumed_sources, heard
from pipeline.scene.music import Music
from pipeline.scene.named_files import files_in
from pipeline.scene.output_list import read_outputs
from pipeline.scene.reading.clock import Clock, frame_count
from pipeline.scene.reading.context import Context
from pipeline.scene.reading.cut_texts import cut_texts
from pipeline.scene.reading.document import Document
from pipeline.scene.reading.problems import place
from pipeline.scene.reading.spans import as_told
from pipeline.scene.schema import Scene, Video
from pipeline.scene.sections import (
    Reading,
    ScenePreset,
    ShotRead,
    chosen_preset,
    of_sizes,
    preset_beneath,
)
from pipeline.scene.settings import Models
from pipeline.scene.shot_reading import read_shots, scene_of
from pipeline.scene.timing import assumed
from pipeline.scene.warnings import warnings_of

_MADE = ("output", "outputs", "profiles")
"""Sections whose files are no author's."""


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
    """What is written in its files, and where."""
    parts: tuple[ShotRead, ...]
    """The scene as each of its shots sees it, with the file as it were for that shot alone."""
    files: tuple[Path, ...]
    """The files that the scene is written in, its own first."""
    profiles: tuple[str, ...]
    """The names of its profiles."""

    @property
    def sources(self) -> tuple[Path, ...]:
        """The author's files, which no command must write over: of the scene, and those it names.

        Videos that it names are what a render makes.
        """
        written = self.document.data
        assert isinstance(written, dict)
        read = {name: value for name, value in written.items() if name not in _MADE}
        named = files_in(read, self.files[0].absolute().parent)
        there = (one for one in named if os.path.isfile(one))
        return (*self.files, *self.scene.music.files, *there)

    def warning(self, *route: str | int, message: str) -> Problem:
        """One more warning, at the value that `route` leads to."""
        problem = place(self.document, route, Located((), message))
        (whole,) = as_told(self.document, [problem])
        return whole


def read_scene(
    path: Path,
    presets: Mapping[str, ScenePreset] = PRESETS,
    choice: Choice = AS_WRITTEN,
) -> SceneRead:
    """The scene in the file at `path`, with what `choice` lays over it, with warnings.

    Raises:
        SceneError: every mistake of its files and of the settings laid over them, with its place.
        Error: there is no such file, or it cannot be read; there is no such profile; the file
            holds settings of another program.
    """
    made = composed(path, choice, Scene)
    document = made.document
    refuse_settings(path, document)
    reading = Reading(document)
    parts = _read_scene(reading, path, presets)
    problems = [*document.problems, *cut_texts(document)]
    # What cannot be read as it is written is rarely a setting's value: one of the two is told.
    unread = {(problem.line, problem.column) for problem in problems}
    problems += [one for one in reading.problems if (one.line, one.column) not in unread]
    if problems or not parts:
        raise SceneError(path, as_told(document, problems), document.own_text)
    warned = tuple(as_told(document, warnings_of(parts)))
    return SceneRead(scene_of(parts), warned, document, parts, made.files, made.profiles)


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
    data = with_defaults(written, path.stem, preset_beneath(written, preset))
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
        lines=timing.lines,
        stills=stills,
    )
    if not video or not music:
        return context
    try:
        frames = video.n_batches or frame_count(
            timebase, video.duration or 0, timing.song_end, video.clip_frames
        )
    except ValueError as error:
        reading.note(("video", "duration"), str(error))
        return context
    if video.input is not None and (fault := video.input.too_short(frames, fps)):
        reading.note(("video", "input"), fault)
    return replace(context, clock=Clock.of(timebase, frames, sources))
