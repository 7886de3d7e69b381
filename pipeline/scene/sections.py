"""The sections of a scene's file, read one after the other, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import lcm
from typing import Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from keyframes.mistakes import Located
from pipeline.catalogue.facts import (
    SECONDARY_MULTIPLE,
    frame_size_multiple,
    least_area,
    most_steps,
    pipeline_of,
)
from pipeline.errors import Problem
from pipeline.scene.defaults import Data, Defaults, by_clip_alone, is_unprompted, over_a_clip
from pipeline.scene.prompt_lengths import too_long_prompts
from pipeline.scene.reading.clock import Clock
from pipeline.scene.reading.context import Context, names_a_clip
from pipeline.scene.reading.document import Document, Route
from pipeline.scene.reading.problems import Translator, homes_in, place
from pipeline.scene.reading.shot_fades import ShotPlace
from pipeline.scene.reading.shot_outline import ShotOutline
from pipeline.scene.schema import Scene
from pipeline.scene.settings import Models
from pipeline.spec.frame import MAIN
from pipeline.spec.samplers import SAMPLER_FACTS
from pipeline.spec.sources import STARTER

Model = TypeVar("Model", bound=BaseModel)

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

    @property
    def unprompted(self) -> Mapping[str, object]:
        """Settings of `guidance` in their place where CLIP alone tells what to paint."""
        ...


@dataclass(slots=True)
class Reading:
    """A document, and the mistakes that were found in it so far."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def validate(
        self, model: type[Model], data: object, route: Route, context: Context
    ) -> Model | None:
        """The section that `data` describes; None, and its problems noted, if it has any."""
        try:
            return model.model_validate(data, context=context)
        except ValidationError as error:
            self.problems += Translator(self.document, model, route, HOMES).problems(error)
            return None

    def add(self, problems: Iterable[Problem]) -> None:
        """Problems of the same file, but for what is told of these places already."""
        told = {(problem.line, problem.column) for problem in self.problems}
        self.problems += [one for one in problems if (one.line, one.column) not in told]

    def note(self, route: Route, message: str) -> None:
        """One more problem, with the value at `route`."""
        self.problems.append(place(self.document, route, Located((), message)))


@dataclass(frozen=True, slots=True)
class ShotRead:
    """The scene as one of its shots sees it; of a scene without shots, the scene."""

    document: Document
    scene: Scene
    clock: Clock
    outline: ShotOutline
    """What the shot says of itself."""
    place: ShotPlace

    @property
    def data(self) -> Data:
        """What the author wrote, as the shot sees it."""
        assert isinstance(self.document.data, dict)
        return self.document.data

    def wrote(self, section: str) -> bool:
        """Whether a section is the shot's own, and not one that other shots share."""
        return self.outline.name == MAIN or getattr(self.outline, section) is not None


def read_settings(reading: Reading, data: Data, read: Data, context: Context) -> Scene | None:
    """The scene that `data` describes, of which `read` is read; None once its problems are noted.

    `read` has None for the models where they are mistaken, which is told.
    """
    models = read["models"]
    context = replace(context, models_read=models is not None)
    sections = {**data, **read, "models": models or Models()}
    scene = reading.validate(Scene, sections, (), context)
    if scene is not None and models is not None:
        check_steps(reading, scene)
        check_lengths(reading, scene, context.written.get("prompts"))
    return scene


def check_steps(reading: Reading, scene: Scene) -> None:
    """Note it if the denoiser does not know the timesteps that the sampler asks it at."""
    sampler = scene.sampler
    most, steps = most_steps(scene.models.denoiser, sampler.name, sampler.spacing), sampler.steps
    if most is not None and steps > most:
        own = sampler.spacing is None
        knows = "the denoiser knows" if own else f"{sampler.spacing} spacing has"
        chosen = not own or SAMPLER_FACTS[sampler.name].distilled
        whose = f" for {sampler.name}" if chosen else ""
        words = f"{knows} {most} timesteps{whose}, so it is at most {most}"
        reading.note(("sampler", "steps"), f"found {steps}; {words}")
    pipeline = pipeline_of(scene.models.denoiser)
    if sampler.spacing == "leading" and pipeline is not None and pipeline.is_flow:
        reading.note(
            ("sampler", "spacing"),
            "found leading; the denoiser was trained by flow matching and begins at pure noise, so "
            "it is trailing, linspace or karras",
        )


def check_lengths(reading: Reading, scene: Scene, prompts: object) -> None:
    """Note each prompt that an encoder would not read to its end."""
    too_long = too_long_prompts(scene, prompts)
    reading.problems += [place(reading.document, ("prompts",), located) for located in too_long]


def chosen_preset(written: Data, presets: Mapping[str, ScenePreset]) -> ScenePreset | None:
    """The preset that the author names; None where there is no such one, which is told later."""
    models = written.get("models", {})
    name = models.get("preset", STARTER) if isinstance(models, dict) else None
    return presets.get(name) if isinstance(name, str) else None


def preset_beneath(written: Data, preset: ScenePreset | None) -> Defaults:
    """The settings of a preset that hold beneath what is written."""
    if preset is None:
        return {}
    beneath = over_a_clip(preset.defaults) if names_a_clip(written) else preset.defaults
    return by_clip_alone(beneath, preset.unprompted) if is_unprompted(written) else beneath


def of_sizes(context: Context, preset: ScenePreset, models: Models) -> Context:
    """The context with what the networks ask of width and height."""
    own = context.wrote("models", "denoiser")
    multiple = preset.size_multiple
    if own or models.second_stage is not None:
        multiple = frame_size_multiple(models.denoiser, models.second_stage)
    if models.secondary is not None:
        multiple = lcm(multiple, SECONDARY_MULTIPLE)
    least = least_area(models.denoiser) if own else 1
    return replace(context, size_multiple=multiple, least_area=least)
