"""What a scene file may say: its sections, their settings, units, ranges and defaults.

This file, `pipeline.scene.music` and `pipeline.scene.denoising` are the manual of the format. A
setting of the type `Number` moves: it is one number, a mapping of times to numbers, a formula, or
the old text `"0: (1.0), 50: (1.2)"`, and inside its range on every frame of the video. Motion is
per frame. An unknown key is a mistake.

`pipeline.scene.load` reads a file into a `Scene`, and lays the settings of the chosen preset
beneath what the author wrote; the defaults below hold where neither says anything.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from keyframes.prompts import PromptSchedule
from keyframes.timebase import Timebase
from pipeline.scene.denoising import Guidance, Sampler
from pipeline.scene.music import Music
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
    plain_name,
    whole,
)
from pipeline.scene.reading.intermediate_saves import IntermediateSaves, saves
from pipeline.scene.reading.moving import (
    Number,
    constant,
    moving,
    preset_name,
    prompt_schedule,
)
from pipeline.scene.reading.rules import (
    duration_or_stills,
    enlarged,
    fits_models,
    gradient_there,
    moving_pictures_only,
    needs_3d,
    not_with,
    prompts_read,
)
from pipeline.scene.reading.section import Section
from pipeline.spec.camera import Padding, Projection, Sampling
from pipeline.spec.plan import Fit, Upscale
from pipeline.spec.sources import (
    STARTER,
    STARTER_DEPTH,
    DepthSource,
    NamedSource,
    Precision,
    Source,
)

X264Preset = Literal[
    "ultrafast",
    "superfast",
    "veryfast",
    "faster",
    "fast",
    "medium",
    "slow",
    "slower",
    "veryslow",
]

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
    """Length of the video: 16 bars, 12s, 1:30, a number of frames, or that of the song, `song`."""
    title: Annotated[str, line(255)]
    """Title in the video file; the scene file's name unless written."""


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


class Output(Section):
    """The video file, and what is shown meanwhile."""

    file: Annotated[str, plain_name(".mp4")]
    """Name of the video in the run's folder; the scene file's unless written."""
    crf: Annotated[int, whole(between(0, 51))] = 17
    """x264's quality: 0 is lossless, 17 looks lossless, 51 is worst."""
    preset: Annotated[X264Preset, choice(X264Preset)] = "medium"
    """x264's effort: slower makes smaller files."""
    upscale: Annotated[Upscale, choice(Upscale)] = "lanczos"
    """What brings frames to the video's size: a network that paints its details (`starter`), or a
    filter; `none` keeps their own."""
    size: Annotated[tuple[int, int] | None, picture_size(8192), enlarged] = None
    """[width, height] of the video. Unless written it is the frames' own, and with `starter` up to
    eight times that, as long as no side is over 1024."""
    scale: Annotated[float | None, number(between(0.1, 16)), not_with("size"), enlarged] = None
    """Factor by which the video is larger than the frames, in place of `size`."""
    fit: Annotated[Fit, choice(Fit), enlarged] = "cover"
    """Where the video has other proportions than the frames: they cover it, and what juts out is
    cut on both sides alike; they are contained in it, between black bars; or they are stretched."""
    display_rate: Annotated[int, whole(between(0, 1000))] = 0
    """Steps between two pictures of the frame in work; 0 shows none."""
    intermediate_saves: Annotated[IntermediateSaves, saves()] = IntermediateSaves()
    """Pictures of every frame in work that are kept: so many, evenly spread, or those of a list of
    steps, which count from 1 and without the skipped ones."""

    def video_size(self, frame: tuple[int, int]) -> tuple[int, int]:
        """[width, height] of the video for a frame of this size, in pixels."""
        if self.size is not None:
            return self.size
        usual = max(1, min(8, 1024 // max(frame))) if self.upscale == "starter" else 1
        scale = float(usual) if self.scale is None else self.scale
        return max(1, round(scale * frame[0])), max(1, round(scale * frame[1]))


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

    @property
    def timebase(self) -> Timebase:
        """Turns the scene's words for times into frames."""
        return self._untimed.within(0, self.frame_count)

    @property
    def frame_count(self) -> int:
        """Frames of the video, or the number of stills."""
        if self.video.duration is None:
            return self.video.n_batches or 0
        return frame_count(self._untimed, self.video.duration, self.music.timing.song_end)

    @property
    def _untimed(self) -> Timebase:
        """The timebase without the length of the video."""
        return Timebase(self.video.fps, self.music.timing.tempo, self.music.timing.names)
