"""The plan of a render: every parameter of every frame, resolved to plain numbers and words.

A `FrameSpec` is the hinge between a scene and its pictures: before it there is only data, after
it only pixels. It is cut into sections, and each step of the frame loop takes its own section.

Conventions:
    Frames count from 0. Sections are values: equal ones may be shared between frames. Paths are
    absolute, as text. `to_json` gives plain JSON data that `from_json` reads back to an equal
    value, floats included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from keyframes.prompts import Prompt
from pipeline.spec.json_form import from_json_data, to_json_data
from pipeline.spec.sources import ModelsSpec

CameraMode = Literal["2d", "3d", "still"]
Projection = Literal["pinhole", "disco"]
Padding = Literal["wrap", "border", "reflection", "zeros"]
Sampling = Literal["bicubic", "bilinear", "nearest"]
White = Literal["near", "far"]
SamplerName = Literal["ddim", "plms", "dpmpp_2m"]
PerlinMode = Literal["color", "gray", "mixed"]
GradientPath = Literal["denoiser", "secondary", "none"]
Perceptual = Literal["pyramid", "lpips"]
Upscale = Literal["starter", "lanczos", "none"]
Fit = Literal["cover", "contain", "stretch"]
StepSchedule = tuple[tuple[float, float], ...]
"""(progress, value) pairs over one denoising: progress from 0 (noise) to 1 (picture), rising."""


def at_all_steps(value: float) -> StepSchedule:
    """The same value from noise to picture."""
    return ((0.0, value),)


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """The frame's size in pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class DepthPictureSpec:
    """The author's own word on how far away everything in a frame is."""

    file: str
    """A grey picture."""
    white: White = "near"
    """What its brightest level means."""


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """How the camera moves from the previous frame to this one.

    Convention:
        x right, y down, z forward; the signs and scales are those of `pipeline.camera.motion`.
    """

    mode: CameraMode
    """`still`: this frame does not grow from another one."""
    translation: tuple[float, float, float]
    """x, y in pixels in 2d; x, y, z in the field's units in 3d."""
    rotation: tuple[float, float, float]
    """About x, y, z, in degrees; 2d uses z only."""
    zoom: float
    """Above 1 comes nearer."""
    fov: float
    """Vertical field of view in degrees."""
    projection: Projection
    padding: Padding
    """What fills the places that the previous frame did not show."""
    sampling: Sampling
    depth: DepthPictureSpec | None = None
    """Of the previous frame, in 3d; None where a network estimates it."""

    @property
    def estimates_depth(self) -> bool:
        """Whether a network is asked how far away everything in the previous frame is."""
        return self.mode == "3d" and self.depth is None


@dataclass(frozen=True, slots=True)
class SymmetrySpec:
    """When the picture is mirrored onto itself: shares, in [0, 1], of the steps that are taken."""

    horizontal: tuple[float, ...] = ()
    """The left half goes to the right one."""
    vertical: tuple[float, ...] = ()
    """The upper half goes to the lower one."""


@dataclass(frozen=True, slots=True)
class SamplerSpec:
    """How noise becomes the picture."""

    name: SamplerName
    steps: int
    skip_steps: int
    """Steps left out at the noisy end, below `steps`; 0 starts from pure noise."""
    eta: float
    """0 (no fresh noise) to 1 (DDPM-like); always 0 with `plms`."""
    noise_period: int
    """Frames in which the noise turns into that of another frame; at 1 each frame has its own."""
    init_image: str | None
    """The picture file that this frame starts from; None where it starts from the previous frame
    or from noise."""
    perlin_init: PerlinMode | None
    """The clouds that this frame starts from, where it starts from no picture."""
    symmetry: SymmetrySpec
    clip_denoised: bool
    """Clamp the estimate of the clean picture to [-1, 1] at every step."""
    dynamic_threshold: float | None
    """Quantile in (0, 1] for dynamic thresholding (Saharia et al. 2022, section 2.3)."""


@dataclass(frozen=True, slots=True)
class GuidanceSpec:
    """What pulls the picture towards its prompts, and how strongly; a scale of 0 is off.

    What changes while the frame is denoised is a `StepSchedule`.
    """

    gradient: GradientPath
    """The network that the gradient goes through; `none` holds the predicted noise fixed."""
    cfg_scale: StepSchedule
    clip_guidance_scale: StepSchedule
    tv_scale: StepSchedule
    range_scale: StepSchedule
    sat_scale: StepSchedule
    init_scale: StepSchedule
    """Weight of the distance from the picture that the frame starts from; 0 where there is none."""
    init_hold: StepSchedule
    """Share, 0 to 1, of the coarse part that comes from the picture that the frame starts from; 0
    where there is none."""
    perceptual: Perceptual
    """By what the distance of `init_scale` is measured."""
    fuzzy_prompt: int
    """Noisy copies that stand in for each prompt before CLIP; 0 for the prompt itself."""
    rand_mag: float
    """The length of their noise, relative to that of a prompt's vector."""
    clamp_max: StepSchedule
    """Upper bound of the guidance gradient's magnitude."""
    cutn_batches: int
    cut_overview: StepSchedule
    cut_innercut: StepSchedule
    cut_ic_pow: StepSchedule
    cut_icgray_p: StepSchedule
    skip_augs: bool
    """Cutouts are shown to CLIP as they are, without random changes."""


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """An encoder that guides the picture; the plan's `models` say where its network is."""

    name: str
    weight: float
    """Of its loss, beside those of the other encoders."""
    start: float
    until: float
    """It guides from one progress of the denoising up to another; see `StepSchedule`."""


@dataclass(frozen=True, slots=True)
class FrameSpec:
    """Every parameter of one frame."""

    frame: int
    shot: str
    seed: int
    previous: int | None
    """The frame that this one grows from, below `frame`; None where it starts anew."""
    picture: PictureSpec
    prompts: tuple[Prompt, ...]
    camera: CameraSpec
    sampler: SamplerSpec
    guidance: GuidanceSpec
    encoders: tuple[EncoderSpec, ...]
    display_rate: int
    """Steps between two in-progress pictures, 0 for none; does not change the frame."""
    intermediate_saves: tuple[int, ...]
    """Steps, counted from 1, whose pictures are kept beside the frame; does not change it."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data, fields in their order."""
        return to_json_data(self)

    @classmethod
    def from_json(cls, data: object) -> FrameSpec:
        """The spec that `to_json` wrote; ValueError names the place that does not fit."""
        return from_json_data(cls, data)


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """How the frames become a video; does not change any frame."""

    file: str = "video.mp4"
    """Its name in the run's folder."""
    size: tuple[int, int] | None = None
    """Width and height in pixels; None keeps the frames' own."""
    upscale: Upscale = "lanczos"
    """What brings the frames to that size."""
    fit: Fit = "cover"
    """What becomes of frames of other proportions than that size."""
    crf: int = 17
    preset: str = "medium"
    soundtrack: str | None = None
    """The sound file, whose beginning falls on the first frame."""
    soundtrack_from_run: str | None = None
    """The same file as a path from the run's folder, so that both may move together."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The frames of a render in order, and what holds for all of them; `plan[i]` is frame i."""

    frames: tuple[FrameSpec, ...]
    fps: Fraction
    title: str
    models: ModelsSpec
    output: OutputSpec = field(default_factory=OutputSpec)

    def __len__(self) -> int:
        return len(self.frames)

    def __iter__(self) -> Iterator[FrameSpec]:
        return iter(self.frames)

    def __getitem__(self, frame: int) -> FrameSpec:
        return self.frames[frame]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data; the frame rate is text such as `30000/1001`."""
        return {
            "title": self.title,
            "fps": str(self.fps),
            "models": to_json_data(self.models),
            "output": to_json_data(self.output),
            "frames": [spec.to_json() for spec in self.frames],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Plan:
        """The plan that `to_json` wrote; ValueError or KeyError names what does not fit."""
        return cls(
            frames=tuple(FrameSpec.from_json(spec) for spec in data["frames"]),
            fps=Fraction(data["fps"]),
            title=data["title"],
            models=from_json_data(ModelsSpec, data["models"]),
            output=from_json_data(OutputSpec, data["output"]),
        )
