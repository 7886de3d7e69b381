"""What a scene may say of how a frame is denoised: its sampler, and what guides it.

A part of `pipeline.scene.schema`, whose words on settings hold here too. A `Scheduled` number moves
over the video, or changes while each frame is denoised: by shares of the denoising,
`{0%: 12, 40%: 4}` or `[12 for 40%, 4]`, or as the old text of a thousand values,
`"[12]*400+[4]*600"`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pipeline.scene.reading.fields import Range, at_least, between, choice, flag, or_none, whole
from pipeline.scene.reading.first_then import FirstThen, first_then
from pipeline.scene.reading.keeping import KeepColour, memory_length, whose_colours
from pipeline.scene.reading.moving import (
    Number,
    constant,
    existing_picture,
    moving,
    moving_count,
)
from pipeline.scene.reading.noise_rules import moves_with_a_video, of_noise
from pipeline.scene.reading.repaint import NO_REPAINT, Repaint, repainting
from pipeline.scene.reading.rules import (
    noise_it_draws,
    not_with,
    one_written,
    some_cutouts,
)
from pipeline.scene.reading.scheduled import Scheduled, scheduled, step_table
from pipeline.scene.reading.section import Section
from pipeline.scene.reading.skip_steps import SkipSteps, skips
from pipeline.scene.reading.strength import Strength, strengths
from pipeline.scene.reading.symmetry import shares_by_axis
from pipeline.spec.denoise import (
    CrossFade,
    GradientPath,
    NoiseMode,
    Perceptual,
    PerlinMode,
    SymmetrySpec,
)
from pipeline.spec.samplers import SamplerName
from pipeline.spec.step_schedule import StepSchedule


class Sampler(Section):
    """How noise becomes a picture."""

    name: Annotated[SamplerName, choice(SamplerName)] = "ddim"
    """Sampler: `plms` and `dpmpp_2m` (DPM-Solver++) are as accurate as `ddim` in fewer steps."""
    steps: Annotated[int, whole(between(1, 1000))] = 250
    """Denoising steps from pure noise to the picture."""
    skip_steps: Annotated[SkipSteps, skips()] = SkipSteps()
    """Steps left out at the noisy end: more of them keep more of the picture that a frame starts
    from. `{first: 0, then: 50%}`, where `first` is the first frame and every still; or one value
    for every frame that has a picture to start from. `then` may move over the video, and becomes
    `fade` while prompts cross-fade: `{then: 45%, fade: 10%}` gives a new subject
    room to appear."""
    strength: Annotated[Strength | None, or_none(strengths()), one_written("skip_steps")] = None
    """Share of the steps that are taken, in the place of `skip_steps`: 0 keeps the picture that a
    frame starts from, and only moves it; 1 forgets it. One number, curve or formula, or
    `{first, then, fade}`, of which what is not written stays that of `skip_steps`."""
    eta: Annotated[Number | None, moving(between(0, 1)), noise_it_draws] = None
    """Fresh noise at every step, from 0 to as much as DDPM's at 1; none with `plms`. Unless written
    `ddim` draws what the preset says, or 0.8, and the others none."""
    noise: Annotated[NoiseMode | None, or_none(choice(NoiseMode)), moves_with_a_video] = None
    """Where the noise of a frame comes from: `fresh` is the frame's own, `slow` turns into other
    noise over `noise_period` frames and stays where the screen is, `warped` moves with the picture
    as the camera does. Unless written, `noise_period` decides between the first two."""
    fresh_noise: Annotated[Number, moving(between(0, 1)), of_noise("warped")] = constant(0.2)
    """Share of each frame's own noise in `warped` noise: at 0 all of it moves with the picture, at
    1 none does. A little keeps the same noise from being drawn into the picture until it shows."""
    noise_period: Annotated[int, whole(between(1, 10_000)), of_noise("slow", "warped", None)] = 1
    """Frames of a video in which the noise slowly turns into other noise. At 1 each frame draws its
    own, as the field does, and brush strokes change with every frame; a dozen keeps them in place.
    Much longer ones draw the same noise into the picture again and again until it shows."""
    cross_fade: Annotated[CrossFade, choice(CrossFade)] = "open"
    """How frames follow prompts that cross-fade: `key` paints a picture of the new prompts out of
    noise as the cross-fade begins, and goes over to it bit by bit; `open` loosens what frames keep
    by the values under `fade`, where a setting has one. A hard cut takes those with either."""
    init_image: Annotated[Path | None, or_none(existing_picture())] = None
    """The picture that the first frame, or every still, starts from."""
    perlin_init: Annotated[
        PerlinMode | None, or_none(choice(PerlinMode)), not_with("init_image")
    ] = None
    """Clouds for frames that would start from noise alone: of colour, grey, or large ones of colour
    under small grey ones. They show if steps are skipped."""
    symmetry: Annotated[SymmetrySpec, or_none(shares_by_axis(), SymmetrySpec())] = SymmetrySpec()
    """When, in shares of the steps, one half of the picture is mirrored onto the other:
    `{horizontal: [0.09], vertical: [0.09, 0.5]}`."""
    clip_denoised: Annotated[bool, flag()] = False
    """Clamp the estimate of the clean picture at every step."""
    dynamic_threshold: Annotated[
        Number | None, or_none(moving(Range(0, 1, open_low=True))), not_with("clip_denoised")
    ] = None
    """Quantile of the pixels that the estimate of the clean picture is scaled into range by."""

    @property
    def skipping(self) -> SkipSteps:
        """The steps left out, by whichever of the two settings says so."""
        return self.skip_steps if self.strength is None else self.strength.over(self.skip_steps)

    @property
    def turning_period(self) -> int:
        """The frames over which noise turns into other noise; 1 where it does not turn."""
        return 1 if self.noise == "fresh" else self.noise_period

    @property
    def freshness(self) -> Number:
        """The share of noise that does not move with the picture."""
        return self.fresh_noise if self.noise == "warped" else constant(1.0)


class Guidance(Section):
    """What pulls the picture towards its prompts, and how strongly; a scale of 0 is off."""

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
    init_hold: Annotated[FirstThen, first_then(between(0, 1))] = FirstThen()
    """Share of the coarse form and colours of the starting picture that a frame keeps at every step
    while details are drawn anew: at 1 nothing large changes but by the camera, at 0 everything may.
    A new prompt needs less of it for a while: `{then: 0.8, fade: 0}`."""
    detail_hold: Annotated[FirstThen, first_then(between(0, 1))] = FirstThen()
    """Share of the details of the starting picture that a frame keeps at every step, where they are
    known and as far as they are resolved: at 0 brush strokes flicker, at 1 they only move. A new
    prompt needs less of it for a while, too: `{then: 0.6, fade: 0}`."""
    hold_memory: Annotated[float, memory_length()] = 1.0
    """Frames in which the coarse picture that `init_hold` holds to follows what is painted by 63%:
    it goes along with the camera, lets go where something new comes into sight or grows, and where
    prompts turn. 0 holds to the frame before, which lets colours drift; `forever` never follows."""
    keep_colour: Annotated[KeepColour | None, or_none(whose_colours())] = None
    """Whose colours the picture that is fed back is given: `first` the shot's first frame's, a
    number the last frames', or a picture's; or `{of: first, share: 0.5, by: covariance}`, where
    `by` is `mean`, `covariance` or `histogram`. What is saved is not corrected."""
    keep_sharpness: Annotated[Number, moving(between(0, 1))] = constant(0.0)
    """How much of the way back to the sharpness of the shot's first frame the picture that is fed
    back is brought with each frame: it is sharpened or softened, by measurement."""
    repaint: Annotated[Repaint, repainting()] = NO_REPAINT
    """What is painted afresh of the picture that a frame grows from, while the rest is kept:
    `off`, `auto`, or shares from 0 to 1, `{holes: 1, stretch: 0.5, prompts: 0.3, mask: "y < 0.3"}`.
    `holes` came into sight, `stretch` grew as the camera came near, `prompts` is everything while
    prompts change; `mask` is a grey picture, a folder with one for each frame, or a formula of
    `depth` (0 near, 1 far), `x` and `y` (0 to 1). With it, what enters at the edges is a hole and
    not the other side of the picture, unless `padding: wrap` is written."""
    discover: Annotated[Number, moving(between(0, 1))] = constant(0.0)
    """How readily a long zoom or flight finds new things in what has outgrown its detail: 0 holds
    on to all of it, at 1 it makes room."""
    perceptual: Annotated[Perceptual, choice(Perceptual)] = "pyramid"
    """Perceptual distance of `init_scale`: colours and edges at several sizes, which needs no
    network, or LPIPS over VGG16, which knows textures and has to be pulled."""
    fuzzy_prompt: Annotated[Number, moving_count(between(0, 256))] = constant(0.0)
    """Noisy copies of each prompt that CLIP compares with in its place, rounded where they move;
    0 takes the prompt as it is. Disco has 25."""
    rand_mag: Annotated[Number, moving(between(0, 100))] = constant(0.11)
    """Length of the noise in `fuzzy_prompt`, relative to a prompt; Disco calls 0.11 0.05."""
    clamp_max: Annotated[Scheduled, scheduled(at_least(0))] = constant(0.05)
    """Upper bound of the guidance gradient's root mean square."""
    cutn_batches: Annotated[Number, moving_count(between(1, 64))] = constant(1.0)
    """How often a step draws its cutouts; rounded where it moves."""
    cut_overview: Annotated[Scheduled, step_table(between(0, 256), whole=True)] = StepSchedule(
        ((0.0, 12.0), (0.4, 4.0))
    )
    """Cutouts that show the whole picture. In the settings that begin with `cut_` plain
    numbers from 0 to 1 are shares of the denoising too."""
    cut_innercut: Annotated[Scheduled, step_table(between(0, 256), whole=True), some_cutouts] = (
        StepSchedule(((0.0, 4.0), (0.4, 12.0)))
    )
    """Cutouts that show a part of the picture."""
    cut_ic_pow: Annotated[Scheduled, step_table(between(0, 100))] = StepSchedule.constant(1.0)
    """Power that shrinks the parts of `cut_innercut`; above 1 favours small ones."""
    cut_icgray_p: Annotated[Scheduled, step_table(between(0, 1))] = StepSchedule(
        ((0.0, 0.2), (0.4, 0.0))
    )
    """Share of the parts of `cut_innercut` that are grey, 0 to 1."""
    skip_augs: Annotated[bool, flag()] = False
    """Show CLIP the cutouts as they are, without turning, shifting and recolouring them."""
