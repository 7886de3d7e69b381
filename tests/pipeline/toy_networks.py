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
from pipeline.diffusion.added import Added
from pipeline.diffusion.noise import NoiseSource
from pipeline.diffusion.schedule import NoiseSchedule, linear_schedule
from pipeline.diffusion.space import PIXELS
from pipeline.diffusion.spacing import spaced
from pipeline.diffusion.trained_noise import TrainedNoise
from pipeline.networks.bundle import Networks
from pipeline.networks.encoders.prompt_encoder import PromptEncoder
from pipeline.protocols import Space
from pipeline.spec.camera import CameraMotion
from pipeline.spec.denoise import OFF, GuidanceSpec, SamplerSpec
from pipeline.spec.frame import FrameSpec
from pipeline.spec.plan import Plan
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.diffusion.analytic import GaussianDenoiser
from tests.pipeline.plans import frame_spec, painted

CPU = torch.device("cpu")
SCHEDULE = linear_schedule(100)
WIDTH, HEIGHT = 12, 10

COLOURS = {
    "red": (1.0, -1.0, -1.0),
    "green": (-1.0, 1.0, -1.0),
    "blue": (-1.0, -1.0, 1.0),
}

NO_GUIDANCE = GuidanceSpec(
    cfg_scale=OFF,
    clamp_max=StepSchedule.constant(0.1),
    cut_overview=StepSchedule.constant(2.0),
    cut_innercut=StepSchedule.constant(4.0),
    cut_icgray_p=StepSchedule.constant(0.5),
)
ALL_GUIDANCE = replace(
    NO_GUIDANCE,
    cfg_scale=StepSchedule.constant(1.2),
    clip_guidance_scale=StepSchedule.constant(200.0),
    tv_scale=StepSchedule.constant(20.0),
    range_scale=StepSchedule.constant(200.0),
    sat_scale=StepSchedule.constant(20.0),
    init_hold=StepSchedule.constant(0.3),
    init_scale=StepSchedule.constant(10.0),
    fuzzy_prompt=3,
    rand_mag=0.3,
)
OTHER_GUIDANCE: dict[str, object] = {
    "gradient": "none",
    "cfg_scale": StepSchedule.constant(2.5),
    "clip_guidance_scale": StepSchedule.constant(600.0),
    "tv_scale": StepSchedule.constant(100.0),
    "range_scale": StepSchedule.constant(1000.0),
    "sat_scale": StepSchedule.constant(100.0),
    "init_hold": StepSchedule.constant(0.9),
    "detail_hold": StepSchedule.constant(0.7),
    "init_scale": StepSchedule.constant(50.0),
    "perceptual": "lpips",
    "fuzzy_prompt": 6,
    "rand_mag": 1.5,
    "clamp_max": StepSchedule.constant(0.001),
    "cutn_batches": 2,
    "cut_overview": StepSchedule.constant(3.0),
    "cut_innercut": StepSchedule.constant(6.0),
    "cut_ic_pow": StepSchedule.constant(5.0),
    "cut_icgray_p": StepSchedule.constant(1.0),
    "skip_augs": True,
    "distilled_cfg_scale": 4.0,
}
"""Another value for every setting of `ALL_GUIDANCE`."""
SAMPLER = SamplerSpec("ddim", steps=6, skip_steps=2, eta=0.8)


@dataclass(frozen=True)
class PaintNetwork:
    """x_0 ~ N(the prompt's colour, variance I), and mid-grey without a prompt.

    A `brightness` above 1 puts pure colours beyond [-1, 1].
    """

    brightness: float = 0.6
    variance: float = 0.2
    text: PromptEncoder = field(default_factory=lambda: PromptEncoder(QuartersEncoder()))
    """Its text side."""
    schedule: NoiseSchedule = SCHEDULE

    def for_sampling(self, sampler: SamplerSpec, size: tuple[int, int]) -> PaintNetwork:
        """The same schedule for any number of steps, unless the sampler names a spacing."""
        if sampler.spacing is None:
            return self
        trained = TrainedNoise(SCHEDULE, spacing="linspace")
        schedule = spaced(trained, sampler.name, sampler.steps, sampler.spacing)
        return replace(self, schedule=schedule)

    def adapted(self, added: Added) -> PaintNetwork:
        """This network, brighter by what is added to it."""
        return replace(self, brightness=self.brightness * (1 + added_light(added)))

    def apart(self, prompts: Sequence[Prompt]) -> list[tuple[float, Sequence[Prompt]]]:
        """All prompts together."""
        return [(1.0, prompts)]

    def condition(self, prompts: Sequence[Prompt]) -> Tensor:
        """The direction of the prompts."""
        return self.text.direction(prompts)

    @property
    def space(self) -> Space:
        """Pixels."""
        return PIXELS

    def opposite(self, condition: Tensor) -> None:
        """No prompt."""

    def finished(
        self, x: Tensor, prompts: Sequence[Prompt], noise: NoiseSource, size: tuple[int, int]
    ) -> Tensor:
        """The picture that `x` is."""
        return x

    def bind(self, *conditions: Tensor | None) -> GaussianDenoiser:
        """The exact denoiser of such pictures."""
        colours = [torch.zeros(3) if one is None else _colour(one) for one in conditions]
        colour = colours[0] if len(colours) == 1 else torch.stack(colours)
        mean = self.brightness * colour[..., None, None]
        return GaussianDenoiser(self.schedule, mean, self.variance)


def added_light(added: Added) -> float:
    """What additions count: weights of LoRAs, and of ControlNets by what they see and for how long.

    0 for none of them.
    """
    seen = sum(
        one.control.weight * float(one.hint.mean()) * (one.control.until - one.control.start**2)
        for one in added.shown
    )
    learned = sum(one.weight for one in added.loras)
    return 0.3 * learned + 0.2 * seen + 0.02 * (added.distilled_cfg_scale or 0)


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


def toy_networks(encoder: QuartersEncoder | None = None, **others: object) -> Networks:
    """A new set, whose counters are at 0, with `others` in the place of its members."""
    one = PromptEncoder(encoder or QuartersEncoder())
    if isinstance(guiding := others.get("encoders"), dict):
        others["encoders"] = {name: PromptEncoder(each) for name, each in guiding.items()}
    toys = Networks(
        denoiser=PaintNetwork(text=one),
        encoders={"starter": one},
        depth=RampDepth(),
        device=CPU,
        disco_depth=RampDepth(),
        secondary=PaleSecondary(),
        lpips=halves,
    )
    return replace(toys, **others)


def vectors(*texts: str) -> dict[str, Tensor]:
    """The vectors of some colours, or of all."""
    encoder = PromptEncoder(QuartersEncoder())
    return {text: encoder(Prompt(text)) for text in texts or COLOURS}


def flat(colour: str, width: int = WIDTH, height: int = HEIGHT) -> Tensor:
    """A picture `(1, 3, height, width)` of one colour."""
    return torch.tensor(COLOURS[colour]).view(1, 3, 1, 1).expand(1, 3, height, width)


def noise() -> Tensor:
    """A picture `(1, 3, HEIGHT, WIDTH)` of unit noise, always the same."""
    return torch.randn(1, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(0))


def toy_spec(frame: int = 0, *, guidance: GuidanceSpec = ALL_GUIDANCE) -> FrameSpec:
    """A frame of a 3D chain that takes a few milliseconds."""
    spec = replace(frame_spec(frame), size=(WIDTH, HEIGHT))
    prompts = Prompt("red", 0.7), Prompt("green", -0.3)
    spec = painted(spec, prompts=prompts, sampler=SAMPLER, guidance=guidance)
    return replace(spec, motions=(MOTION,)) if spec.grows else spec


MOTION = CameraMotion(3.0, -2.0, 20.0, 1.0, 2.0, 5.0, zoom=1.02)


def toy_plan(count: int) -> Plan:
    """A chain of `toy_spec`s."""
    return Plan(tuple(map(toy_spec, range(count))), Fraction(24), "toy")


def _colour(embedding: Tensor) -> Tensor:
    """The mean colour of the quarters, `(..., 3)`; 1 where a text says so."""
    return 13**0.5 * embedding[..., :12].unflatten(-1, (3, 4)).mean(dim=-1)
