"""How one frame is painted: its prompts, its sampler, and what guides it.

Fields have the scene's own names. A default is the neutral value, which asks nothing of the frame:
what a frame depends on leaves defaults out, so a new field with a neutral default changes no frame
that was painted before it, and the default of a field that there is never changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from keyframes.prompts import Prompt
from pipeline.spec.adapters import ControlSpec, LoraSpec
from pipeline.spec.keeping import KEEPS_NOTHING, KeepSpec
from pipeline.spec.repaint import NOTHING_AFRESH, RepaintSpec
from pipeline.spec.samplers import SamplerName, Spacing
from pipeline.spec.step_schedule import StepSchedule

PerlinMode = Literal["color", "gray", "mixed"]
GradientPath = Literal["denoiser", "secondary", "none"]
Perceptual = Literal["pyramid", "lpips"]
NoiseMode = Literal["fresh", "slow", "warped"]
CrossFade = Literal["open", "key"]
"""How pictures follow prompts that cross-fade: each is opened wide, or they go to a key picture."""

OFF, ONE = StepSchedule.constant(0.0), StepSchedule.constant(1.0)
"""Schedules that are 0 and 1 throughout."""
_CLAMP = StepSchedule.constant(0.05)


@dataclass(frozen=True, slots=True)
class SymmetrySpec:
    """When the picture is mirrored onto itself: shares, in [0, 1], of the steps that are taken."""

    horizontal: tuple[float, ...] = ()
    """Shares of the steps at which the left half is mirrored onto the right one."""
    vertical: tuple[float, ...] = ()
    """Shares of the steps at which the upper half is mirrored onto the lower one."""


@dataclass(frozen=True, slots=True)
class SamplerSpec:
    """How noise becomes the picture."""

    name: SamplerName
    steps: int
    skip_steps: int = 0
    """Steps left out at the noisy end, below `steps`; 0 takes all of them."""
    from_noise: bool = False
    """Start from noise alone; a picture or clouds of the frame serve what compares with them, such
    as `init_scale` and `init_hold`, and no share of them, however small, is in what is denoised."""
    eta: float = 0.0
    """Fresh noise at every step, 0 (none) to 1 (DDPM-like); 0 where the sampler draws none."""
    noise_period: int = 1
    """Frames in which the noise turns into that of another frame; at 1 each frame has its own."""
    fresh_noise: float = 1.0
    """Share of the noise, 0 to 1, that is the frame's own; the rest moves with the picture."""
    noise_since: int | None = None
    """Frame of the shot at which the noise of a frame without a picture began, if not with it."""
    perlin_init: PerlinMode | None = None
    """The clouds that this frame starts from, where it starts from no picture."""
    symmetry: SymmetrySpec = SymmetrySpec()
    clip_denoised: bool = False
    """Clamp the estimate of the clean picture to [-1, 1] at every step."""
    dynamic_threshold: float | None = None
    """Quantile in (0, 1] for dynamic thresholding (Saharia et al. 2022, section 2.3)."""
    seamless: bool = False
    """The left and the right edge meet: each pass through the denoiser becomes two."""
    spacing: Spacing | None = None
    """How the timesteps are chosen out of those of the denoiser's training; its own way if None."""


@dataclass(frozen=True, slots=True)
class GuidanceSpec:
    """What pulls the picture towards its prompts, and how strongly; a scale of 0 is off."""

    gradient: GradientPath = "denoiser"
    """The network that the gradient goes through; `none` holds the predicted noise fixed."""
    cfg_scale: StepSchedule = ONE
    distilled_cfg_scale: float | None = None
    """Guidance scale that a guidance-distilled network is told; None is the one it was made for."""
    clip_guidance_scale: StepSchedule = OFF
    tv_scale: StepSchedule = OFF
    range_scale: StepSchedule = OFF
    sat_scale: StepSchedule = OFF
    init_scale: StepSchedule = OFF
    """Weight of the distance from the picture that the frame starts from; 0 where there is none."""
    init_hold: StepSchedule = OFF
    """Share, 0 to 1, of the coarse part that comes from the picture that the frame starts from; 0
    where there is none."""
    detail_hold: StepSchedule = OFF
    """Share, 0 to 1, of the details that comes from the picture that the frame starts from; 0 where
    there is none."""
    repaint: RepaintSpec = NOTHING_AFRESH
    """What is painted afresh of the picture that the frame starts from."""
    discover: float = 0.0
    """How readily, 0 to 1, what has outgrown its detail makes room for new things."""
    perceptual: Perceptual = "pyramid"
    """Perceptual distance of `init_scale`: a pyramid of colours and edges, or LPIPS."""
    fuzzy_prompt: int = 0
    """Noisy copies that stand in for each prompt before CLIP; 0 for the prompt itself."""
    rand_mag: float = 0.11
    """Norm of the noise that `fuzzy_prompt` adds, relative to that of a prompt's embedding."""
    clamp_max: StepSchedule = _CLAMP
    """Upper bound of the guidance gradient's root mean square."""
    recurrence: StepSchedule = ONE
    """How often each step is taken, 1 or more; noise leads back before it is taken again."""
    cutn_batches: int = 1
    cut_overview: StepSchedule = ONE
    cut_innercut: StepSchedule = OFF
    cut_ic_pow: StepSchedule = ONE
    cut_icgray_p: StepSchedule = OFF
    skip_augs: bool = False
    """Cutouts are shown to CLIP as they are, without random changes."""

    @property
    def paints_afresh(self) -> bool:
        """Whether a frame may paint any place more than another."""
        return self.repaint != NOTHING_AFRESH or self.discover > 0


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """An encoder that guides the picture; the frame's set of networks says where it lies."""

    name: str
    weight: float = 1.0
    """Weight of the encoder's loss, relative to the other encoders'."""
    start: float = 0.0
    until: float = 1.0
    """Progress of the denoising at which the encoder's guidance ends; it begins at `start`."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A cross-fade of prompts on its way to a picture of those that it leads to."""

    prompts: tuple[Prompt, ...]
    """The prompts that it leads to."""
    since: int
    """Frame of the shot on which their picture is painted, out of noise."""
    share: float
    """Share of that picture, above 0 to 1, in what the frame starts from."""


@dataclass(frozen=True, slots=True)
class Denoise:
    """How a frame is painted over what it starts from."""

    prompts: tuple[Prompt, ...]
    sampler: SamplerSpec
    guidance: GuidanceSpec = GuidanceSpec()
    encoders: tuple[EncoderSpec, ...] = ()
    keep: KeepSpec = KEEPS_NOTHING
    crossing: Crossing | None = None
    loras: tuple[LoraSpec, ...] = ()
    controls: tuple[ControlSpec, ...] = ()

    def clip_scale(self, encoder: EncoderSpec) -> StepSchedule:
        """The weight of the loss of one of `encoders` over the denoising."""
        scale = self.guidance.clip_guidance_scale.scaled(encoder.weight)
        return scale.within(encoder.start, encoder.until)
