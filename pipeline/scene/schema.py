"""What a scene file may say: its sections, their settings, units, ranges and defaults.

This file, `pipeline.scene.output` and `pipeline.scene.denoising` are the manual of the format. A
setting of the type `Number` moves: it is one number, a mapping of times to numbers, a formula, or
the old text `"0: (1.0), 50: (1.2)"`, and inside its range on every frame of the video. Motion is
per frame. An unknown key is a mistake.

`pipeline.scene.load` reads a file into a `Scene`, and lays the settings of the chosen preset
beneath what the author wrote; the defaults below hold where neither says anything.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from keyframes.prompts import PromptSchedule
from keyframes.timebase import Tempo, Timebase
from pipeline.scene.denoising import Guidance, Sampler
from pipeline.scene.output import Output, VideoFile
from pipeline.scene.reading import networks
from pipeline.scene.reading.clock import frame_count
from pipeline.scene.reading.depth_pictures import DepthPictures, depth_pictures
from pipeline.scene.reading.fields import (
    Range,
    between,
    choice,
    flag,
    frame_rate,
    line,
    number,
    or_none,
    picture_size,
    whole,
)
from pipeline.scene.reading.moving import (
    Number,
    constant,
    existing_sound,
    moving,
    preset_name,
    prompt_schedule,
)
from pipeline.scene.reading.rules import (
    duration_or_stills,
    fits_models,
    gradient_there,
    moving_pictures_only,
    needs_3d,
    needs_bpm,
    prompts_read,
)
from pipeline.scene.reading.section import Section
from pipeline.spec.camera import Padding, Projection, Sampling
from pipeline.spec.sources import (
    STARTER,
    STARTER_DEPTH,
    DepthSource,
    NamedSource,
    Precision,
    Source,
)

STILL = constant(0.0)


class Video(Section):
    """The pictures as a whole."""

    size: Annotated[tuple[int, int], picture_size(4096), fits_models]
    """[width, height] of a frame in pixels; multiples of what the models ask for."""
    fps: Annotated[Fraction, frame_rate(between(0.125, 240))] = Fraction(24)
    """Frames a second: 24, 29.97 (which is 30000/1001), "30000/1001"."""
    n_batches: Annotated[int | None, whole(between(1, 10_000))] = None
    """Stills: this many pictures without motion. Still i stands at frame i for what moves."""
    duration: Annotated[str | float | None, duration_or_stills] = Field(
        default=None, validate_default=True
    )
    """Length of the video: 16 bars, 12s, 1:30, or a number of frames."""
    title: Annotated[str, line(255)]
    """Title in the video file; the scene file's name unless written."""


class Music(Section):
    """The soundtrack and its beat."""

    file: Annotated[Path | None, or_none(existing_sound())] = None
    """A sound file that ffmpeg can read; more channels than 5.1 are mixed down to them."""
    bpm: Annotated[float | None, or_none(number(between(20, 400), "of beats a minute"))] = None
    """Beats a minute; times in beats and bars need it."""
    first_beat: Annotated[float, number(between(0, 3600), "of seconds"), needs_bpm] = 0.0
    """Seconds from the beginning to the first beat of bar 1."""
    beats_per_bar: Annotated[int, whole(between(1, 32)), needs_bpm] = 4

    @property
    def tempo(self) -> Tempo | None:
        """The beat of the music; None where no `bpm` is given."""
        return None if self.bpm is None else Tempo(self.bpm, self.first_beat, self.beats_per_bar)


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


class Camera(Section):
    """How the camera moves from each frame to the next. Axes: x right, y down, z forward.

    In 2d the picture moves; in 3d the camera moves through the depth of the picture. The signs
    are explained in `pipeline.camera.motion`.
    """

    mode: Annotated[Literal["2d", "3d"], choice(Literal["2d", "3d"])] = "3d"
    fov: Annotated[Number, moving(Range(0, 180, True, True)), needs_3d] = constant(40.0)
    """Vertical field of view, degrees; smaller makes stronger motion."""
    projection: Annotated[Projection, choice(Projection), needs_3d] = "pinhole"
    """Projection of the 3d camera; `disco` is the box-shaped one of Disco Diffusion."""
    padding: Annotated[Padding | None, choice(Padding)] = None
    """What fills the places that were out of sight; wrap in 2d and border in 3d unless written."""
    sampling: Annotated[Sampling, choice(Sampling)] = "bicubic"
    depth: Annotated[DepthPictures | None, depth_pictures(), needs_3d] = None
    """Grey pictures of the frames' depth in the place of a network's: a file, a folder with one for
    each frame, or `{pictures, white}`."""
    translate_x: Annotated[Number, moving(between(-10_000, 10_000))] = STILL
    """2d: the picture goes right, pixels. 3d: the camera goes right, 1/200 units of depth."""
    translate_y: Annotated[Number, moving(between(-10_000, 10_000))] = STILL
    """2d: the picture goes down, pixels. 3d: the camera goes up, 1/200 units of depth."""
    translate_z: Annotated[Number, moving(between(-10_000, 10_000)), needs_3d] = STILL
    """The camera goes forward, 1/200 units of depth."""
    rotate_x: Annotated[Number, moving(between(-180, 180)), needs_3d] = STILL
    """Pitch: the camera looks up, degrees."""
    rotate_y: Annotated[Number, moving(between(-180, 180)), needs_3d] = STILL
    """Yaw: the camera looks right, degrees."""
    roll: Annotated[Number, moving(between(-180, 180))] = Field(
        default=STILL, validation_alias=AliasChoices("roll", "angle")
    )
    """The picture turns counter-clockwise, degrees; `angle` is another name for it."""
    zoom: Annotated[Number, moving(Range(0, 100, open_low=True))] = constant(1.0)
    """The picture grows about its centre by this factor."""


class Scene(Section):
    """What the author wrote, understood."""

    video: Video
    music: Music = Field(default_factory=Music)
    models: Models = Field(default_factory=Models)
    seed: Annotated[int, whole(between(0, 2**63 - 1))] = 0
    """Seed of all that is random: equal seeds make equal pictures."""
    prompts: Annotated[PromptSchedule, prompt_schedule()]
    """What the picture shows: a text, a list of texts with weights, or either at times."""
    camera: Annotated[Camera, moving_pictures_only] = Field(default_factory=Camera)
    sampler: Sampler = Field(default_factory=Sampler)
    guidance: Annotated[Guidance, gradient_there, prompts_read] = Field(default_factory=Guidance)
    output: Output
    """The video, or what the `outputs` have in common where there are any."""
    outputs: tuple[VideoFile, ...] = ()
    """Several videos of the same frames; each has the settings of `output` that it does not name.
    `pipeline.scene.output_list` reads them."""

    @property
    def timebase(self) -> Timebase:
        """Turns the scene's words for times into frames."""
        return Timebase(self.video.fps, self.music.tempo)

    @property
    def frame_count(self) -> int:
        """Frames of the video, or the number of stills."""
        if self.video.duration is None:
            return self.video.n_batches or 0
        return frame_count(self.timebase, self.video.duration)
