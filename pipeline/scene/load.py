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
from keyframes.timebase import Tempo, Timebase
from pipeline.catalogue.facts import SECONDARY_MULTIPLE, least_area, most_steps, size_multiple
from pipeline.catalogue.presets import PRESETS
from pipeline.errors import Error, Problem, SceneError
from pipeline.scene.output_list import read_outputs, silent_outputs
from pipeline.scene.prompt_lengths import too_long_prompts
from pipeline.scene.reading.clock import Clock, frame_count
from pipeline.scene.reading.context import Context
from pipeline.scene.reading.cut_texts import cut_texts
from pipeline.scene.reading.paths import as_name, readable
from pipeline.scene.reading.problems import Translator, homes_in, place
from pipeline.scene.reading.yaml_source import Document, Route, read_yaml
from pipeline.scene.schema import Models, Music, Scene, Video
from pipeline.scene.starter_warnings import starter_warnings
from pipeline.scene.unseen_prompts import unseen_prompts
from pipeline.spec.sources import STARTER

Section = TypeVar("Section", bound=BaseModel)
Data = dict[Any, Any]
Defaults = Mapping[str, Mapping[str, object]]

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
    for warnings in (starter_warnings, unseen_prompts, silent_outputs):
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
    data = _with_defaults(written, path.stem, preset.defaults if preset else {})
    models = reading.validate(Models, data.get("models", {}), ("models",), context)
    if preset and models:
        context = _of_sizes(context, preset, models)
    music = reading.validate(Music, data.get("music", {}), ("music",), context)
    read: Data = {"models": models or Models(), "music": music or Music()}
    if "video" in data:
        video = reading.validate(Video, data["video"], ("video",), context)
        context = _on_the_clock(context, video, music, reading)
        # A section that failed has told its problems: an empty one stands in for the rest's sake.
        read["video"] = video or Video.model_construct()
    context = replace(context, models_read=models is not None)
    read["outputs"] = read_outputs(reading, data, context)
    scene = reading.validate(Scene, {**data, **read}, (), context)
    if scene is not None and models is not None:
        _check_whole(reading, scene, written.get("prompts"))
    return scene


def _check_whole(reading: _Reading, scene: Scene, prompts: object) -> None:
    """Note more steps than the denoiser knows, and each prompt that is not read to its end."""
    most, steps = most_steps(scene.models.denoiser), scene.sampler.steps
    if most is not None and steps > most:
        reading.note(
            ("sampler", "steps"),
            f"found {steps}; the denoiser knows {most} timesteps, so it is at most {most}",
        )
    for located in too_long_prompts(scene, prompts):
        reading.problems.append(place(reading.document, ("prompts",), located))


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


def _with_defaults(written: Data, stem: str, preset: Defaults) -> Data:
    """The settings of the author above those of the preset and those that the file's name gives."""
    named: Defaults = {"output": {"file": f"{as_name(stem)}.mp4"}}
    if "video" in written:
        named = {**named, "video": {"title": readable(stem)}}
    data = dict(written)
    for defaults in (preset, named):
        for section, settings in defaults.items():
            above = data.get(section, {})
            if isinstance(above, dict):
                data[section] = {**settings, **above}
    return data


def _on_the_clock(
    context: Context, video: Video | None, music: Music | None, reading: _Reading
) -> Context:
    """The context with the scene's clock, as far as its video and music can be understood."""
    tempo = music.tempo if music else Tempo(120.0)
    stills = video is not None and video.n_batches is not None
    fps = (video or Video.model_construct()).fps
    context = replace(context, clock=Clock.of_unknown_length(tempo, fps), stills=stills)
    if not video or not music:
        return context
    timebase = Timebase(video.fps, tempo)
    if video.duration is None:
        return replace(context, clock=Clock.of(timebase, video.n_batches or 1))
    try:
        clock = Clock.of(timebase, frame_count(timebase, video.duration))
    except ValueError as error:
        reading.note(("video", "duration"), str(error))
        return context
    return replace(context, clock=clock)
