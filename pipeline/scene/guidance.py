"""What a scene may say of what guides a frame while it is denoised, and of what it keeps.

A part of `pipeline.scene.schema`, whose words on settings hold here too. A `Scheduled` number moves
over the video, or changes while each frame is denoised: by shares of the denoising,
`{0%: 12, 40%: 4}` or `[12 for 40%, 4]`, or as the old text of a thousand values,
`"[12]*400+[4]*600"`.
"""

from __future__ import annotations

from typing import Annotated

from pipeline.scene.reading.fields import choice, flag, number, or_none
from pipeline.scene.reading.first_then import FirstThen, first_then
from pipeline.scene.reading.forms import Shown
from pipeline.scene.reading.keeping import KeepColour, memory_length, whose_colours
from pipeline.scene.reading.moving import Number, constant, moving, moving_count
from pipeline.scene.reading.ranges import at_least, between
from pipeline.scene.reading.repaint import NO_REPAINT, Repaint, repainting
from pipeline.scene.reading.rules import some_cutouts
from pipeline.scene.reading.scheduled import Scheduled, scheduled, step_table
from pipeline.scene.reading.section import Section
from pipeline.spec.denoise import GradientPath, Perceptual
from pipeline.spec.step_schedule import StepSchedule

_SCALE = scheduled(at_least(0))
_SHARE = moving(between(0, 1))


class Guidance(Section):
    """What pulls the picture towards its prompts, and how strongly; a scale of 0 is off."""

    gradient: Annotated[
        GradientPath, choice(GradientPath), Shown("none", more="which-gradient")
    ] = "denoiser"
    """The network through which guidance finds its way: `denoiser` is truest and takes twice the
    time of a plain step or more, `secondary` judges composition well and details badly, `none`
    costs least and moves each pixel by itself. Disco's presets take `secondary`."""
    cfg_scale: Annotated[Scheduled, scheduled(between(0, 100)), Shown("3")] = constant(1.0)
    """Classifier-free guidance, for denoisers that read prompts, as the starter's does: 0 leaves
    the network without prompt, so that CLIP alone tells it what to paint, 1 takes the prompt as it
    is, more exaggerates it."""
    distilled_cfg_scale: Annotated[
        float | None,
        or_none(number(between(0, 100))),
        Shown("3.5", unwritten="the network's own", more="guidance-that-is-distilled"),
    ] = None
    """Guidance that a network was taught to follow in one pass, such as Flux's or that of latent
    consistency models; others have no use for it."""
    clip_guidance_scale: Annotated[Scheduled, _SCALE, Shown("{0s: 300, 4s: 600}")] = constant(
        5000.0
    )
    """Pull of CLIP: weight of the distance between picture and prompts as CLIP sees them."""
    tv_scale: Annotated[Scheduled, _SCALE, Shown("{0%: 0, 40%: 50}")] = constant(0.0)
    """Weight of smoothness."""
    range_scale: Annotated[
        Scheduled, _SCALE, Shown("100", unwritten="150; 0 for networks that paint from texts")
    ] = constant(150.0)
    """Weight of staying inside the range of colours, squared."""
    sat_scale: Annotated[Scheduled, _SCALE, Shown("20")] = constant(0.0)
    """Weight of staying inside the range of colours, absolute: less garish pictures."""
    init_scale: Annotated[
        FirstThen,
        first_then(at_least(0)),
        Shown("{first: 1000, then: 1500}", unwritten="0", more="staying-like-the-start"),
    ] = FirstThen()
    """Weight of staying like the picture that a frame starts from, as an eye sees it: `first` the
    init image, `then` the previous frame after the camera's motion."""
    init_hold: Annotated[
        FirstThen,
        first_then(between(0, 1)),
        Shown("{then: 0.8, fade: 0}", unwritten="0", more="staying-like-the-start"),
    ] = FirstThen()
    """Share of the coarse form and colours of the starting picture that a frame keeps: at 1 nothing
    large changes but by the camera, at 0 everything may."""
    detail_hold: Annotated[
        FirstThen,
        first_then(between(0, 1)),
        Shown("{then: 0.7, fade: 0}", unwritten="0", more="staying-like-the-start"),
    ] = FirstThen()
    """Share of the details of the starting picture that a frame keeps: at 0 brush strokes flicker,
    at 1 they only move."""
    hold_memory: Annotated[float, memory_length(), Shown("4s", "", "0", "long-takes")] = 1.0
    """In so many frames what `init_hold` holds to follows the pictures by 63%: 0 holds to the frame
    before, which lets colours drift; `forever` never follows."""
    keep_colour: Annotated[
        KeepColour | None,
        or_none(whose_colours()),
        Shown("{of: first, share: 0.5, by: covariance}", unwritten="none", more="long-takes"),
    ] = None
    """Whose colours the picture that is fed back is given: `first` the shot's first frame's, a
    number or length the last frames', or a picture's. What is saved is not corrected."""
    keep_sharpness: Annotated[Number, _SHARE, Shown("0.5", more="long-takes")] = constant(0.0)
    """How much of the way back to the sharpness of the shot's first frame the picture that is fed
    back is brought with each frame."""
    repaint: Annotated[
        Repaint,
        repainting(),
        Shown(
            "{holes: 1, stretch: 0.5, mask: 'y < 0.3'}",
            unwritten="`off`",
            more="painting-some-places-afresh",
        ),
    ] = NO_REPAINT
    """What is painted afresh of the picture that a frame grows from, while the rest is kept:
    `holes` came into sight, `stretch` grew, `prompts` is everything while prompts change, `mask`
    is yours. `auto` is `{holes: 1, stretch: 0.5}`."""
    discover: Annotated[Number, _SHARE, Shown("0.5", more="finding-new-things")] = constant(0.0)
    """How readily a long zoom or flight finds new things in what has outgrown its detail: 0 holds
    on to all of it, at 1 it makes room."""
    perceptual: Annotated[Perceptual, choice(Perceptual), Shown("lpips")] = "pyramid"
    """What `init_scale` measures likeness by: colours and edges at several sizes, which needs no
    network, or LPIPS over VGG16, which knows textures and has to be pulled."""
    fuzzy_prompt: Annotated[Number, moving_count(between(0, 256)), Shown("25", "copies")] = (
        constant(0.0)
    )
    """Noisy copies of each prompt that CLIP compares with in its place, rounded where they move; 0
    takes the prompt as it is. Disco has 25."""
    rand_mag: Annotated[Number, moving(between(0, 100)), Shown("0.2")] = constant(0.11)
    """Length of the noise in `fuzzy_prompt`, relative to a prompt's vector; Disco calls 0.11
    0.05."""
    clamp_max: Annotated[Scheduled, _SCALE, Shown("0.1")] = constant(0.05)
    """Upper bound of the guidance gradient's root mean square: less of it is a gentler pull."""
    recurrence: Annotated[
        Scheduled,
        step_table(between(1, 16), whole=True),
        Shown("[2 for 50%, 1]", "times", more="clip-alone"),
    ] = StepSchedule.constant(1.0)
    """How often each step of the denoising is taken: after each time but the last, noise leads back
    to where it began, and guidance comes again. 2 takes twice as long; pictures follow their
    prompts better where CLIP alone tells of them."""
    cutn_batches: Annotated[Number, moving_count(between(1, 64)), Shown("2", "times")] = constant(
        1.0
    )
    """How often a step draws its cutouts, rounded where it moves; more is slower and steadier."""
    cut_overview: Annotated[
        Scheduled, step_table(between(0, 256), whole=True), Shown("[12 for 40%, 4]", "cutouts")
    ] = StepSchedule(((0.0, 12.0), (0.4, 4.0)))
    """Cutouts that show CLIP the whole picture."""
    cut_innercut: Annotated[
        Scheduled,
        step_table(between(0, 256), whole=True),
        some_cutouts,
        Shown("{0: 4, 0.4: 12}", "cutouts"),
    ] = StepSchedule(((0.0, 4.0), (0.4, 12.0)))
    """Cutouts that show CLIP a part of the picture."""
    cut_ic_pow: Annotated[Scheduled, step_table(between(0, 100)), Shown("5")] = (
        StepSchedule.constant(1.0)
    )
    """Power that shrinks the parts of `cut_innercut`; above 1 makes them smaller."""
    cut_icgray_p: Annotated[Scheduled, step_table(between(0, 1)), Shown("0.1")] = StepSchedule(
        ((0.0, 0.2), (0.4, 0.0))
    )
    """Share of the parts of `cut_innercut` that are grey."""
    skip_augs: Annotated[bool, flag(), Shown("true")] = False
    """Show CLIP the cutouts as they are, without turning, shifting and recolouring them."""
