"""A scene file to a `Scene`, or every mistake of the file at once.

The sections that the others lean on come first: the models say which sizes fit, the video and the
music make the clock. The rest is read on that clock; where it could not be made, only the checks
that need it wait.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import lcm
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from keyframes.mistakes import Located, found
from keyframes.quoting import quoted_path
from keyframes.timebase import Timebase
from pipeline.catalogue.facts import SECONDARY_MULTIPLE, least_area, most_steps, size_multiple
from pipeline.catalogue.presets import PRESETS
from pipeline.errors import Error, Problem, SceneError
from pipeline.scene.defaults import Defaults, with_defaults
from pipeline.scene.music import Music
from pipeline.scene.music_warnings import music_warnings
from pipeline.scene.prompt_lengths import too_long_prompts
from pipeline.scene.reading.clock import Clock, frame_count
from pipeline.scene.reading.context import Context
from pipeline.scene.reading.cut_texts import cut_texts
from pipeline.scene.reading.problems import Translator, homes_in, place
from pipeline.scene.reading.yaml_source import Document, Route, read_yaml
from pipeline.scene.schema import Models, Scene, Video
from pipeline.scene.starter_warnings import starter_warnings
from pipeline.scene.timing import assumed, sung_lines
from pipeline.scene.unseen_prompts import unseen_prompts
from pipeline.spec.sources import STARTER

Section = TypeVar("Section", bound=BaseModel)
Data = dict[Any, Any]

HOMES = homes_in(Scene)


class ScenePreset(Protocol):
    """What a scene asks of a set of models."""

    @property
    def size_multiple(self) -> int:
        """Width and height of a picture are multiples of this."""
        ...

    @property
    def defaults(self) -> Defaults:
        """Section -> setting -> value, beneath what the author wrote."""
        ...


MAX_BYTES = 2_000_000
"""The most bytes of a scene file; reading as much takes some ten seconds."""


def load_scene(path: Path, presets: Mapping[str, ScenePreset] = PRESETS) -> Scene:
    """The scene in the file at `path`; raises as `read_scene` does."""
    return read_scene(path, presets).scene


@dataclass(frozen=True, slots=True)
class SceneRead:
    """A scene, and what its author may not expect of it."""

    scene: Scene
    warnings: tuple[Problem, ...]
    """Warnings in the order of the file."""


def read_scene(path: Path, presets: Mapping[str, ScenePreset] = PRESETS) -> SceneRead:
    """The scene in the file at `path`, with warnings.

    Raises:
        SceneError: every mistake of the file, with its line and column.
        Error: there is no such file, or it cannot be read.
    """
    reading = _Reading(_read_document(path))
    scene = _read_scene(reading, path, presets)
    problems = [*reading.document.problems, *cut_texts(reading.document)]
    # What cannot be read as it is written is rarely a setting's value: one of the two is told.
    unread = {(problem.line, problem.column) for problem in problems}
    problems += [one for one in reading.problems if (one.line, one.column) not in unread]
    if problems or scene is None:
        raise SceneError(path, problems)
    return SceneRead(scene, tuple(sorted(_warnings(reading, scene))))


def _warnings(reading: _Reading, scene: Scene) -> Iterator[Problem]:
    for warnings in (starter_warnings, unseen_prompts, music_warnings):
        for located in warnings(scene, reading.document.data):
            yield place(reading.document, (), located)


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


@dataclass(slots=True)
class _Reading:
    """A document, and the mistakes that were found in it so far."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def validate(
        self, model: type[Section], data: object, route: Route, context: Context
    ) -> Section | None:
        """The section that `data` describes; None, and its problems noted, if it has any."""
        try:
            return model.model_validate(data, context=context)
        except ValidationError as error:
            self.problems += Translator(self.document, model, route, HOMES).problems(error)
            return None

    def note(self, route: Route, message: str) -> None:
        """One more problem, with the value at `route`."""
        self.problems.append(place(self.document, route, Located((), message)))


def _read_scene(reading: _Reading, path: Path, presets: Mapping[str, ScenePreset]) -> Scene | None:
    written = reading.document.data
    if not isinstance(written, dict):
        if not reading.document.problems:
            reading.note(
                (), f"expected settings such as video: and prompts:, found {found(written)}"
            )
        return None
    unknown = Clock.of_unknown_length(None)
    context = Context(
        path.absolute().parent, tuple(presets), 1, unknown, stills=False, written=written
    )
    preset = _preset(written, presets)
    data = with_defaults(written, path.stem, preset.defaults if preset else {})
    models = reading.validate(Models, data.get("models", {}), ("models",), context)
    if preset and models:
        context = _of_sizes(context, preset, models)
    read, context = _read_time(reading, data, context)
    read["models"] = models or Models()
    context = replace(context, models_read=models is not None)
    scene = reading.validate(Scene, {**data, **read}, (), context)
    if scene is not None and models is not None:
        _check_steps(reading, scene)
        _check_lengths(reading, scene, written.get("prompts"))
    return scene


def _read_time(reading: _Reading, data: Data, context: Context) -> tuple[Data, Context]:
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


def _check_steps(reading: _Reading, scene: Scene) -> None:
    """Note it if the denoiser knows fewer timesteps than the sampler takes steps."""
    most, steps = most_steps(scene.models.denoiser), scene.sampler.steps
    if most is not None and steps > most:
        reading.note(
            ("sampler", "steps"),
            f"found {steps}; the denoiser knows {most} timesteps, so it is at most {most}",
        )


def _check_lengths(reading: _Reading, scene: Scene, prompts: object) -> None:
    """Note each prompt that an encoder would not read to its end."""
    too_long = too_long_prompts(scene, prompts)
    reading.problems += [place(reading.document, ("prompts",), located) for located in too_long]


def _preset(written: Data, presets: Mapping[str, ScenePreset]) -> ScenePreset | None:
    """The preset that the author names; None where there is no such one, which is told later."""
    models = written.get("models", {})
    name = models.get("preset", STARTER) if isinstance(models, dict) else None
    return presets.get(name) if isinstance(name, str) else None


def _of_sizes(context: Context, preset: ScenePreset, models: Models) -> Context:
    """The context with what the networks ask of width and height."""
    own = context.wrote("models", "denoiser")
    multiple = size_multiple(models.denoiser) if own else preset.size_multiple
    if models.secondary is not None:
        multiple = lcm(multiple, SECONDARY_MULTIPLE)
    least = least_area(models.denoiser) if own else 1
    return replace(context, size_multiple=multiple, least_area=least)


def _on_the_clock(
    context: Context, video: Video | None, music: Music | None, reading: _Reading
) -> Context:
    """The context with the scene's clock, as far as its video and music can be understood."""
    stills = video is not None and video.n_batches is not None
    fps = context.clock.timebase.fps
    timing = music.timing if music else assumed(context.written)
    context = replace(
        context,
        clock=Clock.of_unknown_length(timing.tempo, fps, timing.names),
        lines=tuple(sung_lines(timing, fps)),
        stills=stills,
    )
    if not video or not music:
        return context
    timebase = Timebase(fps, timing.tempo, timing.names)
    try:
        frames = video.n_batches or frame_count(timebase, video.duration or 0, timing.song_end)
    except ValueError as error:
        reading.note(("video", "duration"), str(error))
        return context
    return replace(context, clock=Clock.of(timebase.within(0, frames), frames))
