"""What a scene may say of how a frame is denoised: the sampler, and where it starts.

A part of `pipeline.scene.schema`, whose words on settings hold here too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pipeline.scene.reading.clip_rules import (
    instead_of_a_clip,
    open_over_a_clip,
    warped_over_a_clip,
)
from pipeline.scene.reading.every import Every, OnTimes, how_often
from pipeline.scene.reading.fields import choice, flag, or_none, whole
from pipeline.scene.reading.forms import Shown
from pipeline.scene.reading.moving import (
    Number,
    constant,
    existing_picture,
    moving,
)
from pipeline.scene.reading.noise_rules import moves_with_a_video, of_noise
from pipeline.scene.reading.ranges import Range, between
from pipeline.scene.reading.rules import (
    gives_way_to_a_threshold,
    noise_it_draws,
    not_with,
    one_written,
)
from pipeline.scene.reading.section import Section
from pipeline.scene.reading.skip_steps import SkipSteps, skips
from pipeline.scene.reading.strength import Strength, strengths
from pipeline.scene.reading.symmetry import shares_by_axis
from pipeline.spec.between import InBetween
from pipeline.spec.denoise import (
    CrossFade,
    NoiseMode,
    PerlinMode,
    SymmetrySpec,
)
from pipeline.spec.samplers import SamplerName, Spacing


class Sampler(Section):
    """How noise becomes a picture."""

    name: Annotated[SamplerName, choice(SamplerName), Shown("dpmpp_2m")] = "ddim"
    """How the steps go: `plms`, `dpmpp_2m` (DPM-Solver++), `unipc` and `heun`, which asks twice a
    step, are as accurate as `ddim` in fewer steps; `euler` is `ddim` without fresh noise, `euler_a`
    with all of it, and `dpmpp_2m_sde` is `dpmpp_2m` with it; `lcm` is for networks that were
    distilled to a few steps."""
    steps: Annotated[int, whole(between(1, 1000)), Shown("40", "steps")] = 250
    """Denoising steps from pure noise to the picture; at most one a timestep of the denoiser's
    training."""
    spacing: Annotated[
        Spacing | None,
        or_none(choice(Spacing)),
        Shown("karras", unwritten="the denoiser's own"),
    ] = None
    """Which noise levels are visited: every n-th timestep of the denoiser's training from the clean
    end (`leading`) or from the noisy one (`trailing`), both ends (`linspace`), or levels that lie
    closer to each other the cleaner they are (`karras`)."""
    skip_steps: Annotated[
        SkipSteps, skips(), Shown("{first: 0, then: 50%}", unwritten="0, then 50%")
    ] = SkipSteps()
    """Steps left out at the noisy end: more of them keep more of the picture that a frame starts
    from, none keep nothing of it. One value for all frames that have a picture to start from, or
    `first` for the first frame and every still, `then` for the rest and `fade` while prompts
    cross-fade; the last two may move."""
    strength: Annotated[
        Strength | None,
        or_none(strengths()),
        one_written("skip_steps"),
        Shown("{then: 0.4, fade: 0.8}", unwritten="none"),
    ] = None
    """Share of the steps that are taken, in the place of `skip_steps`: 0 keeps the picture that a
    frame starts from, and only moves it, 1 forgets it."""
    every: Annotated[
        Every | OnTimes, how_often(), Shown("beat", "frames", "1", more="in-between-frames")
    ] = Every()
    """How often a frame is painted: `3` is each third, `beat` the one nearest to each beat. The
    first and the last of a shot are, and those on which prompts change; no two painted ones are
    more than 24 frames apart."""
    inbetween: Annotated[
        InBetween,
        choice(InBetween),
        warped_over_a_clip,
        Shown("flow", more="in-between-frames"),
    ] = "blend"
    """What is seen between two painted frames: the last one, moved (`warp`), also the next one,
    moved back, by how near each is in time (`blend`), or both after what has changed its place
    between them has gone its way by optical flow (`flow`)."""
    eta: Annotated[
        Number | None,
        moving(between(0, 1)),
        noise_it_draws,
        Shown("0.5", "", "`ddim` 0.8, `dpmpp_2m_sde`, `euler_a` and `lcm` 1, others 0"),
    ] = None
    """Fresh noise at every step: 0 is none, 1 as much as DDPM; `plms`, `euler`, `heun` and
    `unipc` draw none."""
    noise: Annotated[
        NoiseMode | None,
        or_none(choice(NoiseMode)),
        moves_with_a_video,
        Shown("warped", unwritten="by `noise_period`", more="noise-that-moves"),
    ] = None
    """Where the noise of a frame comes from: `fresh` is its own, `slow` turns over `noise_period`
    frames and stays on the screen, `warped` moves with the picture."""
    fresh_noise: Annotated[
        Number, moving(between(0, 1)), of_noise("warped"), Shown("0.3", more="noise-that-moves")
    ] = constant(0.2)
    """Share of `warped` noise that does not move with the picture: a little keeps the same noise
    from being drawn into the picture until it shows."""
    noise_period: Annotated[
        int,
        whole(between(1, 10_000)),
        of_noise("slow", "warped", None),
        Shown("24", "frames", more="noise-that-moves"),
    ] = 1
    """Frames in which `slow` noise, or the fresh share of `warped`, turns into other noise: longer
    flickers less, and much longer draws the same noise in until it shows."""
    cross_fade: Annotated[
        CrossFade,
        choice(CrossFade),
        open_over_a_clip,
        Shown("key", more="prompts-that-cross-fade"),
    ] = "open"
    """How frames follow prompts that cross-fade: `key` goes over, bit by bit, to a picture of the
    new prompts; `open` loosens what frames keep by the values under `fade`."""
    init_image: Annotated[
        Path | None,
        or_none(existing_picture()),
        instead_of_a_clip,
        Shown("stage.png", unwritten="none"),
    ] = None
    """The picture that the first frame, or every still, starts from."""
    perlin_init: Annotated[
        PerlinMode | None,
        or_none(choice(PerlinMode)),
        not_with("init_image"),
        instead_of_a_clip,
        Shown("mixed", unwritten="none"),
    ] = None
    """Clouds for frames that would start from noise alone: of colour, grey, or large ones of colour
    under small grey ones. They show if steps are skipped."""
    symmetry: Annotated[
        SymmetrySpec,
        or_none(shares_by_axis(), SymmetrySpec()),
        Shown("{horizontal: [0.09], vertical: 50%}", unwritten="none"),
    ] = SymmetrySpec()
    """When, in shares of the steps, one half of the picture is mirrored onto the other."""
    seamless: Annotated[bool, flag(), Shown("true", more="all-around")] = False
    """The left and the right edge of the picture meet, as those of a panorama; each pass through
    the denoiser becomes two."""
    dynamic_threshold: Annotated[
        Number | None,
        or_none(moving(Range(0, 1, open_low=True))),
        Shown("0.98", unwritten="none"),
    ] = None
    """Quantile of the pixels that the estimate of the clean picture is scaled into range by, at
    every step."""
    clip_denoised: Annotated[
        bool,
        flag(),
        gives_way_to_a_threshold,
        not_with("dynamic_threshold"),
        Shown("true"),
    ] = False
    """Clamp the estimate of the clean picture at every step, in the place of scaling it."""

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
