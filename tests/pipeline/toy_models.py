"""Models in closed form, whose pictures and gradients can be reasoned about.

The network paints normally distributed pictures around the colour of its prompt; the encoder sees
a picture as the colours of its four quarters; depth is a ramp. Texts are names of colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d, normalize

from keyframes.prompts import Prompt
from pipeline.diffusion.schedule import linear_schedule
from pipeline.networks.bundle import Networks
from pipeline.render.prompt_embeddings import Embeddings, Vectors, embed
from pipeline.spec.frame import (
    FrameSpec,
    GuidanceSpec,
    OutputSpec,
    PictureSpec,
    Plan,
    SamplerSpec,
    SymmetrySpec,
    at_all_steps,
)
from pipeline.spec.sources import ModelsSpec
from tests.pipeline.diffusion.analytic import GaussianDenoiser
from tests.pipeline.plans import CAMERA, frame_spec

CPU = torch.device("cpu")
SCHEDULE = linear_schedule(100)
WIDTH, HEIGHT = 12, 10

COLOURS = {
    "red": (1.0, -1.0, -1.0),
    "green": (-1.0, 1.0, -1.0),
    "blue": (-1.0, -1.0, 1.0),
}

NO_GUIDANCE = GuidanceSpec(
    gradient="denoiser",
    cfg_scale=at_all_steps(0.0),
    clip_guidance_scale=at_all_steps(0.0),
    tv_scale=at_all_steps(0.0),
    range_scale=at_all_steps(0.0),
    sat_scale=at_all_steps(0.0),
    init_hold=at_all_steps(0.0),
    init_scale=at_all_steps(0.0),
    perceptual="pyramid",
    fuzzy_prompt=0,
    rand_mag=0.11,
    clamp_max=at_all_steps(0.1),
    cutn_batches=1,
    cut_overview=((0.0, 2.0),),
    cut_innercut=((0.0, 4.0),),
    cut_ic_pow=((0.0, 1.0),),
    cut_icgray_p=((0.0, 0.5),),
    skip_augs=False,
)
ALL_GUIDANCE = replace(
    NO_GUIDANCE,
    cfg_scale=at_all_steps(1.2),
    clip_guidance_scale=at_all_steps(200.0),
    tv_scale=at_all_steps(20.0),
    range_scale=at_all_steps(200.0),
    sat_scale=at_all_steps(20.0),
    init_hold=at_all_steps(0.3),
    init_scale=at_all_steps(10.0),
    fuzzy_prompt=3,
    rand_mag=0.3,
)
OTHER_GUIDANCE: dict[str, object] = {
    "gradient": "none",
    "cfg_scale": at_all_steps(2.5),
    "clip_guidance_scale": at_all_steps(600.0),
    "tv_scale": at_all_steps(100.0),
    "range_scale": at_all_steps(1000.0),
    "sat_scale": at_all_steps(100.0),
    "init_hold": at_all_steps(0.9),
    "init_scale": at_all_steps(50.0),
    "perceptual": "lpips",
    "fuzzy_prompt": 6,
    "rand_mag": 1.5,
    "clamp_max": at_all_steps(0.001),
    "cutn_batches": 2,
    "cut_overview": ((0.0, 3.0),),
    "cut_innercut": ((0.0, 6.0),),
    "cut_ic_pow": ((0.0, 5.0),),
    "cut_icgray_p": ((0.0, 1.0),),
    "skip_augs": True,
}
"""Another value for every setting of `ALL_GUIDANCE`."""
SAMPLER = SamplerSpec(
    name="ddim",
    steps=6,
    skip_steps=2,
    eta=0.8,
    noise_period=1,
    init_image=None,
    perlin_init=None,
    symmetry=SymmetrySpec(),
    clip_denoised=False,
    dynamic_threshold=None,
)


@dataclass(frozen=True)
class PaintNetwork:
    """x_0 ~ N(the prompt's colour, variance I), and mid-grey without a prompt.

    A `brightness` above 1 puts pure colours beyond [-1, 1].
    """

    brightness: float = 0.6
    variance: float = 0.2

    @property
    def prompt_size(self) -> int:
        """As long as the encoder's embeddings."""
        return 13

    def for_steps(self, steps: int) -> PaintNetwork:
        """The same schedule for any number of steps."""
        return self

    def bind(self, embedding: Tensor | None) -> GaussianDenoiser:
        """The exact denoiser of such pictures."""
        colour = torch.zeros(3) if embedding is None else _colour(embedding)
        mean = self.brightness * colour[..., None, None]
        return GaussianDenoiser(SCHEDULE, mean, self.variance)


@dataclass
class QuartersEncoder:
    """A picture as the direction of its quarters' colours, and a text as that of a flat picture."""

    size: int = 6
    asked: list[list[str]] = field(default_factory=list)
    """The texts of each request."""
    seen: int = 0
    """How many pictures were encoded."""

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """`(N, 13)`; the constant last number keeps mid-grey from having no direction."""
        self.seen += len(pictures)
        quarters = adaptive_avg_pool2d(pictures, 2).flatten(1)
        return normalize(torch.cat([quarters, torch.ones_like(quarters[:, :1])], dim=1), dim=1)

    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        """`(len(texts), 13)`."""
        self.asked.append(list(texts))
        return QuartersEncoder().encode_pictures(torch.cat([flat(text) for text in texts]))


@dataclass
class PaleSecondary:
    """Sees half of a picture in its noise; counts how often it is asked."""

    asked: int = 0

    def __call__(self, x: Tensor, alpha: Tensor, sigma: Tensor) -> Tensor:
        """`(N, 3, H, W)`."""
        self.asked += 1
        return x / (2 * alpha)


def halves(pictures: Tensor) -> list[Tensor]:
    """Features for a perceptual distance: the colours of the left and of the right half."""
    return [adaptive_avg_pool2d(pictures, (1, 2))]


@dataclass
class RampDepth:
    """From 1 at the left edge to 2 at the right one; counts how often it is asked."""

    asked: int = 0

    def __call__(self, picture: Tensor) -> Tensor:
        """`(N, 1, H, W)`."""
        self.asked += 1
        n, _, h, w = picture.shape
        return torch.linspace(1.0, 2.0, w).expand(n, 1, h, w)


def toy_models(encoder: QuartersEncoder | None = None, **others: object) -> Networks:
    """A new set, whose counters are at 0, with `others` in the place of its members."""
    one = encoder or QuartersEncoder()
    toys = Networks(
        PaintNetwork(), {"starter": one}, one, RampDepth(), CPU, PaleSecondary(), halves
    )
    return replace(toys, **others)


def vectors(*texts: str) -> Vectors:
    """The vectors of some colours, or of all."""
    return embed(QuartersEncoder(), map(Prompt, texts or COLOURS))


def embeddings(*texts: str) -> Embeddings:
    """The same for the network and its one encoder."""
    return Embeddings(told=vectors(*texts), sought={"starter": vectors(*texts)})


def flat(colour: str, width: int = WIDTH, height: int = HEIGHT) -> Tensor:
    """A picture `(1, 3, height, width)` of one colour."""
    return torch.tensor(COLOURS[colour]).view(1, 3, 1, 1).expand(1, 3, height, width)


def noise() -> Tensor:
    """A picture `(1, 3, HEIGHT, WIDTH)` of unit noise, always the same."""
    return torch.randn(1, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(0))


def toy_spec(frame: int = 0, *, guidance: GuidanceSpec = ALL_GUIDANCE) -> FrameSpec:
    """A frame of a 3D chain that takes a few milliseconds."""
    return replace(
        frame_spec(frame),
        picture=PictureSpec(WIDTH, HEIGHT),
        prompts=(Prompt("red", 0.7), Prompt("green", -0.3)),
        camera=replace(CAMERA, translation=(3.0, -2.0, 20.0), rotation=(1.0, 2.0, 5.0)),
        sampler=SAMPLER,
        guidance=guidance,
    )


def toy_plan(count: int) -> Plan:
    """A chain of `toy_spec`s."""
    frames = tuple(map(toy_spec, range(count)))
    return Plan(frames, Fraction(24), "toy", ModelsSpec(), OutputSpec())


def _colour(embedding: Tensor) -> Tensor:
    """The mean colour of the quarters, `(..., 3)`; 1 where a text says so."""
    return 13**0.5 * embedding[..., :12].unflatten(-1, (3, 4)).mean(dim=-1)
