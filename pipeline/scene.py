"""What a scene file may say: its sections, their settings, units, ranges and defaults.

This file is the manual of the format. A setting of the type `Number` moves: it is one number, a
mapping of times to numbers, a formula, or the old `"0: (1.0), 50: (1.2)"` text, and inside its
range on every frame of the video. Motion is per frame. An unknown key is a mistake.

`pipeline.load` reads a file into a `Scene`, and lays the settings of the chosen preset beneath what
the author wrote; the defaults below hold where neither says anything.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from keyframes.prompts import PromptSchedule
from keyframes.timebase import Tempo, Timebase
from pipeline.reading.clock import frame_count
from pipeline.reading.fields import (
    Range,
    at_least,
    between,
    choice,
    flag,
    frame_rate,
    line,
    number,
    picture_size,
    plain_name,
    whole,
)
from pipeline.reading.first_then import FirstThen, first_then
from pipeline.reading.intermediate_saves import IntermediateSaves, saves
from pipeline.reading.moving import (
    Number,
    constant,
    existing_file,
    moving,
    preset_name,
    prompt_schedule,
)
from pipeline.reading.rules import (
    duration_or_stills,
    enlarged,
    fits_preset,
    moving_pictures_only,
    needs_3d,
    needs_bpm,
    noise_it_draws,
    not_with,
    some_cutouts,
)
from pipeline.reading.scheduled import Scheduled, scheduled, step_table
from pipeline.reading.skip_steps import SkipSteps, skips
from pipeline.reading.symmetry import shares_by_axis
from pipeline.spec import (
    GradientPath,
    Padding,
    Perceptual,
    PerlinMode,
    Projection,
    SamplerName,
    Sampling,
    SymmetrySpec,
    Upscale,
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


class Section(BaseModel):
    """One mapping of the file; values cannot change once they are read."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Video(Section):
    """The pictures as a whole."""

    size: Annotated[tuple[int, int], picture_size(4096), fits_preset]
    """[width, height] of a frame in pixels; multiples of what the models ask for."""
    fps: Annotated[Fraction, frame_rate(Range(0, 240, open_low=True))] = Fraction(24)
    """Frames a second: 24, 29.97 (which is 30000/1001), "30000/1001"."""
    n_batches: Annotated[int | None, whole(between(1, 10_000))] = None
    """Stills: this many pictures without motion. Still i stands at frame i for what moves."""
    duration: Annotated[str | float | None, duration_or_stills] = Field(
        default=None, validate_default=True
    )
    """Length of the video: 16 bars, 12s, 1:30, or a number of frames."""
    title: Annotated[str, line(255)]
    """Goes into the video file; the scene file's name unless written."""


class Music(Section):
    """The soundtrack and its beat."""

    file: Annotated[Path | None, existing_file()] = None
    """A sound file that ffmpeg can read."""
    bpm: Annotated[float | None, number(between(20, 400), "of beats a minute")] = None
    """Beats a minute; times in beats and bars need it."""
    first_beat: Annotated[float, number(between(0, 3600), "of seconds"), needs_bpm] = 0.0
    """Seconds from the beginning to the first beat of bar 1."""
    beats_per_bar: Annotated[int, whole(between(1, 32)), needs_bpm] = 4

    @property
    def tempo(self) -> Tempo | None:
        """None where no `bpm` is given."""
        return None if self.bpm is None else Tempo(self.bpm, self.first_beat, self.beats_per_bar)


class Models(Section):
    """The networks."""

    preset: Annotated[str, preset_name()] = "starter"
    """A named set of models with the settings that suit them."""


class Camera(Section):
    """How the camera moves from each frame to the next. Axes: x right, y down, z forward.

    In 2d the picture moves; in 3d the camera moves through the depth of the picture. The signs
    are explained in `pipeline.camera`.
    """

    mode: Annotated[Literal["2d", "3d"], choice(Literal["2d", "3d"])] = "3d"
    fov: Annotated[Number, moving(Range(0, 180, True, True)), needs_3d] = constant(40.0)
    """Vertical field of view, degrees; smaller makes stronger motion."""
    projection: Annotated[Projection, choice(Projection), needs_3d] = "pinhole"
    """`disco` is the box-shaped projection of Disco Diffusion."""
    padding: Annotated[Padding | None, choice(Padding)] = None
    """What fills the places that were out of sight; wrap in 2d and border in 3d unless written."""
    sampling: Annotated[Sampling, choice(Sampling)] = "bicubic"
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


class Sampler(Section):
    """How noise becomes a picture."""

    name: Annotated[SamplerName, choice(SamplerName)] = "ddim"
    """`plms` and `dpmpp_2m` (DPM-Solver++) are as accurate as `ddim` in fewer steps."""
    steps: Annotated[int, whole(between(1, 1000))] = 250
    """Denoising steps from pure noise to the picture."""
    skip_steps: Annotated[SkipSteps, skips()] = SkipSteps()
    """Steps left out at the noisy end: more of them keep more of the picture that a frame starts
    from. `{first: 0, then: 50%}`, where `first` is the first frame and every still; or one value
    for every frame that has a picture to start from."""
    eta: Annotated[Number | None, moving(between(0, 1)), noise_it_draws] = None
    """Fresh noise at every step, from 0 to as much as DDPM's at 1; none with `plms`. Unless written
    `ddim` draws what the preset says, or 0.8, and the others none."""
    init_image: Annotated[Path | None, existing_file()] = None
    """The picture that the first frame, or every still, starts from."""
    perlin_init: Annotated[PerlinMode | None, choice(PerlinMode), not_with("init_image")] = None
    """Clouds for frames that would start from noise alone: of colour, grey, or large ones of colour
    under small grey ones. They show if steps are skipped."""
    symmetry: Annotated[SymmetrySpec, shares_by_axis()] = SymmetrySpec()
    """When, in shares of the steps, one half of the picture is mirrored onto the other:
    `{horizontal: [0.09], vertical: [0.09, 0.5]}`."""
    clip_denoised: Annotated[bool, flag()] = False
    """Clamp the estimate of the clean picture at every step."""
    dynamic_threshold: Annotated[
        Number | None, moving(Range(0, 1, open_low=True)), not_with("clip_denoised")
    ] = None
    """Quantile of the pixels that the estimate of the clean picture is scaled into range by."""


class Guidance(Section):
    """What pulls the picture towards its prompts, and how strongly; a scale of 0 is off.

    A `Scheduled` number moves over the video, or changes while each frame is denoised: by shares
    of the denoising, `{0%: 12, 40%: 4}` or `[12 for 40%, 4]`, or as the old text of a thousand
    values, `"[12]*400+[4]*600"`.
    """

    gradient: Annotated[GradientPath, choice(GradientPath)] = "denoiser"
    """The network through which guidance finds its way. `denoiser` is truest, at twice the time of
    a plain step or more; `secondary` is a small network that judges composition well and details
    badly; `none` costs least, and moves each pixel by itself."""
    cfg_scale: Annotated[Scheduled, scheduled(between(0, 100))] = constant(1.0)
    """Classifier-free guidance, for denoisers that read prompts; 1 takes them as they are."""
    clip_guidance_scale: Annotated[Scheduled, scheduled(at_least(0))] = constant(5000.0)
    """Weight of the distance between picture and prompts as CLIP sees them."""
    tv_scale: Annotated[Scheduled, scheduled(at_least(0))] = constant(0.0)
    """Weight of smoothness."""
    range_scale: Annotated[Scheduled, scheduled(at_least(0))] = constant(150.0)
    """Weight of staying inside the range of colours, squared."""
    sat_scale: Annotated[Scheduled, scheduled(at_least(0))] = constant(0.0)
    """Weight of staying inside the range of colours, absolute."""
    init_scale: Annotated[FirstThen, first_then(at_least(0))] = FirstThen()
    """Weight of staying like the picture that a frame starts from, as an eye sees it: `first` the
    init image, `then` the previous frame after the camera's motion; one number for both, or
    `{first: 1000, then: 1500}`."""
    perceptual: Annotated[Perceptual, choice(Perceptual)] = "pyramid"
    """By what that likeness is measured: colours and edges at several sizes, which needs no
    network, or LPIPS over VGG16, which knows textures and has to be pulled."""
    fuzzy_prompt: Annotated[Number, moving(between(0, 256))] = STILL
    """Noisy copies of each prompt that CLIP compares with in its place, rounded to whole numbers;
    0 takes the prompt as it is. Disco has 25."""
    rand_mag: Annotated[Number, moving(between(0, 100))] = constant(0.11)
    """The length of that noise, relative to a prompt; 0.11 is what Disco calls 0.05."""
    clamp_max: Annotated[Scheduled, scheduled(at_least(0))] = constant(0.05)
    """Upper bound of the guidance gradient's root mean square."""
    cutn_batches: Annotated[Number, moving(between(1, 64))] = constant(1.0)
    """How often a step draws its cutouts; rounded to whole numbers."""
    cut_overview: Annotated[Scheduled, step_table(between(0, 256), whole=True)] = (
        (0.0, 12.0),
        (0.4, 4.0),
    )
    """Cutouts that show the whole picture. Here and below plain numbers from 0 to 1 are shares of
    the denoising too."""
    cut_innercut: Annotated[Scheduled, step_table(between(0, 256), whole=True), some_cutouts] = (
        (0.0, 4.0),
        (0.4, 12.0),
    )
    """Cutouts that show a part of it."""
    cut_ic_pow: Annotated[Scheduled, step_table(between(0, 100))] = ((0.0, 1.0),)
    """Power that shrinks those parts; above 1 favours small ones."""
    cut_icgray_p: Annotated[Scheduled, step_table(between(0, 1))] = ((0.0, 0.2), (0.4, 0.0))
    """Share of those parts that are grey."""
    skip_augs: Annotated[bool, flag()] = False
    """Show CLIP the cutouts as they are, without turning, shifting and recolouring them."""


class Output(Section):
    """The video file, and what is shown meanwhile."""

    file: Annotated[str, plain_name(".mp4")]
    """Its name in the run's folder; the scene file's unless written."""
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
    """Or how much larger than the frames it is."""
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
    """The same seed makes the same pictures."""
    prompts: Annotated[PromptSchedule, prompt_schedule()]
    """What the picture shows: a text, a list of texts with weights, or either at times."""
    camera: Annotated[Camera, moving_pictures_only] = Field(default_factory=Camera)
    sampler: Sampler = Field(default_factory=Sampler)
    guidance: Guidance = Field(default_factory=Guidance)
    output: Output

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
