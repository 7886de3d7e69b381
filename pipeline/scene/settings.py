"""What a scene, and each of its shots, may say of how its frames are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from keyframes.prompts import PromptSchedule
from pipeline.scene.camera import Camera
from pipeline.scene.denoising import Guidance, Sampler
from pipeline.scene.reading import networks
from pipeline.scene.reading.fields import AS_IT_IS, between, choice, flag, or_none, whole
from pipeline.scene.reading.moving import Number, preset_name, prompt_schedule
from pipeline.scene.reading.rules import gradient_there, moving_pictures_only, prompts_read
from pipeline.scene.reading.section import Section
from pipeline.spec.sources import (
    STARTER,
    STARTER_DEPTH,
    DepthSource,
    NamedSource,
    Precision,
    Source,
)


class Models(Section):
    """The networks: by name, `starter` or a published one, or from folders and files of one's own.

    Each is the preset's unless written; `discoreel models list` names the published ones.
    """

    preset: Annotated[str, preset_name()] = STARTER
    """A named set of models with the settings that suit them."""
    denoiser: Annotated[Source, networks.denoiser()] = NamedSource(STARTER)
    """What paints: a name, a diffusers folder, or `{file: my.pt, config: my.json}`."""
    secondary: Annotated[Source | None, or_none(networks.secondary())] = None
    """The small denoiser for guidance's gradient: a name, a file or `none`."""
    encoders: Annotated[tuple[networks.EncoderChoice, ...], networks.encoders()] = (
        networks.STARTER_ENCODERS
    )
    """What compares the picture with the prompts: names or open_clip folders, or
    `{name, weight, from, until}`, where the last two are progresses of the denoising."""
    depth: Annotated[tuple[DepthSource, ...], networks.depth()] = STARTER_DEPTH
    """What the 3d camera moves through: names or folders, or `{name, weight}` of a blend, or
    a checkpoint `{file: my.pt, config: dpt_large, weight: 1}`."""
    precision: Annotated[Precision, choice(Precision)] = "auto"
    """The numbers of denoiser, encoders and depth; `auto` is fp32 on a CPU, half on a GPU."""
    truncate_prompts: Annotated[bool, flag()] = False
    """Let encoders read as much of a long prompt as they can, instead of refusing it."""


class Settings(Section):
    """Everything on which the pixels of a frame depend, but for its size and the clock."""

    models: Models = Field(default_factory=Models)
    seed: Annotated[int, whole(between(0, 2**63 - 1))] = 0
    """Seed of all that is random: equal seeds make equal pictures."""
    prompts: Annotated[PromptSchedule, prompt_schedule()]
    """What the picture shows: a text, a list of texts with weights, or either at times."""
    camera: Annotated[Camera, moving_pictures_only] = Field(default_factory=Camera)
    sampler: Sampler = Field(default_factory=Sampler)
    guidance: Annotated[Guidance, gradient_there, prompts_read] = Field(default_factory=Guidance)
    vars: Annotated[Mapping[str, Number | None], AS_IT_IS] = Field(default_factory=dict)
    """Numbers over the video that formulas use by name; `pipeline.scene.variables` reads them."""
